"""What she answered before her first visit is not said to be "not asked" while nobody has looked it over."""

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import intake as answering
from althea.care.actions import record
from althea.care.days import today
from althea.care.models import IntakeAnswer
from althea.look.words import day
from tests.clinic.reviewing import a_trial
from tests.counting import at_most
from tests.intakes import intake
from tests.people import NOW, send, signed_in

__all__ = ["intake"]  # a fixture
pytestmark = pytest.mark.django_db


def waits(people):
    """As the chart says it today, with the year where that is another."""
    return f"told {day(NOW.date(), today(people.maya, timezone.now()))}, not yet reviewed"


def answered(intake, question, value=None, said="answered"):
    return IntakeAnswer.objects.create(intake=intake, question=question, value=value, said=said, at=NOW)


def chart(people):
    return signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/").content.decode()


def harm(words):
    return words.split("<dt>Self-harm question</dt><dd>")[1].split("</dd>")[0]


@pytest.mark.parametrize(
    ("question", "value", "how"),
    [
        ("allergies", [{"what": "penicillin"}], "answered"),
        ("allergies", [], "answered"),
        ("allergies", None, "unknown"),
    ],
)
def test_allergies_she_told_of_wait_with_their_day(people, intake, question, value, how):
    assert "Allergies not asked" in chart(people)
    answered(intake, question, value, how)
    words = chart(people)
    assert f"Allergies {waits(people)}" in words
    assert "Allergies not asked" not in words
    assert "that nobody has looked over yet" in words
    assert f'<a href="/patients/{people.maya.pk}/assessment">Read her answers</a>' in words


def test_her_life_stage_waits_with_its_day(people, intake):
    answered(intake, "breastfeeding", "yes")
    words = chart(people)
    assert f"Life stage {waits(people)}" in words
    assert "Life stage not asked" not in words
    assert "Allergies not asked" in words


def test_the_question_on_self_harm_waits_with_its_day_and_only_where_she_answered_it(people, intake):
    answered(intake, "phq-9", {"item 1": 2})
    assert harm(chart(people)) == "Not asked"
    answered(intake, "phq-9", {"item 1": 2, "item 9": 0})
    assert harm(chart(people)) == waits(people)[0].upper() + waits(people)[1:]


def test_what_she_left_out_was_not_told(people, intake):
    answered(intake, "allergies", None, "left-out")
    assert "Allergies not asked" in chart(people)
    assert "nobody has looked over" not in chart(people)


def test_beside_what_the_record_holds_as_not_known_her_answer_waits_too(people, intake):
    body = said.LifeStage(topic="pregnancy", value="unknown")
    record.add(patient=people.maya, body=body, on=today(people.maya, timezone.now()), origin="hers", by=people.maya.user,
               at=timezone.now())  # fmt: skip
    assert "Life stage not known" in chart(people)
    answered(intake, "breastfeeding", "yes")
    assert f"Life stage {waits(people)}" in chart(people)


def test_once_settled_or_reviewed_it_waits_no_more(people, intake):
    answer = answered(intake, "allergies", [{"what": "penicillin"}])
    where = f"/patients/{people.maya.pk}/assessment/settle"
    send(signed_in(people.marchetti.user), where, answer=str(answer.pk), part="0", how="aside", why="A stomach ache")
    assert "Allergies not asked" in chart(people)
    answered(intake, "breastfeeding", "yes")
    answering.submit(intake=intake, by=people.maya.user, at=NOW)
    assert f"Life stage {waits(people)}" in chart(people)
    answering.reviewed(intake=intake, by=people.marchetti.user, at=NOW)
    assert "Life stage not asked" in chart(people)


def test_with_a_trial_under_way_a_sent_intake_still_waits(people, intake):
    a_trial(people, today(people.maya, timezone.now()))
    answered(intake, "allergies", [{"what": "penicillin"}])
    answering.submit(intake=intake, by=people.maya.user, at=NOW)
    assert f"Allergies {waits(people)}" in chart(people)


def test_the_chart_of_a_new_woman_takes_few_queries(people, intake):
    for question, value in (("allergies", []), ("breastfeeding", "yes"), ("phq-9", {"item 9": 1})):
        answered(intake, question, value)
    chart(people)
    client = signed_in(people.marchetti.user)
    with at_most(12):
        client.get(f"/patients/{people.maya.pk}/")
