"""The same words to the women of a cell: to each by herself, and of self-harm a call before a message."""

import pytest

from althea.care.models import AuditRow, Message, Outgoing
from althea.clinic.panel import key_of
from tests.clinic.sweeping import RULE, found, on_valproate, page
from tests.people import a_patient, a_user, look_after, send, signed_in

pytestmark = pytest.mark.django_db
__all__ = ["on_valproate"]  # a fixture


def write(people, who="marchetti", **sent):
    client = signed_in(getattr(people, who).user)
    return send(client, "/safety/write", **({"finding": key_of(RULE), "stage": ""} | sent))


def test_the_cell_offers_to_write_to_everybody_in_it(people, on_valproate):
    assert f'href="/safety/write?finding={key_of(RULE)}">Message her</a>' in page(people)
    words = signed_in(people.marchetti.user).get(f"/safety/write?finding={key_of(RULE)}").content.decode()
    assert f'value="{people.maya.pk}" checked' in words
    assert "The words are those the rule has for her. Make them yours." in words


def test_each_gets_a_message_of_her_own_and_a_notice_that_says_nothing(people, on_valproate):
    her = a_patient(people.clinic, "Inês Duarte", user=a_user("Inês Duarte", "ines@example.org"))
    look_after(people.marchetti, her)
    found(on_valproate, her)
    both = [str(people.maya.pk), str(her.pk)]
    answer = write(people, to=both, body="Please call us about your next order.")
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"?finding={key_of(RULE)}#women")
    assert {one.patient: one.body for one in Message.objects.all()} == dict.fromkeys(
        (people.maya, her), "Please call us about your next order."
    )
    assert Outgoing.objects.filter(kind="message").count() == 2
    assert AuditRow.objects.filter(verb="wrote message").count() == 2
    words = signed_in(people.marchetti.user).get(f"/safety/write?finding={key_of(RULE)}").content.decode()
    assert "checked" not in words, "who was written to is not ticked again"
    assert "Message sent." in words


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"to": [], "body": "x"}, "Tick at least one woman."),
        ({"to": ["maya"], "body": "  "}, "Write a few words first."),
        ({"to": ["maya", "noor"], "body": "x"}, "Somebody you ticked is no longer in this list. Nothing was sent."),
        ({"to": ["maya", "nonsense"], "body": "x"}, "Somebody you ticked is no longer in this list. Nothing was sent."),
        ({"to": ["maya"], "body": "x" * 10_001}, "at most 10000 characters"),
    ],
)
def test_what_cannot_be_sent_sends_nothing_and_keeps_what_was_typed(people, on_valproate, sent, words):
    keys = {"maya": people.maya.pk, "noor": people.noor.pk}
    answer = write(people, **(sent | {"to": [str(keys.get(one, one)) for one in sent["to"]]}))
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Message.objects.exists()
    if sent["body"].strip():
        assert sent["body"] in answer.content.decode()


def test_who_has_never_signed_in_is_named_and_not_written_to(people, on_valproate):
    her = a_patient(people.clinic, "Aino Virtanen")
    look_after(people.marchetti, her)
    found(on_valproate, her)
    words = signed_in(people.marchetti.user).get(f"/safety/write?finding={key_of(RULE)}").content.decode()
    assert "They have not signed in. Call them." in words
    assert "Somebody you ticked is no longer" in write(people, to=[str(her.pk)], body="x").content.decode()
    assert not Message.objects.exists()


def test_of_a_cell_that_is_gone_nothing_is_sent_and_the_words_are_kept(people, on_valproate):
    words = write(people, finding="nonsense", to=[str(people.maya.pk)], body="Call us").content.decode()
    assert "That cell is not there any more" in words
    assert "Go back to safety and choose another." in words
    assert "Nobody here can read a message" not in words
    assert "Call us" in words
    assert not Message.objects.exists()


def test_of_one_woman_the_page_speaks_of_one(people, on_valproate):
    client, sent = signed_in(people.marchetti.user), {"finding": key_of(RULE), "stage": "", "to": [str(people.maya.pk)]}
    words = client.get(f"/safety/write?finding={key_of(RULE)}").content.decode()
    assert "Write to her</h1>" in words
    assert " each" not in words.lower()
    send(client, "/safety/write", body="Please call us.", **sent)
    assert "Sent to Maya." in client.get("/safety").content.decode()


@pytest.mark.parametrize("rule", ["phq-9-item-9-self-harm", "epds-item-10-self-harm"])
def test_of_self_harm_nothing_is_written_in_advance_and_her_number_comes_first(people, on_valproate, rule):
    found(on_valproate, people.maya, rule=rule)
    client = signed_in(people.marchetti.user)
    address = f"/safety/write?finding={key_of(rule)}"
    assert "No phone number of hers is written down." in client.get(address).content.decode()
    people.maya.put(phone="555 0142")
    words = client.get(address).content.decode()
    assert "Your team will talk with you today" not in words
    assert "The words are those the rule has for her" not in words
    assert words.index('href="tel:555 0142">Call Maya: 555 0142</a>') < words.index("Your message")


def test_of_self_harm_who_cannot_read_a_message_is_called_too(people, on_valproate):
    her = a_patient(people.clinic, "Aino Virtanen")
    her.put(phone="555 0199")
    look_after(people.marchetti, her)
    found(on_valproate, her, rule="phq-9-item-9-self-harm")
    address = f"/safety/write?finding={key_of('phq-9-item-9-self-harm')}"
    assert "Call Aino: 555 0199" in signed_in(people.marchetti.user).get(address).content.decode()
