"""Her record changed while she chooses: nothing is taken from her page, it asks her to talk first, her team is told."""

import re

import pytest
from django.utils import timezone

from althea.care import choosing
from althea.care import entries as said
from althea.care.actions import changes
from althea.care.actions import offer as acting
from althea.care.days import today
from althea.care.facts import chart_of
from althea.care.models import Entry, OfferReply, Outgoing
from althea.portal.pages.options import TALK_FIRST
from tests.care.choosing import decided, items, maya, replied, shared, words
from tests.counting import at_most
from tests.people import send, signed_in

__all__ = ["maya"]  # a fixture
pytestmark = pytest.mark.django_db
SWELLING = said.Allergy(text="sertraline", rxcui="36437", reaction="swelling of the face")


@pytest.fixture
def client(maya):
    return signed_in(maya.maya.user)


def tells(people, body, origin="hers"):
    at = timezone.now()
    by = people.maya.user if origin == "hers" else people.marchetti.user
    return changes.tell(patient=people.maya, bodies=[(body, today(people.maya, at))], words="She told.", origin=origin,
                        by=by, at=at).entries[0]  # fmt: skip


def warned(page):
    """Which of the options to lean towards ask her to talk first?"""
    rows = re.findall(r'name="leaning" value="([\w-]+)"[^>]*><span>[^<]*(?:<small>([^<]*)</small>)?', page)
    return [key for key, small in rows if small == TALK_FIRST]


def test_nothing_changed_and_nothing_is_said(maya, client):
    shared(maya)
    assert TALK_FIRST not in words(client.get("/options"))
    tells(maya, said.Allergy(text="penicillin", reaction="rash"))
    assert TALK_FIRST not in words(client.get("/options"))
    assert items(maya, "offer-otherwise:") == []


@pytest.mark.parametrize("origin", ["hers", "clinic"])
def test_an_allergy_told_while_she_chooses_asks_her_to_talk_at_that_option(maya, client, origin):
    one = shared(maya)
    tells(maya, SWELLING, origin)
    page = words(client.get("/options"))
    assert TALK_FIRST == "Something changed since this was prepared. Talk with us before you choose it."
    assert f"<p><strong>Sertraline.</strong> {TALK_FIRST}</p>" in page
    assert warned(page) == ["sertraline"]
    (item,) = items(maya, "offer-otherwise:")
    assert (item.reason, item.level, item.action) == (f"offer-otherwise:{one.pk}", "warning", "Look at her options")
    assert item.why == "Her open options have changed. Sertraline: She is recorded as allergic to sertraline."
    assert item.to == f"/patients/{maya.maya.pk}/options"
    assert Outgoing.objects.filter(kind="staff", user=maya.marchetti.user).count() == 1


def test_her_leaning_to_it_stays_hers_and_she_may_still_say_so(maya, client):
    one = shared(maya)
    replied(maya, one, leaning="sertraline")
    tells(maya, SWELLING)
    assert 'value="sertraline" checked' in words(client.get("/options"))
    (item,) = items(maya, "offer-otherwise:")
    assert "She leans to it." in item.why
    send(client, "/options", offer=str(one.pk), then="save", leaning="sertraline")
    assert [row.leaning for row in OfferReply.objects.all()] == ["sertraline", "sertraline"]


def test_what_was_said_of_an_option_when_it_was_shown_is_no_change(maya):
    tells(maya, SWELLING)
    one = shared(maya)
    assert choosing.talk_first(one, chart_of(maya.maya), today(maya.maya, timezone.now())) == {}


def test_a_medicine_she_began_that_must_not_be_beside_it_is_one_as_well(maya, client):
    shared(maya)
    tells(maya, said.Medicine(text="phenelzine", medicine="phenelzine", running=True))
    assert set(warned(words(client.get("/options")))) == {"sertraline", "escitalopram"}
    (item,) = items(maya, "offer-otherwise:")
    assert "Sertraline:" in item.why
    assert "Escitalopram:" in item.why


def test_told_again_it_is_not_told_to_her_team_again_and_another_option_is(maya):
    shared(maya)
    tells(maya, SWELLING)
    tells(maya, said.LifeStage(topic="planning", value="no"))
    told = Outgoing.objects.filter(kind="staff", user=maya.marchetti.user)
    assert told.count() == 1
    tells(maya, said.Allergy(text="escitalopram", rxcui="321988", reaction="hives"))
    assert told.count() == 2


def test_what_was_told_by_mistake_is_said_no_more(maya, client):
    shared(maya)
    entry = tells(maya, SWELLING)
    entry.patient = maya.maya
    changes.withdraw(entry=entry, by=maya.marchetti.user, at=timezone.now())
    assert TALK_FIRST not in words(client.get("/options"))
    assert items(maya, "offer-otherwise:") == []


def test_once_it_is_closed_or_decided_nothing_is_asked_of_her(maya, client):
    one = shared(maya)
    tells(maya, SWELLING)
    decided(maya, one, "escitalopram")
    assert TALK_FIRST not in words(client.get("/options"))
    assert items(maya, "offer-otherwise:") == []
    again = shared(maya)
    tells(maya, said.Allergy(text="escitalopram", rxcui="321988", reaction="hives"))
    again.refresh_from_db()
    acting.close(offer=again, by=maya.marchetti.user, at=timezone.now(), words="Prepared anew.")
    assert items(maya, "offer-otherwise:") == []


def test_it_takes_few_queries_however_much_she_told(maya, client):
    shared(maya)
    for _ in range(20):
        tells(maya, SWELLING)
    assert Entry.objects.filter(kind="allergy").count() == 20
    with at_most(12):
        client.get("/options")
