"""The steps of a dose as a list, as weeks to tick, and as a picture."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from althea.look.paper.steps import Step, as_list, as_picture, as_weeks
from tests.look.paper.sofia import STEPS


def test_a_step_lasts_until_the_day_before_the_next_and_the_last_one_goes_on():
    assert [(step["from"], step["until"]) for step in as_list(STEPS)][-2:] == [
        ("21 Sept 2026", "4 Oct 2026"),
        ("5 Oct 2026", "from then on"),
    ]


def test_a_step_that_ends_of_itself_goes_no_further_in_list_and_weeks():
    steps = (Step(date(2026, 6, 15), 20, "mg", ends=date(2026, 6, 24)),)
    assert as_list(steps)[0]["until"] == "24 June 2026"
    assert [row["days"].count(True) for row in as_weeks(steps)["rows"]] == [7, 3]


def test_a_dose_taken_for_years_still_stands_in_a_list():
    steps = (Step(date(2015, 6, 15), 20, "mg"), Step(date(2026, 6, 15), 10, "mg"))
    assert as_list(steps)[0]["until"] == "14 June 2026"


def test_no_dose_is_said_as_none_and_small_ones_with_their_zero():
    assert Step(date(2026, 6, 15), 0, "mg").dose == "none"
    assert Step(date(2026, 6, 15), Decimal("0.50"), "mg").dose == "0.5 mg"


def test_a_paper_without_steps_is_refused():
    with pytest.raises(ValueError, match="needs at least one"):
        as_list(())


def test_steps_out_of_order_are_refused():
    with pytest.raises(ValueError, match="2026-06-15 does not come after the one of 2026-07-13"):
        as_list((STEPS[1], STEPS[0]))
    with pytest.raises(ValueError, match="does not come after"):
        as_weeks((STEPS[0], STEPS[0]))


def test_a_slip_in_a_year_does_not_print_a_thousand_rows():
    with pytest.raises(ValueError, match="more than 260 weeks"):
        as_weeks((STEPS[0], Step(date(2062, 7, 13), 10, "mg")))


def test_weeks_count_from_the_first_steps_day():
    weeks = as_weeks((Step(date(2026, 6, 11), 15, "mg"), Step(date(2026, 6, 18), 10, "mg")))
    assert weeks["heads"] == ["T", "F", "S", "S", "M", "T", "W"]
    assert [(row["of"], row["number"]) for row in weeks["rows"]] == [("11 June", 1), ("18 June", 2)]


def test_the_tablets_stand_in_the_first_week_of_each_step():
    rows = as_weeks(STEPS)["rows"]
    assert len(rows) == 17
    assert [row["tablets"] for row in rows[:5]] == ["one 10 mg and one 5 mg tablet", "", "", "", "one 10 mg tablet"]
    assert [row["new"] for row in rows[:5]] == [True, False, False, False, True]


def test_a_step_in_the_middle_of_a_week_divides_its_days():
    rows = as_weeks((Step(date(2026, 6, 15), 15, "mg"), Step(date(2026, 6, 18), 10, "mg")))["rows"]
    assert [(row["of"], row["dose"], row["days"].count(True)) for row in rows] == [
        ("15 June", "15 mg", 3),
        ("18 June", "10 mg", 4),
    ]
    assert [sum(both) for both in zip(*(row["days"] for row in rows), strict=True)] == [1] * 7


def test_a_step_of_one_day_has_one_box():
    steps = [Step(date(2026, 6, 15 + of), 5 - of, "mg") for of in range(5)]
    assert [row["days"].count(True) for row in as_weeks(steps)["rows"]] == [1, 1, 1, 1, 3]


def test_the_picture_is_to_scale_and_without_gaps():
    bars = as_picture(STEPS, 20)["bars"]
    assert [bar["height"] for bar in bars] == [1, 0.75, 0.5, 0.25, 0.125, 0.05, 0]
    assert bars[0]["left"] == 0
    assert bars[-1]["right"] == 1
    assert all(before["right"] == pytest.approx(after["left"]) for before, after in pairwise(bars))
    assert bars[1]["right"] - bars[1]["left"] == pytest.approx(2 * (bars[4]["right"] - bars[4]["left"]))


def test_the_picture_names_weeks_and_days_that_are_no_weeks():
    assert [bar["when"] for bar in as_picture(STEPS, 20)["bars"]][:2] == ["now", "weeks 1 to 4"]
    days = (Step(date(2026, 6, 15), 15, "mg"), Step(date(2026, 6, 22), 10, "mg"), Step(date(2026, 6, 25), 5, "mg"))
    assert [bar["when"] for bar in as_picture(days, 20)["bars"]] == ["now", "week 1", "from 22 June", "from 25 June"]


def test_a_dose_that_rises_and_one_step_alone_are_drawn():
    rising = (Step(date(2026, 6, 15), Decimal("12.5"), "mg"), Step(date(2026, 6, 29), 25, "mg"))
    assert [bar["height"] for bar in as_picture(rising, 0)["bars"]] == [0, 0.5, 1]
    assert len(as_picture(STEPS[-1:], 0)["bars"]) == 2


def test_doses_in_two_units_are_not_drawn_to_one_scale():
    two = (Step(date(2026, 6, 15), 2, "mg"), Step(date(2026, 6, 29), 1000, "micrograms"))
    with pytest.raises(
        ValueError, match="doses in mg and micrograms cannot be drawn to one scale: say all in one unit"
    ):
        as_picture(two, 2)
