"""Whom she trusts: let in to what she names, until the day she names, and let go at once."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction

from althea.care import audit, outbox
from althea.care.access import PROXY_MAY
from althea.care.actions.people import SENT_TWICE, digest
from althea.care.days import zone_of
from althea.care.models import Patient, Proxy, User

LINK_DAYS = 7
LONGEST = timedelta(days=366)
MOST = 5
"""So many people at once, those invited among them."""


class NotLetIn(Exception):
    """This cannot be; its words are the page's."""


class NotALink(NotLetIn):
    """A link that was used, is too old, was taken back, or never was."""


def current(patient: Patient, at: datetime) -> list[Proxy]:
    """Those who are let in, and those whose invitation still waits. The newest first."""
    rows = Proxy.objects.filter(patient=patient, ended_at__isnull=True, until__gt=at)
    rows = rows.select_related("user", "patient__clinic").order_by("-invited_at")
    return [one for one in rows if one.accepted_at is not None or waits(one, at)]


def last_day(proxy: Proxy) -> date:
    """The last day on which they may look, as she counts days."""
    return (proxy.until - timedelta(seconds=1)).astimezone(zone_of(proxy.patient)).date()


def waits(proxy: Proxy, at: datetime) -> bool:
    """Can its link still be followed?"""
    return proxy.accepted_at is None and proxy.link_until is not None and proxy.link_until >= at


@transaction.atomic
def invite(
    *, patient: Patient, called: str, email: str, may: Collection[str], until: datetime, by: User, at: datetime
) -> tuple[Proxy, str]:
    """Send a link in neutral words. Nothing is seen before it was followed. Returns the row and the link's token."""
    email = email.lower()
    if email == patient.email.lower():
        raise NotLetIn("That is your own address. Write the address of the person you trust.")
    if not may or not set(may) <= set(PROXY_MAY):
        raise NotLetIn("Choose at least one thing they may see.")
    if not at < until <= at + LONGEST:
        raise NotLetIn("Choose a day after today, and not more than a year away. You can invite them again then.")
    open_ = current(patient, at)
    if any(one.email == email for one in open_):
        raise NotLetIn("This person is on your list already. End it first, then invite them anew.")
    if len(open_) >= MOST:
        raise NotLetIn(f"You have let in {MOST} people. End one first.")
    token = secrets.token_urlsafe(32)
    row = Proxy.objects.create(
        patient=patient, called=called, email=email, may=[one for one in PROXY_MAY if one in may], until=until,
        digest=digest(token), invited_at=at, link_until=min(at + timedelta(days=LINK_DAYS), until),
    )  # fmt: skip
    audit.write(clinic=patient.clinic, by=by, verb="invited helper", at=at, patient=patient, about=f"helper {row.pk}")
    outbox.add(clinic=patient.clinic, kind="helper", at=at, send_key=f"helper/{row.pk}", link=f"/let-in/{token}")
    return row, token


def invitation(token: str, at: datetime) -> Proxy:
    """The open invitation of this link. Raises NotALink, whose words are the page's."""
    row = Proxy.objects.select_related("patient__clinic").filter(digest=digest(token)).first()
    if row is None:
        raise NotALink("This link is not one of ours. Check that you have the whole of it.")
    if row.accepted_at is not None:
        raise NotALink("This link was used already. Sign in to go on.")
    if row.ended_at is not None:
        raise NotALink("This invitation is over. Only the person who sent it can send a new one.")
    if not waits(row, at):
        raise NotALink("This link is too old. Only the person who sent it can send a new one.")
    return row


def just_made(token: str, password: str, at: datetime) -> Proxy | None:
    """Whom this link let in a moment ago, where the form was sent twice: `people.just_made` says how that is known."""
    row = Proxy.objects.select_related("user").filter(digest=digest(token)).first()
    if row is None or row.accepted_at is None or row.ended_at is not None or at - row.accepted_at > SENT_TWICE:
        return None
    return row if row.user is not None and row.user.check_password(password) else None


@transaction.atomic
def accept(*, token: str, at: datetime, user: User | None = None, password: str = "") -> Proxy:
    """The person follows the link: with an account they have, or one they make. The link is used up with it."""
    row = invitation(token, at)
    if user is None:
        if User.objects.filter(email=row.email).exists():
            raise NotALink("You have an account here. Sign in with this email, then open the link again.")
        user = User.objects.create_user(row.email, password, name=row.called)
    elif user.email.lower() != row.email:
        raise NotALink("This link was sent to another address. Sign in with that one, then open the link again.")
    used = Proxy.objects.filter(pk=row.pk, accepted_at__isnull=True, ended_at__isnull=True).update(
        accepted_at=at, user=user
    )
    if not used:
        raise NotALink("This link was used already. Sign in to go on.")
    row.accepted_at, row.user = at, user
    about = f"helper {row.pk}"
    audit.write(
        clinic=row.patient.clinic, by=user, verb="accepted helper link", at=at, patient=row.patient, about=about,
        role="helper",
    )  # fmt: skip
    return row


@transaction.atomic
def let_go(*, proxy: Proxy, by: User, at: datetime) -> bool:
    """She ends it, at once. Nobody is told why. False: it had ended before, and nothing was done."""
    if proxy.ended_at is not None:
        return False
    ended = Proxy.objects.filter(pk=proxy.pk, ended_at__isnull=True).update(ended_at=at)
    if ended:
        audit.write(
            clinic=proxy.patient.clinic, by=by, verb="ended helper", at=at, patient=proxy.patient,
            about=f"helper {proxy.pk}",
        )  # fmt: skip
    return bool(ended)
