"""The questions before her first visit: saved as she goes, and sent once."""

from uuid import uuid4

import pytest

from althea.care.intake.proposals import proposals
from althea.care.intake.questions import asked, questions
from althea.care.models import IntakeAnswer, WorklistItem
from tests.intakes import intake, kept, maya, said
from tests.people import NOW, send, signed_in

__all__ = ["intake"]  # a fixture
pytestmark = pytest.mark.django_db


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
        ("birth", {"value": "1996-01-01"}, "1 January 1996 is before you were 10 years old. Check the year."),
        ("low-times", {"value": "900"}, "Enter a whole number, from 1 to 99, or choose one of the answers below."),
        ("low-times", {"value": "2.5"}, "Enter a whole number, from 1 to 99"),
        ("birth", {"value": "spring"}, "Enter a day, for example 2026-04-07, or choose one of the answers below."),
        ("pregnant", {"value": "perhaps"}, "Choose one of the answers."),
        ("why-now", {"value": ""}, "Write a few words, or leave this one out."),
        ("why-now", {"value": "a" * 10_001}, "That is 10,001 characters. We can keep 10,000. Shorten this a little."),
        ("low-times", {"value": "1e3"}, "Enter a number, for example 10."),
        ("confidant", {"name": "Ada", "phone": "not a number"}, "Line 1, Phone: Enter a number to call, for example 555 0123"),
        ("medicines-now", {"dose": "50 mg"}, "Line 1: fill in “Name”, or empty the line."),
        ("values", {"sleep": "first"}, "Number them 1, 2, 3. Leave out what does not matter."),
        ("values", {"sleep": "²"}, "Number them 1, 2, 3. Leave out what does not matter."),
        ("values", {"sleep": "1", "breastfeeding": "1", "sex": "2"}, "Two of them have the number 1. Give each a number of its own."),
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
    send(maya(people), "/intake/values", sleep="2", breastfeeding="1", sex="5")
    assert said(intake)["values"] == ["breastfeeding", "sleep", "sex"]


def test_a_number_stays_as_she_typed_it(people, intake):
    send(maya(people), "/intake/low-times", value=" 03 ")
    assert said(intake)["low-times"] == "03"


def test_how_long_is_kept_in_her_words(people, intake):
    send(maya(people), "/intake/medicines-before", what="sertraline", weeks="until Easter")
    assert said(intake)["medicines-before"] == [{"what": "sertraline", "weeks": "until Easter"}]
    assert "for how many weeks: until Easter" in maya(people).get("/intake").content.decode()


def test_a_follow_up_is_asked_only_where_it_fits():
    every = [one.id for one in asked({"smoking": "never"})]
    assert "cigarettes" not in every
    assert "cigarettes" in [one.id for one in asked({"smoking": "current"})]


# --- an answer, and "I don't know" beside it ---------------------------------------------------------

EITHER = [
    ("low-times", {"value": "3"}, {"value": "4"}, "3"),
    ("birth", {"value": "2026-04-07"}, {"value": "2026-04-08"}, "2026-04-07"),
    ("alcohol", {"value": "A glass\r\non Sundays"}, {"value": "None"}, "A glass\r\non Sundays"),
    ("family", {"value": ["bipolar-family-history"]}, {"value": ["sudden-cardiac-death-family"]}, ["bipolar-family-history"]),
    ("contraception", {"value": ["condoms"]}, {"value": ["copper-iud"]}, ["condoms"]),
    ("allergies", {"what": "penicillin", "reaction": ""}, {"what": "sulfa", "reaction": ""}, [{"what": "penicillin"}]),
    ("values", {"sleep": "1"}, {"sex": "1"}, ["sleep"]),
]  # fmt: skip
HOWS = {"birth": "rather-talk", "alcohol": "rather-talk", "values": "none"}
KEPT = {"values": ([], "answered")}


@pytest.mark.parametrize(("question", "sent", "other", "value"), EITHER)
def test_of_an_answer_and_i_dont_know_what_is_new_counts(people, intake, question, sent, other, value):
    client, address, how = maya(people), f"/intake/{question}", HOWS.get(question, "unknown")
    send(client, address, how=how)
    assert kept(intake, question) == KEPT.get(question, (None, how))
    send(client, address, how=how, **sent)  # the radio is still picked: it cannot be unticked
    assert kept(intake, question) == (value, "answered")
    send(client, address, how=how, **sent)  # the answer is still there, and now it is picked
    assert kept(intake, question) == KEPT.get(question, (None, how))


