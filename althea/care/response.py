"""How has it gone so far?  Her scores over time, in numbers and in her words, as far as the record knows.

Nothing is said of a change before there are two whole scores, and nothing of what a score means for her: that is for
her and her prescriber.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from althea.care import entries as said
from althea.care.facts import Chart

IN_WORDS = (
    (Decimal("0.9"), "almost gone"),
    (Decimal("0.7"), "much lighter"),
    (Decimal("0.45"), "about half as heavy"),
    (Decimal("0.28"), "about a third lighter"),
    (Decimal("0.15"), "a little lighter"),
    (Decimal("-0.15"), "about the same"),
)
WORSE = "heavier than it was"


@dataclass(frozen=True, slots=True)
class Course:
    """One scale: every whole score, oldest first, and the one it began with."""

    scale: str
    points: tuple[tuple[date, Decimal], ...]
    start: date | None

    @property
    def first(self) -> tuple[date, Decimal] | None:
        """The score nearest to the start, from before it if there is one."""
        if not self.points:
            return None
        if self.start is None:
            return self.points[0]
        before = [one for one in self.points if one[0] <= self.start]
        return before[-1] if before else self.points[0]

    @property
    def latest(self) -> tuple[date, Decimal] | None:
        return self.points[-1] if self.points else None

    @property
    def change(self) -> Decimal | None:
        """The part by which it fell: 0.38 is 38 of 100 down, less than 0 is up. None: there are not two scores."""
        first, latest = self.first, self.latest
        if first is None or latest is None or first[0] == latest[0] or not first[1]:
            return None
        return (first[1] - latest[1]) / first[1]


def course_of(chart: Chart, scale: str, start: date | None) -> Course:
    """Her whole scores of this scale."""
    points = [
        (entry.on, body.total) for entry, body in chart.of(said.Score) if body.scale == scale and body.total is not None
    ]
    # Newest first by day, then by when it was written: of two on one day the later is the latest.
    return Course(scale, tuple(reversed(points)), start)


def in_words(change: Decimal | None) -> str:
    """How much lighter, in words of hers. Empty: not known."""
    if change is None:
        return ""
    return next((words for least, words in IN_WORDS if change >= least), WORSE)
