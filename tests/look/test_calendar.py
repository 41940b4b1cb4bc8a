"""Doses by day: every cell says its day and dose, and what is to come is planned."""

from datetime import date

from althea.look.calendar import Step, by_day
from tests.look.given import TODAY, calendar

JUNE = {"first": date(2026, 6, 1), "last": date(2026, 6, 14)}


def by_date(shown):
    return {cell.on: cell for cell in shown.cells if cell.on}


def test_a_day_says_its_weekday_and_its_dose():
    days = by_date(calendar())
    assert days[date(2026, 5, 27)].words == "Wednesday 27 May: 50 mg"
    assert days[date(2026, 5, 28)].words == "Thursday 28 May: 75 mg"


def test_today_is_taken_and_tomorrow_is_planned():
    days = by_date(calendar())
    assert days[TODAY].words == "Tuesday 9 June, today: 75 mg"
    assert (days[TODAY].css, days[TODAY].today) == ("l4 td", True)
    assert days[date(2026, 6, 10)].words == "Wednesday 10 June: 75 mg, planned"
    assert days[date(2026, 6, 10)].css == "plan"


def test_the_higher_dose_is_the_darker_and_the_legend_says_which():
    assert calendar().legend == (("l2", "50 mg"), ("l4", "75 mg"), ("plan", "planned"))


def test_a_week_begins_on_monday_with_empty_places_before_the_first_day():
    shown = by_day([], unit="mg", today=TODAY, first=date(2026, 6, 3), last=date(2026, 6, 4))
    assert [cell.on for cell in shown.cells] == [None, None, date(2026, 6, 3), date(2026, 6, 4)]


def test_a_day_nothing_is_known_of_has_no_dose_and_none_is_not_0_mg():
    steps = [Step(date(2026, 6, 1), date(2026, 6, 2), 0)]
    days = by_date(by_day(steps, unit="mg", today=TODAY, **JUNE))
    assert days[date(2026, 6, 1)].words == "Monday 1 June: no dose"
    assert (days[date(2026, 6, 3)].dose, days[date(2026, 6, 3)].words) == ("", "Wednesday 3 June")


def test_where_two_steps_hold_a_day_the_later_one_counts():
    steps = [Step(date(2026, 6, 5), date(2026, 6, 9), 50), Step(date(2026, 6, 1), date(2026, 6, 9), 25)]
    days = by_date(by_day(steps, unit="mg", today=TODAY, **JUNE))
    assert (days[date(2026, 6, 4)].dose, days[date(2026, 6, 5)].dose) == ("25", "50")


def test_more_doses_than_tints_stay_in_order():
    steps = [Step(date(2026, 6, n), date(2026, 6, n), n * 12.5) for n in range(1, 8)]
    days = by_date(by_day(steps, unit="mg", today=TODAY, **JUNE))
    tints = [days[date(2026, 6, n)].css for n in range(1, 8)]
    assert tints == sorted(tints)
    assert set(tints) == {"l1", "l2", "l3", "l4"}


def test_without_today_there_is_no_ring_to_explain(part):
    shown = by_day([], unit="mg", today=TODAY, first=date(2026, 7, 1), last=date(2026, 7, 5))
    assert "Ring: today" not in part("calendar", calendar=shown)
    assert "Ring: today" in part("calendar", calendar=calendar())
