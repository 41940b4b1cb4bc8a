"""A clinician sees her own patients; the front desk sees names and times."""

from datetime import timedelta

import pytest
from django.utils import timezone

from althea.care.days import zone_of
from althea.care.models import Visit
from althea.clinic.pages.patients import next_visits
from tests.counting import at_most
from tests.people import a_patient, look_after, signed_in

pytestmark = pytest.mark.django_db


def page(member, address="/patients"):
    return signed_in(member.user).get(address).content.decode()


def test_a_prescriber_sees_her_own(people):
    shown = page(people.marchetti)
    assert "Maya Okafor-Lind" in shown
    assert "Noor Haddad" not in shown
    assert f'<a href="/patients/{people.maya.pk}/"><bdi>Maya Okafor-Lind</bdi></a>' in shown


def test_the_front_desk_sees_who_is_registered_and_no_chart(people):
    shown = page(people.desk)
    assert "Maya Okafor-Lind" in shown
    assert "Noor Haddad" in shown
    assert "Far Away" not in shown
    assert f"/patients/{people.maya.pk}/" not in shown


def test_a_name_is_found_and_another_clinics_is_not(people):
    assert "Maya Okafor-Lind" in page(people.desk, "/patients?q=okafor")
    assert "Far Away" not in page(people.desk, "/patients?q=far")


@pytest.mark.parametrize("count", [1, 60])
def test_the_list_takes_few_queries_however_long_it_is(people, count):
    for number in range(count):
        look_after(people.marchetti, a_patient(people.clinic, f"Patient {number}"))
    client = signed_in(people.marchetti.user)
    with at_most(9):
        client.get("/patients")


def test_her_next_visit_stands_beside_her_and_one_of_the_past_does_not(people):
    now = timezone.now()
    for days, what in ((-3, "Past"), (9, "Later"), (2, "Next")):
        Visit.objects.create(patient=people.maya, member=people.marchetti, at=now + timedelta(days=days), what=what)
    assert next_visits([people.maya.pk, people.noor.pk], now) == {people.maya.pk: now + timedelta(days=2)}
    when = (now + timedelta(days=2)).astimezone(zone_of(people.maya))
    assert f"{when:%H:%M}" in page(people.marchetti)
