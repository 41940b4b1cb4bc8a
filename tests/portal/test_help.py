"""The help page opens for anybody, at any time, whatever is broken."""

import re

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import record, safety, worklist
from althea.care.crisis.lines import lines
from althea.care.days import zone_of
from althea.care.models import Origin, WorklistItem
from tests.people import NOW, send, signed_in


class Stopped:
    """A database that answers nothing."""

    def __call__(self, execute, sql, params, many, context):
        raise OperationalError("the database is stopped")


def test_signed_out_it_opens_without_one_query(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = Client().get("/help")
    words = page.content.decode()
    assert page.status_code == 200
    assert 'href="tel:988"' in words
    assert "Call 988, free, day and night" in words
    assert "1-833-852-6262, call or text, free, 24 hours" in words
    assert 'href="tel:911"' in words
    assert "<title>Notes</title>" in words


@pytest.mark.django_db
def test_with_the_database_stopped_it_opens_signed_in_as_well(people):
    client = signed_in(people.maya.user)
    client.raise_request_exception = False
    with connection.execute_wrapper(Stopped()):
        page = client.get("/help")
    assert page.status_code == 200
    assert 'href="tel:988"' in page.content.decode()


@pytest.mark.django_db
def test_hers_shows_her_person_her_plan_and_a_call(people):
    people.maya.put(confidant="Sam", confidant_phone="555 0142")
    record.add(patient=people.maya, body=said.SafetyPlan(lines=["Wake Sam. Tell him it is a bad night."]), on=NOW.date(),
               origin=Origin.HERS, by=people.maya.user, at=NOW)  # fmt: skip
    page = signed_in(people.maya.user).get("/help").content.decode()
    assert "Call Sam" in page
    assert "Wake Sam. Tell him it is a bad night." in page
    assert "Ask my clinic to call today" in page
    assert "Your care team sees it in working hours</span>" in page
    assert "Nobody watches this page at night" in page


@pytest.mark.django_db
def test_signed_out_nothing_of_anybody_is_shown(people):
    page = Client().get("/help").content.decode()
    assert "Ask my clinic" not in page
    assert "safety plan" not in page


@pytest.mark.django_db
def test_she_asks_for_a_call_and_it_cannot_wait(people):
    client = signed_in(people.maya.user)
    send(client, "/help/call")
    send(client, "/help/call")
    item = WorklistItem.objects.get()
    assert (item.group, item.why) == ("cannot-wait", "She asked for a call today, on the help page.")


@pytest.mark.django_db
def test_that_she_asked_for_a_call_stays_said_and_the_button_is_not_there_as_if_never_pressed(people):
    client, from_there = signed_in(people.maya.user), "/intake/phq-9-9"
    assert "We told your clinic" not in client.get("/help").content.decode()
    assert send(client, "/help/call", **{"from": from_there})["Location"] == f"/help?from={from_there}"
    item = WorklistItem.objects.get()
    for address in ("/help", f"/help?from={from_there}"):
        page = client.get(address).content.decode()
        clock = item.opened_at.astimezone(zone_of(people.maya))
        assert f"We told your clinic at {clock:%H:%M}</span>" in page
        assert "Ask my clinic to call today" not in page
    assert f'<a href="{from_there}?next=1">Go on with my questions</a>' in page
    assert "Ask my clinic to call today" in signed_in(people.noors).get("/help").content.decode()


@pytest.mark.django_db
def test_one_of_another_day_is_said_with_its_day_and_she_may_ask_again(people):
    safety.asked_for_a_call(patient=people.maya, by=people.maya.user, at=NOW)
    page = signed_in(people.maya.user).get("/help").content.decode()
    assert re.search(r"We told your clinic on 9 June( 2026)? at 10:06</span>", page)
    assert "Ask my clinic to call today" in page


@pytest.mark.django_db
def test_a_call_that_was_seen_to_is_not_said_to_wait(people):
    client = signed_in(people.maya.user)
    send(client, "/help/call")
    worklist.close(item=WorklistItem.objects.get(), by=people.nurse.user, words="Called her.", at=timezone.now())
    page = client.get("/help").content.decode()
    assert "We told your clinic" not in page
    assert "Ask my clinic to call today" in page


@pytest.mark.django_db
@pytest.mark.parametrize("there", ["https://elsewhere.example/x", "//elsewhere.example"])
def test_after_asking_for_a_call_she_is_led_nowhere_else(people, there):
    assert send(signed_in(people.maya.user), "/help/call", **{"from": there})["Location"] == "/help"


@pytest.mark.django_db
@pytest.mark.parametrize("there", ["https://elsewhere.example/x", "//elsewhere.example", "javascript:alert(1)"])
def test_the_way_back_leads_nowhere_else(people, there):
    assert there not in signed_in(people.maya.user).get("/help", {"from": there}).content.decode()


def test_every_line_names_its_source():
    assert all(line.source for line in lines("US"))
    assert lines("ZZ") == lines("US")


def test_the_worker_keeps_the_help_page_and_nothing_of_hers(db):
    words = Client().get("/sw.js").content.decode()
    assert '"/help"' in words
    assert not [place for place in ("/home", "/check-in", "/messages", "/progress") if f'"{place}' in words]


def test_her_phone_calls_it_notes(db):
    assert Client().get("/manifest.webmanifest").json()["name"] == "Notes"
