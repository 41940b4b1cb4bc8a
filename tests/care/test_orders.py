"""An order from draft to signature: what is signed is exactly what was shown, once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from althea.care import entries as said
from althea.care import signing
from althea.care.actions import order as acting
from althea.care.facts import facts_for
from althea.care.models import (
    AuditRow,
    Order,
    OrderEnd,
    Outgoing,
    Signature,
    Stale,
)  # fmt: skip
from althea.care.ready import prepared
from althea.care.signing import CHANGED, NO_FACTOR, TOO_MANY, WRONG_CODE, NotSigned
from althea.engine.facts import State
from tests.care.ordering import TODAY, a_draft, an_order, asked, codes, looked, sign, steps_of, tell
from tests.people import NOW

__all__ = ["codes"]  # fixtures
pytestmark = pytest.mark.django_db


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