@pytest.mark.parametrize(("question", "sent", "other", "value"), EITHER)
def test_both_new_she_is_asked_which_and_both_are_still_there(people, intake, question, sent, other, value):
    client, address, how = maya(people), f"/intake/{question}", HOWS.get(question, "unknown")
    page = send(client, address, how=how, **sent).content.decode()
    assert "You gave an answer, and chose one of those below it as well. Keep one" in page
    assert f'name="how" value="{how}" checked' in page
    assert '<input type="radio" name="how" value=""><span>My answer above</span>' in page
    assert not intake.answers.exists()
    send(client, address, how="", **sent)
    assert kept(intake, question) == (value, "answered")
    assert "Keep one" in send(client, address, how=how, **other).content.decode()
    assert kept(intake, question) == (value, "answered")


def test_of_one_answer_among_several_i_dont_know_is_one_of_the_same_group(people, intake):
    client = maya(people)
    page = client.get("/intake/pregnant").content.decode()
    assert '<input type="radio" name="value" value="how:unknown"><span>I don&#x27;t know</span>' in page
    assert 'name="how"' not in page
    send(client, "/intake/pregnant", value="how:unknown")
    assert kept(intake, "pregnant") == (None, "unknown")
    assert 'value="how:unknown" checked' in client.get("/intake/pregnant").content.decode()
    send(client, "/intake/pregnant", value="unknown")
    assert kept(intake, "pregnant") == ("unknown", "answered")
    page = client.get("/intake/pregnant").content.decode()
    assert 'value="unknown" checked' in page
    assert 'value="how:unknown" checked' not in page
    assert "Choose one of the answers." in send(client, "/intake/breastfeeding", value="how:unknown").content.decode()


# --- none is said, and never an empty form ------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("illnesses", "Tick all that are true, or choose “None of these”."),
        ("diagnoses-before", "Tick all that are true, or choose “None of these”."),
        ("family", "Tick all that are true, or choose “None of these”."),
        ("contraception", "Tick what you use, or only “No contraception”."),
        ("allergies", "Fill in a line, or choose “No, never”."),
        ("medicines-now", "Fill in a line, or choose “I take nothing”."),
        ("medicines-before", "Fill in a line, or choose “I tried none”."),
        ("confidant", "Fill in a line, or choose “Nobody”."),
        ("values", "Number what matters, or choose “Nothing in particular”."),
        ("goals", "Fill in a line, or choose “Nothing I can name now”."),
    ],
)
def test_an_empty_next_is_not_none_and_says_what_to_choose(people, intake, question, words):
    client = maya(people)
    assert words in send(client, f"/intake/{question}").content.decode()
    assert not IntakeAnswer.objects.exists()
    if question == "contraception":
        assert words in send(client, "/intake/contraception", value=["none", "condoms"]).content.decode()
        return
    send(client, f"/intake/{question}", how="none")
    assert kept(intake, question) == ([], "answered")
    assert 'name="how" value="none" checked' in client.get(f"/intake/{question}").content.decode()
    assert words.rpartition("“")[2].removesuffix("”.") in client.get("/intake").content.decode()
    assert proposals(questions()[question], [], NOW.date(), "answered") == []


# --- a scale, one item a screen ---------------------------------------------------------------------


def test_a_scale_is_asked_item_by_item_and_each_answer_is_kept(people, intake):
    client = maya(people)
    assert client.get("/intake/phq-9")["Location"] == "/intake/phq-9-1"
    page = client.get("/intake/phq-9-1").content.decode()
    assert "Little interest or pleasure in doing things" in page
    assert "Feeling tired" not in page
    assert "Save and finish later" in page
    assert send(client, "/intake/phq-9-1", value="2")["Location"] == "/intake/phq-9-2"
    assert send(client, "/intake/phq-9-2", value="1")["Location"] == "/intake/phq-9-3"
    assert said(intake)["phq-9"] == {"item 1": 2, "item 2": 1}
    assert client.get("/intake/phq-9")["Location"] == "/intake/phq-9-3"
    assert "2 of 9 answered" in client.get("/intake").content.decode()


def test_an_item_left_out_is_not_answered_and_gives_no_total(people, intake):
    client = maya(people)
    assert client.get("/intake/phq-9-1?next=1")["Location"] == "/intake/phq-9-2"
    for number in range(2, 10):
        send(client, f"/intake/phq-9-{number}", value="0")
    assert "item 1" not in said(intake)["phq-9"]
    send(client, "/intake")
    page = signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/assessment").content.decode()
    assert "incomplete, no total" in page


@pytest.mark.parametrize("value", ["", "4", "-1", "two", "1.5"])
def test_what_is_no_answer_to_an_item_is_refused_in_words(people, intake, value):
    page = send(maya(people), "/intake/phq-9-1", value=value)
    assert page.status_code == 200
    assert "Choose one of the answers, or leave this one out." in page.content.decode()
    assert not IntakeAnswer.objects.exists()


