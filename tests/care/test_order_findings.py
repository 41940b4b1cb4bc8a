"""Every critical finding is answered before a signature, at the step where it stands, and once."""

from datetime import timedelta

import pytest

from althea.care import entries as said
from althea.care.actions import order as acting
from althea.care.models import (
    FindingSeen,
    Order,
    Signature,
)  # fmt: skip
from althea.care.ready import answered, prepared
from tests.care.ordering import TODAY, a_draft, codes, looked, sign, steps_of, tell
from tests.people import NOW

__all__ = ["codes"]  # fixtures
pytestmark = pytest.mark.django_db


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


def on_the_pill(people):
    """Lamotrigine beside it is a warning whose rule says what to do."""
    looked(people)
    tell(people, said.LifeStage(topic="contraception", value="combined-pill"))
    tell(people, said.Medicine(text="ethinylestradiol", medicine="ethinylestradiol", running=True))
    order = a_draft(people, ("25 mg", "evening", ""), medicine="lamotrigine")
    found = prepared(order, people.marchetti.user, NOW).reviewed.found
    return order, next(one for one in found if one.finding.rule == "lamotrigine-started-on-oestrogen")


def given(people, order, answers, seen=1):
    acting.answer(order=order, seen=seen, answers=answers, scale="", by=people.marchetti.user, at=NOW)


def test_doing_what_a_warning_suggests_settles_it(people, codes):
    order, one = on_the_pill(people)
    given(people, order, {one.key: {"how": "done", "code": one.finding.do[0], "words": ""}})
    signed = sign(people, order, codes(people.marchetti))
    row = FindingSeen.objects.get(order=signed, answer="settled")
    assert (row.code, row.words, row.until) == ("suggestion", one.finding.do[0], None)


def test_several_of_its_suggestions_are_kept_in_one_answer_and_one_that_is_not_its_own_spoils_it(people, codes):
    order, one = on_the_pill(people)
    lines = "\n".join(one.finding.do)
    assert not answered(one, {one.key: {"how": "done", "code": lines + "\nSay a prayer.", "words": ""}})
    given(people, order, {one.key: {"how": "done", "code": lines, "words": "By phone."}})
    signed = sign(people, order, codes(people.marchetti))
    kept = FindingSeen.objects.get(order=signed, answer="settled")
    assert kept.words == f"{' '.join(one.finding.do)} By phone."


def test_what_is_done_beside_a_reason_given_is_kept_with_it(people, codes):
    order, one = on_the_pill(people)
    does = {"how": "override", "code": "will-monitor", "words": "By phone.", "do": one.finding.do[0]}
    given(people, order, {one.key: does})
    signed = sign(people, order, codes(people.marchetti))
    (row,) = [row for row in signed.findings["shown"]["findings"] if row["rule"] == one.finding.rule]
    assert (row["answer"], row["words"]) == ("overridden", f"By phone. {one.finding.do[0]}")


# --- a critical finding about the order itself --------------------------------------------------------------------------


def takes(name, dose, **named):
    return said.Medicine(text=name, medicine=name, dose=dose, times_a_day=2, **named)


PAST = takes("phenelzine", "15 mg", running=False, since=TODAY - timedelta(days=90), until=TODAY - timedelta(days=5))


@pytest.mark.parametrize(
    ("rule", "told", "medicine", "dose"),
    [
        ("maoi-serotonergic-antidepressant", takes("phenelzine", "15 mg", running=True), "sertraline", "50 mg"),
        ("clozapine-1a2-inhibitor-high", takes("fluvoxamine", "50 mg", running=True), "clozapine", "200 mg"),
        ("serotonergic-after-maoi-14-days", PAST, "sertraline", "50 mg"),
        ("bupropion-eating-disorder", said.Condition(text="Bulimia", code="F50.2"), "bupropion", "150 mg"),
        ("sertraline-allergy", said.Allergy(text="sertraline", reaction="rash"), "sertraline", "50 mg"),
        ("lamotrigine-titration", said.Looked(topic="medicines"), "lamotrigine", "50 mg"),
    ],
)  # fmt: skip
def test_what_is_critical_about_the_order_waits_for_another_order_or_a_reason_and_for_no_promise(
    people, rule, told, medicine, dose
):
    looked(people)
    tell(people, told)
    order = a_draft(people, (dose, "evening", ""), medicine=medicine)
    one = next(one for one in critical(people, order) if one.finding.rule == rule)
    assert one.finding.do
    for promised in (*one.finding.do, "\n".join(one.finding.do)):
        assert not answered(one, {one.key: {"how": "done", "code": promised, "words": "Talked over with her."}})
    assert answered(one, {one.key: {"how": "override", "code": "will-monitor", "words": "She took it until May."}})
    assert not answered(one, {one.key: {"how": "override", "code": "will-monitor", "words": " "}})


