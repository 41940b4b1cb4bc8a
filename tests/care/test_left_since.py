"""What stands against her word that she left it, and what does not: an order signed since, a supply from elsewhere, a dose
told the same day, a check-in, silence, and a list of medicines that nobody went through."""

from datetime import timedelta

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import changes, checkin, dose, findings, record
from althea.care.actions import order as acting
from althea.care.days import moment
from althea.care.facts import chart_of, facts_for
from althea.care.jobs import AT_NIGHT
from althea.care.left import not_now
from althea.care.models import CheckIn, Entry, Outgoing, Trial, WorklistItem
from althea.care.recheck import recheck, review_today
from althea.engine.facts import Gap, State
from tests.clinic.prescribing import on, on_of, signed_order, step

__all__ = ["on"]  # a fixture
pytestmark = pytest.mark.django_db


def lamotrigine(people, on, first=200, amount="200 mg", **named):
    return signed_order(people, medicine="lamotrigine", steps=[step(on - timedelta(days=first), dose=amount)], **named)


def ticked(people, on, *ago, taken=False, medicine="lamotrigine"):
    for one in ago:
        body = said.DoseTaken(medicine=medicine, taken=taken)
        record.add(patient=people.maya, body=body, on=on - timedelta(days=one), origin="hers", by=people.maya.user,
                   at=timezone.now())  # fmt: skip


def running(people, on):
    return [(one.left_on, one.gaps) for one in facts_for(people.maya, on).medicines if one.state is State.RUNNING]


def of_gaps():
    rows = WorklistItem.objects.filter(reason__startswith="finding:", closed_at__isnull=True).order_by("reason")
    return [row.why for row in rows if "off for" in row.why or "days without" in row.why]


def test_an_order_signed_among_days_without_it_was_not_begun_on_those_that_followed(people, on):
    lamotrigine(people, on, first=10)
    ticked(people, on, *range(1, 13))
    assert running(people, on) == [(on - timedelta(days=11), ())]
    recheck(people.maya, timezone.now())
    assert of_gaps() == ["Lamotrigine was off for 11 days: restart the titration at 25 mg."]


def test_what_she_never_began_is_not_offered_at_the_dose_it_was_to_reach(people, on):
    first = on - timedelta(days=30)
    steps = [step(first, first + timedelta(days=13), "25 mg"), step(first + timedelta(days=14), dose="100 mg")]
    signed_order(people, medicine="lamotrigine", steps=steps)
    ticked(people, on, *range(31))
    recheck(people.maya, timezone.now())
    assert of_gaps() == ["Lamotrigine was off for 31 days: restart the titration at 25 mg."]
    assert not_now(chart_of(people.maya), on)["lamotrigine"].low


def test_a_supply_from_elsewhere_that_ended_is_no_word_on_what_is_ordered_here(people, on):
    lamotrigine(people, on, first=20)
    body = said.Medicine(text="lamotrigine", medicine="lamotrigine", dose="200 mg", running=True, from_whom="Her GP")
    theirs = record.add(patient=people.maya, body=body, on=on, origin="hers", by=people.maya.user, at=timezone.now())
    changes.stopped(patient=people.maya, taken=theirs, on=on - timedelta(days=20), why="", origin="clinic",
                    by=people.marchetti.user, at=timezone.now())  # fmt: skip
    assert running(people, on) == [(None, ())]
    assert not_now(chart_of(people.maya), on) == {}


def test_an_order_signed_after_her_word_on_the_same_day_begins_anew(people, on):
    old = lamotrigine(people, on)
    changes.stopped(patient=people.maya, taken=old, on=on, why="", origin="hers", by=people.maya.user,
                    at=timezone.now() - timedelta(minutes=5))  # fmt: skip
    acting.end(order=old, on=on, why="She stopped it", herself=True, by=people.marchetti.user, at=timezone.now())
    lamotrigine(people, on, first=0, amount="25 mg")
    assert running(people, on) == [(None, ())]
    assert not_now(chart_of(people.maya), on) == {}


def test_doses_she_ticked_after_the_day_she_names_later_were_taken(people, on):
    order = lamotrigine(people, on)
    ticked(people, on, *range(2, 28), taken=True)
    changes.stopped(patient=people.maya, taken=order, on=on - timedelta(days=30), why="", origin="clinic",
                    by=people.marchetti.user, at=timezone.now())  # fmt: skip
    assert running(people, on) == [(on - timedelta(days=2), ())]


def test_her_old_dose_told_on_the_day_she_told_that_she_had_stopped_is_told_her_team(people, on):
    order, now = lamotrigine(people, on), timezone.now()
    last = on - timedelta(days=30)
    changes.stopped(patient=people.maya, taken=order, on=last, why="", origin="hers", by=people.maya.user,
                    at=now - timedelta(minutes=1))  # fmt: skip
    notices = Outgoing.objects.filter(kind="staff").count()
    dose.told(patient=people.maya, medicine="lamotrigine", taken=True, on=on, by=people.maya.user, at=now)
    assert running(people, on) == [(None, (Gap(last, on, on),))]
    assert Outgoing.objects.filter(kind="staff").count() > notices


