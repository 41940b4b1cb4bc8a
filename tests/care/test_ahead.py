"""What is signed to begin later is met by what is ordered, told or made longer after it: it is asked about now, said with
its day, and never found for the first time in the night of that day."""

from datetime import date, timedelta

import pytest

from althea.care import entries as said
from althea.care.actions import changes
from althea.care.actions import order as acting
from althea.care.ahead import turns, when
from althea.care.draft import reviewed
from althea.care.facts import chart_of
from althea.care.models import Order, OrderEnd, Outgoing, Signature, WorklistItem
from althea.care.ready import prepared
from althea.care.recheck import recheck, review_today
from althea.knowledge.schema.evidence import Level
from tests.care.ordering import TODAY, a_draft, codes, looked, sign, steps_of
from tests.people import NOW

__all__ = ["codes"]
pytestmark = pytest.mark.django_db
PAIR = "Phenelzine (an MAOI) and sertraline must not be taken together: serotonin syndrome."


def on(day):
    return TODAY + timedelta(days=day)


def ordered(people, medicine, *rows, day=0, replaces=None, stops=False):
    """A signed order that begins so many days from today; the one it replaces ends then."""
    made = f"{medicine} {day} {rows}"
    signature = Signature.objects.create(signer=people.marchetti.user, digest=made[:64], method="totp", at=NOW)
    order = Order.objects.create(
        patient=people.maya, medicine=medicine, steps=steps_of(*rows, starts=on(day), ends=stops), stops=stops,
        replaces=replaces, drafted_by=people.marchetti.user, drafted_at=NOW, signed_at=NOW, signature=signature,
    )  # fmt: skip
    if replaces is not None:
        OrderEnd.objects.create(order=replaces, on=on(day), why="Replaced", by=people.marchetti.user, at=NOW)
    return order


def drafted(people, medicine, *rows, day=0, replaces=None, stops=False):
    steps = steps_of(*rows, starts=on(day), ends=stops)
    return Order(patient=people.maya, medicine=medicine, steps=steps, replaces=replaces, stops=stops)


def critical(people, draft, at=TODAY):
    return [one.finding.title for one in reviewed(draft, chart_of(people.maya), at).found if one.critical]


def items(people):
    rows = WorklistItem.objects.filter(patient=people.maya, reason__startswith="finding:", closed_at=None)
    return [(one.level, one.why) for one in rows]


def phenelzine(people, day):
    return ordered(people, "phenelzine", ("25 mg", "morning", ""), day=day)


def test_a_draft_of_today_is_asked_about_the_day_on_which_another_signed_order_begins(people, codes):
    looked(people)
    phenelzine(people, 10)
    order = a_draft(people, ("50 mg", "morning", ""))
    ready = prepared(order, people.marchetti.user, NOW)
    loud = [one for one in ready.reviewed.found if one.critical]
    assert [one.finding.title for one in loud] == [f"From 19 June: {PAIR}"]
    assert "From 19 June, when phenelzine begins." in loud[0].finding.said
    assert dict(ready.lacking)["findings"] == "To sign, act on 1 critical finding or give a reason."
    with pytest.raises(acting.NotNow, match="1 critical finding"):
        sign(people, order, codes(people.marchetti))


def test_it_is_answered_as_other_findings_are_and_then_is_quiet_before_that_day_and_on_it(people, codes):
    looked(people)
    phenelzine(people, 10)
    order = a_draft(people, ("50 mg", "morning", ""))
    found = next(one for one in prepared(order, people.marchetti.user, NOW).reviewed.found if one.critical)
    answers = {found.key: {"how": "override", "code": "data-wrong", "words": "Phenelzine is withdrawn tomorrow."}}
    acting.answer(order=order, seen=order.version, answers=answers, scale="", by=people.marchetti.user, at=NOW)
    order.refresh_from_db()
    sign(people, order, codes(people.marchetti))
    for days in (0, 9, 10, 11):
        recheck(people.maya, NOW + timedelta(days=days))
        assert not any("serotonin" in why for _, why in items(people)), days


def test_a_taper_made_longer_than_the_washout_meets_what_was_signed_to_follow_it(people):
    looked(people)
    sertraline = ordered(people, "sertraline", ("100 mg", "morning", ""), day=-200)
    taper = ordered(people, "sertraline", ("50 mg", "morning", "7 days"), replaces=sertraline, stops=True)
    assert critical(people, drafted(people, "phenelzine", ("25 mg", "morning", ""), day=21)) == []
    phenelzine(people, 21)
    rows = (("50 mg", "morning", "14 days"), ("25 mg", "morning", "14 days"))
    longer = drafted(people, "sertraline", *rows, replaces=taper, stops=True)
    assert critical(people, longer) == [f"From 30 June: {PAIR}"]
    short = drafted(people, "sertraline", ("50 mg", "morning", "7 days"), replaces=taper, stops=True)
    assert critical(people, short) == []


