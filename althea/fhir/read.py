"""What do FHIR resources say of one person?  A `Record` in, `Facts` and the proposed order out.

Observations are read first, for a dose for each kilogram needs her weight; then conditions, her life stage, medicines.
Everything that could not be read is named in `Facts.unread`, with its place where it has no words of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from althea.engine.facts import Facts, Known, Medicine, Result, State
from althea.engine.kidney import with_egfr
from althea.engine.order import Draft, ProposedOrder
from althea.fhir.dates import age, day
from althea.fhir.elements import Json, a_text, an_object, quoted, shape_of
from althea.fhir.errors import BadRequest
from althea.fhir.read_conditions import NO_ILLNESSES, read_conditions
from althea.fhir.read_course import Course, course_of_draft
from althea.fhir.read_exposures import read_allergies, read_genes, read_symptoms, read_tobacco
from althea.fhir.read_medicines import name_of, read_medicines, rows_of
from althea.fhir.read_observations import read_results, sort_observations
from althea.fhir.read_scores import read_scores
from althea.fhir.read_stage import read_stage
from althea.fhir.readings import Readings, readings_of
from althea.fhir.record import Record, is_hers, place, tail
from althea.knowledge import Knowledge
from althea.knowledge.codes import CodeMap

ADULT = 18
GENDERS = ("female", "male", "other", "unknown")


def why_not_checked(patient: Json, today: date) -> str:
    """Is this somebody Althea's knowledge is not for?  In words; empty for an adult who lives."""
    died = patient.get("deceasedDateTime")
    if patient.get("deceasedBoolean") is True or (died is not None and ((on := day(died)) is None or on <= today)):
        return "The record says that this person has died: not checked"
    years = age_of(patient, today)
    if years is None:
        return "Althea's knowledge is for adults: not checked, because no birth date could be read"
    return "" if years >= ADULT else "Althea's knowledge is for adults: not checked"


def age_of(patient: Json, today: date) -> int | None:
    """Completed years; None where there is no birth date, or one in the future."""
    born = day(patient.get("birthDate"))
    return None if born is None or born > today else age(born, today)


def read(record: Record, today: date, knowledge: Knowledge, codes: CodeMap | None = None) -> Facts:
    """Everything the record says of her on this day."""
    readings = readings_of(knowledge, codes)
    unread = list(record.unread)
    gender = record.patient.get("gender")
    sex = gender if isinstance(gender, str) and gender in GENDERS else None
    years = age_of(record.patient, today)
    seen = sort_observations(record.rows["observations"], today, readings, unread)
    results = read_results(seen["measure"], readings) if "measure" in seen else {}
    scores = (
        read_scores(seen.get("total", []), seen.get("item", []), readings, unread)
        if "total" in seen or "item" in seen
        else {}
    )
    conditions = record.rows["conditions"]
    illnesses = read_conditions(conditions, today, readings, unread) if conditions else NO_ILLNESSES
    allergies, allergies_known = read_allergies(
        record.rows["allergies"], record.known.get("allergies", Known.UNKNOWN), readings, unread
    )
    tobacco = before = None
    if "tobacco" in seen or "cigarettes" in seen:
        tobacco, before = read_tobacco(seen.get("tobacco", []), seen.get("cigarettes", []), unread)
    medicines: tuple[Medicine, ...] = ()
    if record.rows["medicines"]:
        medicines = read_medicines(record, today, newest_weight(results), readings, unread)
    symptoms = read_symptoms(seen["symptom"], today, readings, unread) if "symptom" in seen else ()
    genes = read_genes(seen["gene"], readings, unread) if "gene" in seen else {}
    stage = read_stage(seen, illnesses, sex, years, today, readings, unread, medicines)
    if "creatinine" in results:
        results = with_egfr(results, age=years, sex=sex, stage=stage, numbers=knowledge.numbers)
    return Facts(
        on=today,
        sex=sex,
        age=years,
        medicines=medicines,
        conditions=illnesses.rows,
        allergies=allergies,
        results=results,
        scores=scores,
        symptoms=symptoms,
        genes=genes,
        tobacco=tobacco,
        tobacco_before=before,
        stage=stage,
        known={**record.known, "allergies": allergies_known},
        unread=tuple(dict.fromkeys(unread)),  # every reader above may have added to it
    )


