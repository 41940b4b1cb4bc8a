"""A first order begins a trial, a change steps it, a plan to stop ends it; her decision carries each."""

from datetime import timedelta

import pytest

from althea.care import entries as said
from althea.care.actions import order as acting
from althea.care.actions import record
from althea.care.actions import trial as trials
from althea.care.actions.order import Asked
from althea.care.days import today
from althea.care.facts import facts_for
from althea.care.models import (
    Order,
    OrderEnd,
    Signature,
    Trial,
    TrialStep,
    WorklistItem,
)  # fmt: skip
from althea.care.ready import prepared
from althea.engine.facts import State
from tests.care.ordering import TODAY, a_draft, codes, decided, looked, sign, steps_of, tell
from tests.people import NOW

__all__ = ["codes"]  # fixtures
pytestmark = pytest.mark.django_db


# --- the trial ---------------------------------------------------------------------------------------------------------


def a_first_order(people, **named):
    decision = decided(people)
    return a_draft(
        people, decision=decision, review_on=TODAY + timedelta(days=56), trial={"scale": "phq-9"}, **named
    )  # fmt: skip


def agreed(people, order):
    acting.agreed_at_visit(order=order, text="I agree to try it.", by=people.marchetti.user, at=NOW)


def all_checks(people, order, how="is-done", words=""):
    ready = prepared(order, people.marchetti.user, NOW)
    answers = {one.key: {"how": how, "code": "", "words": words} for one in ready.checks}
    if answers:
        acting.answer(order=order, seen=order.version, answers=answers, scale="", by=people.marchetti.user, at=NOW)


def test_a_first_order_with_her_decision_begins_the_trial(people, codes):
    looked(people)
    tell(people, said.Condition(text="Major depressive disorder", code="F33.1"))
    order = a_first_order(people)
    agreed(people, order)
    all_checks(people, order)
    signed = sign(people, order, codes(people.marchetti))
    trial = Trial.objects.get(patient=people.maya)
    assert (trial.state, trial.problem, trial.scale, trial.decision) == (
        "titrating",
        "Low mood",
        "phq-9",
        signed.decision,
    )
    assert trial.weeks is not None
    assert trial.started_on == TODAY
    assert [step.verb for step in TrialStep.objects.filter(trial=trial).order_by("at", "verb")] == ["agree", "start"]
    assert trial.check_ins.count() > 7


def test_what_it_is_for_is_kept_as_it_stands_in_a_sentence(people):
    looked(people)
    order = a_draft(people, decision=decided(people), review_on=TODAY + timedelta(days=56))
    order.put(why="For low mood after the birth")
    assert prepared(order, people.marchetti.user, NOW).begins.problem == "low mood after the birth"


def test_a_review_within_the_first_week_is_still_a_check_in_day(people):
    trial = Trial(started_on=TODAY, review_on=TODAY + timedelta(days=5), patient=people.maya, scale="phq-9",
                  medicine="sertraline", state="titrating", problem="x", created_at=NOW)  # fmt: skip
    trial.save()
    trials.plan_check_ins(trial=trial, at=NOW, first=TODAY + timedelta(days=7))
    assert [one.due_on for one in trial.check_ins.all()] == [trial.review_on]


def test_an_old_or_half_score_is_nothing_to_begin_from(people):
    rows = [(tell(people, body, on), body) for body, on in (
        (said.Score(scale="phq-9", total=18), TODAY - timedelta(days=15)),
        (said.Score(scale="phq-9", total=None), TODAY),
        (said.Score(scale="gad-7", total=9), TODAY),
    )]  # fmt: skip
    assert trials.first_check_in("phq-9", TODAY, rows) == TODAY
    fresh = said.Score(scale="phq-9", total=18)
    rows.append((tell(people, fresh, TODAY - timedelta(days=14)), fresh))
    assert trials.first_check_in("phq-9", TODAY, rows) == TODAY + timedelta(days=7)


def test_without_her_consent_no_trial_begins_and_nothing_is_signed(people, codes):
    looked(people)
    order = a_first_order(people)
    with pytest.raises(acting.NotNow, match=r"Her consent is not recorded yet\."):
        sign(people, order, codes(people.marchetti))
    assert Order.objects.get(pk=order.pk).signed_at is None


