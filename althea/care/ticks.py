"""What did she tell of single days with and without a dose, and up to when does her word that she stopped hold?

A tick on her home tells of a day, and so does a check-in; silence tells of none, and takes nothing back. Of two words
on one day the newer counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from althea.care import entries as said
from althea.care.days import today
from althea.care.models import Entry, Patient

A_DAY = timedelta(days=1)
Ticks = Mapping[date, bool | None]
"""day -> was a dose taken? None: she does not remember."""
HERE = "ordered here"
"""What a word on a medicine says of where it is from, when it is about an order of ours."""


class Told(dict[date, bool | None]):
    """Her ticks of one medicine. `at`: when she told each."""

    def __init__(self) -> None:
        super().__init__()
        self.at: dict[date, datetime] = {}


NOTHING_TOLD = Told()


class Gap(NamedTuple):
    """The first and the last of days in a row without a dose, and the first day of which she told after them that she
    took one. None: she told of nothing since."""

    first: date
    last: date
    again: date | None


class Word(NamedTuple):
    """It was told that she stopped an order of ours. `last`: the last day she took it; `again`: a day of which she told
    since that she did."""

    last: date
    told_on: date
    again: date | None


def ticks_of(entries: Iterable[tuple[Entry, said.Body]]) -> dict[str, Told]:
    """By medicine. `entries`: as a chart has them, the newest first."""
    found: dict[str, Told] = defaultdict(Told)
    for entry, body in entries:
        if isinstance(body, said.DoseTaken) and entry.on not in (ticks := found[body.medicine]):
            ticks[entry.on], ticks.at[entry.on] = body.taken, entry.recorded_at
    return dict(found)


def days_without(ticks: Ticks, on: date) -> tuple[date, date] | None:
    """(first, last) of the days in a row without a dose that reach to that day, or to the day before it where that one
    is not told of yet. None: there are none, or nobody knows."""
    last = on if on in ticks else on - A_DAY
    return (_first_of(ticks, last), last) if ticks.get(last) is False else None


def over(ticks: Ticks, on: date, *, lately: int) -> Iterator[Gap]:
    """Days in a row without a dose that do not reach to this day: she told of a dose since, not longer than so many
    days ago, or has told of nothing since, however long ago."""
    now, again = days_without(ticks, on), None
    begun = now[0] if now is not None else on + A_DAY
    for day in sorted((one for one in ticks if one <= on), reverse=True):
        if ticks[day]:
            again = day
            if (on - day).days > lately:
                return
        elif ticks[day] is False and day < begun:
            begun = _first_of(ticks, day)
            yield Gap(begun, day, again)


def _first_of(ticks: Ticks, last: date) -> date:
    """The first of the days without a dose up to this one. A day between them that she does not remember is no dose."""
    first = day = last
    while ticks.get(day := day - A_DAY, True) is not True:
        if ticks[day] is False:
            first = day
    return first


def word_on(
    entry: Entry, body: said.Body, ticks: Mapping[str, Told], signed: Mapping[str, datetime], patient: Patient
) -> Word | None:
    """Does this say that she stopped an order of ours?  None: no, or one was signed since. `signed`: when the newest
    order of each medicine was. A dose of which she had told before is later than the last day that was named; what she
    tells after it of a later day is said since, whatever day it names."""
    if not isinstance(body, said.Medicine) or body.running is not False or body.until is None:
        return None
    if body.from_whom != HERE or (body.medicine in signed and signed[body.medicine] > entry.recorded_at):
        return None
    told, told_on = ticks.get(body.medicine, NOTHING_TOLD), today(patient, entry.recorded_at)
    doses = [day for day, taken in told.items() if taken]
    since = [day for day in doses if day > body.until and (day > told_on or told.at[day] > entry.recorded_at)]
    last = max((day for day in doses if day not in since), default=body.until)
    return Word(max(body.until, last), told_on, min(since, default=None))
