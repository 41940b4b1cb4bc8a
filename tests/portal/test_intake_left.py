"""What she leaves out, and what she leaves for later: nothing is lost, and nothing is taken for an answer."""

import re

import pytest

from althea.care.intake.questions import asked
from althea.care.models import IntakeAnswer, WorklistItem
from tests.intakes import intake, kept, maya, said
from tests.people import send, signed_in

__all__ = ["intake"]  # a fixture
pytestmark = pytest.mark.django_db


# --- left out -------------------------------------------------------------------------------------


def test_every_question_can_be_left_out_and_stays_behind_her(people, intake):
    client = maya(people)
    for _ in range(100):
        there = re.search(r'href="/intake/([a-z0-9-]+)">(Begin|Go on)', client.get("/intake").content.decode())
        if there is None:
            break
        assert "Leave this one out" in client.get(f"/intake/{there[1]}").content.decode()
        send(client, f"/intake/{there[1]}", then="left-out")
    page = client.get("/intake").content.decode()
    assert "Go on where I was" not in page
    assert page.count("Left out") == len(asked({})) - 2, "all but the two scales, whose items are no answers"
    assert set(IntakeAnswer.objects.values_list("value", "said")) == {(None, "left-out")}


def test_what_was_left_out_proposes_nothing_is_said_to_the_prescriber_and_can_be_answered(people, intake):
    client = maya(people)
    assert send(client, "/intake/illnesses", then="left-out")["Location"] == "/intake/diagnoses-before"
    desk = signed_in(people.marchetti.user)
    page = desk.get(f"/patients/{people.maya.pk}/assessment").content.decode()
    assert "Left out" in page
    assert "Add to record" not in page
    send(client, "/intake/illnesses", value=["hypertension"])
    assert kept(intake, "illnesses") == (["hypertension"], "answered")
    assert "Left out" not in client.get("/intake").content.decode()


def test_an_item_left_out_does_not_hold_her_and_is_answered_later(people, intake):
    client = maya(people)
    assert send(client, "/intake/phq-9-1", then="left-out")["Location"] == "/intake/phq-9-2"
    assert client.get("/intake/phq-9")["Location"] == "/intake/phq-9-2"
    send(client, "/intake/phq-9-2", value="1")
    assert said(intake)["phq-9"] == {"item 2": 1}
    send(client, "/intake/phq-9-1", value="2")
    assert said(intake)["phq-9"] == {"item 1": 2, "item 2": 1}


# --- save and finish later ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "sent", "value"),
    [
        ("why-now", {"value": "I cannot sl"}, "I cannot sl"),
        ("illnesses", {"value": ["hypertension"]}, ["hypertension"]),
        ("medicines-now", {"what": "sertraline", "dose": ""}, [{"what": "sertraline"}]),
        ("breastfeeding", {"value": "how:rather-talk"}, None),
        ("phq-9-3", {"value": "2"}, {"item 3": 2}),
    ],
)
def test_save_and_finish_later_saves_what_is_there(people, intake, address, sent, value):
    assert send(maya(people), f"/intake/{address}", then="later", **sent)["Location"] == "/intake"
    assert IntakeAnswer.objects.get().value == value


@pytest.mark.parametrize(
    "address", ["why-now", "illnesses", "medicines-now", "breastfeeding", "birth", "phq-9-9", "values"]
)
def test_with_nothing_there_it_just_goes(people, intake, address):
    sent = {"what": ["", ""], "dose": ["", ""], "value": ""} if address == "medicines-now" else {}
    assert send(maya(people), f"/intake/{address}", then="later", **sent)["Location"] == "/intake"
    assert not IntakeAnswer.objects.exists()


def test_what_cannot_be_kept_stays_in_the_form_with_a_way_to_leave_it(people, intake):
    page = send(maya(people), "/intake/medicines-now", then="later", what="", dose="50 mg").content.decode()
    assert "Line 1: fill in “Name”, or empty the line." in page
    assert 'value="50 mg"' in page
    assert '<a class="btn quiet wide" href="/intake">Leave without saving this one</a>' in page
    assert "Leave without saving" not in maya(people).get("/intake/medicines-now").content.decode()


def test_a_word_on_self_harm_saved_for_later_opens_the_help_page_in_the_same_request(people, intake):
    there = send(maya(people), "/intake/phq-9-9", value="1", then="later")["Location"]
    assert there == "/help?from=/intake/phq-9-9"
    assert WorklistItem.objects.get().group == "cannot-wait"
    assert said(intake)["phq-9"]["item 9"] == 1


def test_saved_for_later_with_the_database_gone_she_gets_the_numbers_too(people, intake, monkeypatch):
    from django.db import OperationalError

    from althea.care.actions import intake as acting

    monkeypatch.setattr(acting, "answer_item", lambda **named: (_ for _ in ()).throw(OperationalError("full")))
    assert send(maya(people), "/intake/phq-9-9", value="1", then="later")["Location"] == "/help?not-saved=1"