def test_the_consent_of_the_visit_holds_the_exact_text_and_is_hers(people):
    order = a_first_order(people)
    entry = acting.agreed_at_visit(order=order, text="I agree. I may stop.", by=people.marchetti.user, at=NOW)
    assert (entry.origin, entry.body["text"], entry.body["how"]) == ("hers", "I agree. I may stop.", "at the visit")
    assert entry.body["decision"] == str(order.decision_id)
    with pytest.raises(acting.NotNow, match=r"^This order stands on no decision of hers\."):
        acting.agreed_at_visit(order=a_draft(people), text="x", by=people.marchetti.user, at=NOW)


def lithium_first(people):
    decision = decided(people, "lithium")
    steps = [{"from": "2026-06-09", "until": None, "dose": "300 mg", "times_a_day": 2, "take": "", "when": ""}]
    new = Asked(
        medicine="lithium", steps=steps, why="To stay well", decision=decision, review_on=TODAY + timedelta(days=30),
        trial={"scale": "phq-9"},
    )  # fmt: skip
    return acting.draft(patient=people.maya, asked=new, by=people.marchetti.user, at=NOW)


def test_baseline_checks_are_answered_one_by_one_and_not_now_needs_a_reason(people):
    looked(people)
    order = lithium_first(people)
    ready = prepared(order, people.marchetti.user, NOW)
    assert ready.checks
    assert all(one.open and one.known for one in ready.checks)
    assert dict(ready.lacking)["checks"].endswith("baseline checks to answer: done, ordered, or why not.")
    all_checks(people, order, "not-now")
    assert dict(prepared(order, people.marchetti.user, NOW).lacking).get("checks")
    all_checks(people, order, "not-now", "Drawn this morning, result tomorrow")
    assert "checks" not in dict(prepared(order, people.marchetti.user, NOW).lacking)


def test_a_check_nobody_can_answer_from_the_record_says_not_known(people):
    order = lithium_first(people)
    ready = prepared(order, people.marchetti.user, NOW)
    assert any(not one.known and "not known" in one.words for one in ready.checks)


def test_raising_the_dose_steps_the_live_trial(people, codes):
    looked(people)
    order = a_first_order(people)
    agreed(people, order)
    all_checks(people, order)
    old = sign(people, order, codes(people.marchetti))
    raised = a_draft(people, ("75 mg", "morning", ""), replaces=old)
    sign(people, raised, codes(people.marchetti, 1))
    trial = Trial.objects.get(patient=people.maya)
    assert trial.state == "titrating"
    assert TrialStep.objects.filter(trial=trial, verb="change the dose of", order=raised).count() == 1


def test_a_plan_to_stop_ends_the_trial_and_the_order_and_nothing_remains_after_it(people, codes):
    looked(people)
    order = a_first_order(people)
    agreed(people, order)
    all_checks(people, order)
    old = sign(people, order, codes(people.marchetti))
    plan = a_draft(people, ("25 mg", "morning", "2 weeks"), stops=True, replaces=old)
    sign(people, plan, codes(people.marchetti, 1))
    trial = Trial.objects.get(patient=people.maya)
    assert (trial.state, trial.outcome) == ("ended", "How it went is not known. Low mood")
    assert OrderEnd.objects.get(order=old).why == "She stops it by a plan"
    assert facts_for(people.maya, TODAY + timedelta(days=13)).medicines[-1].state is State.RUNNING
    after = facts_for(people.maya, TODAY + timedelta(days=14)).medicines
    assert {row.state for row in after} == {State.STOPPED}


def on_a_trial(people, codes):
    looked(people)
    order = a_first_order(people)
    agreed(people, order)
    all_checks(people, order)
    return sign(people, order, codes(people.marchetti))


def test_she_may_change_her_mind_until_it_is_signed(people, codes):
    looked(people)
    order = a_first_order(people)
    agreed(people, order)
    all_checks(people, order)
    body = said.Decision(about="options", chosen="no-medicine", chosen_words="No medicine now", whose="hers")
    later = NOW + timedelta(minutes=1)
    record.add(patient=people.maya, body=body, on=TODAY, origin="hers", by=people.maya.user, at=later)
    with pytest.raises(
        acting.NotNow, match=r"^She decided anew on 9 June: “No medicine now”\. This draft stands on what"
    ):
        sign(people, order, codes(people.marchetti))


