"""Her plan as entries: what it is, what she wants, what was agreed, and whether medicine was talked over."""

from datetime import date, timedelta

import pytest

from althea.care import entries as said
from althea.care import jobs
from althea.care.actions import plan, record
from althea.care.diagnoses import search
from althea.care.facts import facts_for
from althea.care.models import AuditRow, Entry, Stale, WorklistItem
from althea.care.typed import Past
from tests.care.test_facts import an_order
from tests.people import NOW

TODAY = date(2026, 6, 9)
pytestmark = pytest.mark.django_db


def diagnosed(people, text="Postpartum depression", code="F53.0", **named):
    body = said.Condition(text=text, code=code, **named)
    return plan.diagnose(patient=people.maya, body=body, by=people.marchetti.user, at=NOW)


def agreed(people, instead=None, **named):
    return plan.agree(
        patient=people.maya, body=said.Plan(**named), by=people.marchetti.user, at=NOW, instead=instead
    )  # fmt: skip


# --- diagnoses -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "first"),
    [("postpartum depression", "F53.0"), ("f331", "F33.1"), ("PMDD", "F32.81"), ("ptsd", "F43.1"), ("gad", "F41.1"),
     ("recurrent moderate", "F33.1"), ("bipolar ii", "F31.81")],
)  # fmt: skip
def test_a_code_is_found_by_number_and_by_words(words, first):
    assert search(words)[0].code == first


@pytest.mark.parametrize("words", ["", "   ", "💜", "الاكتئاب", "F99999", "<script>", "zzz", "\x00", "x" * 10_001])
def test_what_is_no_diagnosis_finds_nothing_and_breaks_nothing(words):
    assert search(words) == []


def test_a_code_that_is_in_no_list_is_refused_in_words(people):
    with pytest.raises(plan.NotOurs, match=r"F99\.99 is not in the list of codes\. Search for it, or leave"):
        diagnosed(people, code="F99.99")
    assert not Entry.objects.exists()


def test_a_diagnosis_is_read_by_the_checks_in_the_same_transaction(people):
    """Lithium, and a kidney disease that somebody writes down: the finding is there before the page answers."""
    an_order(
        people, medicine="lithium", steps=[{"from": "2026-01-05", "until": None, "dose": "900 mg", "times_a_day": 1}]
    )
    before = set(WorklistItem.objects.values_list("reason", flat=True))
    diagnosed(people, text="Chronic kidney disease, stage 4", code="N18.4")
    found = set(WorklistItem.objects.values_list("reason", flat=True)) - before
    assert any("lithium" in one for one in found), found


def test_what_is_ruled_out_is_no_fact(people):
    first = diagnosed(people)
    assert [row.code for row in facts_for(people.maya, TODAY).conditions] == ["F53.0"]
    body = said.Condition(text="Postpartum depression", code="F53.0", certainty="ruled-out")
    plan.diagnose(patient=people.maya, body=body, by=people.marchetti.user, at=NOW, instead=first)
    assert facts_for(people.maya, TODAY).conditions == ()


def test_of_two_editors_the_second_is_told_and_sees_the_first(people):
    first = diagnosed(people)
    change = {"patient": people.maya, "by": people.marchetti.user, "at": NOW, "instead": first}
    plan.diagnose(body=said.Condition(text="Depression after birth", code="F53.0"), **change)
    with pytest.raises(Stale) as told:
        plan.diagnose(body=said.Condition(text="Depression", code="F32.A"), **change)
    assert told.value.theirs.body["text"] == "Depression after birth"
    assert Entry.objects.count() == 2


def test_a_wrong_entry_is_withdrawn_once_and_stays_in_the_record(people):
    wrong = diagnosed(people)
    plan.withdraw(entry=wrong, by=people.marchetti.user, at=NOW)
    assert facts_for(people.maya, TODAY).conditions == ()
    assert Entry.objects.count() == 2
    with pytest.raises(Stale):
        plan.withdraw(entry=wrong, by=people.marchetti.user, at=NOW)
    assert AuditRow.objects.filter(verb="withdrew condition").count() == 1


def test_what_was_withdrawn_is_not_changed(people):
    wrong = diagnosed(people)
    plan.withdraw(entry=wrong, by=people.marchetti.user, at=NOW)
    gone = Entry.objects.get(supersedes=wrong)
    body = said.Condition(text="Depression", code="F32.A")
    with pytest.raises(Stale):
        plan.diagnose(patient=people.maya, body=body, by=people.marchetti.user, at=NOW, instead=gone)


def test_an_entry_of_another_woman_is_never_replaced(people):
    hers = record.add(
        patient=people.noor, body=said.Goal(words="Sleep"), on=TODAY, origin="hers", by=people.noors, at=NOW
    )
    with pytest.raises(ValueError, match="one of hers"):
        plan.aim(patient=people.maya, body=said.Goal(words="Mine"), by=people.marchetti.user, at=NOW, instead=hers)


# --- goals and what was agreed ---------------------------------------------------------------------------------------


def test_a_goal_is_hers(people):
    entry = plan.aim(patient=people.maya, body=said.Goal(words="أريد أن أنام 🌿"), by=people.marchetti.user, at=NOW)
    assert (entry.origin, entry.body["words"]) == ("hers", "أريد أن أنام 🌿")


def test_a_review_day_before_today_is_refused_with_the_first_that_would_do(people):
    with pytest.raises(Past, match=r"This is before today\. Pick 9 June or later\."):
        agreed(people, review_on=TODAY - timedelta(days=1))
    agreed(people, review_on=TODAY)


def test_the_plans_own_day_comes_before_her_prescriber_and_is_done_when_the_plan_is(people):
    entry = agreed(people, therapy="Watchful waiting", review_on=TODAY + timedelta(days=10))
    assert jobs.due_plans(people.clinic, TODAY + timedelta(days=7), NOW) == 0
    assert jobs.due_plans(people.clinic, TODAY + timedelta(days=8), NOW) == 1
    assert jobs.due_plans(people.clinic, TODAY + timedelta(days=8), NOW) == 1
    item = WorklistItem.objects.get()
    assert (item.why, item.group) == ("Due in 2 days: look again at the plan with her.", "review")
    agreed(people, instead=entry, therapy="CBT", review_on=TODAY + timedelta(days=40))
    item.refresh_from_db()
    assert item.closed_at is not None


def test_a_plan_without_a_day_is_never_due(people):
    agreed(people, therapy="CBT")
    assert jobs.due_plans(people.clinic, TODAY + timedelta(days=900), NOW) == 0


def test_the_talk_keeps_what_was_weighed(people):
    body = said.Talked(severity="Moderate", tried="Running", weighed=["Watchful waiting", "Psychotherapy"])
    entry = plan.talk_over(patient=people.maya, body=body, by=people.marchetti.user, at=NOW)
    assert plan.newest(people.maya, said.Talked) == entry
