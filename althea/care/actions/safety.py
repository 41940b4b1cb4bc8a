"""An answer that a person must see today: kept, put before her team, and told, before anything else happens.

And her safety plan: her own lines, which she or her team with her may write anew.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from althea.care import entries as said
from althea.care.actions import record, worklist
from althea.care.days import today
from althea.care.models import Entry, Origin, Patient, Stale, User, WorklistItem

MOST_LINES = 20
LONGEST_LINE = 300
SAID = {1: "several days", 2: "more than half the days", 3: "nearly every day"}


def _reason(source: str) -> str:
    return f"self-harm:{source}"


@transaction.atomic
def told(*, patient: Patient, source: str, question: str, value: int, by: User, at: datetime) -> WorklistItem:
    """She answered a question on self-harm above 0. One item a check-in; her team is told at once."""
    words = SAID.get(value, f"{value}")
    return worklist.place(
        patient=patient, group=WorklistItem.Group.CANNOT_WAIT, level="critical", reason=_reason(source),
        why=f"Self-harm question: “{words}”. She saw the help page.", action=f"Call {patient.first_name}", at=at,
        tell=True,
    )  # fmt: skip


@transaction.atomic
def changed(*, patient: Patient, source: str, value: int, at: datetime) -> None:
    """She changed the answer. The item stays open: a person asks her, not a form."""
    item = WorklistItem.objects.filter(patient=patient, reason=_reason(source), closed_at__isnull=True).first()
    if item is not None:
        later = "not at all" if value == 0 else SAID.get(value, str(value))
        first = item.why.split(" Later changed to")[0]
        item.put(why=f"{first} Later changed to “{later}”.")


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
