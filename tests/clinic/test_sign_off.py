"""Beside the worklist: what each visit of the day is for, and what was begun and not finished."""

from datetime import timedelta

import pytest
from django.utils import timezone

from althea.care.actions import worklist
from althea.care.models import CheckIn, Offer, Order, Visit
from tests.counting import at_most
from tests.people import a_patient, look_after, signed_in

pytestmark = pytest.mark.django_db


def page(people):
    return signed_in(people.marchetti.user).get("/today").content.decode()


def a_draft(people, her, by=None, medicine="lamotrigine"):
    return Order.objects.create(
        patient=her, medicine=medicine, drafted_by=(by or people.marchetti).user, drafted_at=timezone.now()
    )


def test_what_she_began_and_did_not_finish_stands_before_she_signs_off(people):
    assert "Before you sign off today" not in page(people)
    order = a_draft(people, people.maya)
    Offer.objects.create(
        patient=people.maya, knowledge="k", prepared_by=people.marchetti.user, prepared_at=timezone.now()
    )
    words = page(people)
    begun = words[words.index("Before you sign off today") :]
    assert f'<a href="/patients/{people.maya.pk}/orders/{order.pk}"><bdi>Maya Okafor-Lind</bdi>' in begun
    assert "Lamotrigine, not signed" in begun
    assert f'<a href="/patients/{people.maya.pk}/options?draft=1">' in begun
    assert "Options, not shared with her" in begun
    assert "There are others." not in begun


def test_what_another_began_or_of_a_woman_she_no_longer_sees_is_not_hers_to_finish(people):
    a_draft(people, people.maya, by=people.nurse)
    a_draft(people, people.noor)
    assert "Before you sign off today" not in page(people)


def test_the_oldest_stand_first_and_that_there_are_others_is_said(people):
    for _ in range(5):
        a_draft(people, people.maya)
    words = page(people)
    assert words.count("Lamotrigine, not signed") == 4
    assert "There are others. The oldest stand first." in words


def test_a_visit_to_come_says_what_she_did_for_it(people, time_machine):
    time_machine.move_to("2026-06-09T14:06:00Z", tick=False)
    now = timezone.now()
    visit = Visit.objects.create(
        patient=people.maya, member=people.marchetti, at=now + timedelta(minutes=14), what="Trial review"
    )
    assert ">Trial review, 20 min</div>" in page(people)
    CheckIn.objects.create(patient=people.maya, due_on="2026-06-09", state="done", done_at=now)
    worklist.place(patient=people.maya, group="message", level="info", reason="message", why="“Two questions.”",
                   action="Reply", at=now)  # fmt: skip
    assert ">Trial review, 20 min. Check-in done today. Her message waits.</div>" in page(people)
    visit.put(done_at=now)
    assert ">Trial review, done " in page(people)


def test_a_check_in_of_yesterday_is_not_of_today(people, time_machine):
    time_machine.move_to("2026-06-09T14:06:00Z", tick=False)
    now = timezone.now()
    Visit.objects.create(
        patient=people.maya, member=people.marchetti, at=now + timedelta(hours=1), what="First, 40 min"
    )
    CheckIn.objects.create(patient=people.maya, due_on="2026-06-08", state="done", done_at=now - timedelta(hours=11))
    assert ">First, 40 min</div>" in page(people)


@pytest.mark.parametrize("count", [1, 50])
def test_the_day_takes_few_queries_however_full_it_is(people, count):
    for number in range(count):
        her = a_patient(people.clinic, f"Patient {number}")
        look_after(people.marchetti, her)
        worklist.place(patient=her, group="labs", level="warning", reason="x", why="Late.", action="Open labs",
                       at=timezone.now())  # fmt: skip
        Visit.objects.create(patient=her, member=people.marchetti, at=timezone.now(), what="Follow-up")
        a_draft(people, her)
    client = signed_in(people.marchetti.user)
    with at_most(12):
        client.get("/today")
