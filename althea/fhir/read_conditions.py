"""Which illnesses are on record, coded or as a line of history, and which lines could not be read?

Codes are ICD-10-CM (dotted or not) or SNOMED CT. A line of text is no diagnosis: it is matched against whole phrases
only, negation first. What is over does not count, save where it says that a pregnancy ended or a child was born.
"""

from __future__ import annotations

import re
from datetime import date

from msgspec import Struct

from althea.engine.facts import Condition
from althea.fhir import codes
from althea.fhir.dates import day_by
from althea.fhir.elements import Json, a_text, an_object, codings, first_code, objects, quoted, shape_of, words_of
from althea.fhir.readings import Readings, known_icd, known_snomed
from althea.fhir.record import Row, place
from althea.fhir.words import heard

ICD_SHAPE = re.compile(r"[A-Z]\d[0-9A-Z]\.?[0-9A-Z]{0,4}")
MOST_NAMED = 6
"""Unknown codes named one by one; more are counted."""


class Mark(Struct, frozen=True, gc=False):
    """A coded statement about her life stage. `here`: it is not over. `until`: when it ended."""

    group: str
    code: str
    text: str
    on: date | None
    here: bool
    until: date | None
    ref: str


STAGE_GROUPS = frozenset(
    (
        "pregnancy", "pregnancy-ended", "delivery-record", "breastfeeding-record", "menopause", "perimenopause",
        "hysterectomy-record", "sterilisation-record", "planning-pregnancy",
    )
)  # fmt: skip


class Illnesses(Struct, gc=False):
    """What was read: the conditions that count, what they say of her life stage, and how many are over."""

    rows: tuple[Condition, ...] = ()
    marks: tuple[Mark, ...] = ()
    past: int = 0


NO_ILLNESSES = Illnesses()


def read_conditions(rows: list[Row], today: date, readings: Readings, unread: list[str]) -> Illnesses:
    """Every condition of hers, each once: the newest record of it."""
    found: dict[tuple[str, str], Condition] = {}
    marks: list[Mark] = []
    unknown: dict[str, None] = {}
    past = 0
    for resource, where in rows:
        try:
            verified = first_code(resource.get("verificationStatus"))
            if verified in codes.NEVER_TRUE:
                continue
            on = _onset(resource, today)
            if on is not None and on > today:
                unread.append(f"A condition dated {on}, in the future, was not used.")
                continue
            until = day_by(
                resource.get("abatementDateTime") or an_object(resource.get("abatementPeriod")).get("end"), today
            )
            status = first_code(resource.get("clinicalStatus"))
            here = status in codes.HERE_NOW and (until is None or until > today)
            read = _read(resource, on, readings, unread if here else [], unknown if here else {})
            if read is None:
                past += not here
                continue
            condition, code = read
            ref = f"Condition/{resource.get('id', '')}"
            if not condition.as_text:
                for group in condition.groups:
                    if group in STAGE_GROUPS:
                        marks.append(Mark(group, code, condition.text, on, here, until, ref))
            if not here:
                past += 1
                continue
            key = (condition.code, condition.text.lower() if condition.as_text else "")
            before = found.get(key)
            if before is None or (on is not None and (before.on is None or on > before.on)):
                found[key] = condition
        except Exception as error:  # one broken record is named, and the others are still read
            unread.append(f"{place(where)} could not be read ({type(error).__name__}).")
    if unknown:
        unread.append(_in_words(list(unknown)))
    return Illnesses(tuple(found.values()), tuple(marks), past)


def _read(
    resource: Json, on: date | None, readings: Readings, unread: list[str], unknown: dict[str, None]
) -> tuple[Condition, str] | None:
    """(the condition, its bare code); None where nothing in it is known, which is then noted."""
    concept = resource.get("code")
    key = shape_of(concept)
    meant = readings.illnesses.get(key) if key is not None else None
    if meant is None:
        meant = _meant(concept, readings)
        readings.remember(readings.illnesses, key, meant)
    groups, code, shown, settled, unnamed, text = meant
    if groups:
        said = text or shown
        doubt = first_code(resource.get("verificationStatus"))
        if doubt in ("provisional", "differential", "unconfirmed"):
            said += f" ({doubt})"
        return Condition(groups=groups, text=said, code=shown, on=on, ref=f"Condition/{resource.get('id', '')}"), code
    if settled:
        return None
    if unnamed and not _is_history(resource):
        unknown.update(dict.fromkeys(unnamed))
        return None
    return _read_text(resource, words_of(concept), on, readings, unread)


def _meant(concept: object, readings: Readings) -> tuple[tuple[str, ...], str, str, bool, tuple[str, ...], str]:
    """(groups, bare code, code as sent, is it known, names of unknown codes, its words) of a condition's code."""
    unnamed: list[str] = []
    groups: dict[str, None] = {}
    code = shown = ""
    settled = False
    for system, one, display in codings(concept):
        system = system.lower().rstrip("/")
        if system in codes.ICD10CM and one:
            bare = one.upper().replace(".", "").strip()
            hit = readings.groups_of_icd(one[:12])
            known = bool(hit) or bare in known_icd()
        elif system in codes.SNOMED and one:
            bare = one
            hit = readings.snomed.get(one, ())
            known = bool(hit) or one in known_snomed()
        else:
            continue
        if hit:
            groups.update(dict.fromkeys(hit))
            if not code:
                code, shown = bare, one
        settled = settled or known
        if not known:
            unnamed.append(f"{quoted(one)} ({quoted(display or words_of(concept) or 'no name')})")
    return tuple(groups), code, shown, settled, tuple(unnamed), quoted(words_of(concept))


def _read_text(
    resource: Json, text: str, on: date | None, readings: Readings, unread: list[str]
) -> tuple[Condition, str] | None:
    """A line of history: the groups its phrases belong to. Denied: read, and nothing to say."""
    if not text:
        unread.append("A condition without a code or a text was not read.")
        return None
    line = heard(text, readings.conditions)
    if line.says:
        return Condition(
            groups=line.says, text=quoted(text), on=on, as_text=True, ref=f"Condition/{resource.get('id', '')}"
        ), ""
    if not line.denies:
        unread.append(f"not read: “{quoted(text)}”")
    return None


def _is_history(resource: Json) -> bool:
    return any(a_text(category.get("text")).lower() == "history" for category in objects(resource.get("category")))


def _onset(resource: Json, today: date) -> date | None:
    for value in (
        resource.get("onsetDateTime"),
        an_object(resource.get("onsetPeriod")).get("start"),
        resource.get("recordedDate"),
        resource.get("dateRecorded"),
        resource.get("assertedDate"),
    ):
        if value is not None and (found := day_by(value, today)) is not None:
            return found
    return None


def _in_words(unknown: list[str]) -> str:
    named = "; ".join(unknown[:MOST_NAMED])
    if len(unknown) == 1:
        return f"Condition code {named} is not known to Althea."
    more = f"; and {len(unknown) - MOST_NAMED} more" if len(unknown) > MOST_NAMED else ""
    return f"{len(unknown)} condition codes are not known to Althea: {named}{more}."
