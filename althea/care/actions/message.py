"""Writing to her team and to her, and knowing who has read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from althea.care import audit, outbox
from althea.care.actions import worklist
from althea.care.models import Message, MessageRead, Patient, User, WorklistItem

SHOWN = 90
"""Characters of a message that the worklist shows."""


@transaction.atomic
def write(*, patient: Patient, body: str, by: User, from_her: bool, at: datetime) -> Message:
    """One message. Hers opens an item for her team; the team's sends her a neutral notice and closes the item."""
    row = Message.objects.create(patient=patient, sender=by, from_her=from_her, body=body, at=at)
    audit.write(clinic=patient.clinic, by=by, verb="wrote message", at=at, patient=patient, about=f"message {row.pk}")
    if from_her:
        line = " ".join(body.split())
        worklist.place(
            patient=patient, group=WorklistItem.Group.MESSAGE, level="info", reason="message", action="Reply",
            why=f"“{line if len(line) <= SHOWN else line[: SHOWN - 1] + '…'}”",
            to=f"/patients/{patient.pk}/messages", at=at,
        )  # fmt: skip
    else:
        outbox.add(
            clinic=patient.clinic,
            kind="message",
            patient=patient,
            at=at,
            link="/messages",
            send_key=f"message/{row.pk}",
        )
        for item in WorklistItem.objects.filter(patient=patient, reason="message", closed_at__isnull=True):
            worklist.close(item=item, by=by, words="answered", at=at)
    return row


@transaction.atomic
def write_to_each(*, patients: Iterable[Patient], body: str, by: User, at: datetime) -> None:
    """The same words to several women, a message to each. All of them or none."""
    for patient in patients:
        write(patient=patient, body=body, by=by, from_her=False, at=at)


def read_until(patient: Patient, reader: User) -> datetime | None:
    """Until when has this person read?  None: never."""
    row = MessageRead.objects.filter(patient=patient, reader=reader).order_by("-until").first()
    return row.until if row is not None else None


@transaction.atomic
def mark_read(*, patient: Patient, reader: User, at: datetime) -> None:
    """Everything up to now was read."""
    MessageRead.objects.create(patient=patient, reader=reader, until=at)
    audit.write(clinic=patient.clinic, by=reader, verb="read messages", at=at, patient=patient)
