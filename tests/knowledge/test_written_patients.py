"""Written patients, asked as another system would ask: FHIR in, cards out, judged by the words a clinician looks for."""

from __future__ import annotations

import json
import uuid
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from althea.fhir.cds import answer, services
from althea.knowledge import load

TODAY = date(2026, 11, 22)
LEVELS = ("info", "warning", "critical")
HERE = Path(__file__).parent
RXNORM, LOINC, SNOMED = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://loinc.org", "http://snomed.info/sct"
ICD, UCUM = "http://hl7.org/fhir/sid/icd-10-cm", "http://unitsofmeasure.org"
EVERY = {
    "qd": (1, 1, "d"), "qhs": (1, 1, "d"), "bid": (2, 1, "d"), "tid": (3, 1, "d"), "qid": (4, 1, "d"), "qod": (1, 2, "d"),
    "qw": (1, 1, "wk"), "q2w": (1, 2, "wk"), "q4w": (1, 4, "wk"), "q12w": (1, 12, "wk"), "twice_weekly": (2, 1, "wk"), "qm": (1, 1, "mo"),
}  # fmt: skip
TOTALS = {"PHQ-9": "44261-6", "GAD-7": "70274-6", "EPDS": "71354-5", "AUDIT-C": "75626-2", "PHQ-2": "55758-7"}
GENES = {"CYP2D6": "79715-9", "CYP2C19": "79714-2", "HLA-B": "57979-7"}
STATUS = {"pregnant": "77386006", "not_pregnant": "60001007", "unknown": "261665006"}
SMOKES = {"current": "449868002", "stopped": "8517006", "never": "266919005"}


def _patients() -> list[Any]:
    rows = []
    for path in sorted(HERE.glob("written_patients_*.json")):
        rows += [
            pytest.param(one, id=f"{one['id']}: {one['title']}") for one in json.loads(path.read_text())["vignettes"]
        ]
    return rows


@pytest.mark.parametrize("written", _patients())
def test_a_written_patient(written: dict[str, Any]) -> None:
    cards = answer(_request(written), TODAY, load())["cards"]
    loud = [card for card in cards if LEVELS.index(card["indicator"]) >= 1]
    assert len(loud) <= 5
    if written.get("negative"):
        most = LEVELS.index(written["expected"]["max_severity"])
        assert [card["summary"] for card in cards if LEVELS.index(card["indicator"]) > most] == []
        return
    for want in written["expected"]["must_find"]:
        assert any(_meets(card, want) for card in cards), (
            want,
            [(card["indicator"], card["summary"]) for card in cards],
        )


def _meets(card: dict[str, Any], want: dict[str, Any]) -> bool:
    words = json.dumps(card, ensure_ascii=False).lower()
    loud_enough = LEVELS.index(card["indicator"]) >= LEVELS.index(want["min_severity"])
    any_of = any(word.lower() in words for word in want["any_keywords"])
    return loud_enough and any_of and all(word.lower() in words for word in want.get("all_keywords", ()))


def _request(written: dict[str, Any]) -> dict[str, Any]:
    who, asked = written["patient"], written["request"]
    hook = "order-sign" if asked.get("order") else "patient-view"
    context: dict[str, Any] = {"userId": "Practitioner/p1", "patientId": "w1"}
    if asked.get("order"):
        draft = _order(asked["order"], "stopped" if asked["type"] == "stop_order" else "draft")
        context["draftOrders"] = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": draft}]}
    born = TODAY - timedelta(days=int(who["age"] * 365.25) + 40)
    conditions = [_condition(ICD, one.get("icd10cm"), one.get("text", "")) for one in who["conditions"]]
    conditions += [
        {**_condition(ICD, None, line), "category": [{"text": "history"}]} for line in who.get("history", [])
    ]
    stage = who.get("reproductive") or {}
    if stage.get("menopause") in ("post", "peri"):
        conditions.append(_condition(ICD, "Z78.0" if stage["menopause"] == "post" else "N95.9", "menopause"))
    medicines = [_order(one, "stopped" if (one.get("end_day") or 1) <= 0 else "active") for one in who["medications"]]
    allergies = [
        {"resourceType": "AllergyIntolerance", "code": {"text": one if isinstance(one, str) else one["substance"]}}
        for one in who.get("allergies", [])
    ]
    prefetch = {
        "patient": {"resourceType": "Patient", "id": "w1", "gender": who["sex"], "birthDate": born.isoformat()},
        "medicines": _found(medicines),
        "conditions": _found(conditions),
        "allergies": _found(allergies),
        "observations": _found(_observations(who, stage)),
    }
    assert set(prefetch) == set(next(one for one in services() if one["hook"] == hook)["prefetch"])
    return {"hook": hook, "hookInstance": str(uuid.uuid4()), "context": context, "prefetch": prefetch}


def _found(resources: list[dict[str, Any]]) -> dict[str, Any]:
    for one in resources:
        one.setdefault("subject", {"reference": "Patient/w1"})
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(resources),
        "entry": [{"resource": one} for one in resources],
    }


def _condition(system: str, code: str | None, text: str) -> dict[str, Any]:
    coding = [{"system": system, "code": code, "display": text}] if code else []
    status = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]}
    return {"resourceType": "Condition", "clinicalStatus": status, "code": {"coding": coding, "text": text}}


