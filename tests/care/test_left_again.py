"""She told that she stopped, and then tells more: none of it hides how long she was without it, and no dose that was
signed before is offered as the way back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from althea.care.actions import changes
from althea.care.actions import order as acting
from althea.care.days import moment
from althea.care.facts import chart_of
from althea.care.jobs import AT_NIGHT
from althea.care.left import left_of, not_now
from althea.care.models import CheckIn, Trial
from althea.care.recheck import recheck
from althea.engine.facts import Gap
from tests.care.test_left_since import answered, lamotrigine, of_gaps, running, taken, ticked
from tests.clinic.prescribing import on, signed_order, step
from tests.people import signed_in

__all__ = ["on"]  # a fixture
pytestmark = pytest.mark.django_db


def stopped(people, order, last, told=None):
    """`told`: the night on which she told it; None: now."""
    at = moment(people.maya, told, AT_NIGHT) if told is not None else timezone.now()
    changes.stopped(patient=people.maya, taken=order, on=last, why="", origin="hers", by=people.maya.user, at=at)


def to_come(people, on, amount, days=5, replaces=None):
    """An order that is signed for a day ahead."""
    first = on + timedelta(days=days)
    if replaces is not None:
        acting.end(order=replaces, on=first, why="Replaced", herself=False, by=people.marchetti.user, at=timezone.now())
    steps = [step(first, dose=amount) | {"take": f"1 tablet of {amount}"}]
    return signed_order(people, medicine="lamotrigine", replaces=replaces, steps=steps)


def words(people, address):
    return " ".join(signed_in(people.maya.user).get(address).content.decode().split())


def test_days_each_told_to_be_without_it_take_nothing_back_of_the_word_before_them(people, on):
    last = on - timedelta(days=8)
    stopped(people, lamotrigine(people, on), last, told=last)
    ticked(people, on, 0, 1, 2)
    recheck(people.maya, timezone.now())
    assert running(people, on) == [(last, ())]
    assert of_gaps() == ["Lamotrigine was off for 8 days: restart the titration at 25 mg."]
    assert (
        not_now(chart_of(people.maya), on)["lamotrigine"].told == f"You told us that you stopped this on {last:%-d %B}."
    )


def test_a_dose_told_between_them_is_the_last(people, on):
    last = on - timedelta(days=20)
    stopped(people, lamotrigine(people, on), last, told=last)
    ticked(people, on, 10, taken=True)
    ticked(people, on, *range(1, 9))
    assert running(people, on) == [
        (on - timedelta(days=9), (Gap(last, on - timedelta(days=10), on - timedelta(days=10)),))
    ]


def test_a_check_in_of_days_before_her_word_is_said_after_it(people, on):
    """She told three days ago that she stopped a month ago; her check-in names two days, and so says she took the rest."""
    last = on - timedelta(days=30)
    stopped(people, lamotrigine(people, on), last, told=on - timedelta(days=3))
    recheck(people.maya, timezone.now())
    answered(people, on, [6, 5])
    again = on - timedelta(days=4)
    assert taken(people) == [again]
    ((left, gaps),) = running(people, on)
    assert (left, Gap(last, again, again) in gaps) == (None, True)
    assert of_gaps() == ["Lamotrigine was off for 26 days: restart the titration at 25 mg."]
    assert not_now(chart_of(people.maya), on)["lamotrigine"].low


def test_a_dose_she_had_told_before_is_named_beside_the_day_she_names(people, on):
    order, named, dose = lamotrigine(people, on), on - timedelta(days=20), on - timedelta(days=8)
    ticked(people, on, 8, taken=True)
    stopped(people, order, named)
    told = f"that she stopped on {named:%-d %B}; a dose of {dose:%-d %B} was told before."
    assert left_of(chart_of(people.maya), "lamotrigine", on).words == f"She told us on {on:%-d %B} {told}"
    hers = not_now(chart_of(people.maya), on)["lamotrigine"].told
    assert hers == f"You told us that you stopped this on {named:%-d %B}; a dose of {dose:%-d %B} was told before."


# --- what is signed for later -------------------------------------------------------------------------------------------


def test_a_rise_signed_before_her_word_is_no_way_back(people, on):
    old = lamotrigine(people, on, amount="100 mg")
    to_come(people, on, "200 mg", replaces=old)
    stopped(people, old, on - timedelta(days=30))
    first = not_now(chart_of(people.maya), on)["lamotrigine"]
    assert (first.low, first.begins) == (True, None)
    assert "Take none before" not in words(people, "/medicine")


def test_a_rise_is_no_way_back_after_days_without_it_either(people, on):
    to_come(people, on, "200 mg", replaces=lamotrigine(people, on, amount="100 mg"))
    ticked(people, on, *range(8))
    assert not_now(chart_of(people.maya), on)["lamotrigine"].begins is None
    page = words(people, "/medicine")
    assert ("Take none before" in page, 'class="cal' in page) == (False, False)


def test_of_a_medicine_that_need_not_begin_low_what_was_signed_before_her_word_is_no_answer_to_it(people, on):
    old, first = signed_order(people, steps=[step(on - timedelta(days=90), dose="50 mg")]), on + timedelta(days=5)
    acting.end(order=old, on=first, why="Replaced", herself=False, by=people.marchetti.user, at=timezone.now())
    signed_order(people, replaces=old, steps=[step(first, dose="100 mg")])
    stopped(people, old, on - timedelta(days=3))
    assert not_now(chart_of(people.maya), on)["sertraline"].begins is None


def test_an_order_that_was_ended_before_its_first_day_is_not_waited_for(people, on):
    lamotrigine(people, on)
    ticked(people, on, *range(12))
    acting.end(order=to_come(people, on, "25 mg"), on=on, why="Not now", herself=False, by=people.marchetti.user,
               at=timezone.now())  # fmt: skip
    assert not_now(chart_of(people.maya), on)["lamotrigine"].begins is None


def test_beside_an_order_that_goes_on_a_new_one_is_no_way_back(people, on):
    lamotrigine(people, on)
    to_come(people, on, "25 mg")
    ticked(people, on, *range(12))
    assert not_now(chart_of(people.maya), on)["lamotrigine"].begins is None


def test_until_the_new_steps_begin_the_old_dose_stands_nowhere(people, on):
    first = on + timedelta(days=5)
    to_come(people, on, "25 mg", replaces=lamotrigine(people, on))
    ticked(people, on, *range(12))
    for address in ("/home", "/medicine", "/plan"):
        page = words(people, address)
        assert "Take none before" in page
        assert "200 mg" not in page, address
    assert f"{first:%A} {first.day}" in words(people, "/medicine"), "her calendar begins with them"


# --- of another medicine ------------------------------------------------------------------------------------------------


def test_a_check_in_of_another_medicine_writes_no_dose_of_it(people, on):
    lamotrigine(people, on)
    ticked(people, on, 1, 2, 3)
    signed_order(people, steps=[step(on - timedelta(days=100), dose="50 mg")])
    answered(people, on, [], medicine="sertraline")
    assert taken(people) == []
    assert CheckIn.objects.get().state == "done"
    assert Trial.objects.get().medicine == "sertraline"


def test_the_course_begins_anew_with_the_dose_she_told_and_not_with_the_silence_before_it(people, on):
    """Without it until three weeks ago, nothing told since, a dose ten days ago: it is day ten, not day twenty."""
    lamotrigine(people, on, amount="50 mg")
    ticked(people, on, *range(21, 40))
    ticked(people, on, 10, taken=True)
    recheck(people.maya, timezone.now())
    assert len(of_gaps()) == 1
