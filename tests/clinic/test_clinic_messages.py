"""What women wrote to the clinic, the newest first: her words in quotes, the clinic's with who wrote them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from althea.care.actions import message
from tests.counting import at_most
from tests.people import a_patient, look_after, signed_in

pytestmark = pytest.mark.django_db


def write(patient, by, body, from_her=False, ago=0):
    at = timezone.now() - timedelta(hours=ago)
    message.write(patient=patient, body=body, by=by, from_her=from_her, at=at)


def page(people, who="marchetti"):
    return signed_in(getattr(people, who).user).get("/messages-to-us").content.decode()


def test_her_words_stand_in_quotes_with_her_age_and_stage_and_wait_for_an_answer(people):
    write(people.maya, people.maya.user, "May I stop?", from_her=True)
    words = page(people)
    assert '<p class="why" dir="auto">“May I stop?”</p>' in words
    assert "waits for an answer" in words
    assert "Life stage not asked" in words
    assert ">Reply<" in words


def test_what_the_clinic_wrote_says_who_wrote_it(people):
    write(people.maya, people.maya.user, "May I stop?", from_her=True, ago=2)
    write(people.maya, people.marchetti.user, "Please come on Monday.")
    assert "You: Please come on Monday." in page(people)
    assert "The clinic: Please come on Monday." in page(people, "nurse")
    assert "waits for an answer" not in page(people)
    assert ">Open<" in page(people)


def test_a_long_message_is_cut_and_says_so(people):
    write(people.maya, people.maya.user, "word " * 60, from_her=True)
    assert "word…”" in page(people)


@pytest.mark.parametrize("count", [1, 40])
def test_it_takes_few_queries_however_many_wrote(people, count):
    for n in range(count):
        her = a_patient(people.clinic, f"Woman {n}")
        look_after(people.marchetti, her)
        write(her, people.maya.user, "Hello", from_her=True)
    client = signed_in(people.marchetti.user)
    with at_most(7):
        assert client.get("/messages-to-us").status_code == 200
