"""What is said of a woman, written by hand in FHIR, as another system would write it."""

import re

ICD, LOINC, RXNORM = (
    "http://hl7.org/fhir/sid/icd-10-cm", "http://loinc.org", "http://www.nlm.nih.gov/research/umls/rxnorm",
)  # fmt: skip


def seen(number, code, on, **value):
    named = {"coding": [{"system": LOINC, "code": code}]} if re.fullmatch(r"\d+-\d", code) else {"text": code}
    return {"resourceType": "Observation", "id": f"o{number}", "status": "final", "code": named,
            "effectiveDateTime": on, **value}  # fmt: skip


def ill(number, text, on, code="", status="active", sure="confirmed", **more):
    named = {"text": text, **({"coding": [{"system": ICD, "code": code}]} if code else {})}
    return {"resourceType": "Condition", "id": f"c{number}", "clinicalStatus": {"coding": [{"code": status}]},
            "verificationStatus": {"coding": [{"code": sure}]}, "code": named, "onsetDateTime": on, **more}  # fmt: skip


def ordered(number, text, rxcui, on, *, status="active", dose=None, a_day=None, as_needed=False, until=None, route="",
            written="", told=False):  # fmt: skip
    repeat = {"frequency": a_day, "period": 1, "periodUnit": "d"} if a_day else {}
    if on or until:
        repeat["boundsPeriod"] = {"start": on, "end": until} if until else {"start": on}
    sig = {"timing": {"repeat": repeat}} | ({"asNeededBoolean": True} if as_needed else {})
    if dose:
        value, unit = dose.split()
        sig["doseAndRate"] = [{"doseQuantity": {"value": float(value), "unit": unit}}]
    if route:
        sig["route"] = {"text": route}
    named = {"text": text, **({"coding": [{"system": RXNORM, "code": rxcui}]} if rxcui else {})}
    return {"resourceType": "MedicationRequest", "id": f"m{number}", "status": status, "intent": "order",
            "authoredOn": written or on, "medicationCodeableConcept": named, "dosageInstruction": [sig],
            **({"reportedBoolean": True} if told else {})}  # fmt: skip


def words(text):
    return {"valueCodeableConcept": {"text": text}}
