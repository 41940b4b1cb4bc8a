"""Did she tell that she left what an order of hers still says?  In words, for those who order it again or end it.

The checks count a dose to begin with from that day (`Medicine.left_on`), and all that meets it as taken: whether she
has taken it up again nobody knows. What is said here is read from those facts, so that no page says another day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from althea.care import entries as said
from althea.care.days import today
from althea.care.facts import Chart, facts_of
from althea.care.models import Origin
from althea.care.ticks import A_DAY


@dataclass(frozen=True, slots=True)
class Left:
    """`on`: the last day she took it. `words`: who told it, when. `why`: her reason, where she gave one."""

    on: date
    words: str
    why: str = ""

    @property
    def free(self) -> date:
        """The first day without it."""
        return self.on + A_DAY


def left_of(chart: Chart, medicine: str, on: date) -> Left | None:
    """None: she told of nothing of the kind, or an order was signed since."""
    rows = [row for row in facts_of(chart, on).medicines if row.id == medicine]
    last = max((row.left_on for row in rows if row.left_on is not None), default=None)
    if last is None:
        return None
    for entry, body in chart.of(said.Medicine):
        if body.medicine == medicine and body.running is False and body.until == last:
            who = "She told us" if entry.origin == Origin.HERS else "It was noted"
            told_on = today(chart.patient, entry.recorded_at)
            return Left(last, f"{who} on {_day(told_on, on)} that she stopped on {_day(last, on)}.", body.why_stopped)
    return Left(last, f"She told us of each day since {_day(last + A_DAY, on)} that she took no dose.")


def _day(day: date, on: date) -> str:
    return f"{day:%-d %B}" if day.year == on.year else f"{day:%-d %B %Y}"
