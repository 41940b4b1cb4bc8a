"""A check-in: each answer is kept as she gives it, and at the end they become what the record says.

Safety comes first: an answer above 0 to a scale's critical item is put before her team in the very transaction that
keeps it.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from althea.care import audit
from althea.care import entries as said
from althea.care.actions import effect, record, safety
from althea.care.days import today
from althea.care.known import knowledge
from althea.care.models import CheckIn, CheckInAnswer, Entry, Origin, User
from althea.care.recheck import recheck
from althea.engine import scoring

DONE = "This check-in is finished. Thank you. A message reaches your care team if something has changed."


class Finished(Exception):
    """It was sent already, or its time has passed."""


@transaction.atomic
def answer(*, check_in: CheckIn, question: str, value: Any, by: User, at: datetime) -> bool:
    """Keep one answer; the newest counts. True: it is one that a person must see today."""
    if check_in.state in (CheckIn.State.DONE, CheckIn.State.PASSED):
        raise Finished(DONE)
    earlier = CheckInAnswer.objects.filter(check_in=check_in, question=question).order_by("-at").first()
    CheckInAnswer.objects.create(check_in=check_in, question=question, value=value, at=at)
    if check_in.state == CheckIn.State.WAITING:
        check_in.put(state=CheckIn.State.STARTED, started_at=at)
    patient = check_in.patient
    audit.write(clinic=patient.clinic, by=by, verb="answered", at=at, patient=patient, about=f"check-in {check_in.pk}")
    line = critical_from(question)
    if line is None or not isinstance(value, int):
        return False
    source = f"check-in {check_in.pk}"
    if value >= line:
        safety.told(patient=patient, source=source, question=question, value=value, by=by, at=at)
        return True
    if earlier is not None and isinstance(earlier.value, int) and earlier.value >= line:
        safety.changed(patient=patient, source=source, value=value, at=at)
    return False


def critical_from(question: str) -> int | None:
    """From which answer on must a person look?  None: this question has no such line."""
    scale, _, item_id = question.partition("/")
    book = knowledge().scales.get(scale)
    item = next((one for one in book.items if one.id == item_id), None) if book is not None else None
    return item.critical_from if item is not None else None


def newest(check_in: CheckIn) -> dict[str, Any]:
    """Her answers as they stand. One query."""
    return {row.question: row.value for row in check_in.answers.order_by("at")}


@transaction.atomic
def complete(*, check_in: CheckIn, by: User, at: datetime) -> list[Entry]:
    """She is done: scores, doses, side effects and her words become entries, and everything is looked at again."""
    if check_in.state in (CheckIn.State.DONE, CheckIn.State.PASSED):
        raise Finished(DONE)
    patient, on = check_in.patient, today(check_in.patient, at)
    check_in.put(state=CheckIn.State.DONE, done_at=at)
    given = newest(check_in)
    bodies: list[tuple[said.Body | None, date]] = [(score_of(scale, given), on) for scale in check_in.scales]
    bodies += _doses(check_in, given, on) + _side_effects(check_in, given, on)
    if given.get("words"):
        bodies.append((said.Symptom(words=given["words"]), on))
    made = [
        record.add(patient=patient, body=body, on=day, origin=Origin.HERS, by=by, at=at)
        for body, day in bodies
        if body is not None
    ]
    for entry in made:
        if entry.kind == said.SideEffect.kind:
            effect.put_before_team(entry=entry, at=at)
    clinic, about = patient.clinic, f"check-in {check_in.pk}"
    audit.write(clinic=clinic, by=by, verb="finished check-in", at=at, patient=patient, about=about)
    recheck(patient, at)
    return made


def score_of(scale: str, given: dict[str, Any]) -> said.Score | None:
    """Her score. With an answer missing there is no total, and it says so; with none at all there is no entry."""
    book = knowledge().scales[scale]
    answers = ((item.id, given.get(f"{scale}/{item.id}")) for item in book.items)
    items = {key: value for key, value in answers if value is not None}
    if not items:
        return None
    result = scoring.score(book, [items.get(item.id) for item in book.items])
    total = None if result.total is None else Decimal(result.total)
    return said.Score(scale=scale, total=total, band=result.band, items=items)


def _doses(check_in: CheckIn, given: dict[str, Any], on: date) -> list[tuple[said.Body | None, date]]:
    """The days on which no dose was taken, as she ticked them; of other days she says nothing, nor do we. A day before
    the first dose is none without one."""
    trial = check_in.trial
    if trial is None or trial.started_on is None:
        return []
    days = [date.fromisoformat(day) for day in given.get("doses") or [] if day != "none"]
    return [(said.DoseTaken(medicine=trial.medicine, taken=False), day) for day in days if day >= trial.started_on]


def _side_effects(check_in: CheckIn, given: dict[str, Any], on: date) -> list[tuple[said.Body | None, date]]:
    told = given.get("side-effects") or {}
    if not told.get("what"):
        return []
    medicine = check_in.trial.medicine if check_in.trial is not None else ""
    body = said.SideEffect(what=told["what"], since=on, bother=told.get("bother"), medicine=medicine)
    return [(body, on)]
