"""What is to be sent, once what it tells of is safely written?

`add` puts a row beside the change, in its transaction; `send_due` (a job, each minute) hands due rows to the mail
server. A row's `send_key` is (whom, what, which day), so that nothing is sent twice, whatever is retried. The words
are neutral: no app, clinic, medicine or diagnosis, for others may see her lock screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q

from althea.care.days import not_at_night
from althea.care.models import CheckIn, Clinic, Invitation, Offer, Outgoing, Patient, Proxy, User, WorklistItem

WORDS = {
    "invitation": "You have a new message.",
    "check-in": "Time for your note.",
    "message": "You have a new message.",
    "update": "You have an update.",
    "visit": "Your visit is coming up.",
    "staff": "Something needs you.",
    "again": "Something still needs you.",
    "helper": "You have a new message.",
    "sign-in": "Here is the link you asked for.",
    "moved": "You have an update.",
}
"""Under 40 characters each, and nothing in them that says what it is about (a test holds a list of forbidden words)."""
LEASE = timedelta(minutes=5)
SENT_AGAIN = ("staff", "again", "invitation", "helper", "sign-in", "moved")
"""Of these one too many is better than none; all others reach her once at most, whatever dies in between."""
WITH_A_TOKEN = ("invitation", "helper", "sign-in")
"""Their links let somebody in: they are kept until they are sent, and no longer."""
TO_AN_ADDRESS = "mailto:"
"""The link of a "moved": where she was reached before. It is kept as long as those."""
MOVED = "The email address of your account was changed. Nothing more comes to this one."
MOST_ATTEMPTS = 8


def add(
    *,
    clinic: Clinic,
    kind: str,
    send_key: str,
    at: datetime,
    patient: Patient | None = None,
    user: User | None = None,
    link: str = "",
    not_before: datetime | None = None,
) -> Outgoing | None:
    """Put one notice beside a change. None: it is there already, or she wants none.  To her: never at night."""
    when = not_before or at
    if patient is not None and kind != "invitation":
        if patient.notices == "none":
            return None
        when = not_at_night(patient, when)
    if Outgoing.objects.filter(send_key=send_key).exists():
        return None
    return Outgoing.objects.create(
        clinic=clinic, patient=patient, user=user, kind=kind, link=link, send_key=send_key, not_before=when,
        created_at=at,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sent:
    sent: int = 0
    failed: int = 0


def send_due(now: datetime) -> Sent:
    """Send what is due. Safe to run twice at once: a row is claimed by one worker, for five minutes. Of a worker that
    died with a row nobody knows whether it was sent: a reminder is then left at that."""
    waiting = Q(state=Outgoing.State.WAITING, not_before__lte=now)
    lost = Q(state=Outgoing.State.SENDING, claimed_until__lt=now)
    sent = failed = 0
    due = Outgoing.objects.filter(waiting | lost).select_related("patient__clinic", "user", "clinic")
    for row in due.order_by("not_before"):
        claimed = Outgoing.objects.filter(pk=row.pk, version=row.version).update(
            state=Outgoing.State.SENDING,
            claimed_until=now + LEASE,
            version=F("version") + 1,
            attempts=F("attempts") + 1,
        )
        if not claimed:
            continue
        row.version, row.attempts = row.version + 1, row.attempts + 1
        if row.state == Outgoing.State.SENDING and row.kind not in SENT_AGAIN:
            row.put(state=Outgoing.State.UNKNOWN)  # who held it died, perhaps after the mail server took it
            continue
        if _no_longer_wanted(row):
            row.put(state=Outgoing.State.DROPPED)
            continue
        if (later := _awake(row, now)) > now:
            row.put(state=Outgoing.State.WAITING, not_before=later)  # the worker was late, and it is night by now
            continue
        try:
            _hand_over(row)
        except OSError:
            given_up = row.attempts >= MOST_ATTEMPTS
            row.put(
                state=Outgoing.State.UNKNOWN if given_up else Outgoing.State.WAITING,
                not_before=now + timedelta(minutes=2**row.attempts),
            )
            failed += 1
            continue
        forgotten = row.kind in (*WITH_A_TOKEN, "moved") and not settings.ALTHEA_DEMO  # the demo shows its mails
        link = "" if forgotten else row.link
        row.put(state=Outgoing.State.SENT, sent_at=now, link=link)
        sent += 1
    return Sent(sent, failed)


def _awake(row: Outgoing, now: datetime) -> datetime:
    """From when may it be sent?  To her never at night; what was told her clinic before, neither."""
    if row.kind == "again":
        return not_at_night(row.clinic, now)
    return not_at_night(row.patient, now) if row.patient is not None and row.kind != "invitation" else now


def _no_longer_wanted(row: Outgoing) -> bool:
    """She wants no notices any more, or what this one tells of is done already."""
    if row.send_key.startswith("staff/"):
        return WorklistItem.objects.filter(pk=row.send_key.split("/")[1], closed_at__isnull=False).exists()
    if row.kind == "helper":
        return not _whom_she_invited(row).filter(ended_at__isnull=True, accepted_at__isnull=True).exists()
    if row.kind == "invitation":
        newest = Invitation.objects.filter(patient=row.patient).order_by("-sent_at").first()
        return newest is not None and row.send_key != f"invitation/{newest.pk}"
    if row.patient is None:
        return False
    if row.kind == "moved" and row.link == f"{TO_AN_ADDRESS}{row.patient.email}":
        return True  # it was changed back before she was told
    if row.send_key.startswith("offer/"):
        offer = row.send_key.split("/")[1]
        if not Offer.objects.filter(pk=offer, closed_at__isnull=True).exists():
            return True
    if row.kind == "check-in":
        check_in = row.send_key.split("/")[1]
        if not CheckIn.objects.filter(pk=check_in, state=CheckIn.State.WAITING).exists():
            return True
    return row.patient.notices == "none"


def _hand_over(row: Outgoing) -> None:
    to, words = addressed(row)
    if not to:
        return
    body = f"{words}\n\n{_in_the_letter(row)}\n"
    # Sent once more, it is the same letter to every server and reader of mail.
    name = f"<{row.pk}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].rstrip('>')}>"
    mail = EmailMessage(words, body, settings.DEFAULT_FROM_EMAIL, [to], headers={"Message-ID": name})
    mail.send()


def _in_the_letter(row: Outgoing) -> str:
    """What stands below its words: the link; in a letter to the address before, what was changed and whom to call."""
    if row.kind != "moved":
        return f"{settings.ALTHEA_BASE_URL or 'http://localhost:8000'}{row.link or '/'}"
    # no number: who reads that mailbox now may not be she
    return f"{MOVED} If you did not ask for that, call the people who gave you the account."


def addressed(row: Outgoing) -> tuple[str, str]:
    """(to whom, in which words)."""
    words = WORDS[row.kind]
    if row.kind == "moved" and row.patient is not None:
        return row.link.removeprefix(TO_AN_ADDRESS), row.patient.notice_words or words
    if row.kind == "helper":
        return _whom_she_invited(row).values_list("email", flat=True).first() or "", words
    if row.patient is not None:
        return row.patient.email, row.patient.notice_words or words
    user: Any = row.user
    return (user.email if user is not None else ""), words


def _whom_she_invited(row: Outgoing) -> Any:
    """Somebody she wants to let in has no account yet: the address stands where she wrote it."""
    return Proxy.objects.filter(pk=row.send_key.split("/")[1])
