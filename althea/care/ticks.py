"""What did she tell of single days with and without a dose, and up to when does her word that she stopped hold?

A tick on her home tells of a day, and so does a check-in; silence tells of none. Of two words on one day the newer
counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from althea.care import entries as said
from althea.care.days import today
from althea.care.models import Entry, Patient

A_DAY = timedelta(days=1)
Ticks = Mapping[date, bool | None]
"""day -> was a dose taken? None: she does not remember."""


def ticks_of(entries: Iterable[tuple[Entry, said.Body]]) -> dict[str, Ticks]:
    """By medicine. `entries`: as a chart has them, the newest first."""
    found: dict[str, dict[date, bool | None]] = defaultdict(dict)
    for entry, body in entries:
        if isinstance(body, said.DoseTaken):
            found[body.medicine].setdefault(entry.on, body.taken)
    return dict(found)


def days_without(ticks: Ticks, on: date) -> tuple[date, date] | None:
    """(first, last) of the days in a row without a dose that reach to that day, or to the day before it where that one
    is not told of yet. None: there are none, or nobody knows."""
    last = on if on in ticks else on - A_DAY
    first = last
    while ticks.get(first) is False:
        first -= A_DAY
    return (first + A_DAY, last) if first < last else None


def told_stopped(entry: Entry, body: said.Body, ticks: Mapping[str, Ticks], patient: Patient) -> date | None:
    """The day on which it was told that she stopped this. None: it says no such thing, names no last day, or she told
    of a dose after that."""
    if not isinstance(body, said.Medicine) or body.running is not False or body.until is None:
        return None
    told_on = today(patient, entry.recorded_at)
    again = any(taken and day > told_on for day, taken in ticks.get(body.medicine, {}).items())
    return None if again else told_on
