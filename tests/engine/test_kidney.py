"""A creatinine without an eGFR is read as the published equation reads it, and never where it cannot be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

import pytest

from althea.engine.facts import LifeStage, Pregnancy, Result
from althea.engine.kidney import egfr, with_egfr
from althea.fhir.cds import answer_bundle
from althea.knowledge import load

NUMBERS = load().numbers


def rate(creatinine: str, age: int | None = 55, sex: str = "female", *, pregnant: bool = False) -> Decimal | None:
    return egfr(Decimal(creatinine), age=age, sex=sex, pregnant=pregnant, numbers=NUMBERS)


@pytest.mark.parametrize(
    ("creatinine", "age", "sex", "expected"),
    [
        ("0.9", 55, "female", 75),
        ("0.7", 55, "female", 102),
        ("0.6", 55, "female", 106),
        ("1.0", 50, "male", 92),
        ("2.0", 70, "female", 26),
    ],
)
def test_the_equation_of_2021_gives_these_rates(creatinine: str, age: int, sex: str, expected: int) -> None:
    """Reckoned by hand from the equation as the National Kidney Foundation prints it."""
    share = float(creatinine) / (0.7 if sex == "female" else 0.9)
    by_hand = 142 * min(share, 1) ** (-0.241 if sex == "female" else -0.302) * max(share, 1) ** -1.2 * 0.9938**age
    by_hand *= 1.012 if sex == "female" else 1
    assert rate(creatinine, age, sex) == expected == round(by_hand)


def test_either_side_of_30_is_told_apart() -> None:
    assert rate("1.87", 60) == 30
    assert rate("1.90", 60) == 30
    assert rate("1.93", 60) == 29


def test_the_equation_begins_at_18() -> None:
    assert rate("0.8", 18) is not None
    assert rate("0.8", 17) is None


@pytest.mark.parametrize("sex", ["", "other", "unknown", "Female"])
def test_a_sex_that_is_not_known_gives_no_rate(sex: str) -> None:
    assert rate("0.8", 40, sex) is None


def test_an_age_that_is_not_known_gives_no_rate() -> None:
    assert rate("0.8", None) is None


def test_a_pregnancy_gives_no_rate() -> None:
    assert rate("0.5", 30, pregnant=True) is None
    assert rate("0.5", 30) is not None


def test_no_creatinine_is_no_rate() -> None:
    assert rate("0") is None
    assert rate("-1") is None


def test_a_missing_coefficient_gives_no_rate_rather_than_a_guess() -> None:
    fewer = {key: one for key, one in NUMBERS.items() if key != "ckd-epi-2021-above"}
    assert egfr(Decimal("0.9"), age=55, sex="female", pregnant=False, numbers=fewer) is None


# --- in her facts ----------------------------------------------------------------------------------------------------

ON = date(2026, 11, 20)
NOT_PREGNANT = LifeStage(pregnancy=Pregnancy(status="not pregnant", on=ON))


def measured(measure: str, value: str | None) -> tuple[Result, ...]:
    return (Result(measure=measure, value=None if value is None else Decimal(value), on=ON, ref="Observation/1"),)


def worked_out(stage: LifeStage = NOT_PREGNANT, **results: str | None) -> Result | None:
    had = {measure: measured(measure, value) for measure, value in results.items()}
    found = with_egfr(had, age=55, sex="female", stage=stage, numbers=NUMBERS)
    return next(iter(found.get("egfr", ())), None)


def test_a_creatinine_without_an_egfr_is_read_with_what_it_was_worked_out_from() -> None:
    found = worked_out(creatinine="0.9")
    assert found is not None
    assert (found.value, found.on, found.ref) == (Decimal(75), ON, "Observation/1")
    assert found.said == "worked out from a creatinine of 0.9 mg/dL"


def test_an_egfr_on_record_is_left_alone_also_one_that_could_not_be_read() -> None:
    assert worked_out(creatinine="1.9", egfr="88") == measured("egfr", "88")[0]
    assert worked_out(creatinine="1.9", egfr=None) == measured("egfr", None)[0]


def test_a_creatinine_that_could_not_be_read_gives_nothing() -> None:
    assert worked_out(creatinine=None) is None
    assert worked_out() is None


@pytest.mark.parametrize("status", ["pregnant", "contradictory"])
def test_in_what_may_be_a_pregnancy_nothing_is_worked_out(status: Literal["pregnant", "contradictory"]) -> None:
    assert worked_out(LifeStage(pregnancy=Pregnancy(status=status, on=ON)), creatinine="0.6") is None


def test_what_speaks_against_lithium_says_that_the_rate_was_worked_out() -> None:
    """Through the one reader of FHIR: a kidney that only its creatinine tells of is found before the first dose."""
    patient = {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1971-03-01"}
    creatinine = {
        "resourceType": "Observation", "status": "final", "effectiveDateTime": "2026-11-18",
        "code": {"coding": [{"system": "http://loinc.org", "code": "2160-0"}]},
        "valueQuantity": {"value": 2.6, "system": "http://unitsofmeasure.org", "code": "mg/dL"},
        "subject": {"reference": "Patient/p"},
    }  # fmt: skip
    draft = {
        "resourceType": "MedicationRequest", "id": "d", "status": "draft", "intent": "order",
        "subject": {"reference": "Patient/p"}, "medicationCodeableConcept": {"text": "lithium carbonate 300 mg"},
    }  # fmt: skip
    rows = [{"resource": one} for one in (patient, creatinine, draft)]
    answer = answer_bundle({"resourceType": "Bundle", "type": "collection", "entry": rows}, ON, load())
    assert "(worked out from a creatinine of 2.6 mg/dL)" in str(answer)