def test_a_decision_that_was_taken_back_carries_no_order(people, codes):
    looked(people)
    order = a_first_order(people)
    agreed(people, order)
    all_checks(people, order)
    record.withdraw(entry=order.decision, by=people.marchetti.user, at=NOW)
    with pytest.raises(acting.NotNow, match=r"^Her decision was changed since\."):
        sign(people, order, codes(people.marchetti))


@pytest.mark.parametrize(("herself", "verb"), [(True, "leave"), (False, "stop")])
def test_an_order_that_ended_ends_its_trial_and_her_team_is_told_where_she_stopped_it(people, codes, herself, verb):
    order = on_a_trial(people, codes)
    acting.end(order=order, on=TODAY, why="A rash", herself=herself, by=people.marchetti.user, at=NOW)
    trial = Trial.objects.get(patient=people.maya)
    assert trial.state == "ended"
    assert TrialStep.objects.filter(trial=trial, verb=verb).exists()
    told = WorklistItem.objects.filter(reason=f"left:{trial.pk}", closed_at__isnull=True)
    assert told.exists() is herself


def long_on_sertraline(people):
    looked(people)
    old = Order.objects.create(
        patient=people.maya, medicine="sertraline", drafted_by=people.marchetti.user, drafted_at=NOW, signed_at=NOW,
        steps=steps_of(("100 mg", "morning", ""), starts=TODAY - timedelta(days=200)),
        signature=Signature.objects.create(signer=people.marchetti.user, digest="long", method="totp", at=NOW),
    )  # fmt: skip
    return Order.objects.get(pk=old.pk)


def test_stopping_at_once_is_possible_with_its_findings_and_going_down_answers_them(people):
    old = long_on_sertraline(people)
    at_once = a_draft(people, ("100 mg", "morning", "1 day"), stops=True, replaces=old)
    found = prepared(at_once, people.marchetti.user, NOW).reviewed.found
    assert [(one.finding.rule, one.settled) for one in found if "stopping" in one.finding.rule] == [
        ("ssri-stopping", "")
    ]
    gentle = a_draft(
        people, ("75 mg", "morning", "2 weeks"), ("50 mg", "morning", "2 weeks"), ("25 mg", "morning", "2 weeks"),
        stops=True, replaces=old,
    )  # fmt: skip
    found = prepared(gentle, people.marchetti.user, NOW).reviewed.found
    settled = [(one.finding.rule, one.settled) for one in found if "stopping" in one.finding.rule]
    assert settled == [("ssri-stopping-low-dose", "This plan goes down in 3 steps over 42 days.")]


def test_going_down_a_little_and_then_to_none_is_no_answer(people):
    old = long_on_sertraline(people)
    short = a_draft(people, ("75 mg", "morning", "2 weeks"), stops=True, replaces=old)
    found = prepared(short, people.marchetti.user, NOW).reviewed.found
    assert [(one.finding.rule, one.settled) for one in found if "stopping" in one.finding.rule] == [
        ("ssri-stopping", "")
    ]


def test_today_is_her_day(people):
    assert today(people.maya, NOW) == TODAY


def test_a_dose_that_rose_and_a_plan_to_stop_are_one_lane_of_the_chart(people, codes):
    from althea.care import story
    from althea.care.facts import chart_of

    old = long_on_sertraline(people)
    plan = a_draft(people, ("50 mg", "morning", "2 weeks"), ("25 mg", "morning", "2 weeks"), stops=True, replaces=old)
    sign(people, plan, codes(people.marchetti))
    (lane,) = story.medicines(chart_of(people.maya), TODAY)
    last = TODAY + timedelta(days=27)
    assert [step[2] for step in lane.steps] == [100, 50, 25]
    assert (lane.steps[0][1], lane.steps[-1][1]) == (TODAY - timedelta(days=1), last)
    assert not lane.past


@pytest.mark.parametrize("chosen", ["venlafaxine", "no-medicine", "not-now"])
def test_an_order_of_another_medicine_than_she_decided_on_is_not_signed(people, codes, chosen):
    looked(people)
    order = a_draft(people, decision=decided(people, chosen), review_on=TODAY + timedelta(days=56))
    agreed(people, order)
    with pytest.raises(acting.NotNow, match=r"She decided otherwise: “.+”\. This draft is of sertraline"):
        sign(people, order, codes(people.marchetti))
