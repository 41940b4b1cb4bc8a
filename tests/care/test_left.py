"""She told that she stopped, or of days in a row without a dose: whoever orders it again is told, and so are the checks."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import changes, dose, record
from althea.care.actions import order as acting
from althea.care.actions.order import Asked
from althea.care.days import moment
from althea.care.draft import reviewed
from althea.care.facts import chart_of, facts_for
from althea.care.jobs import AT_NIGHT
from althea.care.left import left_of
from althea.care.models import Outgoing, WorklistItem
from althea.care.recheck import recheck, review_today
from althea.care.ticks import days_without
from althea.engine.facts import Gap, State
from tests.clinic.prescribing import address, on, signed_order, step
from tests.counting import at_most
from tests.people import signed_in

__all__ = ["on"]  # a fixture
pytestmark = pytest.mark.django_db
OFF = "Lamotrigine was off for {} days: restart the titration at 25 mg."


@pytest.fixture
def order(people, on):
    return signed_order(people, medicine="lamotrigine", steps=[step(on - timedelta(days=200), dose="200 mg")])


def stopped(people, order, last, origin="hers", why="", at=None):
    by = people.maya.user if origin == "hers" else people.marchetti.user
    return changes.stopped(
        patient=people.maya, taken=order, on=last, why=why, origin=origin, by=by, at=at or timezone.now()
    )  # fmt: skip


def ticked(people, day, taken=False):
    body = said.DoseTaken(medicine="lamotrigine", taken=taken)
    record.add(patient=people.maya, body=body, on=day, origin="hers", by=people.maya.user, at=timezone.now())


def found(people, on, dose="200 mg", **named):
    asked = Asked(medicine="lamotrigine", steps=[step(on, dose=dose)], why="Low mood", **named)
    draft = acting.draft(patient=people.maya, asked=asked, by=people.marchetti.user, at=timezone.now())
    return [(one.finding.title, one.critical) for one in reviewed(draft, chart_of(people.maya), on).found]


def gaps_of(people, on):
    return [(one.state, one.gaps) for one in facts_for(people.maya, on).medicines if one.state is State.RUNNING]


def rows(people, on):
    return [(one.state, one.left_on) for one in facts_for(people.maya, on).medicines if one.started_on]


# --- the checks --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", ["hers", "clinic"])
def test_the_old_dose_in_place_of_the_open_order_is_a_restart(people, on, order, origin):
    stopped(people, order, on - timedelta(days=30), origin)
    assert (OFF.format(30), True) in found(people, on, replaces=order)


def test_and_so_it_is_when_the_order_was_ended_today_and_another_begun(people, on, order):
    stopped(people, order, on - timedelta(days=30))
    acting.end(order=order, on=on, why="She stopped it", herself=True, by=people.marchetti.user, at=timezone.now())
    assert (OFF.format(30), True) in found(people, on)


def test_her_order_counts_as_taken_for_all_that_meets_it(people, on, order):
    stopped(people, order, on - timedelta(days=30))
    assert rows(people, on) == [(State.RUNNING, on - timedelta(days=30))]


def test_an_order_signed_since_she_told_begins_anew(people, on, order):
    stopped(people, order, on - timedelta(days=30))
    acting.end(order=order, on=on - timedelta(days=10), why="x", herself=True, by=people.marchetti.user,
               at=timezone.now())  # fmt: skip
    begun = on - timedelta(days=10)
    newer = signed_order(people, medicine="lamotrigine", steps=[step(begun, dose="25 mg")])
    assert (State.RUNNING, None) in rows(people, on)
    assert not [title for title, _ in found(people, on, "25 mg", replaces=newer) if "was off for" in title]


def test_a_step_that_was_signed_ahead_never_began(people, on):
    """She left it before the day on which the dose was to rise by itself."""
    first = on - timedelta(days=200)
    rise = on - timedelta(days=5)
    steps = [step(first, rise - timedelta(days=1), "150 mg"), step(rise, dose="200 mg")]
    order = signed_order(people, medicine="lamotrigine", steps=steps)
    stopped(people, order, on - timedelta(days=20))
    assert (OFF.format(20), True) in found(people, on, replaces=order)


def test_a_dose_she_ticks_after_that_takes_her_word_back(people, on, order):
    last = on - timedelta(days=30)
    stopped(people, order, last, at=moment(people.maya, last + timedelta(days=3), AT_NIGHT))
    assert rows(people, on) == [(State.RUNNING, last)]
    ticked(people, on - timedelta(days=1), taken=True)
    assert rows(people, on) == [(State.RUNNING, None)]
    assert left_of(chart_of(people.maya), "lamotrigine", on) is None


def test_a_trial_of_years_ago_is_not_about_the_order_of_now(people, on, order):
    body = said.Medicine(text="lamotrigine", medicine="lamotrigine", running=False, until=on - timedelta(days=900),
                         dose="50 mg", times_a_day=Decimal(1))  # fmt: skip
    record.add(patient=people.maya, body=body, on=on, origin="clinic", by=people.marchetti.user, at=timezone.now())
    assert rows(people, on) == [(State.RUNNING, None)]


# --- days without a dose -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "run"),
    [
        ({0: False, 1: False}, (1, 0)),
        ({1: False, 2: False}, (2, 1)),
        ({0: True, 1: False}, None),
        ({0: None, 1: False}, None),
        ({2: False, 3: False}, None),
        ({0: False, 2: False}, (0, 0)),
        ({}, None),
    ],
)
def test_a_run_of_days_reaches_to_today_or_yesterday_or_nobody_knows(on, told, run):
    ticks = {on - timedelta(days=ago): taken for ago, taken in told.items()}
    days = days_without(ticks, on)
    assert days == (run and (on - timedelta(days=run[0]), on - timedelta(days=run[1])))


def test_days_without_a_dose_are_before_her_team_once_the_last_dose_is_more_than_five_days_ago(people, on, order):
    for ago in range(1, 5):
        ticked(people, on - timedelta(days=ago))
    recheck(people.maya, timezone.now())
    assert not WorklistItem.objects.filter(reason__startswith="finding:titration").exists()
    for ago in (5, 6):
        ticked(people, on - timedelta(days=ago))
    recheck(people.maya, timezone.now())
    item = WorklistItem.objects.get(reason__startswith="finding:titration")
    assert item.why == OFF.format(7)
    assert (OFF.format(7), True) in found(people, on, "225 mg", replaces=order)


def test_her_old_dose_after_such_a_gap_is_told_again_on_the_day_she_took_it(people, on, order):
    for ago in range(1, 7):
        ticked(people, on - timedelta(days=ago))
    recheck(people.maya, timezone.now())
    notices = Outgoing.objects.filter(kind="staff").count()
    assert notices
    dose.told(patient=people.maya, medicine="lamotrigine", taken=True, on=on, by=people.maya.user, at=timezone.now())
    item = WorklistItem.objects.get(reason__startswith="finding:titration", closed_at__isnull=True)
    assert (item.why, item.level) == (OFF.format(7), "critical")
    assert Outgoing.objects.filter(kind="staff").count() == 2 * notices
    (fact,) = [one.what for finding in review_today(people.maya, timezone.now()).findings for one in finding.because
               if "none taken from" in one.what]  # fmt: skip
    assert fact == (
        f"none taken from {on - timedelta(days=6)} to {on - timedelta(days=1)}, by what was told, taken again on {on}; "
        "her order says 200 mg a day, and after such a gap the schedule allows 25 mg"
    )
    assert (OFF.format(7), True) in found(people, on, "225 mg", replaces=order)


def test_a_dose_after_five_days_is_no_news(people, on, order):
    for ago in range(1, 5):
        ticked(people, on - timedelta(days=ago))
    dose.told(patient=people.maya, medicine="lamotrigine", taken=True, on=on, by=people.maya.user, at=timezone.now())
    assert not WorklistItem.objects.filter(reason__startswith="finding:titration").exists()


def test_taken_again_is_told_for_two_weeks_and_an_order_signed_since_ends_it(people, on, order):
    for ago in range(16, 22):
        ticked(people, on - timedelta(days=ago))
    for ago, told in ((15, False), (14, True)):
        ticked(people, on - timedelta(days=ago), taken=told)
    assert [gaps for _, gaps in gaps_of(people, on)] == [
        (Gap(on - timedelta(days=22), on - timedelta(days=14), on - timedelta(days=14)),)
    ]
    recheck(people.maya, timezone.now())
    assert WorklistItem.objects.filter(reason__startswith="finding:titration", closed_at__isnull=True).exists()
    assert [gaps for _, gaps in gaps_of(people, on + timedelta(days=1))] == [()]
    acting.end(order=order, on=on, why="x", herself=True, by=people.marchetti.user, at=timezone.now())
    signed_order(people, medicine="lamotrigine", steps=[step(on, dose="25 mg")])
    assert (State.RUNNING, ()) in gaps_of(people, on)
    assert not WorklistItem.objects.filter(reason__startswith="finding:titration", closed_at__isnull=True).exists()


def test_her_word_that_she_stopped_and_a_dose_since_are_a_gap_that_is_over(people, on, order):
    last = on - timedelta(days=30)
    stopped(people, order, last, at=moment(people.maya, last + timedelta(days=3), AT_NIGHT))
    ticked(people, on - timedelta(days=2), taken=True)
    assert gaps_of(people, on) == [(State.RUNNING, (Gap(last, on - timedelta(days=2), on - timedelta(days=2)),))]
    assert (OFF.format(28), True) in found(people, on, replaces=order)


def test_days_nobody_told_of_are_not_counted_as_days_without(people, on, order):
    """She told of two days without, of none in the week after, and then of a dose."""
    for ago, taken in ((10, False), (9, False), (1, True)):
        ticked(people, on - timedelta(days=ago), taken)
    assert gaps_of(people, on) == [
        (State.RUNNING, (Gap(on - timedelta(days=11), on - timedelta(days=8), on - timedelta(days=1)),))
    ]
    recheck(people.maya, timezone.now())
    assert not WorklistItem.objects.filter(reason__startswith="finding:titration").exists()


def test_that_she_tells_no_more_after_six_days_without_it_is_no_all_clear(people, on, order):
    for ago in range(3, 9):
        ticked(people, on - timedelta(days=ago))
    assert gaps_of(people, on) == [(State.RUNNING, (Gap(on - timedelta(days=9), on - timedelta(days=2)),))]
    recheck(people.maya, timezone.now())
    item = WorklistItem.objects.get(reason__startswith="finding:titration", closed_at__isnull=True)
    assert item.why == OFF.format(7)


# --- said to her prescriber --------------------------------------------------------------------------------------------


def page(people, end, query=""):
    return signed_in(people.marchetti.user).get(address(people, end) + query).content.decode()


def test_the_composer_says_who_told_it_when_and_of_which_day(people, on, order):
    last = on - timedelta(days=2)
    stopped(people, order, last)
    words = page(people, "new", f"?replaces={order.pk}")
    assert f"She told us on {on:%-d %B} that she stopped on {last:%-d %B}." in words


def test_what_the_clinic_noted_is_not_said_to_be_hers(people, on, order):
    last = on - timedelta(days=2)
    stopped(people, order, last, "clinic")
    assert f"It was noted on {on:%-d %B} that she stopped on {last:%-d %B}." in page(people, f"{order.pk}/end")


def test_of_days_without_a_dose_it_says_since_when(people, on, order):
    for ago in range(3):
        ticked(people, on - timedelta(days=ago))
    words = page(people, "new", f"?replaces={order.pk}")
    assert f"She told us of each day since {on - timedelta(days=2):%-d %B} that she took no dose." in words


def test_the_order_and_the_plan_to_stop_it_say_so_too(people, on, order):
    """A plan to stop begins from the dose of the order, and would have her take it again."""
    last = on - timedelta(days=20)
    stopped(people, order, last)
    words = f"She told us on {on:%-d %B} that she stopped on {last:%-d %B}."
    assert f"{words} The order stands until it is ended or changed." in page(people, str(order.pk))
    plan = page(people, f"{order.pk}/stop")
    assert f"{words} Ask her first: a plan from here has her take it again." in plan
    assert f'<a href="{address(people, f"{order.pk}/end")}">say that it has ended</a>' in plan
    assert "1. What she takes now, by her order</h2>" in plan


def test_a_draft_is_not_said_to_stand(people, on, order):
    stopped(people, order, on - timedelta(days=20))
    asked = Asked(medicine="lamotrigine", steps=[step(on, dose="25 mg")], why="Low mood")
    draft = acting.draft(patient=people.maya, asked=asked, by=people.marchetti.user, at=timezone.now())
    words = signed_in(people.nurse.user).get(address(people, str(draft.pk))).content.decode()
    assert "A draft, not signed." in words
    assert 'id="left"' not in words


def test_where_she_told_nothing_nothing_is_said(people, on, order):
    for end in ("", "/end", "/stop"):
        assert 'id="left"' not in page(people, f"{order.pk}{end}")
    assert 'id="left"' not in page(people, "new", f"?replaces={order.pk}")


def test_the_page_to_end_it_has_her_day_her_reason_and_that_it_was_she(people, on, order):
    stopped(people, order, on - timedelta(days=30), why="It made me dizzy")
    words = page(people, f"{order.pk}/end")
    assert f'name="on" value="{(on - timedelta(days=29)).isoformat()}"' in words
    assert "It made me dizzy</textarea>" in words
    assert 'value="herself" checked' in words
    fields = {"on": (on - timedelta(days=29)).isoformat(), "why": "It made me dizzy", "how": "herself"}
    answer = signed_in(people.marchetti.user).post(address(people, f"{order.pk}/end"), {"key": str(uuid4()), **fields})
    assert answer.status_code == 302
    order = type(order).objects.get(pk=order.pk)
    assert order.end.on == on - timedelta(days=29)
    assert (OFF.format(30), True) in found(people, on)


def test_where_she_took_the_last_of_it_today_the_day_is_not_ahead(people, on, order):
    stopped(people, order, on)
    assert f'name="on" value="{on.isoformat()}"' in page(people, f"{order.pk}/end")


def test_a_chart_takes_two_queries_still(people, on, order):
    stopped(people, order, on - timedelta(days=30))
    for ago in range(10):
        ticked(people, on - timedelta(days=ago))
    with at_most(2):
        facts_for(people.maya, on)
