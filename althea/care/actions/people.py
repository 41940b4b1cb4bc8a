"""Letting people in: a woman by invitation, a colleague onto her team. Whom she lets in is in `trusted.py`."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from althea.care import audit, outbox
from althea.care.models import Invitation, Member, Patient, TeamPlace, User

SENT_TWICE = timedelta(minutes=10)
"""For so long the same form, sent again, is the same deed."""
INVITATION_DAYS = 14


class NotAnInvitation(Exception):
    """A link that was used, was replaced by a newer one, is too old, or never was."""


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(*, patient: Patient, by: User, at: datetime) -> str:
    """Send her a link to make her own account: the only one that opens from now on. Returns the link's token; only its
    digest is kept. Raises NotAnInvitation where she has made her account."""
    if patient.user_id is not None:
        raise NotAnInvitation(
            "She has her account already. Without her password she asks for a new one where she signs in."
        )
    token = secrets.token_urlsafe(32)
    row = Invitation.objects.create(
        patient=patient, digest=digest(token), sent_at=at, sent_by=by, expires_at=at + timedelta(days=INVITATION_DAYS)
    )
    audit.write(clinic=patient.clinic, by=by, verb="invited", at=at, patient=patient, about=f"invitation {row.pk}")
    outbox.add(
        clinic=patient.clinic, kind="invitation", patient=patient, at=at, send_key=f"invitation/{row.pk}",
        link=f"/welcome/{token}",
    )  # fmt: skip
    return token


def invitation(token: str, at: datetime) -> Invitation:
    """The open invitation of this link. Raises NotAnInvitation, whose words are the page's."""
    row = Invitation.objects.select_related("patient__clinic").filter(digest=digest(token)).first()
    if row is None:
        raise NotAnInvitation("This link is not one of ours. Check that you have the whole of it, or ask the clinic.")
    if row.used_at is not None:
        raise NotAnInvitation("This link was used already. Sign in, or ask the clinic for a new one.")
    if row.expires_at < at:
        raise NotAnInvitation("This link is too old. Ask the clinic for a new one.")
    if Invitation.objects.filter(patient=row.patient, sent_at__gt=row.sent_at).exists():
        raise NotAnInvitation("The clinic sent you a newer link since. Use that one.")
    return row


def just_made(token: str, password: str, at: datetime) -> User | None:
    """The account that this link made a moment ago, where the password is the one that was chosen then: the form was
    sent twice, by a double click or because the answer was lost. None: something else."""
    row = Invitation.objects.select_related("patient__user").filter(digest=digest(token)).first()
    if row is None or row.used_at is None or at - row.used_at > SENT_TWICE:
        return None
    user = row.patient.user
    return user if user is not None and user.check_password(password) else None


@transaction.atomic
def accept(*, token: str, password: str | None, at: datetime) -> User:
    """She makes her account, the invitation is used up with it. `password` None: no password opens it."""
    row = invitation(token, at)
    used = Invitation.objects.filter(pk=row.pk, used_at__isnull=True).update(used_at=at)
    if not used or row.patient.user_id is not None:
        raise NotAnInvitation("This link was used already. Sign in, or ask the clinic for a new one.")
    if User.objects.filter(email=row.patient.email.lower()).exists():
        raise NotAnInvitation("This email has an account here already. Ask the clinic to invite you with another one.")
    user = User.objects.create_user(row.patient.email, password, name=row.patient.name)
    row.patient.put(user=user)
    audit.write(
        clinic=row.patient.clinic, by=user, verb="accepted invitation", at=at, patient=row.patient,
        about=f"invitation {row.pk}",
    )  # fmt: skip
    return user


@transaction.atomic
def join_team(*, patient: Patient, member: Member, by: User, at: datetime) -> TeamPlace:
    """This colleague looks after her from now on."""
    row, made = TeamPlace.objects.get_or_create(patient=patient, member=member, until=None, defaults={"since": at})
    if made:
        audit.write(
            clinic=patient.clinic, by=by, verb="joined team", at=at, patient=patient, about=f"member {member.pk}"
        )
    return row
