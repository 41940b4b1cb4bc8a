"""Whether she ever tried to end her life is asked by itself, and a yes takes the way of any answer on self-harm."""

import pytest
from django.db import OperationalError, connection

from althea.care.actions import intake as answering
from althea.care.intake.proposals import proposals
from althea.care.intake.questions import questions
from althea.care.models import Entry, Intake, IntakeAnswer, Outgoing, WorklistItem
from althea.portal.questions import needs_help
from tests.intakes import intake, kept, maya
from tests.people import NOW, send, signed_in

__all__ = ["intake"]  # a fixture
pytestmark = pytest.mark.django_db
HERE = "/intake/ever-tried"


def notices():
    return Outgoing.objects.filter(kind="staff").count()


def assessment(people):
    return signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/assessment").content.decode()


def test_it_is_no_tick_in_a_list_of_diagnoses_and_says_why_it_is_asked(people, intake):
    assert "suicide-attempt" not in dict(questions()["diagnoses-before"].options)
    page = maya(people).get(HERE).content.decode()
    assert "Have you ever tried to end your life?" in page
    assert "We ask everyone, and nobody here will think less of you." in page
    for words in ("Yes, in the last three months", "Yes, longer ago", "No", "I&#x27;d rather talk about it"):
        assert f"<span>{words}</span>" in page


def test_with_the_network_gone_a_yes_shows_the_numbers_on_the_page_itself(people, intake):
    client = maya(people)
    assert 'id="unsent" role="alert" hidden data-harm="recently earlier">' in client.get(HERE).content.decode()
    assert 'id="unsent" role="alert" hidden data-line="1">' in client.get("/intake/phq-9-9").content.decode()
    assert 'id="unsent" role="alert" hidden>' in client.get("/intake/why-now").content.decode()


@pytest.mark.parametrize(
    ("value", "words"), [("recently", "Yes, in the last three months"), ("earlier", "Yes, longer ago")]
)
def test_a_yes_opens_the_help_page_in_the_same_request_and_cannot_wait_for_her_team(people, intake, value, words):
    assert send(maya(people), HERE, value=value)["Location"] == f"/help?from={HERE}"
    item = WorklistItem.objects.get()
    assert (item.group, item.level, item.action) == ("cannot-wait", "critical", "Call Maya")
    assert item.why == f"“Have you ever tried to end your life?” “{words}”. She saw the help page."
    assert notices() == 2  # her prescriber and her nurse
    assert kept(intake, "ever-tried") == (value, "answered")


def test_saved_for_later_it_opens_the_help_page_as_well_and_she_goes_on_from_there(people, intake):
    client = maya(people)
    assert send(client, HERE, value="earlier", then="later")["Location"] == f"/help?from={HERE}"
    page = client.get(f"/help?from={HERE}").content.decode()
    assert "Thank you for telling us" in page
    assert f'href="{HERE}?next=1"' in page
    assert client.get(f"{HERE}?next=1")["Location"] == "/intake/illnesses"


def test_it_stands_first_for_her_prescriber_who_may_add_it_and_at_the_head_of_her_chart(people, intake):
    send(maya(people), HERE, value="recently")
    page = assessment(people)
    first = page.split(">Look at these first</h2>")[1].split("</section>")[0]
    assert "</svg>Suicide attempt</span>" in first
    assert "<strong>Yes, in the last three months</strong>" in first
    assert "Suicide attempt, now or before, told by her, to be confirmed" in first
    assert "suicide attempt" not in page.split("Not answered")[1].split("</p>")[0]
    answer = IntakeAnswer.objects.get()
    where = f"/patients/{people.maya.pk}/assessment/settle"
    send(signed_in(people.marchetti.user), where, answer=str(answer.pk), part="suicide-attempt")
    body = Entry.objects.get(kind="condition").body
    assert (body["code"], body["certainty"]) == ("Z91.51", "provisional")
    chart = signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/").content.decode()
    assert "Yes, in the last three months”. She saw the help page." in chart
    assert "Read her answers" in chart