def test_a_draft_that_begins_after_another_has_ended_is_not_asked_as_if_both_were_taken(people):
    """How long it must be over first is asked on the draft's own first day."""
    looked(people)
    sertraline = ordered(people, "sertraline", ("100 mg", "morning", ""), day=-200)
    ordered(people, "sertraline", ("50 mg", "morning", "7 days"), replaces=sertraline, stops=True)
    assert critical(people, drafted(people, "phenelzine", ("25 mg", "morning", ""), day=21)) == []
    too_soon = critical(people, drafted(people, "phenelzine", ("25 mg", "morning", ""), day=10))
    assert len(too_soon) == 1
    assert too_soon != [PAIR]
    assert critical(people, drafted(people, "phenelzine", ("25 mg", "morning", ""), day=3)) == [PAIR]


def test_a_taper_that_ends_too_shortly_before_what_is_signed_to_follow_it_is_found(people):
    """They never meet; the days between are too few."""
    looked(people)
    sertraline = ordered(people, "sertraline", ("100 mg", "morning", ""), day=-200)
    taper = ordered(people, "sertraline", ("50 mg", "morning", "7 days"), replaces=sertraline, stops=True)
    phenelzine(people, 21)
    for days, few in (("7 days", False), ("8 days", False), ("9 days", True), ("18 days", True)):
        longer = drafted(people, "sertraline", ("50 mg", "morning", days), replaces=taper, stops=True)
        assert [one.startswith("From 30 June: ") for one in critical(people, longer)] == [True] * few, days


def test_a_medicine_told_now_that_will_meet_what_is_signed_is_an_item_and_a_notice_today(people):
    looked(people)
    phenelzine(people, 10)
    recheck(people.maya, NOW)
    assert items(people) == []
    body = said.Medicine(text="sertraline", medicine="sertraline", dose="50 mg", running=True, since=TODAY)
    came = changes.tell(
        patient=people.maya, bodies=[(body, TODAY)], words="She started sertraline.", origin="hers",
        by=people.maya.user, at=NOW,
    )  # fmt: skip
    assert [one.title for one in came.new] == [f"From 19 June: {PAIR}"]
    assert items(people) == [("critical", f"From 19 June: {PAIR}")]
    assert Outgoing.objects.filter(kind="staff").exists()
    recheck(people.maya, NOW + timedelta(days=10))
    assert items(people) == [("critical", PAIR)], "one item, which says what is so now"
    assert WorklistItem.objects.filter(patient=people.maya, reason__startswith="finding:pair").count() == 1


def test_nothing_is_said_of_a_day_to_come_that_is_the_same_today(people):
    """A plan of several steps, beside what she takes: each step is no news."""
    looked(people)
    ordered(people, "sertraline", ("50 mg", "morning", "14 days"), ("100 mg", "morning", ""))
    ordered(people, "ibuprofen", ("100 mg", "morning", ""), day=-5)
    titles = [one.title for one in review_today(people.maya, NOW).findings if one.level >= Level.WARNING]
    assert [one for one in titles if one.startswith("From ")] == []


def test_what_is_due_or_has_grown_old_by_then_is_not_said_ahead(people):
    looked(people)
    ordered(people, "lithium", ("100 mg", "morning", ""), day=-2)
    ordered(people, "sertraline", ("50 mg", "morning", ""), day=120)
    ahead = [one for one in review_today(people.maya, NOW).findings if one.title.startswith("From ")]
    assert all(len(one.medicines) > 1 for one in ahead)


def test_the_days_to_come_are_those_on_which_something_begins_changes_or_ends(people):
    first = ordered(people, "sertraline", ("100 mg", "morning", ""), day=-100)
    ordered(people, "sertraline", ("50 mg", "morning", "7 days"), ("25 mg", "morning", "7 days"), day=3, replaces=first, stops=True)  # fmt: skip
    phenelzine(people, 40)
    found = {(day - TODAY).days: [one.words for one in here] for day, here in turns(_orders(people), TODAY).items()}
    assert found == {
        3: ["sertraline changes"], 10: ["sertraline changes"], 17: ["sertraline has ended"], 40: ["phenelzine begins"],
    }  # fmt: skip
    assert when(turns(_orders(people), TODAY)[date(2026, 7, 19)]) == "from 19 July, when phenelzine begins"


def _orders(people):
    return chart_of(people.maya).orders


def test_a_draft_that_ends_before_another_begins_never_meets_it(people):
    looked(people)
    phenelzine(people, 60)
    sertraline = ordered(people, "sertraline", ("100 mg", "morning", ""), day=-200)
    taper = drafted(people, "sertraline", ("50 mg", "morning", "14 days"), replaces=sertraline, stops=True)
    assert critical(people, taper) == []
    assert [one for _, one in items(people)] == []
