"""Writing to her team and to her, and knowing who has read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from althea.care import audit, outbox
from althea.care.actions import worklist
from althea.care.models import Message, MessageRead, Patient, User, WorklistItem

SHOWN = 90
"""Characters of a message that the worklist shows."""
NOTHING_BESIDES: Mapping[UUID, int] = MappingProxyType({})


@transaction.atomic
def write(
    *, patient: Patient, body: str, by: User, from_her: bool, at: datetime, answers: Message | None = None,
    besides: Mapping[UUID, int] = NOTHING_BESIDES,
) -> Message:  # fmt: skip
    """One message. Hers opens an item for her team, or counts with those that wait, and her team gets a neutral notice;
    so does she of the team's.

    `answers`: the newest message that the page of the answer showed. Up to it hers are answered, and no later one: what
    was written without her messages in sight answers none. `besides`: which of `told_elsewhere` it answers too, with
    the version that the page showed; what tells of something else since stays open.
    """
    Patient.objects.select_for_update().get(pk=patient.pk)  # one at a time: each is later than those that a page showed
    newest = Message.objects.filter(patient=patient).order_by("-at").first()
    at = max(at, newest.at + timedelta(microseconds=1)) if newest is not None else at
    row = Message.objects.create(patient=patient, sender=by, from_her=from_her, body=body, at=at)
    audit.write(clinic=patient.clinic, by=by, verb="wrote message", at=at, patient=patient, about=f"message {row.pk}")
    item = WorklistItem.objects.filter(patient=patient, reason="message", closed_at__isnull=True).first()
    if from_her:
        _put_before_team(patient, _waiting(item) if item is not None else [row], at)
        return row
    outbox.add(
        clinic=patient.clinic, kind="message", patient=patient, at=at, link="/messages", send_key=f"message/{row.pk}"
    )
    if item is not None and answers is not None:
        item.patient = patient
        waiting = _waiting(item)
        later = [one for one in waiting if one.at > answers.at]
        if not later:
            worklist.close(item=item, by=by, words="answered", at=at)
        elif len(later) < len(waiting):
            item.put(opened_at=later[0].at)
            _put_before_team(patient, later, at)
    for one in told_elsewhere(patient) if besides else ():
        if one.version == besides.get(one.pk):
            one.patient = patient
            worklist.close(item=one, by=by, words="answered", at=at)
    return row


def told_elsewhere(patient: Patient) -> QuerySet[WorklistItem]:
    """What is open of her words that came in no message: in a check-in, or of a side effect. The oldest first."""
    rows = WorklistItem.objects.filter(patient=patient, group=WorklistItem.Group.MESSAGE, closed_at__isnull=True)
    return rows.exclude(reason="message").order_by("opened_at")


def _waiting(item: WorklistItem) -> list[Message]:
    """Her messages that wait for an answer: from the one that opened the item on. The oldest first."""
    rows = Message.objects.filter(patient=item.patient_id, from_her=True, at__gte=item.opened_at)
    return list(rows.order_by("at"))


def _put_before_team(patient: Patient, waiting: Sequence[Message], at: datetime) -> None:
    """One item for all that wait: how many, and the first is never lost behind the others."""
    first, last = (_line(waiting[at_].body) for at_ in (0, -1))
    why = first if len(waiting) == 1 else f"{len(waiting)} messages, the first: {first} The last: {last}"
    worklist.place(
        patient=patient, group=WorklistItem.Group.MESSAGE, level="info", reason="message", action="Reply", why=why,
        to=f"/patients/{patient.pk}/messages", at=at, tell=True, harm=str(waiting[-1].pk),
    )  # fmt: skip


def _line(body: str) -> str:
    line = " ".join(body.split())
    return f"“{line if len(line) <= SHOWN else line[: SHOWN - 1] + '…'}”"


@transaction.atomic
def write_to_each(*, patients: Iterable[Patient], body: str, by: User, at: datetime) -> None:
    """The same words to several women, a message to each. All of them or none. It answers nobody's message."""
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
