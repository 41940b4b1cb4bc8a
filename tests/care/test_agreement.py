"""Her agreement: to a text made of what was decided, once, and taken back whenever she wants."""

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import decide
from althea.care.known import knowledge
from althea.care.models import Entry, Message, Outgoing
from tests.care.choosing import agreed, decided, items, maya, shared

__all__ = ["maya"]  # a fixture
pytestmark = pytest.mark.django_db


def test_she_agrees_to_a_text_made_of_what_was_decided(maya):
    one = shared(maya)
    decision = decided(maya, one)
    entry = agreed(maya, decision)
    body = said.Consent(**entry.body)
    lines = body.text.split("\n")
    assert lines[0] == "You decided on sertraline, for low mood after birth."
    assert "What it is: A medicine for low mood and worry. It is taken once a day." in lines
    assert "You talked about: benefits and side effects; other options, and none." in lines
    assert "knowledge" not in body.text, "the version is kept with her decision; to her it says nothing"
    assert said.Decision(**decision.body).knowledge == str(knowledge().stamp)
    assert entry.origin == "hers"


def test_the_text_says_nothing_of_tablets_because_the_order_may_say_otherwise(maya):
    text = decide.consent_text(decided(maya, shared(maya)), shared(maya))
    assert "tablet" not in text
    assert "How much you take and when: that is in the order, which comes after this." in text


def test_agreed_twice_is_agreed_once(maya):
    decision = decided(maya, shared(maya))
    assert agreed(maya, decision) == agreed(maya, decision)


def test_what_was_not_talked_over_is_not_claimed(maya):
    decision = decided(maya, shared(maya), talked_over=())
    assert "What you talked about was not written down." in decide.consent_text(decision, None)


def test_a_text_that_changed_is_not_agreed_to(maya):
    decision = decided(maya, shared(maya))
    with pytest.raises(decide.NotNow, match="The text changed"):
        decide.consent(decision=decision, text="Another text", shown=decide.text_digest("A text"), how="on her phone",
                       by=maya.maya.user, at=timezone.now())  # fmt: skip


def test_a_decision_that_was_changed_is_not_agreed_to(maya):
    one = shared(maya)
    first = decided(maya, one)
    one.refresh_from_db()
    decided(maya, one, "no-medicine", instead=first)
    with pytest.raises(decide.NotNow, match="This decision was changed meanwhile"):
        agreed(maya, first)


def test_not_yet_and_a_question_are_seen_and_press_nobody(maya):
    decision = decided(maya, shared(maya))
    decide.not_yet(decision=decision, question="", by=maya.maya.user, at=timezone.now())
    (item,) = items(maya, "consent:")
    assert item.why == "She does not want to agree yet."
    decide.not_yet(decision=decision, question="Can I stop?", by=maya.maya.user, at=timezone.now())
    assert Message.objects.get().body == "Can I stop?"
    (item,) = items(maya, "consent:")
    assert item.why == "She has a question before she agrees."
    agreed(maya, decision)
    assert items(maya, "consent:") == []


def test_taken_back_it_counts_at_once_and_her_team_is_told(maya):
    decision = decided(maya, shared(maya))
    decide.take_back(agreed=agreed(maya, decision), by=maya.maya.user, at=timezone.now())
    assert decide.consent_to(decision) is None
    (item,) = items(maya, "consent:")
    assert (item.level, item.why) == ("warning", "She took back her agreement.")
    assert Outgoing.objects.filter(kind="staff").count() == 2  # her prescriber and the nurse, not her therapist
    assert Entry.objects.filter(kind="consent").count() == 2
