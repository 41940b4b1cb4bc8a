"""An answer that a person must see today: kept, put before her team, and told, before anything else happens.

And her safety plan: her own lines, which she or her team with her may write anew.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from althea.care import entries as said
from althea.care.actions import record, worklist
from althea.care.days import today
from althea.care.known import knowledge
from althea.care.models import Entry, Origin, Patient, Stale, User, WorklistItem
from althea.knowledge.schema.scale import Item, Scale

MOST_LINES = 20
LONGEST_LINE = 300
LONGEST_ITEM = 120
"""Characters of an item's text that the worklist shows."""


def _reason(source: str) -> str:
    return f"self-harm:{source}"


def item_of(question: str) -> tuple[Scale, Item] | None:
    """The scale and the item that "phq-9/item 9" names. None: it is no item of a scale."""
    scale, _, item_id = question.partition("/")
    book = knowledge().scales.get(scale)
    item = next((one for one in book.items if one.id == item_id), None) if book is not None else None
    return (book, item) if book is not None and item is not None else None


def critical_from(question: str) -> int | None:
    """From which answer on must a person look?  None: this question has no such line."""
    found = item_of(question)
    return found[1].critical_from if found is not None else None


def harm_from(question: str) -> int | None:
    """The same of a question on self-harm: from this answer on help comes first. None: it asks of something else."""
    found = item_of(question)
    return found[1].harm_from if found is not None else None


@transaction.atomic
def told(
    *, patient: Patient, source: str, question: str, value: int, by: User, at: datetime, before: int = 0
) -> WorklistItem:  # fmt: skip
    """She gave an answer that a person must see today. One item a check-in; her team is told at once, and again where
    she answers more than `before`, the most that she answered to it until now. Less than that is added to what stands
    there, which it does not hide."""
    book, item = item_of(question) or (None, None)
    if item is not None and item.harm_from is None:
        return _no_harm(book, item, patient=patient, source=source, question=question, value=value, at=at)
    open_ = WorklistItem.objects.filter(patient=patient, reason=_reason(source), closed_at__isnull=True).first()
    if open_ is not None and value < before:
        return _later(open_, question, value)
    return worklist.place(
        patient=patient, group=WorklistItem.Group.CANNOT_WAIT, level="critical", reason=_reason(source),
        why=f"Self-harm question: “{_in_words(question, value)}”. She saw the help page.",
        action=f"Call {patient.first_name}", at=at, tell=True, harm=f"{question} {value}",
    )  # fmt: skip


@transaction.atomic
def changed(*, patient: Patient, source: str, value: int, at: datetime, question: str = "") -> None:
    """She changed the answer to one that by itself nobody must see. A word on self-harm stays open: a person asks her,
    not a form."""
    reasons = (_reason(source), _answer(source, question))
    for item in WorklistItem.objects.filter(patient=patient, reason__in=reasons, closed_at__isnull=True):
        _later(item, question, value)


def _later(item: WorklistItem, question: str, value: int) -> WorklistItem:
    first = item.why.split(" Later changed to")[0]
    item.put(why=f"{first} Later changed to “{_in_words(question, value)}”.")
    return item


def _answer(source: str, question: str) -> str:
    return f"answer:{source}/{question}"


@transaction.atomic
def told_in_words(
    *, patient: Patient, source: str, question: str, said: str, loud: bool, less: bool, at: datetime
) -> WorklistItem | None:  # fmt: skip
    """She answered a question of ours that is no item of a scale. `loud`: a person must see it today. What is not, or
    is `less` than she told before, is added to what stands there, which it does not hide."""
    open_ = WorklistItem.objects.filter(patient=patient, reason=_reason(source), closed_at__isnull=True).first()
    if open_ is not None and (less or not loud):
        open_.put(why=f"{open_.why.split(' Later changed to')[0]} Later changed to “{said}”.")
        return open_
    if not loud:
        return None
    return worklist.place(
        patient=patient, group=WorklistItem.Group.CANNOT_WAIT, level="critical", reason=_reason(source),
        why=f"“{question}” “{said}”. She saw the help page.", action=f"Call {patient.first_name}", at=at, tell=True,
        harm=f"{question} {said}",
    )  # fmt: skip


