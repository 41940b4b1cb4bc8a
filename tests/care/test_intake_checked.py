"""What she told before her first visit: it is checked when she sends it, and again when it becomes her record."""

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import intake as acting
from althea.care.actions import record
from althea.care.models import AuditRow, Entry, Intake, IntakeAnswer, Outgoing, WorklistItem
from tests.care.test_changes import looked, notices, on, taking
from tests.intakes import intake
from tests.people import send, signed_in

__all__ = ["intake", "on"]  # fixtures
pytestmark = pytest.mark.django_db
PAIR = "Phenelzine (an MAOI) and sertraline must not be taken together: serotonin syndrome."


def answered(intake, question, value, how="answered"):
    return IntakeAnswer.objects.create(intake=intake, question=question, value=value, said=how, at=timezone.now())


def sent(people, intake):
    acting.submit(intake=intake, by=people.maya.user, at=timezone.now())
    return WorklistItem.objects.get(reason=f"intake:{intake.pk}")


def open_items(prefix):
    return {one.why for one in WorklistItem.objects.filter(reason__startswith=prefix, closed_at__isnull=True)}


# --- she sends it ---------------------------------------------------------------------------------------------------


def test_answers_that_speak_against_nothing_are_there_to_be_read(people, intake):
    answered(intake, "pregnant", "not pregnant")
    answered(intake, "breastfeeding", "yes")
    item = sent(people, intake)
    assert (item.level, item.group, item.why) == ("info", "other", "She sent her answers before the first visit.")
    assert notices(people) == 0


@pytest.mark.parametrize(
    ("value", "how"), [("pregnant", "answered"), ("unknown", "answered"), (None, "unknown")],
)  # fmt: skip
def test_that_she_is_or_may_be_pregnant_is_before_her_prescriber_when_she_sends_it(people, intake, value, how):
    answered(intake, "pregnant", value, how)
    item = sent(people, intake)
    assert (item.level, item.group) == ("warning", "cannot-wait")
    assert item.why == "She sent her answers before the first visit. She is or may be pregnant."
    assert notices(people) == 1


def test_breastfeeding_beside_what_is_ordered_here_is_before_her_prescriber_the_same_day(people, intake, on):
    taking(people, on)
    answered(intake, "breastfeeding", "yes")
    item = sent(people, intake)
    assert item.why.startswith(
        "She sent her answers before the first visit. She breastfeeds and takes what was ordered"
    )
    assert item.level == "warning"
    assert notices(people) == 1


def test_what_must_not_be_taken_beside_an_order_is_as_loud_as_it_is_when_she_sends_it(people, intake, on):
    looked(people, on)
    taking(people, on)
    answered(intake, "medicines-now", [{"what": "phenelzine", "dose": "15 mg", "times": "3 times a day"}])
    item = sent(people, intake)
    assert (item.level, item.group) == ("critical", "cannot-wait")
    assert PAIR in item.why
    assert notices(people) == 1


def test_to_look_at_what_she_sent_writes_nothing_of_it(people, intake, on):
    looked(people, on)
    taking(people, on)
    before = Entry.objects.count(), set(AuditRow.objects.values_list("verb", flat=True))
    answered(intake, "medicines-now", [{"what": "phenelzine"}])
    sent(people, intake)
    assert Entry.objects.count() == before[0]
    assert set(AuditRow.objects.values_list("verb", flat=True)) - before[1] == {"sent intake", "opened item"}
    assert open_items("finding:") == set(), "nothing of hers is in the record yet"
    assert Outgoing.objects.filter(kind="staff", user=people.marchetti.user).count() == 1


# --- it becomes her record ------------------------------------------------------------------------------------------


@pytest.fixture
def against(people, intake, on):
    """Sertraline is signed, and she told that she takes phenelzine; that she sent it is long read."""
    looked(people, on)
    taking(people, on)
    answered(intake, "medicines-now", [{"what": "phenelzine"}, {"what": "vitamin D"}])
    Intake.objects.update(state="submitted", submitted_at=timezone.now())
    assert open_items("finding:") == set()
    return people


def test_one_answer_added_is_checked_in_the_same_breath(against):
    answer = IntakeAnswer.objects.get()
    send(
        signed_in(against.nurse.user), f"/patients/{against.maya.pk}/assessment/settle", answer=str(answer.pk), part="0"
    )
    assert PAIR in open_items("finding:")
    assert notices(against) == 1


def test_a_section_added_at_once_is_checked_once(against, monkeypatch):
    asked = []
    from althea.care.actions import changes

    real = changes.recheck
    monkeypatch.setattr(changes, "recheck", lambda *given: asked.append(given) or real(*given))
    send(signed_in(against.nurse.user), f"/patients/{against.maya.pk}/assessment/section", section="medicines")
    assert Entry.objects.filter(kind="medicine").count() == 2
    assert PAIR in open_items("finding:")
    assert len(asked) == 1


def test_nothing_left_to_add_is_nothing_to_check(people):
    assert acting.settle_all(wanted=(), by=people.nurse.user, at=timezone.now()) == 0


def test_going_through_a_topic_with_her_is_checked(people, on):
    taking(people, on, "lithium", "900 mg")
    assert open_items("finding:") == set()
    for topic in ("medicines", "conditions", "allergies"):
        record.add(patient=people.maya, body=said.Looked(topic=topic), on=on, origin="clinic",
                   by=people.marchetti.user, at=timezone.now())  # fmt: skip
    acting.went_through(patient=people.maya, topic="observations", on=on, by=people.nurse.user, at=timezone.now())
    assert any("lithium" in why.lower() for why in open_items("finding:")), "a level that nobody has taken is due"


def test_that_all_of_it_is_read_is_checked_once_more(against, on):
    record.add(patient=against.maya, body=said.Medicine(text="phenelzine", medicine="phenelzine", running=True), origin="hers",
               on=on, by=against.nurse.user, at=timezone.now())  # fmt: skip
    intake = Intake.objects.get()
    acting.reviewed(intake=intake, by=against.nurse.user, at=timezone.now())
    assert PAIR in open_items("finding:")


def test_a_pregnancy_added_beside_an_order_is_before_her_prescriber(people, intake, on):
    looked(people, on)
    taking(people, on, "valproate", "500 mg")
    answer = answered(intake, "pregnant", "pregnant")
    acting.settle(answer=answer, part="", body=said.LifeStage(topic="pregnancy", value="pregnant"), on=on,
                  by=people.nurse.user, at=timezone.now())  # fmt: skip
    item = WorklistItem.objects.get(reason__startswith="told:")
    assert item.group == "cannot-wait"
    assert item.why.startswith("Her answers before the first visit were added to her record.")
    assert notices(people) >= 1
