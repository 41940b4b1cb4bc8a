"""When does each dose begin, and how do the steps look week by week?

A step lasts until the next one begins, unless it says when it ends; the last one goes on.  A dose of 0 is "none".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from ..words import MONTHS, WEEKDAYS, Number, day, dose, number

WEEKS_ON_PAPER = 260
"""Five years of rows; more is a slip of the pen in a date, not a calendar."""


@dataclass(frozen=True)
class Step:
    """What is taken from `starts` on: how much a day, and which tablets that is, in words.  `ends`: its last day."""

    starts: date
    amount: Number
    unit: str
    tablets: str = ""
    ends: date | None = None

    @property
    def dose(self) -> str:
        return dose(self.amount, self.unit) if self.amount else "none"


@dataclass(frozen=True)
class Bar:
    """One dose of the picture: from where to where and how high, each from 0 to 1, and its names, long and short."""

    left: float
    right: float
    height: float
    dose: str
    dose_short: str
    when: str
    when_short: str


def in_order(steps: Sequence[Step]) -> None:
    """Can these steps be printed?  Raises ValueError where there are none or one begins before the one above it."""
    if not steps:
        raise ValueError("a paper about steps needs at least one")
    for before, after in pairwise(steps):
        if after.starts <= before.starts:
            raise ValueError(f"the step of {after.starts} does not come after the one of {before.starts}")


def as_list(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """What does the list of steps say?  Of each: from when, until when, how much, which tablets."""
    in_order(steps)
    ends = [step.ends or after.starts - timedelta(1) for step, after in pairwise(steps)] + [steps[-1].ends]
    return [
        {"from": day(step.starts), "until": day(end) if end else "from then on", "dose": step.dose,
         "tablets": step.tablets}
        for step, end in zip(steps, ends, strict=True)
    ]  # fmt: skip


def as_weeks(steps: Sequence[Step]) -> dict[str, Any]:
    """What are the rows of the calendar?  A row a week, two where a step begins in its middle.

    Weeks count from the first step's day, so that the first row is whole; `heads` are the days' letters in that order.
    Of a row `days` are the boxes to tick; days that belong to the week's other row are false.
    """
    in_order(steps)
    first = steps[0].starts
    weeks = ((steps[-1].ends or steps[-1].starts) - first).days // 7 + 1
    if weeks > WEEKS_ON_PAPER:
        raise ValueError(f"steps over more than {WEEKS_ON_PAPER} weeks: is a year of a date wrong?")
    rows = []
    for week in range(weeks):
        monday = first + timedelta(7 * week)
        at = [_step_on(steps, monday + timedelta(of)) for of in range(7)]
        for step in dict.fromkeys(at):
            begins = monday + timedelta(at.index(step))
            rows.append(
                {
                    "of": _short_day(begins),
                    "number": week + 1,
                    "dose": step.dose,
                    "tablets": step.tablets if step.starts == begins else "",
                    "new": step.starts == begins,
                    "days": [one is step and not _over(one, monday + timedelta(of)) for of, one in enumerate(at)],
                }
            )
    heads = [WEEKDAYS[(first.weekday() + of) % 7][0] for of in range(7)]
    return {"heads": heads, "rows": rows}


def as_picture(steps: Sequence[Step], now: Number) -> dict[str, Any]:
    """How does the dose go down, or up, drawn to scale?

    Bars, and `alt`, which says the whole picture in words.  Raises ValueError where the steps differ in unit: 1,000
    micrograms would stand high above 2 mg.
    """
    in_order(steps)
    if len(units := {step.unit for step in steps if step.amount}) > 1:
        raise ValueError(f"doses in {' and '.join(sorted(units))} cannot be drawn to one scale: say all in one unit")
    first, last = steps[0], steps[-1]
    # The dose before the first step, and the last one, which has no end, get a little room of their own.
    aside = max((last.starts - first.starts).days, 7) / 10
    whole = (last.starts - first.starts).days + 2 * aside
    high = float(max([now, *(step.amount for step in steps)])) or 1.0
    bars = [Bar(0, aside / whole, float(now) / high, dose(now, first.unit), number(now), "now", "now")]
    for step, after in pairwise(steps):
        left, right = (step.starts - first.starts).days, (after.starts - first.starts).days
        place = (left + aside) / whole, (right + aside) / whole
        bars.append(Bar(*place, float(step.amount) / high, step.dose, number(step.amount), *_weeks(left, right, step)))
    end = _short_day(last.starts)
    bars.append(Bar(1 - aside / whole, 1, float(last.amount) / high, last.dose, last.dose, f"from {end}", end))
    said = ", ".join(f"{step.dose} from {day(step.starts)}" for step in steps)
    return {
        "bars": [asdict(bar) for bar in bars],
        "alt": f"The dose over time: {dose(now, first.unit)} now, {said}.",
    }


def _weeks(left: int, right: int, step: Step) -> tuple[str, str]:
    """ "weeks 1 to 4" and "1-4"; a step that is not of whole weeks is named by its first day."""
    if left % 7 or right % 7:
        name = _short_day(step.starts)
        return f"from {name}", name
    first, last = left // 7 + 1, right // 7
    if first == last:
        return f"week {first}", str(first)
    return f"weeks {first} to {last}", f"{first}–{last}"


def _short_day(when: date) -> str:
    return f"{when.day} {MONTHS[when.month - 1]}"


def _over(step: Step, when: date) -> bool:
    return step.ends is not None and step.ends < when


def _step_on(steps: Sequence[Step], when: date) -> Step:
    return next(step for step in reversed(steps) if step.starts <= when)
