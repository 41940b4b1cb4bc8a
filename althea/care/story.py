"""What does the chart draw?  The record as spans, steps and points on one axis, in the words the chart needs.

Plain values of `look` cannot be named here (one floor, two rooms), so these are our own; the page hands them over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from althea.care import entries as said
from althea.care.facts import Chart
from althea.care.known import knowledge
from althea.care.models import Order
from althea.knowledge.quantity import Dose


@dataclass(frozen=True, slots=True)
class Span:
    """Something from a first to a last day (None: still so)."""

    first: date
    last: date | None
    words: str
    css: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A medicine as steps: (first day, last day or None, amount)."""

    name: str
    unit: str
    steps: tuple[tuple[date, date | None, float], ...]
    past: bool = False


def stages(chart: Chart, on: date) -> list[Span]:
    """Pregnancy and the year after a birth as bands; the rest is ground."""
    births = [date.fromisoformat(body.value) for _, body in chart.of(said.LifeStage) if body.topic == "delivery"]
    found: list[Span] = []
    for born in sorted(births):
        found.append(Span(born - timedelta(days=280), born - timedelta(days=1), "Pregnant", "preg"))
        end = born + timedelta(days=365)
        found.append(Span(born, None if end > on else end, f"Birth {born:%-d %b}, postpartum", "post"))
    for entry, body in chart.of(said.LifeStage):
        if body.topic == "gestation" and (not births or entry.on > max(births)):
            begun = entry.on - timedelta(days=int(body.value))
            found.append(Span(begun, None, "Pregnant", "preg"))
            break
    return found


def medicines(chart: Chart, on: date) -> list[Taken]:
    """Signed orders as steps, one medicine after the other; what was told of before stands behind, in grey.

    Orders of one medicine that take each other's place are one lane: the dose rose or fell, it did not begin anew.
    """
    found: list[Taken] = []
    for taken in (_ordered(order, on) for order in chart.orders):
        if taken is None:
            continue
        same = next((one for one in found if (one.name, one.unit) == (taken.name, taken.unit)), None)
        if same is not None:
            steps = tuple(sorted((*same.steps, *taken.steps), key=lambda step: step[0]))
            found[found.index(same)] = Taken(same.name, same.unit, steps, past=same.past and taken.past)
        else:
            found.append(taken)
    for _, body in chart.of(said.Medicine):
        if body.running is False and body.since and body.until and body.reached:
            dose = Dose.parse(body.reached)
            amount = float(str(dose).split(" ")[0])
            name = knowledge().name_of(body.medicine) if body.medicine else body.text
            found.append(Taken(name.capitalize(), dose.unit, ((body.since, body.until, amount),), past=True))
    return found


def _ordered(order: Order, on: date) -> Taken | None:
    off = order.end.on - timedelta(days=1) if hasattr(order, "end") else None
    steps: list[tuple[date, date | None, float]] = []
    unit = ""
    for at, step in enumerate(order.steps):
        if not step.get("dose"):
            return None
        dose = Dose.parse(step["dose"])
        unit = unit or dose.unit
        if dose.unit != unit:
            return None
        first = date.fromisoformat(step["from"])
        following = order.steps[at + 1]["from"] if at + 1 < len(order.steps) else None
        last = date.fromisoformat(following) - timedelta(days=1) if following else None
        if last is None and step.get("until"):
            last = date.fromisoformat(step["until"])  # after the last step of a plan to stop there is none
        last = min((day for day in (last, off) if day is not None), default=None)
        if last is None or last >= first:
            amount = float(str(dose).split(" ")[0]) * float(step.get("times_a_day") or 1)
            steps.append((first, last, amount))
    name = knowledge().name_of(order.medicine).capitalize()
    return Taken(name, unit, tuple(steps), past=off is not None and off < on) if steps else None


def elsewhere(chart: Chart) -> list[Span]:
    """Medicines from elsewhere that she takes now."""
    return [
        Span(body.since or entry.on, None, body.text.capitalize())
        for entry, body in chart.of(said.Medicine)
        if body.running
    ]


def happened(chart: Chart) -> list[tuple[date, date | None, str, str, int]]:
    """(first, last, words, kind, how many): side effects as pills, missed doses counted."""
    found: list[tuple[date, date | None, str, str, int]] = [
        (body.since, body.until, body.what, "effect", 1) for _, body in chart.of(said.SideEffect)
    ]
    missed = sorted(entry.on for entry, body in chart.of(said.DoseTaken) if body.taken is False)
    if missed:
        found.append((missed[0], missed[-1], f"{len(missed)} missed", "missed", len(missed)))
    return found


def scores(chart: Chart) -> dict[str, list[tuple[date, float]]]:
    """Whole scores by scale, oldest first; of two on one day, the one written first."""
    found: dict[str, list[tuple[date, float]]] = {}
    for entry, body in reversed(chart.of(said.Score)):
        if body.total is not None:
            found.setdefault(body.scale, []).append((entry.on, float(body.total)))
    return found


def taken_part(chart: Chart, medicine: str, since: date, on: date) -> tuple[int, int]:
    """(days she told of, days without a dose among them) since the trial began."""
    days: dict[date, Any] = {}
    for entry, body in reversed(chart.of(said.DoseTaken)):
        if body.medicine == medicine and since <= entry.on <= on:
            days[entry.on] = body.taken
    return len(days), sum(one is False for one in days.values())