def test_self_harm_opens_the_help_page_in_the_same_request_and_tells_her_team(people, intake):
    assert send(maya(people), "/intake/phq-9-9", value="1")["Location"] == "/help?from=/intake/phq-9-9"
    item = WorklistItem.objects.get()
    assert (item.group, item.why) == ("cannot-wait", "Self-harm question: “several days”. She saw the help page.")
    assert said(intake)["phq-9"]["item 9"] == 1


def test_picked_by_mistake_she_changes_it_and_the_item_says_so(people, intake):
    client = maya(people)
    send(client, "/intake/phq-9-9", value="1")
    page = client.get("/help?from=/intake/phq-9-9").content.decode()
    assert '<a href="/intake/phq-9-9">I picked that by mistake. Change my answer</a>' in page
    assert '<a href="/intake/phq-9-9?next=1">Go on with my questions</a>' in page
    assert "We have told your care team." in page
    assert send(client, "/intake/phq-9-9", value="0")["Location"] == "/intake/gad-7-1"
    item = WorklistItem.objects.get()
    assert item.closed_at is None
    assert item.why.endswith("Later changed to “not at all”.")


def test_when_it_cannot_be_saved_she_gets_the_numbers_and_is_told_so(people, intake, monkeypatch):
    from django.db import OperationalError

    from althea.care.actions import intake as acting

    client = maya(people)
    monkeypatch.setattr(acting, "answer_item", lambda **named: (_ for _ in ()).throw(OperationalError("full")))
    assert send(client, "/intake/phq-9-9", value="1")["Location"] == "/help?not-saved=1"
    assert "Your text is still here." in send(client, "/intake/phq-9-3", value="1").content.decode()


def test_self_harm_after_she_sent_it_all_still_opens_the_numbers(people, intake):
    client = maya(people)
    send(client, "/intake/phq-9-1", value="0")
    send(client, "/intake")
    assert send(client, "/intake/phq-9-9", value="2")["Location"] == "/help?not-saved=1"


def test_two_tabs_lose_nothing_of_a_scale(people, intake):
    one, other = maya(people), maya(people)
    one.get("/intake/phq-9-1")
    other.get("/intake/phq-9-2")
    send(other, "/intake/phq-9-2", value="3")
    send(one, "/intake/phq-9-1", value="1")
    assert said(intake)["phq-9"] == {"item 1": 1, "item 2": 3}


def test_whom_she_would_call_is_on_her_help_page(people, intake):
    client = maya(people)
    send(client, "/intake/confidant", name="Aunt Ada", phone="555 0123")
    page = client.get("/help").content.decode()
    assert '<a class="btn" href="tel:555 0123">' in page
    assert "Call Aunt Ada" in page
    send(client, "/intake/confidant", name="A" * 101, phone="555 0123")
    assert "Call Aunt Ada" in client.get("/help").content.decode()


def test_how_far_she_is_is_said(people, intake):
    client = maya(people)
    send(client, "/intake/why-now", value="I cannot sleep.")
    page = client.get("/intake").content.decode()
    assert "1 of " in page
    assert "screens done. All of it is saved." in page
    assert "Question 2 of " in client.get("/intake/coping").content.decode()


def test_a_past_trial_another_and_one_taken_out(people, intake):
    client = maya(people)
    there = send(client, "/intake/medicines-before", what="sertraline", weeks="8", then="another")
    assert there["Location"] == "/intake/medicines-before"
    page = client.get("/intake/medicines-before").content.decode()
    assert 'value="sertraline"' in page
    assert "Line 2" in page
    client.post(
        "/intake/medicines-before", {"key": str(uuid4()), "what": ["sertraline", "mirtazapine"], "weeks": ["8", ""]}
    )
    assert [row["what"] for row in said(intake)["medicines-before"]] == ["sertraline", "mirtazapine"]
    client.post("/intake/medicines-before", {"key": str(uuid4()), "what": ["", "mirtazapine"], "weeks": ["", ""]})
    assert said(intake)["medicines-before"] == [{"what": "mirtazapine"}]


def test_sent_once_and_closed(people, intake):
    client = maya(people)
    send(client, "/intake/why-now", value="I cannot sleep.")
    assert send(client, "/intake")["Location"] == "/intake"
    assert WorklistItem.objects.get().why == "She sent her answers before the first visit."
    assert "You sent this already" in send(client, "/intake").content.decode()
    assert "You sent this already" in send(client, "/intake/why-now", value="x").content.decode()
    assert IntakeAnswer.objects.count() == 1
    assert "What you told us" in client.get("/intake").content.decode()


def test_after_sending_an_answers_address_shows_no_form_that_would_refuse_her(people, intake):
    client = maya(people)
    send(client, "/intake/why-now", value="I cannot sleep.")
    send(client, "/intake")
    for address in ("/intake/why-now", "/intake/phq-9", "/intake/allergies"):
        page = client.get(address).content.decode()
        assert "You sent this already" in page
        assert "See what I sent" in page
        assert "Save and finish later" not in page
