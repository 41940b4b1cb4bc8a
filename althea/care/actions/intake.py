"""Answering, sending, and turning answers into the record with a person's eyes on each."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from althea.care import audit
from althea.care.actions import changes, message, record, safety, worklist
from althea.care.days import today, zone_of
from althea.care.entries import Body, LifeStage, Looked
from althea.care.facts import chart_of
from althea.care.intake.proposals import proposals
from althea.care.intake.questions import RATHER, UNKNOWN, Question, questions
from althea.care.intake.said import said_in_words
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
from althea.care.recheck import recheck
from althea.care.schedule import courses
from althea.care.typed import LONGEST_PHONE

CONFIDANT, LONGEST_NAME = "confidant", 100
FEEDS = LifeStage(topic="breastfeeding", value="yes")
ADDED = "Her answers before the first visit were added to her record."


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
    if (asked := questions().get(question)) is not None and asked.harm:
        _of_harm(intake, asked, row)
    return row


def _of_harm(intake: Intake, asked: Question, row: IntakeAnswer) -> None:
    """A question on self-harm that is no item of a scale: her team hears of her answer in this very transaction."""
    earlier = IntakeAnswer.objects.filter(intake=intake, question=asked.id).exclude(pk=row.pk)
    told = [asked.harm.index(value) for value in earlier.values_list("value", flat=True) if value in asked.harm]
    loud = row.value in asked.harm
    source = f"intake {intake.pk}/{asked.id}"
    item = safety.told_in_words(
        patient=intake.patient, source=source, question=asked.text, said=said_in_words(asked, row), loud=loud,
        less=loud and min(told, default=len(asked.harm)) < asked.harm.index(row.value), at=row.at,
    )  # fmt: skip
    if item is None and row.said == RATHER:
        safety.would_rather_talk(patient=intake.patient, source=source, question=asked.text, at=row.at)


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
    rows = IntakeAnswer.objects.filter(intake=intake, question=screen.question.id).values_list("value", flat=True)
    most = max((int(row[screen.item.id]) for row in rows if row and screen.item.id in row), default=0)
    given[screen.item.id] = value
    row = answer(intake=intake, question=screen.question.id, value=given, said="answered", by=by, at=at)
    source, asked = f"intake {intake.pk}", f"{screen.question.scale}/{screen.item.id}"
    if critical(screen, value):
        safety.told(patient=intake.patient, source=source, question=asked, value=value, by=by, at=row.at, before=most)
        return True
    if critical(screen, earlier):
        safety.changed(patient=intake.patient, source=source, question=asked, value=value, at=row.at)
    return False


@transaction.atomic
def submit(*, intake: Intake, by: User, at: datetime) -> None:
    """She sends it. Sent twice is sent once."""
    if intake.state in (Intake.State.SUBMITTED, Intake.State.REVIEWED):
        raise NotNow("You sent this already. Write a message if something has changed.")
    intake.put(state=Intake.State.SUBMITTED, submitted_at=at)
    patient = intake.patient
    audit.write(clinic=patient.clinic, by=by, verb="sent intake", at=at, patient=patient, about=f"intake {intake.pk}")
    _put_before_team(intake, by, at)


def _put_before_team(intake: Intake, by: User, at: datetime) -> None:
    """Read it; and today, where what she wrote would speak against what she takes, or she is or may be pregnant, or
    breastfeeds and takes what was ordered here. Nothing of it is in her record before somebody adds it."""
    patient, zone = intake.patient, zone_of(intake.patient)
    rows = {row.question: row for row in intake.answers.order_by("at")}
    asked = [(one, rows[key]) for key, one in questions().items() if key in rows]
    told = [may for one, row in asked for may in proposals(one, row.value, row.at.astimezone(zone).date(), row.said)]
    came = changes.would_come_of(patient=patient, bodies=[(may.body, may.on) for may in told], by=by, at=at)
    feeds = any(isinstance(may.body, LifeStage) and may.body == FEEDS for may in told)
    lines = [
        "She sent her answers before the first visit.",
        "She is or may be pregnant." if came.possibly_pregnant else "",
        "She breastfeeds and takes what was ordered here." if feeds and _takes_ours(patient, at) else "",
        came.loudest,
    ]
    loud = any(lines[1:])
    worklist.place(
        patient=patient, level="critical" if came.critical else "warning" if loud else "info", tell=loud, at=at,
        group=WorklistItem.Group.CANNOT_WAIT if came.critical or came.possibly_pregnant else WorklistItem.Group.OTHER,
        reason=f"intake:{intake.pk}", why=" ".join(filter(None, lines)), action="Read it",
        to=f"/patients/{patient.pk}/assessment",
    )  # fmt: skip


def _takes_ours(patient: Patient, at: datetime) -> bool:
    on = today(patient, at)
    return any(course.now(on) is not None for course in courses(chart_of(patient).orders, on))


@transaction.atomic
def settle(
    *, answer: IntakeAnswer, part: str, body: Body, on: date, by: User, at: datetime
) -> Entry:  # fmt: skip
    """What she told becomes an entry, hers by origin, and everything she takes is looked at again. Each part of an
    answer is settled once. Raises NotNow."""
    with changes.looked_at_again(answer.intake.patient, at, words=ADDED) as made:
        made.append(_write(answer, part, body, on, by, at))
    return made[0]


def _write(answer: IntakeAnswer, part: str, body: Body, on: date, by: User, at: datetime) -> Entry:
    patient = answer.intake.patient
    if isinstance(body, LifeStage) and _asked_since(answer, body, on):
        raise NotNow("She was asked since she answered this, and her record says so. Set it aside.")
    entry = record.add(patient=patient, body=body, on=on, origin=Origin.HERS, by=by, at=at,
                       supersedes=changes.same_day(patient, body, on))  # fmt: skip
    _settled(answer, part, by, at, entry=entry)
    if (not_read := unread(body)) is not None:
        worklist.place_unread(entry=entry, not_read=not_read, at=at)
    return entry


def _asked_since(answer: IntakeAnswer, body: LifeStage, on: date) -> bool:
    """Does her record hold a newer answer?  An older one takes nothing back. That she is pregnant, or is not, stands
    beside what was said since: where the two disagree both are shown."""
    if body.topic == "pregnancy" and body.value != UNKNOWN:
        return False
    rows = Entry.objects.current().filter(patient=answer.intake.patient, kind=body.kind, body__topic=body.topic)
    return rows.filter(on__gte=on, recorded_at__gt=answer.at).exists()


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
    """Everything a person looked over in one section; what somebody settled meanwhile is left as it is. How many. What
    she takes is looked at again once, after all of it."""
    if not wanted:
        return 0
    with changes.looked_at_again(wanted[0][0].intake.patient, at, words=ADDED) as made:
        for one, part, body, on in wanted:
            with suppress(NotNow), transaction.atomic():
                made.append(_write(one, part, body, on, by, at))
    return len(made)


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
    entry = record.add(patient=patient, body=body, on=on, origin=Origin.CLINIC, by=by, at=at)
    recheck(patient, at)
    return entry


@transaction.atomic
def reviewed(*, intake: Intake, by: User, at: datetime) -> None:
    """All is read, and what she takes is looked at once more. Its item closes."""
    if intake.state != Intake.State.SUBMITTED:
        raise NotNow("She has not sent it yet." if intake.state != Intake.State.REVIEWED else "It is reviewed already.")
    intake.put(state=Intake.State.REVIEWED, reviewed_at=at)
    patient = intake.patient
    audit.write(
        clinic=patient.clinic, by=by, verb="reviewed intake", at=at, patient=patient, about=f"intake {intake.pk}"
    )
    for item in WorklistItem.objects.filter(patient=patient, reason=f"intake:{intake.pk}", closed_at__isnull=True):
        worklist.close(item=item, by=by, words="reviewed", at=at)
    recheck(patient, at)