def test_a_draft_that_was_answered_by_such_a_tick_is_not_signed_and_says_what_is_needed(people, codes):
    beside_phenelzine(people)
    order = a_draft(people)
    ticked = {one.key: {"how": "done", "code": one.finding.do[0], "words": ""} for one in critical(people, order)}
    given(people, order, ticked)
    with pytest.raises(acting.NotNow, match=r"^To sign, act on 1 critical finding or give a reason\.$"):
        sign(people, order, codes(people.marchetti))
    shown = prepared(order, people.marchetti.user, NOW).shown["findings"]
    assert [row["answer"] for row in shown if row["level"] == "critical"] == ["shown"]


def test_a_tick_beside_a_reason_does_not_say_of_a_signed_combination_that_it_is_not_combined(people, codes):
    beside_phenelzine(people)
    order = a_draft(people)
    (one,) = critical(people, order)
    does = {"how": "override", "code": "data-wrong", "words": "She never took it.", "do": "Do not combine them."}
    given(people, order, {one.key: does})
    signed = sign(people, order, codes(people.marchetti))
    assert FindingSeen.objects.get(order=signed, answer="overridden").words == "She never took it."


def test_another_order_settles_it_without_a_word(people):
    looked(people)
    order = a_draft(people, ("50 mg", "evening", ""), medicine="lamotrigine")
    assert "findings" in dict(prepared(order, people.marchetti.user, NOW).lacking)
    better = a_draft(people, ("25 mg", "evening", ""), medicine="lamotrigine")
    assert "findings" not in dict(prepared(better, people.marchetti.user, NOW).lacking)


def test_a_critical_check_is_settled_by_having_ordered_it_and_not_by_its_sentence(people):
    looked(people)
    order = a_draft(people, ("12.5 mg", "evening", ""), medicine="clozapine")
    one = next(one for one in critical(people, order) if one.finding.rule == "clozapine-anc-baseline")
    assert not answered(one, {one.key: {"how": "done", "code": one.finding.do[0], "words": ""}})
    assert not answered(one, {one.key: {"how": "not-now", "code": "", "words": "She comes back on Monday."}})
    for how in ("ordered", "is-done"):
        assert answered(one, {one.key: {"how": how, "code": "", "words": ""}})


def test_what_will_be_done_is_signed_with_a_check_that_was_ordered(people):
    looked(people)
    order = a_draft(people, ("12.5 mg", "evening", ""), medicine="clozapine")
    found = prepared(order, people.marchetti.user, NOW).reviewed.found
    one = next(one for one in found if one.finding.rule == "clozapine-electrolytes")
    given(people, order, {one.key: {"how": "ordered", "code": "", "words": "", "do": "Consider an ECG."}})
    rows = prepared(order, people.marchetti.user, NOW).shown["findings"]
    (row,) = [row for row in rows if row["rule"] == one.finding.rule]
    assert (row["answer"], row["code"], row["words"]) == ("settled", "ordered", "Consider an ECG.")


def test_only_a_check_is_shown_as_done_elsewhere(people):
    beside_phenelzine(people)
    order = a_draft(people)
    (one,) = critical(people, order)
    given(people, order, {one.key: {"how": "is-done", "code": "", "words": ""}})
    rows = prepared(order, people.marchetti.user, NOW).shown["findings"]
    assert next(row for row in rows if row["rule"] == one.finding.rule)["answer"] == "shown"


def test_what_is_critical_in_her_record_and_not_of_this_order_is_settled_by_acting_on_it(people):
    looked(people)
    for name, dose in (("phenelzine", "15 mg"), ("tramadol", "50 mg")):
        tell(people, takes(name, dose, running=True))
    order = a_draft(people, ("25 mg", "evening", ""), medicine="lamotrigine")
    loud = critical(people, order)
    assert loud
    assert not any(one.finding.about_order for one in loud)
    assert all(answered(one, {one.key: {"how": "done", "code": one.finding.do[0], "words": ""}}) for one in loud)


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
