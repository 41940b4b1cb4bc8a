"""Which tablets on which days?  Titration, taper and cross-taper as a calendar in tablets that exist.

Nothing here chooses a dose: the steps come from a prescriber or from a record of the knowledge. What is worked out is
whether each step can be made from the strengths there are, with how many of which, and when each day comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import pairwise

from althea.knowledge.quantity import Dose

MOST_TABLETS = 8
"""More tablets than this at once is not a plan a person can follow; the step is then not makeable."""


@dataclass(frozen=True, slots=True)
class Step:
    """A daily dose from a day of the plan on (day 0 is the first). 0 mg: none."""

    from_day: int
    daily: Dose


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the calendar, both days included; `until` None: until told otherwise."""

    starts: date
    until: date | None
    daily: Dose
    tablets: tuple[tuple[Decimal, Dose], ...]
    """(how many, of which strength), largest strength first; halves only where tablets may be split."""

    def in_words(self) -> str:
        """1 x 100 mg and 1/2 x 50 mg a day."""
        if not self.tablets:
            return "none"
        return (
            " and ".join(
                f"{'½' if count == Decimal('0.5') else _whole_or_half(count)} × {strength}"
                for count, strength in self.tablets
            )
            + " a day"
        )


class NotInTablets(ValueError):
    """A dose that cannot be made from the strengths there are; its words name the nearest that can, if one is near."""


def calendar(
    steps: Sequence[Step], strengths: Sequence[Dose], starts: date, *, halves: bool = False, days: int | None = None
) -> tuple[Row, ...]:
    """The plan day by day. `days`: its whole length, if it ends. Raises NotInTablets, or ValueError out of order."""
    if not steps or steps[0].from_day != 0:
        raise ValueError("A plan begins on day 0. Give its first step that day.")
    if any(b.from_day <= a.from_day for a, b in pairwise(steps)):
        raise ValueError("Steps must follow each other. Give each a later day than the one before.")
    rows = []
    for at, step in enumerate(steps):
        end = steps[at + 1].from_day if at + 1 < len(steps) else days
        rows.append(
            Row(
                starts + timedelta(step.from_day),
                None if end is None else starts + timedelta(end - 1),
                step.daily,
                in_tablets(step.daily, strengths, halves=halves),
            )
        )
    return tuple(rows)


def taper_steps(
    start: Dose,
    strengths: Sequence[Dose],
    *,
    percent: int | None = None,
    every_days: int,
    halves: bool = False,
    most: Dose | None = None,
) -> tuple[Step, ...]:
    """A taper that takes `percent` of the last dose away at each step, in doses that exist, down to none.

    Each step goes to the dose nearest to what the percentage asks for that tablets can make and that is lower than the
    one before. `most`: no cut is larger than this where tablets allow; without `percent` each cut is as near to it as
    they can make. The last step is none.
    """
    if (percent is None and most is None) or not 0 < (percent or 1) < 100 or every_days < 1:
        raise ValueError("Give a share between 1 and 99 percent and a step of at least 1 day.")
    doses = [dose for dose in _makeable(strengths, halves) if dose.mg < start.mg]
    steps, now, day = [Step(0, start)], start, 0
    while now.mg > 0:
        wanted = now.mg * (100 - percent) / 100 if percent is not None else Decimal(0)
        wanted = wanted if most is None else max(wanted, now.mg - most.mg)
        lower = [dose for dose in doses if dose.mg < now.mg]
        nearest = min(lower, key=lambda dose: (abs(dose.mg - wanted), -dose.mg), default=None)  # the gentler of two
        none = Dose(Decimal(0), start.unit)
        now = none if nearest is None or (percent is None and wanted <= 0) else nearest
        day += every_days
        steps.append(Step(day, now))
    return tuple(steps)


def cross_taper(
    out: Sequence[Step],
    out_strengths: Sequence[Dose],
    new: Sequence[Step],
    new_strengths: Sequence[Dose],
    starts: date,
    *,
    new_from_day: int,
    halves: bool = False,
) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """Two calendars side by side: the old medicine going, the new one coming from `new_from_day` on."""  # fmt: skip
    return (
        calendar(out, out_strengths, starts, halves=halves),
        calendar(new, new_strengths, starts + timedelta(new_from_day), halves=halves),
    )


def in_tablets(
    daily: Dose, strengths: Sequence[Dose], *, halves: bool = False, most: Dose | None = None
) -> tuple[tuple[Decimal, Dose], ...]:
    """The fewest tablets that make exactly this dose. Raises NotInTablets.

    `most`: no higher dose is named as the nearest. None is named for a dose above all that tablets can make: the
    nearest to a slip of the pen is no dose to take.
    """
    if daily.mg == 0:
        return ()
    found = _fewest(daily.mg, tuple(sorted({one.mg for one in strengths}, reverse=True)), halves)
    if found is None:
        made = _makeable(strengths, halves)
        within = [dose for dose in made if most is None or dose.mg <= most.mg]
        sensible = bool(made) and daily.mg <= made[-1].mg and (most is None or daily.mg <= most.mg)
        near = min(within, key=lambda dose: abs(dose.mg - daily.mg), default=None) if sensible else None
        words = f" The nearest is {near}." if near is not None else ""
        raise NotInTablets(
            f"{daily} cannot be made from {', '.join(str(one) for one in strengths) or 'no known strengths'}.{words}"
        )
    return tuple((count, Dose(mg, daily.unit)) for mg, count in found)


@lru_cache(maxsize=4096)
def _fewest(mg: Decimal, strengths: tuple[Decimal, ...], halves: bool) -> tuple[tuple[Decimal, Decimal], ...] | None:
    """Depth first, largest strength first; the smallest number of pieces wins."""
    best: tuple[tuple[Decimal, Decimal], ...] | None = None
    pieces_of = Decimal("0.5") if halves else Decimal(1)

    def search(left: Decimal, at: int, used: tuple[tuple[Decimal, Decimal], ...], count: Decimal) -> None:
        nonlocal best
        if left == 0:
            if best is None or count < sum((n for _, n in best), Decimal(0)):
                best = used
            return
        if at == len(strengths) or strengths[at] * (MOST_TABLETS - count) < left:
            return  # what is left is more than the largest of the rest could make
        most = (left / strengths[at] / pieces_of).to_integral_value(rounding="ROUND_FLOOR") * pieces_of
        most = min(most, MOST_TABLETS - count)
        while most >= 0:
            more = ((strengths[at], most),) if most else ()
            search(left - most * strengths[at], at + 1, used + more, count + most)
            most -= pieces_of

    search(mg, 0, (), Decimal(0))
    return best


def _makeable(strengths: Sequence[Dose], halves: bool) -> list[Dose]:
    """Every dose that up to MOST_TABLETS tablets can make, ascending."""
    sizes = {one.mg for one in strengths}
    if halves:
        sizes |= {one.mg / 2 for one in strengths}
    unit = strengths[0].unit if strengths else "mg"
    return [Dose(mg, unit) for mg in _sums(tuple(sorted(sizes)))]


@lru_cache(maxsize=256)
def _sums(sizes: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    """What up to MOST_TABLETS pieces of these sizes come to, ascending, nothing left out."""
    made = {Decimal(0)}
    for _ in range(MOST_TABLETS):
        made |= {have + size for have in made for size in sizes}
    return tuple(mg for mg in sorted(made) if mg > 0)


def _whole_or_half(count: Decimal) -> str:
    whole = int(count)
    return f"{whole}½" if count != whole else str(Decimal(whole).quantize(Decimal(1), rounding=ROUND_HALF_UP))
