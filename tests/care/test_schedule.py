"""What she takes by day: an order holds until another takes its place, and a plan to stop ends in none."""

from datetime import date, timedelta

import pytest

from althea.care.facts import chart_of
from althea.care.models import OrderEnd
from althea.care.papers import order_plain, step_rows, when_of
from althea.care.schedule import courses, schedule_of
from althea.portal.pages.medicine import calendar_by
from tests.clinic.prescribing import on_of, signed_order, step
from tests.people import NOW

pytestmark = pytest.mark.django_db


def ended(people, order, on):
    OrderEnd.objects.create(order=order, on=on, why="Replaced by a new order", by=people.marchetti.user, at=NOW)


def a_taper(people):
    """100 mg for 60 days and 5 more; then 50 mg for 14 days, then none."""
    on = on_of(people)
    old = signed_order(people, why="Low mood", words="With food.")
    first = on + timedelta(days=5)
    ended(people, old, first)
    last = first + timedelta(days=13)
    new = signed_order(
        people, replaces=old, stops=True, why="To come off it slowly", steps=[step(first, last, "50 mg")]
    )
    return old, new, first, last


def by_day(course):
    return [(one.first, one.last, one.step.get("dose", "none")) for one in course.stretches]


def test_an_order_and_the_one_that_takes_its_place_are_one_schedule_that_ends_in_none(people):
    on = on_of(people)
    old, new, first, last = a_taper(people)
    (course,) = courses(chart_of(people.maya).orders, on)
    day = timedelta(days=1)
    assert course.orders == (old, new)
    assert by_day(course) == [
        (on - timedelta(days=60), first - day, "100 mg"), (first, last, "50 mg"), (last + day, None, "none"),
    ]  # fmt: skip
    assert course.now(on).step["dose"] == "100 mg"
    assert course.last_dose == last


def test_once_the_new_one_runs_nothing_is_left_of_the_old_one_and_after_its_last_day_of_neither(people):
    _, new, first, last = a_taper(people)
    orders = chart_of(people.maya).orders
    assert [one.orders for one in courses(orders, first)] == [(new,)]
    assert courses(orders, last)
    assert courses(orders, last + timedelta(days=1)) == []


def test_of_an_order_that_was_replaced_before_it_began_nothing_is_taken(people):
    on = on_of(people)
    old, new, first, _ = a_taper(people)
    sooner = first - timedelta(days=3)
    ended(people, new, sooner)
    third = signed_order(people, replaces=new, steps=[step(sooner, None, "75 mg")])
    (course,) = courses(chart_of(people.maya).orders, on)
    assert course.orders == (old, third)
    assert by_day(course)[0][1:] == (sooner - timedelta(days=1), "100 mg")
    assert by_day(course)[1:] == [(sooner, None, "75 mg")]


def test_of_the_order_that_is_replaced_only_the_step_of_today_is_left_and_what_it_still_plans(people):
    on, day = on_of(people), timedelta(days=1)
    first = on + timedelta(days=5)
    was, now = step(on - timedelta(days=40), on - timedelta(days=9), "25 mg"), step(on - 8 * day, None, "50 mg")
    old = signed_order(people, steps=[was, now])
    ended(people, old, first)
    signed_order(people, replaces=old, steps=[step(first, None, "75 mg")])
    (course,) = courses(chart_of(people.maya).orders, on)
    assert by_day(course) == [(on - 8 * day, first - day, "50 mg"), (first, None, "75 mg")]


def test_two_orders_that_have_nothing_to_do_with_each_other_stay_two(people):
    signed_order(people)
    signed_order(people, medicine="quetiapine")
    assert [len(one.orders) for one in courses(chart_of(people.maya).orders, on_of(people))] == [1, 1]


def test_a_dose_of_every_other_day_is_not_halved_on_paper(people):
    row = step(date(2026, 6, 9), None, "50 mg", times_a_day=0.5, when="every other day", often="other-day",
               take="1 tablet of 50 mg every other day")  # fmt: skip
    given = order_plain(signed_order(people, steps=[row]), chart_of(people.maya), ())
    assert given["when"] == "Every other day"
    assert [(one["amount"], one["tablets"]) for one in given["steps"]] == [(50, "1 tablet of 50 mg, every other day")]


def test_two_doses_a_day_are_summed_under_a_day(people):
    row = step(date(2026, 6, 9), None, "50 mg", times_a_day=2, when="morning and evening", often="twice",
               take="1 tablet of 50 mg morning and evening")  # fmt: skip
    given = order_plain(signed_order(people, steps=[row]), chart_of(people.maya), ())
    assert (given["when"], given["steps"][0]["amount"]) == ("A day", 100)


def test_where_the_time_of_day_changes_each_row_says_its_own(people):
    rows = [
        step(date(2026, 6, 9), date(2026, 6, 15), "50 mg"),
        step(date(2026, 6, 16), None, "50 mg", when="each evening", often="evening",
             take="1 tablet of 50 mg each evening"),
    ]  # fmt: skip
    stretches = schedule_of(signed_order(people, steps=rows))
    assert when_of(stretches) == "A day"
    assert [one["tablets"] for one in step_rows(stretches)] == [
        "1 tablet of 50 mg each morning", "1 tablet of 50 mg each evening",
    ]  # fmt: skip


def test_every_other_day_is_not_drawn_by_day_for_on_which_is_not_known(people):
    row = step(on_of(people), None, "50 mg", times_a_day=0.5, when="every other day", often="other-day")
    on, daily = on_of(people), step(on_of(people), None, "50 mg")
    assert calendar_by(schedule_of(signed_order(people, steps=[row])), on) is None
    assert calendar_by(schedule_of(signed_order(people, steps=[daily])), on) is not None
