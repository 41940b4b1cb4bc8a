"""How does the record say it in FHIR?  Plain values in, R4 resources out: the same ones that `read` reads.

The record of the clinic becomes Facts through these and the reader, so that a woman whose data came by FHIR and one
whose data was typed here are judged alike (a test holds the two equal).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from althea.fhir.elements import Json

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
LOINC = "http://loinc.org"
ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
SNOMED = "http://snomed.info/sct"
UCUM = "http://unitsofmeasure.org"
VERIFIED = {
    "confirmed": "confirmed",
    "provisional": "provisional",
    "differential": "differential",
    "ruled-out": "refuted",
}
STAGE_CODE = {
    "pregnancy": "82810-3",
    "gestation": "18185-9",
    "due": "11778-8",
    "delivery": "93857-1",
    "infant": "76516-4",
    "breastfeeding": "63895-7",
    "contraception": "86649-1",
    "planning": "86645-9",
}
PREGNANCY_CODE = {"pregnant": "77386006", "not pregnant": "60001007", "unknown": "261665006"}
MENOPAUSE_CODE = {"peri": ("N95.9", "perimenopause"), "post": ("Z78.0", "postmenopausal")}


def _concept(system: str, code: str, text: str) -> Json:
    return {"coding": [{"system": system, "code": code, "display": text}], "text": text}


def patient(ref: str, gender: str, born_on: date | None) -> Json:
    body: Json = {"resourceType": "Patient", "id": ref, "gender": gender}
    return body | ({"birthDate": born_on.isoformat()} if born_on is not None else {})


def condition(
    ref: str, *, text: str, code: str, certainty: str, active: bool, since: date | None, until: date | None
) -> Json:
    """A diagnosis. A differential is said as what it is: not confirmed."""
    body: Json = {
        "resourceType": "Condition",
        "id": ref,
        "clinicalStatus": {"coding": [{"code": "active" if active else "resolved"}]},
        "verificationStatus": {"coding": [{"code": VERIFIED[certainty]}]},
        "code": _concept(ICD10CM, code, text) if code else {"text": text},
    }
    if since is not None:
        body["onsetDateTime"] = since.isoformat()
    if until is not None:
        body["abatementDateTime"] = until.isoformat()
    return body


def allergy(ref: str, *, text: str, rxcui: str, reaction: str) -> Json:
    body: Json = {
        "resourceType": "AllergyIntolerance",
        "id": ref,
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": _concept(RXNORM, rxcui, text) if rxcui else {"text": text},
    }
    if reaction:
        body["reaction"] = [{"manifestation": [{"text": reaction}]}]
    return body


def _number(value: Decimal) -> int | float:
    """A decimal as JSON carries it."""
    return int(value) if value == value.to_integral_value() else float(value)


def _observation(ref: str, on: date, code: Json, **value: Any) -> Json:
    return {
        "resourceType": "Observation",
        "id": ref,
        "status": "final",
        "code": code,
        "effectiveDateTime": on.isoformat(),
        **value,
    }


def result(ref: str, on: date, *, loinc: str, name: str, value: Decimal | None, unit: str, said: str) -> Json:
    """A measure by its LOINC number; without one, by its name."""
    code = _concept(LOINC, loinc, name) if loinc else {"text": name}
    if value is None:
        return _observation(ref, on, code, valueString=said or "not readable")
    quantity = {"value": _number(value), "unit": unit, "code": unit, "system": UCUM}
    return _observation(ref, on, code, valueQuantity=quantity)


def score(ref: str, on: date, *, scale: str, total: Decimal | None, items: dict[str, Any]) -> list[Json]:
    """One resource for the total and one for each answer, as the contract names them."""
    found: list[Json] = []
    if total is not None:
        found.append(_observation(ref, on, {"text": f"{scale} total score"}, valueDecimal=_number(total)))
    for name, value in items.items():
        number = "valueBoolean" if isinstance(value, bool) else "valueInteger"
        kind = number if isinstance(value, int) else "valueString"
        found.append(_observation(f"{ref}-{len(found)}", on, {"text": f"{scale} {name}"}, **{kind: value}))
    return found


def life_stage(ref: str, on: date, *, topic: str, value: str) -> list[Json]:
    """Observations by the contract's table; for menopause a condition. A period's first day: none. The end of a
    pregnancy in her own words has no code, and none is made up for it. What is unknown is said to be unknown."""
    if topic == "period":
        return []
    if topic == "menopause":
        code, text = MENOPAUSE_CODE[value]
        return [condition(ref, text=text, code=code, certainty="confirmed", active=True, since=on, until=None)]
    if topic == "ended":
        return [_observation(ref, on, {"text": "Pregnancy ended early"}, valueDateTime=value)]
    code_of = _concept(LOINC, STAGE_CODE[topic], topic)
    if topic == "pregnancy" or value == "unknown":
        said: Json = {"valueCodeableConcept": _concept(SNOMED, PREGNANCY_CODE[value], value)}
    elif topic in ("gestation", "infant"):
        said = {"valueQuantity": {"value": int(value), "unit": "d", "code": "d", "system": UCUM}}
    elif topic in ("due", "delivery"):
        said = {"valueDateTime": value}
    elif topic in ("breastfeeding", "planning"):
        said = {"valueBoolean": value == "yes"}
    else:
        methods = [one for one in value.split(",") if one] or ["none"]
        return [
            _observation(f"{ref}-{at}", on, code_of, valueCodeableConcept={"text": method})
            for at, method in enumerate(methods)
        ]
    return [_observation(ref, on, code_of, **said)]


def tobacco(ref: str, on: date, *, status: str, cigarettes_a_day: Decimal | None) -> list[Json]:
    words = {"current": "Current smoker", "stopped": "Former smoker", "never": "Never smoker"}[status]
    found = [_observation(ref, on, _concept(LOINC, "72166-2", "tobacco"), valueCodeableConcept={"text": words})]
    if cigarettes_a_day is not None:
        quantity = {"value": _number(cigarettes_a_day), "unit": "/d", "code": "/d"}
        found.append(_observation(f"{ref}-1", on, _concept(LOINC, "64218-1", "cigarettes"), valueQuantity=quantity))
    return found


def symptom(ref: str, on: date, *, words: str) -> Json:
    return _observation(ref, on, {"text": "Symptom reported today"}, valueString=words)


def gene(ref: str, on: date, *, loinc: str, name: str, phenotype: str) -> Json:
    code = _concept(LOINC, loinc, name) if loinc else {"text": name}
    return _observation(ref, on, code, valueCodeableConcept={"text": phenotype})


def medicine(
    ref: str,
    *,
    text: str,
    rxcui: str,
    route: str = "",
    dose: tuple[Decimal, str] | None = None,
    times_a_day: Decimal | None = None,
    as_needed: bool = False,
    once: bool = False,
    since: date | None = None,
    until: date | None = None,
    status: str = "active",
    draft: bool = False,
    replaces: str = "",
    written: date | None = None,
    told: bool = False,
) -> Json:
    """An order, or what she reports to take. A period without an end is ongoing; `until` is the last day taken.

    `written`: the day it was written or said, where that is not its first. `told`: it is a word on it, and no order.
    """
    sig: Json = {}
    if dose is not None:
        sig["doseAndRate"] = [{"doseQuantity": {"value": _number(dose[0]), "unit": dose[1]}}]
    repeat: Json = {}
    if times_a_day is not None:
        repeat |= _frequency(times_a_day)
    if once:
        repeat["count"] = 1
    if since is not None or until is not None:
        period = {"start": since.isoformat()} if since is not None else {}
        repeat["boundsPeriod"] = period | ({"end": until.isoformat()} if until is not None else {})
    if repeat:
        sig["timing"] = {"repeat": repeat}
    if as_needed:
        sig["asNeededBoolean"] = True
    if route:
        sig["route"] = {"text": route}
    body: Json = {
        "resourceType": "MedicationRequest",
        "id": ref,
        "status": "draft" if draft else status,
        "intent": "order",
        "medicationCodeableConcept": _concept(RXNORM, rxcui, text) if rxcui else {"text": text},
    }
    if sig:
        body["dosageInstruction"] = [sig]
    if (day := written or since) is not None:
        body["authoredOn"] = day.isoformat()
    if told:
        body["reportedBoolean"] = True
    if replaces:
        body["priorPrescription"] = {"reference": f"MedicationRequest/{replaces}"}
    return body


def not_taken(ref: str, *, text: str, rxcui: str, since: date, until: date, said_on: date | None = None) -> Json:
    """Her word that she took none of it on any of these days: an order of it may run on. `said_on`: the day of
    it, the last of them or one after them. None: they reach to now."""
    body: Json = {
        "resourceType": "MedicationStatement",
        "id": ref,
        "status": "not-taken",
        "medicationCodeableConcept": _concept(RXNORM, rxcui, text) if rxcui else {"text": text},
        "effectivePeriod": {"start": since.isoformat(), "end": until.isoformat()},
    }
    return body if said_on is None else body | {"dateAsserted": said_on.isoformat()}


def _frequency(times_a_day: Decimal) -> Json:
    """2 a day is 2 in 1 day; half a time a day is once in 2 days."""
    top, below = times_a_day.as_integer_ratio()
    return {"frequency": top, "period": below, "periodUnit": "d"}
