"""A plan in tablets that exist, day by day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from althea.engine.calendar import NotInTablets, Step, calendar, cross_taper, in_tablets, taper_steps
from althea.knowledge.quantity import Dose

MONDAY = date(2026, 11, 23)
SERTRALINE = [Dose.parse(one) for one in ("25 mg", "50 mg", "100 mg")]


def mg(number: int | str) -> Dose:
    return Dose.parse(f"{number} mg")


def test_a_titration_is_a_calendar_without_a_gap():
    rows = calendar([Step(0, mg(25)), Step(7, mg(50)), Step(14, mg(75))], SERTRALINE, MONDAY)
    assert [(row.starts, row.until) for row in rows] == [
        (date(2026, 11, 23), date(2026, 11, 29)),
        (date(2026, 11, 30), date(2026, 12, 6)),
        (date(2026, 12, 7), None),
    ]
    assert [row.in_words() for row in rows] == ["1 × 25 mg a day", "1 × 50 mg a day", "1 × 50 mg and 1 × 25 mg a day"]


def test_it_crosses_a_leap_day_and_a_year():
    rows = calendar([Step(0, mg(25)), Step(3, mg(50))], SERTRALINE, date(2028, 2, 27), days=6)
    assert (rows[0].until, rows[1].starts, rows[1].until) == (date(2028, 2, 29), date(2028, 3, 1), date(2028, 3, 3))


def test_a_dose_no_tablet_makes_is_refused_with_the_nearest_that_can():
    with pytest.raises(
        NotInTablets, match=r"^30 mg cannot be made from 25 mg, 50 mg, 100 mg\. The nearest is 25 mg\.$"
    ):
        in_tablets(mg(30), SERTRALINE)


def test_beyond_what_tablets_make_or_above_the_highest_dose_no_nearest_is_named():
    with pytest.raises(NotInTablets, match=r"^5000 mg cannot be made from 25 mg, 50 mg, 100 mg\.$"):
        in_tablets(mg(5000), SERTRALINE)
    with pytest.raises(NotInTablets, match=r"100 mg\.$"):
        in_tablets(mg(310), SERTRALINE, most=mg(200))
    with pytest.raises(NotInTablets, match=r"The nearest is 175 mg\.$"):
        in_tablets(mg(190), SERTRALINE, most=mg(199))


def test_halves_only_where_a_tablet_may_be_split():
    with pytest.raises(NotInTablets):
        in_tablets(Dose.parse("12.5 mg"), SERTRALINE)
    assert in_tablets(Dose.parse("12.5 mg"), SERTRALINE, halves=True) == ((Decimal("0.5"), mg(25)),)


def test_a_taper_only_ever_goes_down_and_ends_with_none():
    steps = taper_steps(mg(200), SERTRALINE, percent=25, every_days=14)
    doses = [step.daily.mg for step in steps]
    assert doses == sorted(doses, reverse=True)
    assert len(set(doses)) == len(doses)
    assert doses[-1] == 0
    assert [step.from_day for step in steps] == list(range(0, 14 * len(steps), 14))


def test_a_cross_taper_is_two_calendars_on_one_time():
    out, new = cross_taper(
        [Step(0, mg(50)), Step(7, mg(25)), Step(14, mg(0))],
        SERTRALINE,
        [Step(0, mg(25)), Step(7, mg(50))],
        SERTRALINE,
        MONDAY,
        new_from_day=7,
    )
    assert out[2].in_words() == "none"
    assert new[0].starts == out[1].starts


@pytest.mark.parametrize("steps", [[], [Step(1, mg(25))], [Step(0, mg(25)), Step(0, mg(50))]])
def test_steps_out_of_order_are_refused(steps):
    with pytest.raises(ValueError, match=r"^(A plan begins|Steps must follow)"):
        calendar(steps, SERTRALINE, MONDAY)


@given(
    st.lists(st.sampled_from([5, 10, 20, 25, 40, 50, 100, 150]), min_size=1, max_size=4, unique=True),
    st.integers(1, 80),
)
def test_what_is_made_adds_up_to_the_dose(sizes, fives):
    strengths = [mg(size) for size in sizes]
    try:
        tablets = in_tablets(mg(fives * 5), strengths)
    except NotInTablets:
        return
    assert sum((count * strength.mg for count, strength in tablets), Decimal(0)) == fives * 5
    assert {strength.mg for _, strength in tablets} <= {strength.mg for strength in strengths}


@given(st.sampled_from([10, 25, 50, 75]), st.integers(1, 8), st.booleans())
def test_every_taper_ends(percent, tablets, halves):
    steps = taper_steps(mg(tablets * 50), SERTRALINE, percent=percent, every_days=14, halves=halves)
    assert steps[-1].daily.mg == 0
    assert all(b.daily.mg < a.daily.mg for a, b in pairwise(steps))


def test_of_two_doses_as_near_the_taper_takes_the_gentler():
    steps = taper_steps(mg(75), [mg(50)], percent=50, every_days=14, halves=True)
    assert [step.daily.mg for step in steps] == [75, 50, 25, 0]


def test_no_cut_is_larger_than_the_record_allows():
    steps = taper_steps(mg(225), [mg(75)], every_days=7, most=mg(75))
    assert [(step.from_day, step.daily.mg) for step in steps] == [(0, 225), (7, 150), (14, 75), (21, 0)]
    both = taper_steps(mg(40), [mg(10)], percent=50, every_days=7, most=mg(10))
    assert [step.daily.mg for step in both] == [40, 30, 20, 10, 0]


def test_a_taper_needs_a_share_or_a_largest_cut():
    with pytest.raises(ValueError, match=r"^Give a share"):
        taper_steps(mg(40), [mg(10)], every_days=7)