def newest_weight(results: Mapping[str, tuple[Result, ...]]) -> Decimal | None:
    """Kilograms, of the newest weight that could be read."""
    for one in results.get("weight", ()):
        if one.value is not None:
            return one.value
    return None


def read_order(
    entries: Iterable[tuple[Any, tuple[str, int]]],
    record: Record,
    today: date,
    knowledge: Knowledge,
    codes: CodeMap | None = None,
    *,
    selected: frozenset[str] | None = None,
    unread: list[str] | None = None,
) -> ProposedOrder | None:
    """The drafts as a proposed order. `selected` None: all are judged; else those, and the others lie beside."""
    readings = readings_of(knowledge, codes)
    weight = None
    if any(_by_weight(resource.get("dosageInstruction")) for resource, _ in entries if isinstance(resource, dict)):
        results = sort_observations(record.rows["observations"], today, readings, []).get("measure", [])
        weight = newest_weight(read_results(results, readings))
    judged: list[Draft] = []
    beside: list[Draft] = []
    for resource, where in entries:
        drafts = _drafts_of(resource, where, record, today, weight, readings, unread if unread is not None else [])
        own = a_text(resource.get("id"))
        chosen = selected is None or own in selected
        (judged if chosen else beside).extend(drafts)
    return ProposedOrder(drafts=tuple(judged), beside=tuple(beside)) if judged or beside else None


def _by_weight(instructions: Any) -> bool:
    """May a dose for each kilogram stand in these instructions?  Looked for in what they are written out to."""
    written = shape_of(instructions)
    return "/kg" in str(instructions) if written is None else b"/kg" in written


def _drafts_of(
    resource: Any,
    where: tuple[str, int],
    record: Record,
    today: date,
    weight: Any,
    readings: Readings,
    unread: list[str],
) -> list[Draft]:
    at = place(where)
    if not isinstance(resource, dict):
        raise BadRequest(f"{at}: not a resource. Send a MedicationRequest.")
    if not is_hers(resource, record):
        named = a_text(an_object(resource.get("subject")).get("reference"))
        raise BadRequest(
            f"{at}.subject: this draft is for {quoted(named)}, not for the patient asked about. Send her drafts only."
        )
    status = a_text(resource.get("status")).lower()
    if status in ("cancelled", "entered-in-error"):
        unread.append(f"{at} is marked {status} and was not judged.")
        return []
    try:
        named_by = name_of(resource, record, readings)
        if not named_by.products and not named_by.words:
            raise BadRequest(
                f"{at}: the draft names no medicine. Add medicationCodeableConcept, "
                "or a medicationReference to a Medication sent with it."
            )
        stop = status == "stopped"
        course = Course(State.ORDERED) if stop else course_of_draft(resource, today)
        source = {**resource, "dosageInstruction": None} if stop else resource  # a stopped draft's dose is not read
        rows = rows_of(source, record, course, weight, readings, unread)
    except BadRequest:
        raise
    except Exception as error:
        raise BadRequest(
            f"{at}: could not be read ({type(error).__name__}). Check its shape against FHIR R4 MedicationRequest."
        ) from error
    prior = a_text(an_object(resource.get("priorPrescription")).get("reference"))
    replaces = record.references.get(prior, f"MedicationRequest/{tail(prior)}") if prior else ""
    return [Draft(medicine=row, stop=stop, replaces=replaces) for row in rows]


__all__ = ["Record", "age_of", "read", "read_order", "why_not_checked"]
