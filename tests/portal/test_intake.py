"""The questions before her first visit: saved as she goes, sent once, and in the record only by a person's click."""

import pytest
from django.utils import timezone

from althea.care.intake.questions import asked, questions
from althea.care.models import Entry, Intake, IntakeAnswer, IntakeSettled, WorklistItem
from tests.counting import at_most
from tests.people import send, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def intake(people):
    return Intake.objects.create(patient=people.maya, sent_at=timezone.now())


def maya(people):
    return signed_in(people.maya.user)


def said(intake):
    return {row.question: row.value for row in intake.answers.order_by("at")}


def test_she_begins_at_the_first_question_and_comes_back_where_she_was(people, intake):
    client = maya(people)
    assert '<a class="btn primary big wide" href="/intake/why-now">' in client.get("/intake").content.decode()
    assert send(client, "/intake/why-now", value="I cannot sleep.")["Location"] == "/intake/coping"
    later = maya(people).get("/intake").content.decode()
    assert "Go on where I was" in later
    assert 'href="/intake/coping">Go on' in later.replace("\n", "")
    assert "I cannot sleep." in maya(people).get("/intake/why-now").content.decode()


def test_unknown_and_rather_talk_are_answers_and_not_no(people, intake):
    client = maya(people)
    send(client, "/intake/pregnant", how="unknown")
    send(client, "/intake/breastfeeding", how="rather-talk")
    rows = {row.question: (row.value, row.said) for row in IntakeAnswer.objects.all()}
    assert rows == {"pregnant": (None, "unknown"), "breastfeeding": (None, "rather-talk")}
    page = signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/assessment").content.decode()
    assert "I don&#x27;t know" in page
    assert "I&#x27;d rather talk about it" in page
    assert "Add to record" not in page


