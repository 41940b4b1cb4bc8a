"""A creatinine without an eGFR is read as the published equation reads it, and never where it cannot be."""

from __future__ import annotations

from decimal import Decimal

import pytest

from althea.engine.kidney import egfr
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
