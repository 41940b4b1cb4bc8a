"""Her safety plan on her phone: hers to read in a moment, and to change at any time."""

import pytest

from althea.care.models import Entry
from tests.counting import at_most
from tests.people import send, signed_in

pytestmark = pytest.mark.django_db


def test_without_one_she_is_asked_what_helps(people):
    client = signed_in(people.maya.user)
    words = client.get("/my-safety-plan").content.decode()
    assert "What helps on a bad day?" in words
    assert "<title>Notes</title>" in words
    assert 'href="/my-safety-plan"' in client.get("/help").content.decode()


def test_she_writes_it_and_it_stands_on_the_help_page(people):
    client = signed_in(people.maya.user)
    assert send(client, "/my-safety-plan", seen="", lines="Wake Sam.\nCall Nadia.").status_code == 302
    assert Entry.objects.get().origin == "hers"
    words = client.get("/my-safety-plan").content.decode()
    assert '<li dir="auto">Wake Sam.</li>' in words
    assert "You wrote this on" in words
    help_page = client.get("/help").content.decode()
    assert "<li>Call Nadia.</li>" in help_page
    assert "Open full plan" in help_page
    assert "Wake Sam." in client.get("/my-safety-plan?change").content.decode()


def test_two_windows_of_hers_lose_no_word(people):
    client = signed_in(people.maya.user)
    send(client, "/my-safety-plan", seen="", lines="One.")
    seen = str(Entry.objects.get().pk)
    send(client, "/my-safety-plan", seen=seen, lines="Two.")
    late = send(client, "/my-safety-plan", seen=seen, lines="Three.")
    assert late.status_code == 409
    assert "Two." in late.content.decode()
    assert "Three." in late.content.decode()


def test_an_empty_plan_is_not_kept_and_what_she_typed_is_there(people):
    answer = send(signed_in(people.maya.user), "/my-safety-plan", seen="", lines="  ")
    assert "Write at least one line" in answer.content.decode()
    long = send(signed_in(people.maya.user), "/my-safety-plan", seen="", lines="ع" * 301)
    assert "One line has 301 characters." in long.content.decode()
    assert "ع" * 301 in long.content.decode()
    assert not Entry.objects.exists()


def test_nobody_else_reads_it_here_and_it_takes_few_queries(people):
    for user in (people.sam, people.marchetti.user):
        assert signed_in(user).get("/my-safety-plan").status_code == 404
    client = signed_in(people.maya.user)
    with at_most(12):
        client.get("/my-safety-plan")