def _order(one: dict[str, Any], status: str) -> dict[str, Any]:
    codes = one["rxcui"] if isinstance(one["rxcui"], list) else [one["rxcui"]]
    coding = [{"system": RXNORM, "code": str(code), "display": one["name"]} for code in codes if code]
    frequency, period, unit = EVERY.get(one.get("frequency", ""), (1, 1, "d"))
    repeat = (
        {"count": 1}
        if one.get("frequency") == "once"
        else {"frequency": frequency, "period": period, "periodUnit": unit}
    )
    quantity = {
        "value": one["dose"],
        "unit": one["unit"],
        "system": UCUM,
        "code": "ug" if one["unit"] == "mcg" else one["unit"],
    }
    line: dict[str, Any] = {"timing": {"repeat": repeat}, "doseAndRate": [{"doseQuantity": quantity}]}
    if one.get("prn"):
        line["asNeededBoolean"] = True
    if one.get("route"):
        line["route"] = {"text": one["route"]}
    start = _day(one.get("start_day", 0))
    order = {
        "resourceType": "MedicationRequest", "id": str(uuid.uuid4()), "status": status, "intent": "order", "authoredOn": start,
        "subject": {"reference": "Patient/w1"}, "medicationCodeableConcept": {"coding": coding, "text": one["name"]}, "dosageInstruction": [line],
    }  # fmt: skip
    if one.get("form") or one.get("note"):
        order["note"] = [{"text": " ".join(filter(None, (one.get("form"), one.get("note"))))}]
    dispense: dict[str, Any] = {}
    if one.get("days_supply"):
        dispense["expectedSupplyDuration"] = {"value": one["days_supply"], "unit": "d"}
    if "start_day" in one:
        dispense["validityPeriod"] = {"start": start} | (
            {} if one.get("end_day") is None else {"end": _day(one["end_day"])}
        )
    return {**order, "dispenseRequest": dispense} if dispense else order


def _day(offset: int) -> str:
    return (TODAY + timedelta(days=offset)).isoformat()


def _seen(offset: int, code: str | None, text: str, **value: Any) -> dict[str, Any]:
    coding = [{"system": LOINC, "code": code, "display": text}] if code else []
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": coding, "text": text},
        "effectiveDateTime": _day(offset),
        **value,
    }


def _amount(value: Any, unit: str) -> dict[str, Any]:
    if not isinstance(value, (int, float)):
        return {"valueString": str(value)}
    return {"valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": unit}}


def _observations(who: dict[str, Any], stage: dict[str, Any]) -> list[dict[str, Any]]:
    seen = [
        _seen(one["day"], one["loinc"], one["name"], **_amount(one["value"], one["unit"]))
        for one in who["observations"]
    ]
    for one in who["scores"]:
        scale = one["instrument"]
        if isinstance(one["value"], (int, float)):
            seen.append(_seen(one["day"], TOTALS.get(scale), f"{scale} total score", valueInteger=one["value"]))
        items = one.get("items") or ({"item 9": one["item9"]} if one.get("item9") is not None else {})
        items = {f"item {at}": item for at, item in enumerate(items, 1)} if isinstance(items, list) else dict(items)
        items |= {part: one[part] for part in ("co_occurring", "impairment") if part in one}
        for name, item in items.items():
            kind = (
                "valueBoolean" if isinstance(item, bool) else "valueInteger" if isinstance(item, int) else "valueString"
            )
            if item is not None:
                seen.append(_seen(one["day"], None, f"{scale} {name}", **{kind: item}))
    if stage.get("pregnancy") in STATUS:
        coded = {"coding": [{"system": SNOMED, "code": STATUS[stage["pregnancy"]]}]}
        seen.append(_seen(0, "82810-3", "Pregnancy status", valueCodeableConcept=coded))
    if stage.get("gestational_weeks") is not None:
        seen.append(_seen(0, "18185-9", "Gestational age", **_amount(stage["gestational_weeks"], "wk")))
    if stage.get("postpartum_days") is not None:
        seen.append(
            _seen(-stage["postpartum_days"], "93857-1", "Delivery", valueDateTime=_day(-stage["postpartum_days"]))
        )
    if "lactating" in stage:
        seen.append(_seen(0, "63895-7", "Breastfeeding", valueBoolean=bool(stage["lactating"])))
    if stage.get("infant_gestation_at_birth_weeks") is not None:
        seen.append(_seen(0, "76516-4", "Infant gestation", **_amount(stage["infant_gestation_at_birth_weeks"], "wk")))
    if stage.get("contraception") not in (None, "not_applicable"):
        seen.append(
            _seen(
                0, "86649-1", "Birth control", valueCodeableConcept={"text": stage["contraception"].replace("_", " ")}
            )
        )
    if "planning_pregnancy" in stage:
        words = "wants to become pregnant" if stage["planning_pregnancy"] else "does not want to become pregnant"
        seen.append(_seen(0, "86645-9", "Intention", valueCodeableConcept={"text": words}))
    for one in who.get("pharmacogenomics", []):
        seen.append(
            _seen(
                -100,
                GENES.get(one["gene"]),
                f"{one['gene']} phenotype",
                valueCodeableConcept={"text": one["phenotype"]},
            )
        )
    use = who.get("substance_use") or {}
    if use.get("tobacco"):
        ago = -use.get("stopped_days_ago", 0)
        coded = {"coding": [{"system": SNOMED, "code": SMOKES[use["tobacco"]]}], "text": use["tobacco"]}
        seen.append(_seen(ago, "72166-2", "Tobacco", valueCodeableConcept=coded))
        cigarettes = use.get("cigarettes_per_day", use.get("cigarettes_before"))
        if cigarettes is not None:
            seen.append(
                _seen(ago - (use["tobacco"] == "stopped"), "64218-1", "Cigarettes", **_amount(cigarettes, "/d"))
            )
    seen += [
        _seen(0, None, "Symptom reported today", valueCodeableConcept={"text": line})
        for line in who.get("current_symptoms", [])
    ]
    return seen