@pytest.mark.parametrize("value", ["no", None])
def test_a_no_and_a_talk_propose_nothing(value):
    assert proposals(questions()["ever-tried"], value, NOW.date(), "answered") == []


def test_a_no_puts_nothing_before_anybody(people, intake):
    assert send(maya(people), HERE, value="no")["Location"] == "/intake/illnesses"
    assert not WorklistItem.objects.exists()
    assert notices() == 0


def test_that_she_would_rather_talk_is_told_to_her_team_at_once_and_is_not_a_no(people, intake):
    assert send(maya(people), HERE, value="how:rather-talk")["Location"] == "/intake/illnesses"
    item = WorklistItem.objects.get()
    assert item.why == "“Have you ever tried to end your life?” She would rather talk about it."
    assert (item.group, item.level, item.action) == ("cannot-wait", "warning", "Call Maya")
    assert notices() == 2


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ("no", "Later changed to “No”."),
        ("how:rather-talk", "Later changed to “I'd rather talk about it”."),
        ("earlier", "Later changed to “Yes, longer ago”."),
    ],
)
def test_a_yes_that_she_takes_back_stays_before_her_team_with_what_she_said_after(people, intake, then, words):
    client = maya(people)
    send(client, HERE, value="recently")
    send(client, HERE, value=then)
    item = WorklistItem.objects.get()
    assert item.closed_at is None
    assert item.why.startswith("“Have you ever tried to end your life?” “Yes, in the last three months”.")
    assert item.why.endswith(words)
    assert notices() == 2


def test_that_it_was_lately_after_all_is_told_again(people, intake):
    client = maya(people)
    send(client, HERE, value="earlier")
    send(client, HERE, value="recently")
    assert "Yes, in the last three months" in WorklistItem.objects.get().why
    assert notices() == 4


def test_beside_the_item_of_a_scale_both_are_told(people, intake):
    client = maya(people)
    send(client, "/intake/phq-9-9", value="1")
    send(client, HERE, value="earlier")
    assert {item.why for item in WorklistItem.objects.all()} == {
        "Self-harm question: “several days”. She saw the help page.",
        "“Have you ever tried to end your life?” “Yes, longer ago”. She saw the help page.",
    }


def test_after_she_sent_it_all_a_yes_still_opens_the_numbers(people, intake):
    answering.submit(intake=Intake.objects.get(), by=people.maya.user, at=NOW)
    assert send(maya(people), HERE, value="earlier")["Location"] == "/help?not-saved=1"


def test_when_it_cannot_be_saved_she_gets_the_numbers_and_is_told_so(people, intake):
    client = maya(people)
    client.raise_request_exception = False

    def stopped(execute, sql, params, many, context):
        raise OperationalError("the database is stopped")

    with connection.execute_wrapper(stopped):
        assert send(client, HERE, value="recently")["Location"] == "/help?not-saved=1"
    assert needs_help(HERE, {"value": "earlier"})
    assert not needs_help(HERE, {"value": "no"})
    assert not needs_help(HERE, {"value": "how:rather-talk"})
    assert not needs_help("/intake/why-now", {"value": "recently"})


def test_what_she_writes_herself_stands_at_the_top_for_a_person_to_read(people, intake):
    """No machine reads it for her: it stands before all that may wait, whatever question it answers."""
    client = maya(people)
    send(client, "/intake/illnesses", value=["hypertension"])
    send(client, "/intake/illness-words", value="I want to be dead most nights")
    send(client, "/intake/support", value="My sister")
    send(client, "/intake/alcohol", how="rather-talk")
    page = assessment(people)
    titles = [part.split("</h2>")[0].split(">")[-1] for part in page.split('<h2 id="s-')[1:]]
    assert titles == ["In her words", "Her health", "Smoking, drinking and other things"]
    hers = page.split(">In her words</h2>")[1].split("</section>")[0]
    assert '<blockquote class="voice sm" dir="auto">I want to be dead most nights</blockquote>' in hers
    assert "My sister" in hers
    assert "rather talk" not in hers
    assert page.count("I want to be dead most nights") == 1
