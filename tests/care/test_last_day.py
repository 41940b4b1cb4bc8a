"""An order whose last step has a length ends on that day for everybody: her pages, paper, the checks and her team."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from althea.care.actions import last_day as last_days
from althea.care.actions import order as acting
from althea.care.actions import worklist
from althea.care.actions.order import Asked
from althea.care.dose_history import daily_steps, running_order, runs_on
from althea.care.draft import reviewed
from althea.care.facts import chart_of, facts_for
from althea.care.models import Entry, OrderEnd, Trial, WorklistItem
from althea.care.ready import prepared
from althea.care.schedule import last_day, over, signed_until
from althea.engine.facts import State
from althea.engine.trial import LIVE
from tests.clinic.prescribing import form, on, post, signed_order, step
from tests.people import signed_in

__all__ = ["on"]  # a fixture
pytestmark = pytest.mark.django_db


def a_course(people, on, ends, medicine="lamotrigine", **named):
    """Signed forty days ago, with a last day so many days from now."""
    steps = [step(on - timedelta(days=40), on + timedelta(days=ends))]
    return signed_order(people, medicine=medicine, steps=steps, **named)


def a_draft(people, on, dose="200 mg", last=None, **named):
    asked = Asked(medicine="lamotrigine", steps=[step(on, last, dose)], why="Low mood", **named)
    return acting.draft(patient=people.maya, asked=asked, by=people.marchetti.user, at=timezone.now())


def found(people, draft, on):
    return [one.finding.title for one in reviewed(draft, chart_of(people.maya), on).found]


# --- one last day ------------------------------------------------------------------------------------------------------


def test_on_its_last_day_she_takes_it_and_on_the_day_after_she_takes_none(people, on):
    order = a_course(people, on, 0)
    assert (signed_until(order), last_day(order)) == (on, on)
    assert facts_for(people.maya, on).medicines[0].state is State.RUNNING
    assert runs_on(order, on) is not None
    assert not over(order, on)
    after = on + timedelta(days=1)
    (row,) = facts_for(people.maya, after).medicines
    assert (row.state, row.ended_on) == (State.STOPPED, on)
    assert runs_on(order, after) is None
    assert over(order, after)
    assert running_order([order], "lamotrigine", after) is None
    assert [(one.on, one.mg) for one in daily_steps([order], "lamotrigine")][-1] == (after, 0)


def test_an_end_before_it_counts_and_an_end_after_it_does_not(people, on):
    order = a_course(people, on, 5)
    now = timezone.now()
    end = OrderEnd.objects.create(order=order, on=on - timedelta(days=2), why="x", by=people.marchetti.user, at=now)
    assert last_day(order) == on - timedelta(days=3)
    end.on = on + timedelta(days=20)
    assert last_day(order) == on + timedelta(days=5)


def test_her_pages_say_one_thing_of_the_day_after(people, on):
    a_course(people, on, -13)
    client = signed_in(people.maya.user)
    assert "Lamotrigine" not in client.get("/home").content.decode()
    assert "Lamotrigine" not in client.get("/medicine").content.decode()
    answer = client.post("/home/dose", {"medicine": "lamotrigine", "taken": "yes", "key": str(uuid4())})
    assert answer.status_code == 400
    assert "That is not among today" in answer.content.decode()
    assert not Entry.objects.filter(kind="dose-taken").exists()


def test_on_its_last_day_her_home_still_shows_it(people, on):
    a_course(people, on, 0)
    assert "Lamotrigine" in signed_in(people.maya.user).get("/home").content.decode()


def test_among_her_medicines_it_stands_before_with_its_last_day_and_why(people, on):
    a_course(people, on, -13)
    words = signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/medicines").content.decode()
    before = words.split('id="before"')[1] if 'id="before"' in words else words.split(">Before<")[1]
    assert "It ended on the day it was signed to" in before
    assert f"{on - timedelta(days=13):%-d %b}" in before


@pytest.mark.parametrize(("ends", "takes"), [(0, True), (-1, False)])
def test_who_is_looked_for_by_a_medicine_takes_it_until_its_last_day(people, on, ends, takes):
    a_course(people, on, ends)
    words = signed_in(people.marchetti.user).get("/patients?q=lamotrigine").content.decode()
    assert (people.maya.name in words) is takes


def test_what_is_over_is_no_other_order_that_goes_on_when_one_is_ended(people, on):
    """Her trial is left with the order that she stopped, whatever ended by itself before."""
    a_course(people, on, -13)
    order = signed_order(people, medicine="lamotrigine", steps=[step(on - timedelta(days=5), dose="25 mg")])
    trial = Trial.objects.create(
        patient=people.maya, medicine="lamotrigine", state="titrating", problem="Low mood", scale="phq-9",
        started_on=on - timedelta(days=40), created_at=timezone.now(),
    )  # fmt: skip
    acting.end(order=order, on=on, why="Well", herself=True, by=people.marchetti.user, at=timezone.now())
    trial.refresh_from_db()
    assert trial.state not in [one.value for one in LIVE]


def test_a_dose_ordered_after_it_is_asked_as_one_that_begins_after_a_gap(people, on):
    order = a_course(people, on, -13)
    titles = found(people, a_draft(people, on), on)
    assert "Lamotrigine was off for 13 days: restart the titration at 25 mg." in titles
    assert order.pk


def test_a_draft_that_would_take_the_place_of_what_is_over_is_begun_again(people, on):
    order = a_course(people, on, -1)
    ready = prepared(a_draft(people, on, replaces=order), people.marchetti.user, timezone.now())
    assert "The order that this one replaces has ended already. Discard this draft and begin again." in [
        words for _, words in ready.lacking
    ]


def test_another_may_begin_on_the_day_after_and_not_on_the_last(people, on):
    a_course(people, on, 3)
    lacking = [words for _, words in prepared(a_draft(people, on), people.marchetti.user, timezone.now()).lacking]
    free = on + timedelta(days=4)
    assert f"Another order of this medicine runs until {free:%-d %B}. Begin on that day, or end it first." in lacking
    later = prepared(a_draft(people, free), people.marchetti.user, timezone.now())
    assert not [key for key, _ in later.lacking if key == "replaces"]


def test_that_it_ends_without_a_taper_is_found_at_the_draft(people, on):
    """She has taken venlafaxine for long; the new dose is typed with a length, and nothing after it."""
    old = signed_order(people, days=200, medicine="venlafaxine", steps=[step(on - timedelta(days=200), dose="75 mg")])
    ends = [step(on, on + timedelta(days=27), "150 mg")]
    asked = Asked(medicine="venlafaxine", steps=ends, why="Low mood", replaces=old)
    draft = acting.draft(patient=people.maya, asked=asked, by=people.marchetti.user, at=timezone.now())
    stopping = [
        one.finding for one in reviewed(draft, chart_of(people.maya), on).found if one.finding.kind == "stopping"
    ]
    assert stopping
    asked.steps[0]["until"] = None
    draft = acting.draft(patient=people.maya, asked=asked, by=people.marchetti.user, at=timezone.now())
    assert not [one for one in reviewed(draft, chart_of(people.maya), on).found if one.finding.kind == "stopping"]


# --- said before it is signed ------------------------------------------------------------------------------------------


def test_the_composer_says_that_she_takes_none_after_the_last_row(people, on):
    last = on + timedelta(days=27)
    words = post(people, form(people, ("50 mg", "morning", "4 weeks"), do="look")).content.decode()
    assert f"She takes none after {last:%-d %b}" in words
    words = post(people, form(people, ("50 mg", "morning", "4 weeks"), ("100 mg", "morning", ""), do="look"))
    assert "She takes none after" not in words.content.decode()


def test_what_is_signed_says_that_there_is_none_after_it(people, on):
    order = a_course(people, on, 6)
    words = signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/orders/{order.pk}").content.decode()
    assert "After that" in words


# --- her team is told --------------------------------------------------------------------------------------------------


def morning(people, on):
    last_days.before(people.clinic, on, timezone.now())
    return list(WorklistItem.objects.filter(reason__startswith="last-day:", closed_at__isnull=True))


@pytest.mark.parametrize(("ends", "told"), [(8, 0), (7, 1), (0, 1), (-7, 1), (-8, 0)])
def test_a_course_that_ends_within_a_week_is_before_her_prescriber(people, on, ends, told):
    order = a_course(people, on, ends)
    items = morning(people, on)
    assert len(items) == told
    for item in items:
        last = on + timedelta(days=ends)
        assert item.why == f"The last day of lamotrigine by her order is {last:%-d %B}. No order follows it."
        assert (item.level, item.due_on, item.to) == ("info", last, f"/patients/{people.maya.pk}/orders/{order.pk}")


def test_it_is_told_once_and_not_again_when_somebody_worked_it_through(people, on):
    a_course(people, on, 3)
    (item,) = morning(people, on)
    assert [one.pk for one in morning(people, on)] == [item.pk]
    worklist.close(item=item, by=people.marchetti.user, words="She shall end.", at=timezone.now())
    assert morning(people, on) == []


def test_a_plan_to_stop_is_meant_so_and_nothing_is_told(people, on):
    a_course(people, on, 3, stops=True)
    assert morning(people, on) == []


def test_where_another_order_follows_nothing_is_told(people, on):
    a_course(people, on, 3)
    signed_order(people, medicine="lamotrigine", steps=[step(on + timedelta(days=4))])
    assert morning(people, on) == []


def test_an_order_without_an_end_is_not_told(people, on):
    signed_order(people, medicine="lamotrigine", steps=[step(on - timedelta(days=40))])
    assert morning(people, on) == []


def test_when_the_order_is_ended_the_item_goes(people, on):
    order = a_course(people, on, 3)
    assert len(morning(people, on)) == 1
    acting.end(order=order, on=on, why="Well", herself=False, by=people.marchetti.user, at=timezone.now())
    item = WorklistItem.objects.get(reason__startswith="last-day:")
    assert item.closing == "The order was ended."