@transaction.atomic
def would_rather_talk(*, patient: Patient, source: str, question: str, at: datetime) -> WorklistItem:
    """To a question on self-harm: silence is not a no. Her team is told at once, and it is not called an answer."""
    return worklist.place(
        patient=patient, group=WorklistItem.Group.CANNOT_WAIT, level="warning", reason=f"talk:{source}",
        why=f"“{question}” She would rather talk about it.", action=f"Call {patient.first_name}", at=at, tell=True,
    )  # fmt: skip


def _no_harm(
    book: Scale | None, item: Item, *, patient: Patient, source: str, question: str, value: int, at: datetime
) -> WorklistItem:  # fmt: skip
    """An answer to see today that is not about self-harm: said as what it is."""
    text = item.text if item.text and len(item.text) <= LONGEST_ITEM else item.id
    return worklist.place(
        patient=patient, group=WorklistItem.Group.CANNOT_WAIT, level="warning", reason=_answer(source, question),
        why=f"{book.name if book is not None else question}, “{text}”: “{_in_words(question, value)}”.",
        action="Look at it", to=f"/patients/{patient.pk}/progress", at=at, tell=True, harm=str(value),
    )  # fmt: skip


def _in_words(question: str, value: int) -> str:
    """The words she chose, where the scale's may be shown; else the number."""
    book, item = item_of(question) or (None, None)
    if book is None or item is None or item.reversed or not 0 <= value < len(book.choices):
        return f"{value}"
    return f"{book.choices[value][:1].lower()}{book.choices[value][1:]}"


@transaction.atomic
def asked_for_a_call(*, patient: Patient, by: User, at: datetime) -> WorklistItem:
    """She asked the clinic to call her today."""
    return worklist.place(
        patient=patient, group=WorklistItem.Group.CANNOT_WAIT, level="critical", reason=f"call:{at:%Y-%m-%d}",
        why="She asked for a call today, on the help page.", action=f"Call {patient.first_name}", at=at, tell=True,
    )  # fmt: skip


class NotKept(ValueError):
    """This plan cannot be kept as it is; the words say what to do."""


def plan_of(patient: Patient) -> tuple[Entry | None, list[str]]:
    """Her plan as it stands, and its lines. None: there is none."""
    row = Entry.objects.current().filter(patient=patient, kind="safety-plan").select_related("recorded_by")
    entry = row.order_by("-on", "-recorded_at", "-pk").first()
    return entry, list(entry.body["lines"]) if entry is not None else []


def lines_of(typed: str) -> list[str]:
    """One line for each step, empty ones left out. Raises NotKept."""
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if not lines:
        raise NotKept("Write at least one line: something to do, or somebody to call.")
    if len(lines) > MOST_LINES:
        raise NotKept(f"That is {len(lines)} lines. On a bad day {MOST_LINES} are the most one can read. Shorten it.")
    longest = max(lines, key=len)
    if len(longest) > LONGEST_LINE:
        raise NotKept(
            f"One line has {len(longest):,} characters. We can keep {LONGEST_LINE} in a line. Make two of it."
        )
    return lines


@transaction.atomic
def write_plan(*, patient: Patient, lines: list[str], seen: str, origin: str, by: User, at: datetime) -> Entry:
    """The plan from now on. `seen`: the entry that was on the page, "" if none; another since: Stale, with it shown."""
    entry, _ = plan_of(patient)
    if (str(entry.pk) if entry is not None else "") != seen and entry is not None:
        raise Stale(entry)
    body = said.SafetyPlan(lines=lines)
    return record.add(
        patient=patient, body=body, on=today(patient, at), origin=Origin(origin), by=by, at=at, supersedes=entry
    )
