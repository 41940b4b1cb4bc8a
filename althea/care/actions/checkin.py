"""A check-in: each answer is kept as she gives it, and at the end they become what the record says.

Safety comes first: an answer above 0 to a scale's critical item, and what her body noticed that bothers her a lot, are
put before her team in the very transaction that keeps them; her words, of her goals too, when she sends them or her
time is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.db import transaction

from althea.care import audit
from althea.care import entries as said
from althea.care.actions import effect, record, safety, worklist
from althea.care.days import today
from althea.care.doses_told import asked_of
from althea.care.facts import chart_of
from althea.care.known import knowledge
from althea.care.left import anything_told
from althea.care.models import CheckIn, CheckInAnswer, Entry, Origin, Trial, User, WorklistItem
from althea.care.recheck import recheck
from althea.engine import scoring
from althea.engine.trial import LIVE

DONE = "This check-in is finished. Thank you. A message reaches your care team if something has changed."
EFFECT, GOALS = "side-effects", "goals"
"""The questions that a side effect is told in, and how near her goals are."""
SHOWN, SHOWN_OF_A_GOAL = 110, 50
"""Characters of her words that the worklist shows."""
IN_HER_WORDS = (said.Symptom.kind, said.SideEffect.kind, said.GoalTold.kind)


class Finished(Exception):
    """It was sent already, or its time has passed."""


@transaction.atomic
def answer(*, check_in: CheckIn, question: str, value: Any, by: User, at: datetime) -> bool:
    """Keep one answer; the newest counts. True: it is one that a person must see today."""
    if check_in.state in (CheckIn.State.DONE, CheckIn.State.PASSED):
        raise Finished(DONE)
    earlier = CheckInAnswer.objects.filter(check_in=check_in, question=question).order_by("-at").first()
    row = CheckInAnswer.objects.create(check_in=check_in, question=question, value=value, at=at)
    if check_in.state == CheckIn.State.WAITING:
        check_in.put(state=CheckIn.State.STARTED, started_at=at)
    patient = check_in.patient
    audit.write(clinic=patient.clinic, by=by, verb="answered", at=at, patient=patient, about=f"check-in {check_in.pk}")
    if question == EFFECT:
        told, before = (_effect(check_in, one, at) for one in (value, earlier.value if earlier is not None else None))
        effect.answered(patient=patient, told=told, earlier=before, since=check_in.started_at or at, at=at)
    source = f"check-in {check_in.pk}"
    line = safety.critical_from(question)
    if line is None or not isinstance(value, int):
        return False
    if value >= line:
        rows = CheckInAnswer.objects.filter(check_in=check_in, question=question).exclude(pk=row.pk)
        most = max((one for one in rows.values_list("value", flat=True) if isinstance(one, int)), default=0)
        safety.told(patient=patient, source=source, question=question, value=value, by=by, at=at, before=most)
        return safety.harm_from(question) is not None
    if earlier is not None and isinstance(earlier.value, int) and earlier.value >= line:
        safety.changed(patient=patient, source=source, question=question, value=value, at=at)
    return False


def newest(check_in: CheckIn) -> dict[str, Any]:
    """Her answers as they stand. One query."""
    return {row.question: row.value for row in check_in.answers.order_by("at")}


@transaction.atomic
def complete(*, check_in: CheckIn, by: User, at: datetime) -> list[Entry]:
    """She is done: scores, doses, side effects, how near her goals are and her words become entries, and everything is
    looked at again."""
    if check_in.state in (CheckIn.State.DONE, CheckIn.State.PASSED):
        raise Finished(DONE)
    patient, given = check_in.patient, newest(check_in)
    check_in.put(state=CheckIn.State.DONE, done_at=at)
    made = _recorded(check_in, given, today(patient, at), by, at)
    clinic, about = patient.clinic, f"check-in {check_in.pk}"
    audit.write(clinic=clinic, by=by, verb="finished check-in", at=at, patient=patient, about=about)
    if wrote := [*([f"She wrote: {_line(given['words'])}"] if given.get("words") else []), *_of_goals(made)]:
        _put_before_team(check_in, " ".join(wrote), at, her_words=True)
    found = recheck(patient, at)
    for entry in made:
        if entry.kind == said.SideEffect.kind:
            effect.sent(entry=entry, since=check_in.started_at, found=found, at=at)
    return made


@transaction.atomic
def pass_over(*, check_in: CheckIn, at: datetime) -> list[Entry]:
    """Its time is over. What she answered and did not send becomes entries that say so, of the day she answered last,
    and her team is told what stands in them. One without an answer passes without a word."""
    patient, rows = check_in.patient, list(check_in.answers.order_by("at"))
    check_in.put(state=CheckIn.State.PASSED)
    if not rows or patient.user is None:
        return []
    given = {row.question: row.value for row in rows}
    made = _recorded(check_in, given, today(patient, rows[-1].at), patient.user, at, sent=False)
    if made:
        her_words = any(entry.kind in IN_HER_WORDS for entry in made)
        _put_before_team(
            check_in, f"Her check-in of {check_in.due_on:%-d %B} was not sent. {_named(made)}", at, her_words=her_words
        )
        recheck(patient, at)
    return made


def _recorded(
    check_in: CheckIn, given: dict[str, Any], on: date, by: User, at: datetime, *, sent: Literal[False] | None = None
) -> list[Entry]:
    """Her answers as entries."""
    bodies: list[tuple[said.Body | None, date]] = [(score_of(scale, given), on) for scale in check_in.scales]
    bodies += [*_doses(check_in, given), *(() if sent is False else _taken_since(check_in, given))]
    bodies += [(_effect(check_in, given.get(EFFECT), at), on)]
    bodies += [(said.GoalTold(**row), on) for row in given.get(GOALS) or ()]
    if given.get("words"):
        bodies.append((said.Symptom(words=given["words"]), on))
    return [
        record.add(
            patient=check_in.patient, body=body.model_copy(update={"sent": sent}), on=day, origin=Origin.HERS, by=by,
            at=at,
        )
        for body, day in bodies
        if body is not None
    ]  # fmt: skip


def _put_before_team(check_in: CheckIn, why: str, at: datetime, *, her_words: bool) -> None:
    """Words of hers are read by a person, the day they come: no word in them is looked for."""
    patient = check_in.patient
    worklist.place(
        patient=patient, group=WorklistItem.Group.MESSAGE, level="info", reason=f"words:{check_in.pk}", why=why,
        action="Read it", to=f"/patients/{patient.pk}/messages", at=at, tell=her_words,
    )  # fmt: skip


def _named(made: Sequence[Entry]) -> str:
    """What stands in them, her words first, for they are cut last."""
    words = [f"She wrote: {_line(entry.body['words'])}." for entry in made if entry.kind == said.Symptom.kind]
    words += [f"Side effect: {_line(entry.body['what'])}." for entry in made if entry.kind == said.SideEffect.kind]
    words += _of_goals(made)
    for score in (entry.body for entry in made if entry.kind == said.Score.kind):
        book = knowledge().scales[score["scale"]]
        total = f"{score['total']}" if "total" in score else f"{len(score['items'])} of {len(book.items)} answered"
        words.append(f"{book.name}: {total}.")
    missed = sum(entry.kind == said.DoseTaken.kind and not entry.body["taken"] for entry in made)
    return " ".join([*words, *([f"Days without a dose: {missed}."] if missed else [])])


def _of_goals(made: Sequence[Entry]) -> list[str]:
    told = [_line(entry.body["told"], SHOWN_OF_A_GOAL) for entry in made if entry.kind == said.GoalTold.kind]
    return [f"Of her goals: {', '.join(told)}."] if told else []


def _line(words: str, most: int = SHOWN) -> str:
    line = " ".join(words.split())
    return f"“{line if len(line) <= most else line[: most - 1] + '…'}”"


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


def _doses(check_in: CheckIn, given: dict[str, Any]) -> list[tuple[said.Body | None, date]]:
    """The days on which no dose was taken, as she ticked them. A day before the first dose is none without one."""
    trial = check_in.trial
    if trial is None or trial.started_on is None:
        return []
    days = [date.fromisoformat(day) for day in given.get("doses") or [] if day != "none"]
    return [(said.DoseTaken(medicine=trial.medicine, taken=False), day) for day in days if day >= trial.started_on]


def _taken_since(check_in: CheckIn, given: dict[str, Any]) -> list[tuple[said.Body | None, date]]:
    """Where she had told that she left it, or of days without it: the first day of those she was asked about, after the
    last she named, that shows that she takes it again. The day itself may still bring its dose; and what she ticked
    herself of any of these days is not said over."""
    answer = check_in.answers.filter(question="doses").order_by("-at").first()
    trial, patient = check_in.trial, check_in.patient
    if answer is None or given.get("doses") is None or trial is None:
        return []
    on = today(patient, answer.at)
    asked = asked_of(trial, on)
    without = [day for day in asked if day.isoformat() in given["doses"]]
    with_it = sorted(day for day in asked if day < on and (not without or day > max(without)))
    told = Entry.objects.current().filter(patient=patient, kind=said.DoseTaken.kind, body__medicine=trial.medicine)
    if not with_it or told.filter(on__in=with_it).exists():
        return []
    if not without and not anything_told(chart_of(patient), on, trial.medicine):
        return []
    return [(said.DoseTaken(medicine=trial.medicine, taken=True), with_it[0])]


def may_come_from(check_in: CheckIn, on: date) -> list[str]:
    """The medicines on trial that a side effect may come from, where there are several and she has begun each: of one
    alone nothing is asked."""
    rows = Trial.objects.filter(patient=check_in.patient, state__in=[one.value for one in LIVE], started_on__lte=on)
    found = list(dict.fromkeys(rows.order_by("started_on", "pk").values_list("medicine", flat=True)))
    return found if len(found) > 1 else []


def _effect(check_in: CheckIn, told: Any, at: datetime) -> said.SideEffect | None:
    """What her body noticed. None: nothing. Of which medicine, only where she is on trial of no other."""
    if not told or not told.get("what"):
        return None
    patient = check_in.patient
    live = Trial.objects.filter(patient=patient, state__in=[one.value for one in LIVE])
    tried = {*live.values_list("medicine", flat=True), *([check_in.trial.medicine] if check_in.trial else [])}
    medicine = tried.pop() if len(tried) == 1 else ""
    return said.SideEffect(
        what=told["what"], since=today(patient, at), bother=told.get("bother"), medicine=medicine,
        thinks=told.get("thinks") or None,
    )  # fmt: skip
