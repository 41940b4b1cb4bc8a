"""She is asked as long as it concerns her: in two trials at once, while a dose goes down, for weeks after the last; and
no day to look again that was written down is forgotten."""

import itertools
from datetime import timedelta

import pytest

from althea.care import entries as said
from althea.care import jobs
from althea.care.actions import review, worklist
from althea.care.actions import trial as trials
from althea.care.actions.trial import ASKED_AFTER
from althea.care.days import today
from althea.care.doses_told import asked_of
from althea.care.facts import chart_of
from althea.care.models import CheckIn, Entry, OrderEnd, Trial, WorklistItem
from althea.care.trial_case import outcome_in_words
from tests.care.ordering import TODAY, a_draft, codes, looked, sign
from tests.care.test_facts import an_order
from tests.care.test_trial_case import a_trial, scored, the_case
from tests.people import NOW

__all__ = ["codes"]  # a fixture
pytestmark = pytest.mark.django_db


def asked(people, state="waiting"):
    return list(CheckIn.objects.filter(patient=people.maya, state=state).order_by("due_on"))


def in_days(count):
    return TODAY + timedelta(days=count)


# --- leaving a medicine -------------------------------------------------------------------------------------------------


def test_while_the_dose_goes_down_and_for_four_weeks_after_the_last_she_is_asked_each_week(people, codes):
    looked(people)
    old = an_order(
        people, steps=[{"from": in_days(-56).isoformat(), "until": None, "dose": "100 mg", "times_a_day": 1}]
    )
    trial = a_trial(people, start=in_days(-56), review_on=in_days(5))
    trials.plan_check_ins(trial=trial, at=NOW)
    down = (("50 mg", "morning", "2 weeks"), ("25 mg", "morning", "2 weeks"))
    plan = a_draft(people, *down, stops=True, replaces=old, starts=in_days(21))
    sign(people, plan, codes(people.marchetti))
    trial.refresh_from_db()
    last = in_days(21 + 27)
    assert (trial.state, trial.ended_on) == ("ended", TODAY)
    days = [one.due_on for one in asked(people)]
    assert days[0] <= in_days(7)
    assert last < days[-1] <= last + timedelta(days=ASKED_AFTER)
    assert all((b - a).days <= 7 for a, b in itertools.pairwise(days))
    assert {tuple(one.scales) for one in asked(people)} == {("phq-9",)}
    assert asked(people, "passed") == []


def test_of_doses_she_is_asked_no_more_once_the_trial_is_over(people):
    trial = a_trial(people, start=in_days(-30), ended_on=TODAY, state="ended")
    assert len(asked_of(trial, TODAY)) == 7
    assert asked_of(trial, in_days(1)) == []


def test_who_stops_by_herself_is_asked_on_for_four_weeks(people):
    trial = a_trial(people, start=in_days(-30), review_on=in_days(60))
    trials.plan_check_ins(trial=trial, at=NOW)
    trials.leave(trial=trial, words="I felt nothing.", by=people.maya.user, at=NOW)
    days = [one.due_on for one in asked(people)]
    assert days
    assert days[-1] <= in_days(ASKED_AFTER) < days[-1] + timedelta(days=7)
    assert all(one.due_on > in_days(ASKED_AFTER) for one in asked(people, "passed"))


# --- two trials ---------------------------------------------------------------------------------------------------------


def test_a_second_trial_of_the_same_weekday_has_its_scale_asked_beside_the_first(people):
    for medicine, scale in (("sertraline", "phq-9"), ("lisdexamfetamine", "gad-7")):
        trials.plan_check_ins(
            trial=a_trial(people, start=TODAY, medicine=medicine, scale=scale, review_on=in_days(28)), at=NOW
        )
    assert [one.scales for one in asked(people)] == [["phq-9", "gad-7"]] * 5


def test_a_check_in_that_she_has_begun_does_not_grow(people):
    trials.plan_check_ins(trial=a_trial(people, start=TODAY, review_on=in_days(14)), at=NOW)
    asked(people)[0].put(state=CheckIn.State.STARTED)
    other = a_trial(people, start=TODAY, medicine="lisdexamfetamine", scale="gad-7", review_on=in_days(14))
    assert trials.plan_check_ins(trial=other, at=NOW) == 2
    assert CheckIn.objects.get(patient=people.maya, due_on=TODAY).scales == ["phq-9"]


# --- days to look again -------------------------------------------------------------------------------------------------


def test_the_day_that_a_changed_order_names_is_the_day_of_the_trials_review(people):
    trial = a_trial(people, start=in_days(-30), review_on=in_days(90))
    order = an_order(people, review_on=in_days(21))
    trials.change_dose(trial=trial, order=order, why="Part response", by=people.marchetti.user, at=NOW)
    trial.refresh_from_db()
    assert trial.review_on == in_days(21)
    assert in_days(21) in {one.due_on for one in asked(people)}


def test_an_order_without_a_trial_comes_up_on_its_day_once_and_until_it_is_worked_through(people):
    order = an_order(people, review_on=in_days(-12))
    assert jobs.due_orders(people.clinic, TODAY, NOW) == 1
    item = WorklistItem.objects.get(reason=f"order-review:{order.pk}")
    assert item.why == "12 days late: look again at sertraline, as its order says."
    assert item.to == f"/patients/{people.maya.pk}/orders/{order.pk}"
    jobs.due_orders(people.clinic, in_days(1), NOW)
    assert WorklistItem.objects.filter(reason=item.reason).count() == 1
    item.refresh_from_db()
    item.patient = people.maya
    worklist.close(item=item, by=people.marchetti.user, words="Seen today.", at=NOW)
    assert jobs.due_orders(people.clinic, in_days(2), NOW) == 0


def test_where_a_trial_has_its_review_and_where_the_order_is_over_nothing_comes_up(people):
    a_trial(people, start=in_days(-30), review_on=in_days(5))
    an_order(people, review_on=TODAY)
    ended = an_order(people, medicine="lithium", review_on=TODAY)
    OrderEnd.objects.create(order=ended, on=in_days(-1), why="Over", by=people.marchetti.user, at=NOW)
    an_order(people, medicine="quetiapine", review_on=in_days(60))
    assert jobs.due_orders(people.clinic, TODAY, NOW) == 0


# --- what it is judged by -----------------------------------------------------------------------------------------------


def test_a_score_of_a_year_before_the_first_dose_is_nothing_to_judge_by(people):
    trial = a_trial(people, start=in_days(-56))
    scored(people, (56 + 365, 24), (0, 12))
    case = the_case(people, trial)
    assert (case.course.baseline, case.course.percent) == (None, None)
    trial.ended_on = TODAY
    assert outcome_in_words(trial, chart_of(people.maya)) == "How it went is not known."


def test_a_score_from_before_the_last_review_that_was_entered_since_opens_no_review(people):
    trial = a_trial(people, start=in_days(-60))
    scored(people, (40, 9))
    old = Entry.objects.get(kind="score")
    scores = [(old, said.Score(**old.body))]
    assert review.have_of(trial, scores, NOW - timedelta(days=7)) == ()
    assert today(people.maya, NOW - timedelta(days=7)) > old.on
    assert review.have_of(trial, scores, None) != ()
    assert Trial.objects.count() == 1
