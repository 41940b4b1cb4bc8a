"""A woman comes to the clinic: her name, how to reach her, and who looks after her."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from althea.care import audit, outbox
from althea.care.actions.people import invite, join_team
from althea.care.days import today
from althea.care.models import Clinic, Episode, Intake, Member, Patient, TeamPlace, User


@transaction.atomic
def register(
    *, clinic: Clinic, name: str, called: str, born_on: date | None, email: str, prescriber: Member, why: str, by: User,
    at: datetime, on: date, others: Iterable[Member] = (), phone: str = "",
) -> tuple[Patient, str]:  # fmt: skip
    """She is known here from now on, with her prescriber, an open episode and an intake; her invitation is on its way.

    `others`: who looks after her beside her prescriber.

    Returns her and the token of the invitation's link.
    """
    patient = Patient.objects.create(
        clinic=clinic, name=name, called=called, born_on=born_on, email=email, phone=phone
    )  # fmt: skip
    audit.write(clinic=clinic, by=by, verb="registered patient", at=at, patient=patient)
    for member in (prescriber, *others):
        join_team(patient=patient, member=member, by=by, at=at)
    Episode.objects.create(patient=patient, why=why, opened_on=on)
    Intake.objects.create(patient=patient, sent_at=at)
    return patient, invite(patient=patient, by=by, at=at)


class NotHers(ValueError):
    """This address is somebody else's; the words are the page's."""


@transaction.atomic
def reach(*, patient: Patient, phone: str, by: User, at: datetime) -> bool:
    """The number to call her on from now on. Is it another than it was?"""
    if phone == patient.phone:
        return False
    patient.put(phone=phone)
    audit.write(clinic=patient.clinic, by=by, verb="changed how to reach", at=at, patient=patient, about="phone")
    return True


@transaction.atomic
def address(*, patient: Patient, email: str, by: User, at: datetime) -> bool:
    """The email that reaches her from now on. Is it another than it was?  With an account she signs in with it, and the
    address before is told, so that she hears of it where it was not she who asked; without one she gets a new
    invitation there, and the one before opens nothing any more. Raises NotHers."""
    if email.lower() == patient.email.lower():
        return False
    if User.objects.filter(email=email.lower()).exclude(patient=patient).exists():
        raise NotHers("Somebody signs in here with this email. Ask her for another one.")
    before = patient.email
    patient.put(email=email)
    audit.write(clinic=patient.clinic, by=by, verb="changed how to reach", at=at, patient=patient, about="email")
    if patient.user_id is None:
        invite(patient=patient, by=by, at=at)
        return True
    User.objects.filter(pk=patient.user_id).update(email=email.lower())
    EmailAddress.objects.filter(user=patient.user_id).delete()  # the library's own note: the old one opens nothing
    audit.write(clinic=patient.clinic, by=by, verb="changed sign-in email", at=at, patient=patient)
    outbox.add(
        clinic=patient.clinic, kind="moved", patient=patient, at=at, send_key=f"moved/{patient.pk}/{patient.version}",
        link=f"{outbox.TO_AN_ADDRESS}{before}",
    )  # fmt: skip
    return True


@transaction.atomic
def leave(*, patient: Patient, by: User, at: datetime) -> None:
    """She leaves the clinic: nobody's list holds her from now on. Her record stays, and stays hers to read."""
    TeamPlace.objects.filter(patient=patient, until__isnull=True).update(until=at)
    for episode in Episode.objects.filter(patient=patient, closed_on__isnull=True):
        episode.put(closed_on=today(patient, at))
    audit.write(clinic=patient.clinic, by=by, verb="closed care", at=at, patient=patient)
