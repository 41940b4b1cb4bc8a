"""What did she tell of single days with and without a dose, and up to when does her word that she stopped hold?

A tick on her home tells of a day, and so does a check-in; silence tells of none. Of two words on one day the newer
counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from althea.care import entries as said
from althea.care.days import today
from althea.care.models import Entry, Patient

A_DAY = timedelta(days=1)
Ticks = Mapping[date, bool | None]
"""day -> was a dose taken? None: she does not remember."""


class Gap(NamedTuple):
    """The first and the last of days in a row without a dose."""

    first: date
    last: date


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
    told_on = _told_on(entry, body, patient)
    if told_on is None or not isinstance(body, said.Medicine):
        return None
    return told_on if _taken_after(ticks.get(body.medicine, {}), told_on) is None else None


def over(
    medicine: str, stops: Iterable[tuple[Entry, Any]], ticks: Ticks, patient: Patient, on: date, *, lately: int
) -> Iterator[Gap]:
    """Times without this medicine that she told of, over by that day and not for longer than so many days: she told of
    a dose since, or of nothing more. `stops`: what was told of medicines as a whole."""
    now = days_without(ticks, on)
    for last in [on - timedelta(days=back) for back in range(1, lately + 2)]:
        if ticks.get(last) is False and ticks.get(last + A_DAY) is not False and (now is None or last != now[1]):
            first = last
            while ticks.get(first - A_DAY) is False:
                first -= A_DAY
            yield Gap(first, last)
    for entry, body in stops:
        if body.medicine == medicine and (told_on := _told_on(entry, body, patient)) is not None:
            taken = _taken_after(ticks, told_on)
            if taken is not None and 0 <= (on - taken).days <= lately and body.until < taken - A_DAY:
                yield Gap(body.until + A_DAY, taken - A_DAY)


def _told_on(entry: Entry, body: said.Body, patient: Patient) -> date | None:
    if not isinstance(body, said.Medicine) or body.running is not False or body.until is None:
        return None
    return today(patient, entry.recorded_at)


def _taken_after(ticks: Ticks, day: date) -> date | None:
    """The first day after that one of which she told that she took it."""
    return min((one for one, taken in ticks.items() if taken and one > day), default=None)
