"""A therapist sees how she is doing, and nothing that she does not need; what is left out is said."""

from datetime import timedelta

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import message, record
from althea.care.days import today
from althea.care.models import AuditRow, Intake, IntakeAnswer, Visit
from tests.care.test_facts import an_order
from tests.clinic.reviewing import a_trial
from tests.counting import at_most
from tests.people import a_patient, look_after, signed_in

pytestmark = pytest.mark.django_db
SECRET = "Zq-secret"


@pytest.fixture
def on(people):
    return today(people.maya, timezone.now())


def add(people, body, on, back=0):
    record.add(patient=people.maya, body=body, on=on - timedelta(days=back), origin="hers", by=people.maya.user,
               at=timezone.now())  # fmt: skip


def page(people, who="therapist", status=200, patient=None):
    answer = signed_in(getattr(people, who).user).get(f"/patients/{(patient or people.maya).pk}/progress")
    assert answer.status_code == status
    return answer.content.decode()


def everything(people, on):
    """One of all that is not a therapist's to see, under one word."""
    an_order(people, why=SECRET, words=SECRET)
    add(people, said.Medicine(text=f"{SECRET} ibuprofen", running=True), on)
    add(people, said.Symptom(words=SECRET), on)
    add(people, said.SideEffect(what=SECRET, since=on), on)
    add(people, said.LifeStage(topic="breastfeeding", value="yes"), on)
    add(people, said.Condition(text=SECRET, code="F33.1"), on)
    add(people, said.SafetyPlan(lines=[SECRET]), on)
    add(people, said.Plan(therapy="Interpersonal therapy", if_pregnant=SECRET, who_does_what=[SECRET]), on)
    message.write(patient=people.maya, body=SECRET, by=people.maya.user, from_her=True, at=timezone.now())
    intake = Intake.objects.create(patient=people.maya, sent_at=timezone.now())
    IntakeAnswer.objects.create(intake=intake, question="why", value=SECRET, at=timezone.now())


def test_her_scores_goals_and_therapy_are_there(people, on):
    for back, total in ((35, 21), (0, 13)):
        add(people, said.Score(scale="phq-9", total=total, items={"item 9": 0}), on, back)
    add(people, said.Goal(words="To enjoy Ada", rank=1, now="More days"), on)
    add(people, said.Plan(therapy="Interpersonal therapy, session 4 of 12", self_care="A walk"), on)
    words = page(people)
    assert "<dd>13<small>moderate," in words
    assert "Before: 21 on" in words
    assert "Lower is better." in words
    assert "Self-harm question: 0" in words
    assert "“To enjoy Ada”" in words
    assert "More days" in words
    assert "Interpersonal therapy, session 4 of 12" in words
    assert "<title>Progress · Notes</title>" in words


def test_what_a_therapist_does_not_need_is_not_there_and_is_named(people, on):
    everything(people, on)
    words = page(people)
    assert SECRET not in words
    assert "sertraline" not in words.lower()
    assert "breastfeeding" not in words.lower()
    assert "Her medicines, orders and findings, her messages" in words
    assert "are not on this page" in words
    assert "Ask her, or her prescriber." not in page(people, "marchetti"), "she is not sent to herself"


def test_an_answer_that_was_not_given_is_not_a_no(people, on):
    add(people, said.Score(scale="phq-9", total=13), on)
    assert "Self-harm question: not answered" in page(people)


def test_nothing_known_is_said(people):
    words = page(people)
    assert "No score yet" in words
    assert "No goal is written yet." in words
    assert "Not written yet" in words
    assert "0 sessions held here" in words


def test_an_old_score_says_that_there_is_no_newer_one(people, on):
    add(people, said.Score(scale="phq-9", total=13), on, 15)
    assert "No newer score." in page(people)


def test_her_sessions_are_those_with_her_therapist(people, on):
    now = timezone.now()
    for member, back, done in ((people.therapist, 14, True), (people.therapist, 7, True), (people.marchetti, 3, True)):
        at = now - timedelta(days=back)
        Visit.objects.create(patient=people.maya, member=member, at=at, what=SECRET, done_at=at if done else None)
    Visit.objects.create(patient=people.maya, member=people.therapist, at=now + timedelta(days=2), what=SECRET)
    words = page(people)
    assert "2 sessions held here" in words
    assert "none set" not in words
    assert SECRET not in words


def test_her_list_leads_to_progress_and_never_to_a_chart(people):
    client = signed_in(people.therapist.user)
    words = client.get("/patients").content.decode()
    assert f'href="/patients/{people.maya.pk}/progress"' in words
    assert f'href="/patients/{people.maya.pk}/"' not in words
    assert client.get(f"/patients/{people.maya.pk}/progress").status_code == 200
    assert f'href="/patients/{people.maya.pk}/"' not in page(people)


@pytest.mark.parametrize("who", ["marchetti", "nurse"])
def test_those_with_the_chart_see_the_same_page_beside_it(people, on, who):
    words = page(people, who)
    assert f'href="/patients/{people.maya.pk}/"' in words
    assert "How it goes" in words


@pytest.mark.parametrize("who", ["hale", "ibarra", "desk", "admin"])
def test_nobody_else_sees_it(people, who):
    page(people, who, status=404)


def test_a_woman_she_does_not_look_after_is_not_found(people):
    page(people, "therapist", status=404, patient=people.noor)


def test_a_look_is_in_the_trail(people):
    page(people)
    assert AuditRow.objects.filter(verb="looked at progress-of", patient=people.maya).count() == 1


@pytest.mark.parametrize("count", [1, 150])
def test_it_takes_few_queries(people, on, count):
    for back in range(count):
        add(people, said.Score(scale="phq-9", total=back % 27), on, back * 7)
    for n in range(count // 10):
        look_after(people.therapist, a_patient(people.clinic, f"Woman {n}"))
    client = signed_in(people.therapist.user)
    with at_most(9):
        client.get(f"/patients/{people.maya.pk}/progress")


def test_the_scales_stand_as_on_her_chart_the_one_of_her_trial_first(people, on):
    for scale in ("epds", "phq-9"):
        add(people, said.Score(scale=scale, total=14), on, 20)
    add(people, said.Score(scale="epds", total=12), on)
    assert page(people).index("<dt>EPDS") < page(people).index("<dt>PHQ-9"), "without a trial, the one asked first"
    a_trial(people, on)
    assert page(people).index("<dt>PHQ-9") < page(people).index("<dt>EPDS")
