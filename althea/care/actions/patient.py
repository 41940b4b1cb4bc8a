"""A woman comes to the clinic: her name, how to reach her, and who looks after her."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from althea.care import audit
from althea.care.actions.people import invite, join_team
from althea.care.days import today
from althea.care.models import Clinic, Episode, Intake, Member, Patient, TeamPlace, User


@transaction.atomic
def register(
    *, clinic: Clinic, name: str, called: str, born_on: date | None, email: str, prescriber: Member, why: str, by: User,
    at: datetime, on: date, others: Iterable[Member] = (),
) -> tuple[Patient, str]:  # fmt: skip
    """She is known here from now on, with her prescriber, an open episode and an intake; her invitation is on its way.

    `others`: who looks after her beside her prescriber.

    Returns her and the token of the invitation's link.
    """
    patient = Patient.objects.create(clinic=clinic, name=name, called=called, born_on=born_on, email=email)
    audit.write(clinic=clinic, by=by, verb="registered patient", at=at, patient=patient)
    for member in (prescriber, *others):
        join_team(patient=patient, member=member, by=by, at=at)
    Episode.objects.create(patient=patient, why=why, opened_on=on)
    Intake.objects.create(patient=patient, sent_at=at)
    return patient, invite(patient=patient, by=by, at=at)


@transaction.atomic
def leave(*, patient: Patient, by: User, at: datetime) -> None:
    """She leaves the clinic: nobody's list holds her from now on. Her record stays, and stays hers to read."""
    TeamPlace.objects.filter(patient=patient, until__isnull=True).update(until=at)
    for episode in Episode.objects.filter(patient=patient, closed_on__isnull=True):
        episode.put(closed_on=today(patient, at))
    audit.write(clinic=patient.clinic, by=by, verb="closed care", at=at, patient=patient)
