"""Which dose on which day?  Cells of whole weeks, Monday first, for a titration or a taper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from althea.look.words import WEEKDAYS, day, dose, number


@dataclass(frozen=True)
class Step:
    """One dose from its first to its last day, both included.  `amount` in the calendar's unit; 0 is none."""

    first: date
    last: date
    amount: float


@dataclass(frozen=True)
class Cell:
    """A day: its number and dose are drawn, its `words` read aloud.  Without `on`, an empty place before the first."""

    on: date | None = None
    dose: str = ""
    words: str = ""
    css: str = ""
    today: bool = False


@dataclass(frozen=True)
class Calendar:
    """What `_calendar.html` draws."""

    title: str
    cells: tuple[Cell, ...]
    legend: tuple[tuple[str, str], ...]
    """A class and its words: a tint for each dose, an outline for what is planned."""
    weekdays: tuple[str, ...] = tuple(name[0] for name in WEEKDAYS)

    @property
    def shows_today(self) -> bool:
        """Is there a ring to explain?"""
        return any(cell.today for cell in self.cells)


def by_day(steps: Iterable[Step], *, unit: str, today: date, first: date, last: date, title: str = "") -> Calendar:
    """Which dose on each day from `first` to `last`, both included?  After `today` it is planned, not taken.

    A day without a step has no dose written: nothing is known of it. Where two steps hold a day, the later one counts.
    """
    amounts = {
        step.first + timedelta(days): step.amount
        for step in sorted(steps, key=lambda step: step.first)
        for days in range((step.last - step.first).days + 1)
    }
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    tints = _tints({amounts[on] for on in days if on in amounts and amounts[on] and on <= today})
    cells = [Cell()] * first.weekday() + [_cell(on, amounts.get(on), unit, today, tints) for on in days]
    legend = [(css, dose(amount, unit)) for amount, css in tints.items()]
    if any("plan" in cell.css for cell in cells):
        legend.append(("plan", "planned"))
    return Calendar(title or f"{day(first, today)} to {day(last, today)}, by day", tuple(cells), tuple(legend))


def _cell(on: date, amount: float | None, unit: str, today: date, tints: dict[float, str]) -> Cell:
    words = f"{WEEKDAYS[on.weekday()]} {day(on, today)}"
    if on == today:
        words += ", today"
    if amount is None:
        return Cell(on, "", words, "", on == today)
    planned = on > today
    words += f": {dose(amount, unit) if amount else 'no dose'}{', planned' if planned else ''}"
    css = "plan" if planned else tints.get(amount, "")
    return Cell(on, number(amount), words, f"{css} td".strip() if on == today else css, on == today)


def _tints(amounts: set[float]) -> dict[float, str]:
    """A tint for each dose, the darkest for the highest.  With more than four doses neighbours share one."""
    ranked = sorted(amounts)
    tints = {1: "4", 2: "24", 3: "124"}.get(len(ranked), "1234")
    return {amount: f"l{tints[place * len(tints) // len(ranked)]}" for place, amount in enumerate(ranked)}
