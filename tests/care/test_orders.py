"""An order from draft to signature: what is signed is exactly what was shown, once, with every critical finding answered."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache

from althea.care import entries as said
from althea.care import signing
from althea.care.actions import order as acting
from althea.care.actions import record
from althea.care.actions.order import Asked
from althea.care.days import today
from althea.care.facts import facts_for
from althea.care.models import (
    AuditRow,
    FindingSeen,
    Order,
    OrderEnd,
    Outgoing,
    Signature,
    Stale,
    Trial,
    TrialStep,
    WorklistItem,
)  # fmt: skip
from althea.care.ready import prepared
from althea.care.regimen import Row, Tablets, lay_out
from althea.care.signing import CHANGED, NO_FACTOR, TOO_MANY, WRONG_CODE, NotSigned, Proof
from althea.engine.facts import State
from althea.knowledge.quantity import Dose
from tests.people import NOW

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 9)


@pytest.fixture(autouse=True)
def codes(settings, people):
    """Dr Marchetti's authenticator, and Dr Hale's."""
    settings.MFA_TOTP_TOLERANCE = 1
    secrets = {member.user.pk: generate_totp_secret() for member in (people.marchetti, people.hale)}
    for member in (people.marchetti, people.hale):
        TOTP.activate(member.user, secrets[member.user.pk])

    def code(member, ahead=0):
        counters = list(yield_hotp_counters_from_time())
        return f"{hotp_value(secrets[member.user.pk], counters[1 + ahead]):06}"

    yield code
    cache.clear()


def tell(people, body, on=TODAY, origin="clinic"):
    return record.add(patient=people.maya, body=body, on=on, origin=origin, by=people.marchetti.user, at=NOW)


def looked(people):
    for topic in ("medicines", "conditions", "allergies", "observations"):
        tell(people, said.Looked(topic=topic))


def decided(people, chosen="sertraline"):
    return tell(
        people,
        said.Decision(about="options", chosen=chosen, chosen_words=chosen.capitalize(), whose="hers"),
        origin="hers",
    )  # fmt: skip


def steps_of(*rows, starts=TODAY, ends=False):
    tablets = Tablets(tuple(Dose.parse(one) for one in ("25 mg", "50 mg", "100 mg")), halves=True)
    laid = lay_out([Row(*row) for row in rows], starts, tablets, ends=ends)
    assert laid.errors == {}
    return list(laid.steps)


def asked(*rows, medicine="sertraline", **named):
    steps = steps_of(*(rows or (("50 mg", "morning", ""),)), ends=named.get("stops", False))
    return Asked(medicine=medicine, steps=steps, why="Low mood", **named)


def a_draft(people, *rows, **named):
    return acting.draft(patient=people.maya, asked=asked(*rows, **named), by=people.marchetti.user, at=NOW)


def sign(people, order, code, shown=None, by=None):
    user = (by or people.marchetti).user
    shown = prepared(order, user, NOW).digest if shown is None else shown
    return acting.sign(order=order, proof=Proof(code=code), shown=shown, by=user, at=NOW)


def an_order(people, codes, *rows, ahead=0, **named):
    return sign(people, a_draft(people, *rows, **named), codes(people.marchetti, ahead))


# --- what a signature holds --------------------------------------------------------------------------------------------


def test_it_is_signed_and_holds_what_was_shown_and_which_knowledge_said_so(people, codes):
    looked(people)
    signed = an_order(people, codes)
    assert signed.signed_at == NOW
    assert (signed.signature.method, signed.signature.signer) == ("totp", people.marchetti.user)
    shown = signed.findings["shown"]
    assert signed.signature.digest == signing.digest_of(shown)
    assert shown["steps"][0]["take"] == "1 tablet of 50 mg each morning"
    assert signed.knowledge == shown["knowledge"]
    assert AuditRow.objects.filter(verb="signed order", about=f"order {signed.pk}").count() == 1
    notice = Outgoing.objects.get(patient=people.maya)
    assert (notice.kind, notice.link) == ("update", "/medicine")
    assert facts_for(people.maya, TODAY).medicines[0].state is State.RUNNING


def test_signed_twice_is_signed_once(people, codes):
    order = a_draft(people)
    sign(people, order, codes(people.marchetti))
    with pytest.raises(acting.NotNow, match=r"^This order is signed\. A signed order does not change"):
        sign(people, Order.objects.get(pk=order.pk), codes(people.marchetti, 1), shown="x")
    assert Signature.objects.count() == 1


def test_a_signed_order_does_not_change_and_is_not_discarded(people, codes):
    signed = an_order(people, codes)
    words = r"^This order is signed"
    with pytest.raises(acting.NotNow, match=words):
        acting.change(order=signed, seen=signed.version, asked=asked(), by=people.marchetti.user, at=NOW)
    with pytest.raises(acting.NotNow, match=words):
        acting.discard(order=signed, seen=signed.version, by=people.marchetti.user, at=NOW)


def test_a_text_that_changed_since_it_was_shown_is_not_signed(people, codes):
    order = a_draft(people)
    shown = prepared(order, people.marchetti.user, NOW).digest
    tell(people, said.LifeStage(topic="pregnancy", value="pregnant"))
    with pytest.raises(NotSigned, match=r"^Something changed since this page was shown\. Read it again, then sign\."):
        sign(people, order, codes(people.marchetti), shown)
    assert Order.objects.get(pk=order.pk).signed_at is None
    assert Signature.objects.count() == 0


def test_a_critical_finding_that_came_up_since_is_named_in_the_refusal(people, codes):
    looked(people)
    order = a_draft(people)
    shown = prepared(order, people.marchetti.user, NOW).digest
    tell(people, said.Medicine(text="phenelzine", medicine="phenelzine", dose="15 mg", times_a_day=3, running=True))
    with pytest.raises(NotSigned, match=r"To sign, act on \d critical finding"):
        sign(people, order, codes(people.marchetti), shown)


def test_somebody_elses_reading_is_not_mine(people, codes):
    from tests.people import look_after

    look_after(people.hale, people.maya)
    order = a_draft(people)
    hers = prepared(order, people.marchetti.user, NOW).digest
    with pytest.raises(NotSigned, match=CHANGED):
        sign(people, order, codes(people.hale), hers, by=people.hale)


@pytest.mark.parametrize("code", ["", "000000x", "12345", "9" * 5000, "１２３４５６"])
def test_a_wrong_code_signs_nothing_and_what_was_typed_can_be_sent_again(people, codes, code):
    order = a_draft(people)
    with pytest.raises(NotSigned) as refused:
        sign(people, order, code)
    assert str(refused.value) == WRONG_CODE
    assert sign(people, order, codes(people.marchetti)).signed_at == NOW


def test_a_code_counts_once(people, codes):
    first, second = a_draft(people), a_draft(people, medicine="mirtazapine")
    code = codes(people.marchetti)
    sign(people, first, code)
    with pytest.raises(NotSigned) as refused:
        sign(people, second, code)
    assert str(refused.value) == WRONG_CODE


def test_after_five_wrong_codes_signing_waits(people, codes):
    order = a_draft(people)
    for _ in range(5):
        with pytest.raises(NotSigned):
            sign(people, order, "000")
    with pytest.raises(NotSigned) as refused:
        sign(people, order, codes(people.marchetti))
    assert str(refused.value) == TOO_MANY


def test_without_a_second_factor_nothing_is_signed(people):
    from allauth.mfa.models import Authenticator

    Authenticator.objects.all().delete()
    with pytest.raises(NotSigned) as refused:
        sign(people, a_draft(people), "123456")
    assert str(refused.value) == NO_FACTOR


@pytest.mark.parametrize("who", ["nurse", "therapist", "desk", "admin"])
def test_only_a_prescriber_signs(people, codes, who):
    order, member = a_draft(people), getattr(people, who)
    with pytest.raises(acting.NotNow, match=r"^Only a prescriber signs an order\.$"):
        sign(people, order, codes(people.marchetti), by=member)


# --- findings ----------------------------------------------------------------------------------------------------------


def beside_phenelzine(people):
    looked(people)
    tell(people, said.Medicine(text="phenelzine", medicine="phenelzine", dose="15 mg", times_a_day=3, running=True))


def critical(people, order):
    ready = prepared(order, people.marchetti.user, NOW)
    return [one for one in ready.reviewed.found if one.critical]


def test_every_critical_finding_needs_an_answer_before_it_is_signed(people, codes):
    beside_phenelzine(people)
    order = a_draft(people)
    assert critical(people, order)
    with pytest.raises(acting.NotNow, match=r"^To sign, act on \d critical findings? or give a reason\.$"):
        sign(people, order, codes(people.marchetti))


@pytest.mark.parametrize(
    "given",
    [
        {"how": "override", "code": "will-monitor", "words": ""},
        {"how": "override", "code": "because-i-say-so", "words": "x"},
        {"how": "done", "code": "something it never asked for", "words": "x"},
        {"how": "is-done", "code": "", "words": ""},
        {"how": "", "code": "", "words": "x"},
    ],
)
def test_an_override_needs_a_coded_reason_and_words_and_a_suggestion_must_be_one_of_its_own(people, codes, given):
    beside_phenelzine(people)
    order = a_draft(people)
    answers = {one.key: given for one in critical(people, order)}
    acting.answer(order=order, seen=1, answers=answers, scale="", by=people.marchetti.user, at=NOW)
    with pytest.raises(acting.NotNow, match=r"^To sign, act on"):
        sign(people, order, codes(people.marchetti))


def test_an_override_is_kept_with_its_reason_and_looked_at_again(people, codes):
    beside_phenelzine(people)
    order = a_draft(people)
    found = critical(people, order)
    answers = {one.key: {"how": "override", "code": "data-wrong", "words": "She never took it."} for one in found}
    acting.answer(order=order, seen=1, answers=answers, scale="", by=people.marchetti.user, at=NOW)
    signed = sign(people, order, codes(people.marchetti))
    rows = FindingSeen.objects.filter(order=signed, answer="overridden")
    assert {row.code for row in rows} == {"data-wrong"}
    assert {row.words for row in rows} == {"She never took it."}
    assert {row.until for row in rows} == {TODAY + timedelta(days=90)}
    assert {one["answer"] for one in signed.findings["shown"]["findings"] if one["level"] == "critical"} == {
        "overridden"
    }


def test_doing_what_a_finding_suggests_settles_it(people, codes):
    beside_phenelzine(people)
    order = a_draft(people)
    answers = {one.key: {"how": "done", "code": one.finding.do[0], "words": ""} for one in critical(people, order)}
    acting.answer(order=order, seen=1, answers=answers, scale="", by=people.marchetti.user, at=NOW)
    signed = sign(people, order, codes(people.marchetti))
    row = FindingSeen.objects.filter(order=signed, answer="settled").first()
    assert (row.code, row.until) == ("suggestion", None)
    assert row.words


def test_a_warning_never_blocks(people, codes):
    looked(people)
    order = a_draft(people, ("50 mg", "morning", "1 day"), ("150 mg", "morning", ""))
    ready = prepared(order, people.marchetti.user, NOW)
    assert [one.finding.level.name for one in ready.reviewed.found if one.finding.rule == "sertraline-steps"] == [
        "WARNING"
    ]
    assert sign(people, order, codes(people.marchetti)).signed_at == NOW


def test_a_later_step_above_the_limit_is_found_at_its_own_step(people):
    looked(people)
    order = a_draft(
        people, ("50 mg", "morning", "2 weeks"), ("100 mg", "morning", "2 weeks"), ("250 mg", "morning", "")
    )
    found = {one.finding.rule: one.step for one in prepared(order, people.marchetti.user, NOW).reviewed.found}
    assert found["sertraline-max-dose"] == 3
    assert found["sertraline-steps"] == 3


def test_steps_that_follow_the_label_raise_nothing_about_their_pace(people):
    looked(people)
    order = a_draft(people, ("50 mg", "morning", "1 week"), ("100 mg", "morning", "1 week"), ("150 mg", "morning", ""))
    rules = {one.finding.rule for one in prepared(order, people.marchetti.user, NOW).reviewed.found}
    assert "sertraline-steps" not in rules
    assert "sertraline-max-dose" not in rules


def test_a_dose_raised_two_days_ago_is_two_days_old_whenever_its_order_began(people, codes):
    looked(people)
    rows = (("50 mg", "morning", "4 weeks"), ("75 mg", "morning", ""))
    old = Order.objects.create(
        patient=people.maya, medicine="sertraline", steps=steps_of(*rows, starts=TODAY - timedelta(days=30)),
        drafted_by=people.marchetti.user, drafted_at=NOW, signed_at=NOW,
        signature=Signature.objects.create(signer=people.marchetti.user, digest="x", method="totp", at=NOW),
    )  # fmt: skip
    order = a_draft(people, ("100 mg", "morning", ""), replaces=old)
    found = list(prepared(order, people.marchetti.user, NOW).reviewed.found)
    assert "sertraline-steps" in {one.finding.rule for one in found}


def test_an_unknown_is_said_and_is_not_no(people):
    order = a_draft(people)
    ready = prepared(order, people.marchetti.user, NOW)
    assert ready.reviewed.not_checked
    assert ready.shown["not_checked"][0]["missing"]


# --- drafts ------------------------------------------------------------------------------------------------------------


def test_the_second_of_two_editors_is_told_and_the_first_ones_words_stand(people):
    order = a_draft(people)
    mine, theirs = Order.objects.get(pk=order.pk), Order.objects.get(pk=order.pk)
    acting.change(order=theirs, seen=1, asked=asked(("25 mg", "morning", "")), by=people.hale.user, at=NOW)
    with pytest.raises(Stale) as told:
        acting.change(order=mine, seen=1, asked=asked(("75 mg", "morning", "")), by=people.marchetti.user, at=NOW)
    assert told.value.theirs.steps[0]["dose"] == "25 mg"
    with pytest.raises(Stale):
        acting.discard(order=mine, seen=1, by=people.marchetti.user, at=NOW)
    assert Order.objects.filter(pk=order.pk).exists()


def test_a_draft_is_nothing_that_she_takes_and_is_taken_away_without_a_trace_but_its_rows(people):
    order = a_draft(people)
    assert facts_for(people.maya, TODAY).medicines == ()
    acting.discard(order=order, seen=1, by=people.marchetti.user, at=NOW)
    assert not Order.objects.exists()
    assert [row.verb for row in AuditRow.objects.order_by("seq")][-2:] == ["drafted order", "discarded draft"]


def test_an_order_of_another_patient_cannot_be_replaced(people, codes):
    other = Order.objects.create(
        patient=people.noor, medicine="sertraline", steps=steps_of(("50 mg", "morning", "")),
        drafted_by=people.hale.user, drafted_at=NOW,
    )  # fmt: skip
    with pytest.raises(acting.NotNow, match=r"^That belongs to another record\. Nothing was saved\.$"):
        a_draft(people, replaces=other)


def test_a_draft_whose_first_day_has_passed_is_not_signed(people, codes):
    order = a_draft(people)
    Order.objects.filter(pk=order.pk).update(steps=steps_of(("50 mg", "morning", ""), starts=TODAY - timedelta(days=1)))
    with pytest.raises(acting.NotNow, match=r"^The first day of this draft has passed\."):
        sign(people, Order.objects.get(pk=order.pk), codes(people.marchetti))


# --- replacing ---------------------------------------------------------------------------------------------------------


def test_a_new_order_ends_the_old_one_on_the_day_it_begins(people, codes):
    old = an_order(people, codes)
    new = asked(("75 mg", "morning", ""), replaces=old)
    new = replace(new, steps=steps_of(("75 mg", "morning", ""), starts=TODAY + timedelta(days=3)))
    draft = acting.draft(patient=people.maya, asked=new, by=people.marchetti.user, at=NOW)
    sign(people, draft, codes(people.marchetti, 1))
    assert OrderEnd.objects.get(order=old).on == TODAY + timedelta(days=3)
    assert [str(row.daily) for row in facts_for(people.maya, TODAY).medicines] == ["50 mg"]
    later = facts_for(people.maya, TODAY + timedelta(days=3)).medicines
    assert [str(row.daily) for row in later if row.state is State.RUNNING] == ["75 mg"]


def test_of_two_drafts_that_replace_one_order_the_second_is_refused(people, codes):
    old = an_order(people, codes)
    first, second = (a_draft(people, (dose, "morning", ""), replaces=old) for dose in ("75 mg", "100 mg"))
    sign(people, first, codes(people.marchetti, 1))
    with pytest.raises(acting.NotNow, match=r"^The order that this one replaces has ended already\."):
        sign(people, second, codes(people.marchetti, -1))
    assert OrderEnd.objects.count() == 1


def test_two_drafts_of_one_new_medicine_are_not_both_signed(people, codes):
    first, second = a_draft(people), a_draft(people, ("75 mg", "morning", ""))
    sign(people, first, codes(people.marchetti))
    with pytest.raises(acting.NotNow, match=r"^Another order of this medicine runs\. Discard this draft, and change"):
        sign(people, second, codes(people.marchetti, 1))


def test_an_order_that_still_runs_for_days_is_not_doubled(people, codes):
    old = an_order(people, codes)
    acting_day = TODAY + timedelta(days=3)
    OrderEnd.objects.create(order=old, on=acting_day, why="x", by=people.marchetti.user, at=NOW)
    soon = a_draft(people, ("75 mg", "morning", ""))
    with pytest.raises(acting.NotNow, match=r"^Another order of this medicine runs until 12 June\. Begin on that day"):
        sign(people, soon, codes(people.marchetti, 1))
    steps = steps_of(("75 mg", "morning", ""), starts=acting_day)
    then = acting.draft(
        patient=people.maya, asked=replace(asked(), steps=steps), by=people.marchetti.user, at=NOW
    )  # fmt: skip
    assert sign(people, then, codes(people.marchetti, -1)).signed_at == NOW


def test_an_order_of_another_medicine_is_not_replaced_but_stopped_by_a_plan(people, codes):
    old = an_order(people, codes)
    order = a_draft(people, medicine="mirtazapine", replaces=old)
    with pytest.raises(
        acting.NotNow, match=r"^This order replaces one of another medicine\. Plan how to stop that one"
    ):
        sign(people, order, codes(people.marchetti, 1))


def test_an_order_ends_once_and_a_draft_does_not_end(people, codes):
    order = an_order(people, codes)
    acting.end(order=order, on=TODAY, why="A rash", herself=True, by=people.marchetti.user, at=NOW)
    order = Order.objects.select_related("end").get(pk=order.pk)
    with pytest.raises(acting.NotNow, match=r"^It has ended already, on 9 June 2026\.$"):
        acting.end(order=order, on=TODAY, why="x", herself=False, by=people.marchetti.user, at=NOW)
    with pytest.raises(acting.NotNow, match=r"^A draft does not end: discard it\.$"):
        acting.end(order=a_draft(people), on=TODAY, why="x", herself=False, by=people.marchetti.user, at=NOW)


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