def test_what_was_set_aside_stays_so_while_she_tells_nothing_and_comes_back_with_a_dose(people, on):
    lamotrigine(people, on)
    ticked(people, on, *range(1, 7))
    (finding,) = [one for one in review_today(people.maya, timezone.now()).findings if one.kind == "titration"]
    findings.override(patient=people.maya, finding=finding, code="will-monitor", words="I called her.",
                      by=people.marchetti.user, at=timezone.now())  # fmt: skip
    later = moment(people.maya, on + timedelta(days=3), AT_NIGHT)
    recheck(people.maya, later)
    assert (of_gaps(), not_now(chart_of(people.maya), on + timedelta(days=3))) == ([], {})
    dose.told(patient=people.maya, medicine="lamotrigine", taken=True, on=on_of(people), by=people.maya.user,
              at=timezone.now())  # fmt: skip
    assert len(of_gaps()) == 1


@pytest.mark.parametrize("ago", [3, 40])
def test_silence_after_days_without_it_is_no_all_clear(people, on, ago):
    lamotrigine(people, on)
    ticked(people, on, *range(ago, ago + 8))
    recheck(people.maya, timezone.now())
    assert of_gaps() == ["Lamotrigine was off for 9 days: restart the titration at 25 mg."]


def test_a_day_between_them_that_she_does_not_remember_is_no_dose(people, on):
    lamotrigine(people, on)
    ticked(people, on, *range(1, 5), *range(6, 10))
    ticked(people, on, 5, taken=None)
    assert running(people, on) == [(on - timedelta(days=10), ())]


def test_where_it_could_not_be_checked_her_team_is_told_and_she_is_asked_to_ask(people):
    """Nobody went through her list of medicines: valproate or an inducer may be among them."""
    on = on_of(people)
    lamotrigine(people, on)
    recheck(people.maya, timezone.now())
    assert (of_gaps(), not_now(chart_of(people.maya), on)) == ([], {})
    ticked(people, on, *range(1, 10))
    recheck(people.maya, timezone.now())
    (why,) = of_gaps()
    assert why.startswith(
        "She told of days without lamotrigine. Whether it has to begin low again could not be checked: "
    )
    assert Outgoing.objects.filter(kind="staff").exists()
    first = not_now(chart_of(people.maya), on)["lamotrigine"]
    assert (first.low, first.sure, first.why) == (True, False, "")
    for topic in ("medicines", "conditions", "allergies", "observations"):
        record.add(patient=people.maya, body=said.Looked(topic=topic), on=on, origin="clinic", by=people.marchetti.user,
                   at=timezone.now())  # fmt: skip
    recheck(people.maya, timezone.now())
    assert of_gaps() == ["Lamotrigine was off for 10 days: restart the titration at 25 mg."]


# --- a check-in --------------------------------------------------------------------------------------------------------


def answered(people, on, days, medicine="lamotrigine"):
    trial = Trial.objects.create(patient=people.maya, medicine=medicine, state="titrating", problem="Low mood",
                                 started_on=on - timedelta(days=100), created_at=timezone.now())  # fmt: skip
    row = CheckIn.objects.create(patient=people.maya, trial=trial, due_on=on, scales=["phq-9"])
    value = [(on - timedelta(days=ago)).isoformat() for ago in days]
    checkin.answer(check_in=row, question="doses", value=value, by=people.maya.user, at=timezone.now())
    checkin.complete(check_in=row, by=people.maya.user, at=timezone.now())


def taken(people):
    rows = Entry.objects.filter(patient=people.maya, kind="dose-taken").order_by("on")
    return [row.on for row in rows if row.body["taken"]]


def test_no_day_named_says_that_she_takes_it_again_and_her_team_is_told_what_that_may_mean(people, on):
    order, last = lamotrigine(people, on), on - timedelta(days=30)
    changes.stopped(patient=people.maya, taken=order, on=last, why="", origin="hers", by=people.maya.user,
                    at=moment(people.maya, on - timedelta(days=20), AT_NIGHT))  # fmt: skip
    answered(people, on, [])
    assert taken(people) == [on - timedelta(days=6)]
    ((left, gaps),) = running(people, on)
    assert (left, gaps) == (None, (Gap(last, on - timedelta(days=6), on - timedelta(days=6)),))
    assert of_gaps() == ["Lamotrigine was off for 24 days: restart the titration at 25 mg."]


def test_the_day_after_the_last_she_named_is_one_with_it(people, on):
    lamotrigine(people, on)
    answered(people, on, [5, 4, 2])
    assert taken(people) == [on - timedelta(days=1)]


def test_the_day_of_the_check_in_may_still_bring_its_dose(people, on):
    lamotrigine(people, on)
    answered(people, on, [2, 1])
    assert taken(people) == []
    assert running(people, on) == [(on - timedelta(days=3), ())]


def test_where_she_told_of_no_such_thing_a_check_in_adds_nothing(people, on):
    lamotrigine(people, on)
    answered(people, on, [])
    assert taken(people) == []


def test_what_she_ticked_herself_is_not_said_over(people, on):
    lamotrigine(people, on)
    ticked(people, on, 3)
    answered(people, on, [])
    assert taken(people) == []
