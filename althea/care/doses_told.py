"""Which doses did she take, as far as she told?  Days she told of, days without a dose, and nothing of the others.

A finished check-in asks for the days of its last week without a dose, so it tells of those days. A tick on her
home tells of that day. Silence tells of none: a share is worked out only where she told of at least half of the days,
for who ticks only a missed dose has not missed all the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from althea.care import entries as said
from althea.care.days import zone_of
from althea.care.facts import Chart
from althea.care.models import CheckIn, CheckInAnswer, Patient, Trial

ASKED_BACK = 7
"""A check-in asks about its own day and the six before it."""


@dataclass(frozen=True, slots=True)
class DosesTold:
    """`of`: days of the trial so far · `days`: those she told of · `missed`: those of them without a dose."""

    of: int
    days: int
    missed: tuple[date, ...]

    @property
    def percent(self) -> int | None:
        """Of 100 doses she told of, so many were taken, rounded down. None: she told of too few days to say."""
        if not self.days or self.days * 2 < self.of:
            return None
        return (self.days - len(self.missed)) * 100 // self.days

    def longest_gap(self, since: date) -> tuple[date, date] | None:
        """(first, last) of the most days in a row without a dose from that day on, the newest of two as long; a single
        day is none. Days she did not tell of end it: nobody knows."""
        runs: list[list[date]] = []
        for day in self.missed:
            if day < since:
                continue
            if runs and day - runs[-1][-1] == timedelta(days=1):
                runs[-1].append(day)
            else:
                runs.append([day])
        longest = max(reversed(runs), key=len, default=[])
        return (longest[0], longest[-1]) if len(longest) > 1 else None


def answers_of(patient: Patient) -> list[CheckInAnswer]:
    """What she answered about doses and about what she leans to, in finished check-ins, oldest first. One query."""
    rows = CheckInAnswer.objects.filter(
        check_in__patient=patient, check_in__state=CheckIn.State.DONE, question__in=("doses", "leaning")
    )
    return list(rows.select_related("check_in").order_by("at"))


def asked_of(trial: Trial | None, on: date) -> list[date]:
    """The days a check-in of this day asks about, the newest first: none before the first dose, none where no day of a
    first dose is known, none once the trial is over: while a dose goes down she ticks it at home."""
    if trial is None or trial.started_on is None or (trial.ended_on is not None and trial.ended_on < on):
        return []
    days = (on - timedelta(days=back) for back in range(ASKED_BACK))
    return [day for day in days if day >= trial.started_on]


def doses_told(trial: Trial, chart: Chart, answers: Iterable[CheckInAnswer], on: date) -> DosesTold:
    """From the first day of the trial to this day, both included."""
    if trial.started_on is None or on < trial.started_on:
        return DosesTold(0, 0, ())
    zone = zone_of(chart.patient)
    found: dict[date, bool] = {}
    newest = {row.check_in_id: row for row in answers if row.question == "doses" and row.check_in.trial_id == trial.pk}
    for row in newest.values():
        without = set(row.value or ())
        for day in asked_of(trial, row.at.astimezone(zone).date()):
            found[day] = day.isoformat() not in without
    for entry, body in reversed(chart.of(said.DoseTaken)):
        if body.medicine != trial.medicine:
            continue
        if body.taken is None:
            found.pop(entry.on, None)
        else:
            found[entry.on] = body.taken
    told = {day: taken for day, taken in found.items() if trial.started_on <= day <= on}
    missed = tuple(sorted(day for day, taken in told.items() if not taken))
    return DosesTold((on - trial.started_on).days + 1, len(told), missed)
