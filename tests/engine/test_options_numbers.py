"""A ratio becomes people out of 100 only together with how many are better anyway, and never without its source."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from althea.engine.options_numbers import NOTHING_CHECKED, benefit_shown, more_by_odds, more_by_risk
from althea.knowledge.schema.choice import Benefit, Choice, Option
from althea.knowledge.schema.evidence import Mark

OPTION = Option(id="sertraline", kind="medicine", name="Sertraline", medicine="sertraline", for_her="x")
BENEFIT = Benefit(
    option="sertraline", of_whom="women", studied="x", limits="x", limits_for_her="It was short.", weeks=8,
    anyway=40, odds_ratio=Decimal("1.5"), sources=("paper#table",), mark=Mark.READ,
)  # fmt: skip
CHOICE = Choice(
    id="one", name="one", for_her="low mood", conditions=("depression",), stages=("neither", "pregnant"),
    studied_stages=("neither",), outcome="half", benefits=(BENEFIT,),
)  # fmt: skip


@pytest.mark.parametrize(
    ("anyway", "ratio", "more"),
    [
        (50, "1", 0),
        (50, "3", 25),  # 3 to 1 is 75 of 100
        (20, "4", 30),  # a quarter becomes one to one: 50 of 100
        (40, "1.5", 10),
        (40, "0.5", -15),
        (0, "9", 0),
        (100, "9", 0),
    ],
)
def test_an_odds_ratio_is_odds_and_not_a_risk(anyway: int, ratio: str, more: int) -> None:
    assert more_by_odds(anyway, Decimal(ratio)) == more


@pytest.mark.parametrize(("anyway", "ratio", "more"), [(36, "1.27", 10), (40, "1", 0), (40, "0.5", -20), (80, "2", 20)])
def test_a_risk_ratio_multiplies_and_stops_at_all(anyway: int, ratio: str, more: int) -> None:
    assert more_by_risk(anyway, Decimal(ratio)) == more


@given(st.integers(0, 100), st.decimals("0.01", "50", places=2), st.decimals("0.01", "50", places=2))
def test_a_larger_ratio_never_helps_fewer_and_nobody_is_counted_twice(anyway: int, one: Decimal, two: Decimal) -> None:
    for count in (more_by_odds, more_by_risk):
        assert count(anyway, min(one, two)) <= count(anyway, max(one, two))
        assert 0 <= anyway + count(anyway, one) <= 100


def test_a_number_nobody_read_is_not_shown_even_where_the_record_has_it() -> None:
    shown = benefit_shown(replace(BENEFIT, mark=Mark.UNVERIFIED), CHOICE, OPTION, "neither")
    assert (shown.anyway, shown.more, shown.better, shown.weeks, shown.calculated) == (None, None, None, "", "")
    assert shown.for_her == f"{NOTHING_CHECKED} It was short."


def test_the_sentence_counts_everybody() -> None:
    shown = benefit_shown(BENEFIT, CHOICE, OPTION, "neither")
    assert shown.for_her == (
        "Of 100 women, about 40 feel much better anyway. About 10 more feel much better because of the medicine. "
        "50 do not yet. That is after about 8 weeks. It was short."
    )


def test_fewer_is_said_as_fewer() -> None:
    worse = replace(BENEFIT, odds_ratio=Decimal("0.5"), odds_ratio_low=Decimal("0.3"), odds_ratio_high=Decimal("1.1"))
    words = benefit_shown(worse, CHOICE, OPTION, "neither").for_her
    assert "About 15 fewer feel much better because of the medicine. 75 do not yet." in words
    assert "It could be from 23 fewer to 2 more." in words


def test_weeks_nobody_read_are_said_to_be_so() -> None:
    shown = benefit_shown(replace(BENEFIT, weeks=None), CHOICE, OPTION, "neither")
    assert "We could not check after how many weeks." in shown.for_her


def test_a_therapy_helps_as_a_therapy_and_a_stage_nobody_studied_is_named() -> None:
    therapy = Option(id="cbt", kind="therapy", name="CBT", for_her="x")
    words = benefit_shown(BENEFIT, CHOICE, therapy, "pregnant").for_her
    assert words.startswith("This was not studied in pregnancy. Of 100 women")
    assert "because of the therapy" in words
