"""Her safety plan at the clinic: her lines, gone over with her, and when she read it."""

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import record
from althea.care.models import Entry
from tests.counting import at_most
from tests.people import send, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(people):
    return f"/patients/{people.maya.pk}/safety-plan"


def hers(people, *lines):
    return record.add(patient=people.maya, body=said.SafetyPlan(lines=list(lines)), on=timezone.localdate(),
                      origin="hers", by=people.maya.user, at=timezone.now())  # fmt: skip


def test_without_one_it_says_what_it_is_for(people, address):
    words = signed_in(people.marchetti.user).get(address).content.decode()
    assert "No safety plan yet" in words
    assert "She has not opened it on her phone yet." in words


def test_her_lines_are_hers_and_when_she_read_them_is_said(people, address):
    hers(people, "Wake Sam.", "Call Nadia.")
    signed_in(people.maya.user).get("/my-safety-plan")
    words = signed_in(people.nurse.user).get(address).content.decode()
    assert '<li dir="auto">Wake Sam.</li>' in words
    assert "Written by her," in words
    assert "She last opened it on" in words


def test_it_is_written_with_her_and_she_sees_it(people, address):
    client = signed_in(people.marchetti.user)
    assert send(client, address, seen="", lines="Step outside.\n\n  Call Nadia.  ").status_code == 302
    assert Entry.objects.get().body == {"lines": ["Step outside.", "Call Nadia."]}
    assert "Written with you by Dr Marchetti" in signed_in(people.maya.user).get("/my-safety-plan").content.decode()


def test_gone_over_together_is_dated_today_in_the_same_words(people, address):
    entry = hers(people, "Wake Sam.")
    client = signed_in(people.marchetti.user)
    send(client, address, seen=str(entry.pk), do="again", lines="")
    standing = Entry.objects.current().get()
    assert (standing.body, standing.origin) == ({"lines": ["Wake Sam."]}, "clinic")


def test_of_two_editors_the_second_sees_both(people, address):
    entry = hers(people, "Wake Sam.")
    send(signed_in(people.maya.user), "/my-safety-plan", seen=str(entry.pk), lines="Call my sister.")
    late = send(signed_in(people.marchetti.user), address, seen=str(entry.pk), lines="Call the clinic.")
    assert late.status_code == 409
    assert "Call my sister." in late.content.decode()
    assert "Call the clinic." in late.content.decode()
    assert Entry.objects.current().get().body == {"lines": ["Call my sister."]}


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("  \n ", "Write at least one line: something to do, or somebody to call."),
        ("x\n" * 21, "That is 21 lines."),
        ("y" * 301, "One line has 301 characters. We can keep 300 in a line. Make two of it."),
    ],
)
def test_what_cannot_be_kept_is_still_there(people, address, lines, words):
    answer = send(signed_in(people.marchetti.user), address, seen="", lines=lines)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert lines.strip() in answer.content.decode()
    assert not Entry.objects.exists()


def test_a_stranger_is_refused_and_the_page_takes_few_queries(people, address):
    hers(people, "Wake Sam.")
    assert signed_in(people.hale.user).get(address).status_code == 404
    client = signed_in(people.marchetti.user)
    with at_most(12):
        client.get(address)
