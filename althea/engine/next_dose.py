"""If the dose is to rise: to what, and how far may it go?  From the medicine's own records, in tablets that exist.

Nothing here says that it should rise: that is `advise`'s question, and hers and her prescriber's to answer. Without a
step in the records there is no dose to name, and the prescriber writes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from althea.engine.calendar import NotInTablets, in_tablets
from althea.engine.course import Course, is_hers, most_of
from althea.knowledge.load import Monograph
from althea.knowledge.quantity import Dose
from althea.knowledge.schema.evidence import Mark
from althea.knowledge.schema.medicine import Dosing


@dataclass(frozen=True, slots=True, kw_only=True)
class NextDose:
    """`daily` None: no step is written for her, or none that tablets can make. `most` None: no highest dose is."""

    daily: Dose | None
    most: Dose | None
    step: Dose | None = None
    days_between: int | None = None
    """The shortest time between two steps that the record gives."""
    sources: tuple[str, ...] = ()
    unverified: bool = False


NOT_KNOWN = NextDose(daily=None, most=None)


def next_dose(course: Course, strengths: Sequence[Dose], *, halves: bool = False, times_a_day: int = 1) -> NextDose:
    """The next daily dose up. One whole tablet where a strength lies within the step; else the whole step, if makeable.

    `strengths`: what there is of her product. A daily dose is made `times_a_day` times from tablets.
    """
    book = course.knowledge.monographs.get(course.medicine or "")
    now = course.daily_mg
    if book is None or not now:
        return NOT_KNOWN
    most = most_of(book, course)
    row = _row(book, course)
    if row is None or row.step is None:
        return NextDose(daily=None, most=most, sources=row.sources if row is not None else ())
    return NextDose(
        daily=_up(now, row.step, most, strengths, halves, times_a_day),
        most=most,
        step=row.step,
        days_between=row.min_days_between_steps,
        sources=row.sources,
        unverified=row.mark is Mark.UNVERIFIED,
    )


def makeable(daily: Dose, strengths: Sequence[Dose], *, halves: bool = False, times_a_day: int = 1) -> bool:
    """Can this daily dose be made from these tablets, taken so often a day?"""
    try:
        in_tablets(Dose(daily.mg / times_a_day, daily.unit), strengths, halves=halves)
    except NotInTablets:
        return False
    return True


def _row(book: Monograph, course: Course) -> Dosing | None:
    """How it is dosed for her: her diagnosis before any; the record must have a step to say anything of one."""
    rows = [one for one in book.dosing if one.regimen == (course.told.regimen or "continuous")]
    hers = [one for one in rows if is_hers(one.who, course) and one.step is not None]
    return next(
        (one for one in hers if course.groups.intersection(one.indication)),
        next((one for one in hers if "any" in one.indication), None),
    )


def _up(
    now: Decimal, step: Dose, most: Dose | None, strengths: Sequence[Dose], halves: bool, times_a_day: int
) -> Dose | None:
    highest = min(now + step.mg, most.mg if most is not None else now + step.mg)
    whole = [one * times_a_day for one in strengths if now < one.mg * times_a_day <= highest]
    if whole:
        return max(whole, key=lambda one: one.mg)
    wanted = Dose(highest, step.unit)
    fits = highest > now and makeable(wanted, strengths, halves=halves, times_a_day=times_a_day)
    return wanted if fits else None
