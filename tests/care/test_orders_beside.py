"""What stands in her record without the draft, and was answered there, is not asked for again at the signature."""

from datetime import timedelta

import pytest

from althea.care import entries as said
from althea.care.actions import findings
from althea.care.models import FindingSeen, WorklistItem
from althea.care.ready import prepared
from althea.care.recheck import recheck, review_today
from althea.engine.finding import Finding
from althea.knowledge.schema.evidence import Level
from tests.care.ordering import a_draft, codes, looked, sign, tell
from tests.people import NOW

__all__ = ["codes"]
pytestmark = pytest.mark.django_db


def beside_tramadol(people) -> Finding:
    """She takes two medicines from elsewhere that must not meet; the draft is of neither."""
    looked(people)
    for name, dose in (("phenelzine", "15 mg"), ("tramadol", "50 mg")):
        tell(people, said.Medicine(text=name, medicine=name, dose=dose, times_a_day=2, running=True))
    return next(one for one in review_today(people.maya, NOW).findings if one.level is Level.CRITICAL)


def set_aside(people, finding: Finding, words: str = "Her pain clinic swaps it tomorrow.", at=NOW) -> FindingSeen:
    return findings.override(
        patient=people.maya, finding=finding, code="will-monitor", words=words, by=people.marchetti.user, at=at
    )


def as_a_warning(row: FindingSeen) -> FindingSeen:
    """The same answer a moment later, to what was a warning then."""
    grounds = {key: min(much, Level.WARNING) for key, much in row.grounds.items()}
    return FindingSeen.objects.create(
        patient=row.patient, rule=row.rule, reason=row.reason, grounds=grounds, level="warning", title=row.title,
        answer=row.answer, code=row.code, words=row.words, until=row.until, knowledge=row.knowledge, by=row.by,
        at=row.at + timedelta(seconds=1),
    )  # fmt: skip


def lamotrigine(people):
    return a_draft(people, ("25 mg", "morning", ""), medicine="lamotrigine")


def lacking(people, order, at=NOW) -> dict[str, str]:
    return dict(prepared(order, people.marchetti.user, at).lacking)


def test_what_nobody_answered_yet_waits_for_an_answer_also_when_it_is_not_of_the_draft(people):
    beside_tramadol(people)
    assert lacking(people, lamotrigine(people))["findings"].startswith("To sign, act on")


def test_what_was_set_aside_in_her_record_does_not_wait_again(people, codes):
    finding = beside_tramadol(people)
    loud = [one for one in review_today(people.maya, NOW).findings if one.level is Level.CRITICAL]
    rows = [set_aside(people, one) for one in loud]
    order = lamotrigine(people)
    assert "findings" not in lacking(people, order)
    signed = sign(people, order, codes(people.marchetti))
    kept = next(one for one in signed.findings["shown"]["findings"] if one["rule"] == finding.rule)
    assert (kept["answer"], kept["code"]) == ("overridden", "will-monitor")
    words = "Set aside on 9 June by Dr Marchetti, until 7 September: “Her pain clinic swaps it tomorrow.”"
    assert kept["words"] == words
    assert set(FindingSeen.objects.filter(patient=people.maya)) == set(rows), "it keeps the day it had"


def test_it_waits_again_when_its_day_has_come(people):
    for one in [beside_tramadol(people), *review_today(people.maya, NOW).findings]:
        if one.level is Level.CRITICAL:
            set_aside(people, one, at=NOW - timedelta(days=91))
    assert "findings" in lacking(people, lamotrigine(people))


def test_it_waits_again_when_it_became_louder(people):
    beside_tramadol(people)
    for one in review_today(people.maya, NOW).findings:
        if one.level is Level.CRITICAL:
            row = set_aside(people, one)
            as_a_warning(row)
    assert "findings" in lacking(people, lamotrigine(people))


def test_what_the_draft_itself_brings_is_answered_anew(people):
    """Tramadol was answered beside phenelzine; sertraline beside phenelzine is another matter."""
    for one in [beside_tramadol(people), *review_today(people.maya, NOW).findings]:
        if one.level is Level.CRITICAL:
            set_aside(people, one)
    assert "findings" in lacking(people, a_draft(people))


def test_what_became_louder_is_on_the_worklist_again(people):
    """A warning was set aside; it is critical now."""
    finding = beside_tramadol(people)
    row = set_aside(people, finding)
    mine = WorklistItem.objects.filter(
        patient=people.maya, closed_at=None, reason=f"finding:{'/'.join(finding.reason)}"
    )
    recheck(people.maya, NOW)
    assert not mine.exists()
    as_a_warning(row)
    recheck(people.maya, NOW)
    assert mine.get().level == "critical"
