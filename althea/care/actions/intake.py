"""Answering, sending, and turning answers into the record with a person's eyes on each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from althea.care import audit
from althea.care.actions import message, record, safety, worklist
from althea.care.entries import Body, Looked
from althea.care.intake.screens import Screen, critical
from althea.care.models import (
    Entry,
    Intake,
    IntakeAnswer,
    IntakeSettled,
    Message,
    Origin,
    Patient,
    User,
    WorklistItem,
)
from althea.care.named import unread

CONFIDANT, LONGEST_NAME, LONGEST_PHONE = "confidant", 100, 40


class NotNow(Exception):
    """This cannot be done any more; its words say why."""


@transaction.atomic
def answer(*, intake: Intake, question: str, value: Any, said: str, by: User, at: datetime) -> IntakeAnswer:
    """Keep one answer. Answered again, the newest counts and the earlier one stays in the record."""
    if intake.state in (Intake.State.SUBMITTED, Intake.State.REVIEWED):
        raise NotNow("You sent this already. Write a message if something has changed.")
    if intake.state == Intake.State.SENT:
        intake.put(state=Intake.State.STARTED)
    row = IntakeAnswer.objects.create(intake=intake, question=question, value=value, said=said, at=at)
    if question == CONFIDANT and isinstance(value, list) and value:
        _whom_she_would_call(intake.patient, value[0])
    clinic = intake.patient.clinic
    audit.write(clinic=clinic, by=by, verb="answered", at=at, patient=intake.patient, about=f"answer {row.pk}")
    return row


def _whom_she_would_call(patient: Patient, row: dict[str, str]) -> None:
    """Her help page shows this name from now on. What is too long for a button stays in her answer only."""
    name, phone = row.get("name", ""), row.get("phone", "")
    if len(name) <= LONGEST_NAME and len(phone) <= LONGEST_PHONE:
        changed = {"confidant": name, "confidant_phone": phone, "version": F("version") + 1}
        Patient.objects.filter(pk=patient.pk).update(**changed)


@transaction.atomic
def answer_item(*, intake: Intake, screen: Screen, value: int, by: User, at: datetime) -> bool:
    """Keep her answer to one item of a scale beside those she gave before. True: a person must see it today, and her
    team is told in this very transaction."""
    Intake.objects.select_for_update().get(pk=intake.pk)  # two tabs: neither loses what the other kept
    before = IntakeAnswer.objects.filter(intake=intake, question=screen.question.id).order_by("-at").first()
    given = dict(before.value or {}) if before is not None else {}
    earlier = given.get(screen.item.id)
    given[screen.item.id] = value
    row = answer(intake=intake, question=screen.question.id, value=given, said="answered", by=by, at=at)
    source, asked = f"intake {intake.pk}", f"{screen.question.scale}/{screen.item.id}"
    if critical(screen, value):
        safety.told(patient=intake.patient, source=source, question=asked, value=value, by=by, at=row.at)
        return True
    if critical(screen, earlier):
        safety.changed(patient=intake.patient, source=source, value=value, at=row.at)
    return False


@transaction.atomic
def submit(*, intake: Intake, by: User, at: datetime) -> None:
    """She sends it. Sent twice is sent once."""
    if intake.state in (Intake.State.SUBMITTED, Intake.State.REVIEWED):
        raise NotNow("You sent this already. Write a message if something has changed.")
    intake.put(state=Intake.State.SUBMITTED, submitted_at=at)
    patient = intake.patient
    audit.write(clinic=patient.clinic, by=by, verb="sent intake", at=at, patient=patient, about=f"intake {intake.pk}")
    worklist.place(
        patient=patient, group=WorklistItem.Group.OTHER, level="info", reason=f"intake:{intake.pk}", action="Read it",
        why="She sent her answers before the first visit.", to=f"/patients/{patient.pk}/assessment", at=at,
    )  # fmt: skip


@transaction.atomic
def settle(
    *, answer: IntakeAnswer, part: str, body: Body, on: date, by: User, at: datetime
) -> Entry:  # fmt: skip
    """What she told becomes an entry, hers by origin. Each part of an answer is settled once. Raises NotNow."""
    entry = record.add(patient=answer.intake.patient, body=body, on=on, origin=Origin.HERS, by=by, at=at)
    _settled(answer, part, by, at, entry=entry)
    if (not_read := unread(body)) is not None:
        worklist.place_unread(entry=entry, not_read=not_read, at=at)
    return entry


@transaction.atomic
def set_aside(*, answer: IntakeAnswer, part: str, why: str, by: User, at: datetime) -> None:
    """Seen, and not for the record, with a word why."""
    _settled(answer, part, by, at, why_not=why)
    patient = answer.intake.patient
    audit.write(
        clinic=patient.clinic, by=by, verb="set aside answer", at=at, patient=patient, about=f"answer {answer.pk}"
    )


@transaction.atomic
def settle_all(
    *, wanted: Sequence[tuple[IntakeAnswer, str, Body, date]], by: User, at: datetime
) -> int:  # fmt: skip
    """Everything a person looked over in one section; what somebody settled meanwhile is left as it is. How many."""
    done = 0
    for one, part, body, on in wanted:
        try:
            with transaction.atomic():
                settle(answer=one, part=part, body=body, on=on, by=by, at=at)
            done += 1
        except NotNow:
            continue
    return done


@transaction.atomic
def ask(*, answer: IntakeAnswer, asked: str, words: str, by: User, at: datetime) -> Message:
    """Ask her about an answer: a message that says which one. `asked`: the question as she read it."""
    body = f"You were asked: {asked}\n\n{words}"
    return message.write(patient=answer.intake.patient, body=body, by=by, from_her=False, at=at)


def _settled(answer: IntakeAnswer, part: str, by: User, at: datetime, **how: Any) -> None:
    try:
        with transaction.atomic():
            IntakeSettled.objects.create(answer=answer, part=part, by=by, at=at, **how)
    except IntegrityError:
        raise NotNow("Somebody settled this answer already. Reload the page to see how.") from None


@transaction.atomic
def went_through(*, patient: Patient, topic: str, on: date, by: User, at: datetime) -> Entry:
    """This topic was gone through whole with her: from now on, what is not there is not so."""
    body = Looked(topic=topic)  # type: ignore[arg-type]
    return record.add(patient=patient, body=body, on=on, origin=Origin.CLINIC, by=by, at=at)


@transaction.atomic
def reviewed(*, intake: Intake, by: User, at: datetime) -> None:
    """All is read. Its item closes."""
    if intake.state != Intake.State.SUBMITTED:
        raise NotNow("She has not sent it yet." if intake.state != Intake.State.REVIEWED else "It is reviewed already.")
    intake.put(state=Intake.State.REVIEWED, reviewed_at=at)
    patient = intake.patient
    audit.write(
        clinic=patient.clinic, by=by, verb="reviewed intake", at=at, patient=patient, about=f"intake {intake.pk}"
    )
    for item in WorklistItem.objects.filter(patient=patient, reason=f"intake:{intake.pk}", closed_at__isnull=True):
        worklist.close(item=item, by=by, words="reviewed", at=at)
