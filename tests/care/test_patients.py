"""A woman comes to the clinic, and she may leave it."""

from datetime import timedelta

import pytest

from althea.care.actions import patient as acting
from althea.care.models import AuditRow, Episode, TeamPlace
from tests.people import NOW, signed_in

pytestmark = pytest.mark.django_db


def test_when_she_leaves_nobodys_list_holds_her_and_her_record_stays(people):
    Episode.objects.create(patient=people.maya, why="Low mood", opened_on=NOW.date() - timedelta(days=30))
    chart = f"/patients/{people.maya.pk}/"
    assert signed_in(people.marchetti.user).get(chart).status_code == 200
    acting.leave(patient=people.maya, by=people.marchetti.user, at=NOW)
    assert signed_in(people.marchetti.user).get(chart).status_code == 404
    assert signed_in(people.maya.user).get("/home").status_code == 200
    assert not TeamPlace.objects.filter(patient=people.maya, until__isnull=True).exists()
    assert Episode.objects.get(patient=people.maya).closed_on == NOW.date()
    assert AuditRow.objects.filter(patient=people.maya, verb="closed care").count() == 1


def test_who_looks_after_another_woman_still_does(people):
    acting.leave(patient=people.maya, by=people.marchetti.user, at=NOW)
    assert TeamPlace.objects.filter(patient=people.noor, until__isnull=True).count() == 1