@pytest.mark.parametrize(
    ("question", "sent", "words"),
    [
        ("birth", {"value": "2999-01-01"}, "1 January 2999 is after today. Enter the day it happened."),
        ("birth", {"value": "1950-01-01"}, "1 January 1950 is before you were born. Check the year."),
        ("birth", {"value": "spring"}, "Enter a day, for example 2026-04-07, or choose one of the answers below."),
        ("pregnant", {"value": "perhaps"}, "Choose one of the answers."),
        ("why-now", {"value": ""}, "Write a few words, or go on to the next question."),
        ("why-now", {"value": "a" * 10_001}, "That is 10,001 characters. We can keep 10,000. Shorten this a little."),
        ("medicines-before", {"what": "sertraline", "weeks": "many"}, "Line 1, For how many weeks: Enter a number, for example 10."),
        ("medicines-now", {"dose": "50 mg"}, "Line 1: fill in “Name”, or empty the line."),
        ("values", {"sleep": "first"}, "Number them 1, 2, 3. Leave out what does not matter."),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_said_and_still_there(people, intake, question, sent, words):
    page = send(maya(people), f"/intake/{question}", **sent)
    assert page.status_code == 200
    assert words in page.content.decode()
    assert not IntakeAnswer.objects.exists()


def test_past_trials_are_kept_as_rows(people, intake):
    client = maya(people)
    send(client, "/intake/medicines-before", what=["escitalopram", "Zoloft"], dose=["20 mg", ""], weeks=["60", ""],
         result=["partly", ""], stopped=["Felt flat", ""], until=["", ""])  # fmt: skip
    assert said(intake)["medicines-before"] == [
        {"what": "escitalopram", "dose": "20 mg", "weeks": "60", "result": "partly", "stopped": "Felt flat"},
        {"what": "Zoloft"},
    ]


def test_her_values_stand_in_her_order(people, intake):
    send(maya(people), "/intake/values", sleep="1", breastfeeding="1", sex="2")
    assert said(intake)["values"] == ["breastfeeding", "sleep", "sex"]


def test_a_follow_up_is_asked_only_where_it_fits():
    every = [one.id for one in asked({"smoking": "never"})]
    assert "cigarettes" not in every
    assert "cigarettes" in [one.id for one in asked({"smoking": "current"})]


def test_self_harm_in_the_first_questions_opens_the_help_page_too(people, intake):
    answers = {item.id: 1 for item in __import__("althea.care.known", fromlist=["x"]).knowledge().scales["phq-9"].items}
    assert send(maya(people), "/intake/phq-9", **answers)["Location"] == "/help?from=intake"
    assert WorklistItem.objects.get().group == "cannot-wait"
    assert said(intake)["phq-9"]["item 9"] == 1


def test_sent_once_and_closed(people, intake):
    client = maya(people)
    send(client, "/intake/why-now", value="I cannot sleep.")
    assert send(client, "/intake")["Location"] == "/intake"
    assert WorklistItem.objects.get().why == "She sent her answers before the first visit."
    assert "You sent this already." in send(client, "/intake").content.decode()
    assert "You sent this already." in send(client, "/intake/why-now", value="x").content.decode()
    assert IntakeAnswer.objects.count() == 1


# --- the review -----------------------------------------------------------------------------------


def told(people, intake):
    client = maya(people)
    send(
        client,
        "/intake/medicines-before",
        what="escitalopram",
        dose="20 mg",
        weeks="60",
        result="partly",
        stopped="Flat",
    )
    send(client, "/intake/breastfeeding", value="yes")
    send(client, "/intake/illnesses", value=["hypertension"])
    send(client, "/intake")


def test_one_click_makes_a_past_trial_data(people, intake):
    told(people, intake)
    client = signed_in(people.marchetti.user)
    page = client.get(f"/patients/{people.maya.pk}/assessment").content.decode()
    assert "Took escitalopram, up to 20 mg a day, for 60 weeks, partly" in page
    answer = IntakeAnswer.objects.get(question="medicines-before")
    address = f"/patients/{people.maya.pk}/assessment/settle"
    send(client, address, answer=str(answer.pk), part="0")
    send(client, address, answer=str(answer.pk), part="0")
    row = Entry.objects.get(kind="medicine")
    assert (row.origin, row.body["medicine"], row.body["reached"], row.body["result"]) == (
        "hers",
        "escitalopram",
        "20 mg",
        "partly",
    )
    assert IntakeSettled.objects.count() == 1
    assert "In her record" in client.get(f"/patients/{people.maya.pk}/assessment").content.decode()


def test_an_illness_told_is_provisional_until_confirmed(people, intake):
    told(people, intake)
    answer = IntakeAnswer.objects.get(question="illnesses")
    send(
        signed_in(people.marchetti.user),
        f"/patients/{people.maya.pk}/assessment/settle",
        answer=str(answer.pk),
        part="hypertension",
    )
    assert Entry.objects.get(kind="condition").body["certainty"] == "provisional"


def test_set_aside_is_seen_and_not_recorded(people, intake):
    told(people, intake)
    answer = IntakeAnswer.objects.get(question="breastfeeding")
    send(
        signed_in(people.nurse.user),
        f"/patients/{people.maya.pk}/assessment/settle",
        answer=str(answer.pk),
        part="",
        how="aside",
    )
    assert not Entry.objects.exists()
    assert IntakeSettled.objects.get().why_not == "Not for the record"


def test_an_answer_of_another_woman_cannot_be_settled_here(people, intake):
    told(people, intake)
    answer = IntakeAnswer.objects.get(question="breastfeeding")
    page = send(
        signed_in(people.hale.user), f"/patients/{people.noor.pk}/assessment/settle", answer=str(answer.pk), part=""
    )
    assert page.status_code == 404
    assert not Entry.objects.exists()


def test_gone_through_makes_absence_mean_absence(people, intake):
    told(people, intake)
    client = signed_in(people.marchetti.user)
    send(client, f"/patients/{people.maya.pk}/assessment/through", topic="allergies")
    assert "No known allergies" in client.get(f"/patients/{people.maya.pk}/").content.decode()
    send(client, f"/patients/{people.maya.pk}/assessment/through")
    intake.refresh_from_db()
    assert intake.state == "reviewed"
    assert not WorklistItem.objects.filter(closed_at__isnull=True, reason__startswith="intake").exists()


def test_every_question_opens_and_takes_few_queries(people, intake):
    client = maya(people)
    for key in questions():
        with at_most(8):
            assert client.get(f"/intake/{key}").status_code == 200
