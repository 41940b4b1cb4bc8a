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


def test_doing_what_a_finding_suggests_settles_it(people, codes):
    beside_phenelzine(people)
    order = a_draft(people)
    answers = {one.key: {"how": "done", "code": one.finding.do[0], "words": ""} for one in critical(people, order)}
    acting.answer(order=order, seen=1, answers=answers, scale="", by=people.marchetti.user, at=NOW)
    signed = sign(people, order, codes(people.marchetti))
    row = FindingSeen.objects.filter(order=signed, answer="settled").first()
    assert (row.code, row.until) == ("suggestion", None)
    assert row.words


def test_several_of_its_suggestions_are_kept_in_one_answer_and_one_that_is_not_its_own_spoils_it(people, codes):
    beside_phenelzine(people)
    order = a_draft(people)
    found = critical(people, order)
    lines = {one.key: "\n".join(one.finding.do) for one in found}
    answers = {key: {"how": "done", "code": code + "\nSay a prayer.", "words": ""} for key, code in lines.items()}
    acting.answer(order=order, seen=1, answers=answers, scale="", by=people.marchetti.user, at=NOW)
    assert "findings" in dict(prepared(order, people.marchetti.user, NOW).lacking)
    answers = {key: {"how": "done", "code": code, "words": "By phone."} for key, code in lines.items()}
    acting.answer(order=order, seen=2, answers=answers, scale="", by=people.marchetti.user, at=NOW)
    signed = sign(people, order, codes(people.marchetti))
    kept = {row.words for row in FindingSeen.objects.filter(order=signed, answer="settled")}
    assert {f"{' '.join(one.finding.do)} By phone." for one in found} <= kept


def test_what_is_done_beside_a_reason_given_is_kept_with_it(people, codes):
    beside_phenelzine(people)
    order = a_draft(people)
    answers = {
        one.key: {"how": "override", "code": "will-monitor", "words": "By phone.", "do": one.finding.do[0]}
        for one in critical(people, order)
    }
    acting.answer(order=order, seen=1, answers=answers, scale="", by=people.marchetti.user, at=NOW)
    signed = sign(people, order, codes(people.marchetti))
    rows = [one for one in signed.findings["shown"]["findings"] if one["level"] == "critical"]
    assert rows
    assert all(one["answer"] == "overridden" and one["words"] == f"By phone. {one['do'][0]}" for one in rows)


def test_a_start_above_the_label_waits_for_another_order_or_a_reason_and_for_no_promise(people):
    looked(people)
    order = a_draft(people, ("50 mg", "evening", ""), medicine="lamotrigine")
    (one,) = critical(people, order)
    promised = {one.key: {"how": "done", "code": one.finding.do[0], "words": ""}}
    assert not answered(one, promised)
    assert answered(one, {one.key: {"how": "override", "code": "will-monitor", "words": "She took it until May."}})


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
