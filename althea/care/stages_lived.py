"""Which stages of her life has she lived through, from which day to which?  For the chart and for her whole story.

A birth and a count of weeks are facts; the day on which a pregnancy began follows from a count by arithmetic. Where no
count was told its length is not known, and the words say so. What ended without a birth is drawn to the day on which it
ended; where nobody told that day, not beyond the last on which somebody spoke of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from althea.care import entries as said
from althea.care.facts import Chart
from althea.care.models import Entry
from althea.care.stage_said import Said
from althea.care.stage_words import TERM_DAYS, YEAR
from althea.fhir.read_stage import EARLIEST_BIRTH_DAYS

A_DAY = timedelta(days=1)
TO_DUE = timedelta(days=280)
"""Forty weeks: what a due date is counted from."""
LONGEST = timedelta(days=TERM_DAYS)
SOONEST = timedelta(days=EARLIEST_BIRTH_DAYS)
"""No two births are nearer to each other: what was told of two nearer days was told of one birth."""
NOT_KNOWN = "Pregnant, how long is not known"
WEEKS_AFTER = (6, 12)
LOST = ("ended", "ended, in words")
OVER = (*LOST, "over by")
"""What a diagnosis says of an end, on the day that it names (`stage_said.ByDiagnosis`)."""


@dataclass(frozen=True, slots=True)
class Lived:
    """A stage from a first to a last day (None: still so). `css`: "preg", "post" or "base".

    `birth`: it begins with one. `told`: it began before `first`, the day on which it was told.
    """

    first: date
    last: date | None
    words: str
    css: str
    birth: bool = False
    told: bool = False


Answers = Sequence[tuple[date, str, str]]
"""(day, topic, value), the oldest first; of one day in the order they were told, what ended that day after them."""


def stages(chart: Chart, on: date) -> list[Lived]:
    """Pregnancies, the year after each birth, and the menopause, as far as they were told. The rest is ground."""
    rows = [pair for pair in reversed(chart.of(said.LifeStage)) if pair[0].on <= on]
    told = _in_order(rows, on)
    births = _births(rows, on)
    found: list[Lived] = []
    free = date.min
    for at, (birth, since) in enumerate(births):
        after = births[at + 1][1] if at + 1 < len(births) else date.max
        lost = max((day for day, topic, _ in told if topic in LOST and free < day < since), default=free)
        found += _without_birth([one for one in told if free < one[0] <= lost], on)
        since_birth = [one for one in told if since <= one[0] < after]
        found.append(_until_birth(birth, [one for one in told if lost < one[0] <= birth], since_birth, lost))
        found.append(_after_birth(birth, since_birth, on))
        free = birth
    found += _without_birth([one for one in told if one[0] > free], on)
    return _in_turn([*_menopause(told), *found])


def weeks_after(lived: Sequence[Lived]) -> list[tuple[date, str]]:
    """ "week 6" and "week 12" after the last birth, by the calendar."""
    born = [one.first for one in lived if one.birth]
    return [(max(born) + timedelta(weeks=weeks), f"week {weeks}") for weeks in WEEKS_AFTER] if born else []


def _in_order(rows: Sequence[tuple[Entry, Said]], on: date) -> Answers:
    """What was told, by the day it is about. `rows` come in the order of telling, which stands within a day."""
    told = [
        (date.fromisoformat(one.value) if one.topic in OVER else entry.on, one.topic, one.value) for entry, one in rows
    ]
    return sorted((one for one in told if one[0] <= on), key=lambda one: (one[0], one[1] in OVER))


def _births(rows: Sequence[tuple[Entry, Said]], on: date) -> list[tuple[date, date]]:
    """(the day as it was told last, the first day that was told of it) of each birth, the oldest first."""
    told = sorted((entry.recorded_at, entry.pk, one.value) for entry, one in rows if one.topic == "delivery")
    births: dict[date, date] = {}
    for day in (date.fromisoformat(value) for *_, value in reversed(told)):
        if day <= on:
            same = next((one for one in births if abs(one - day) < SOONEST), day)
            births[same] = min(births.get(same, day), day)
    return sorted(births.items())


def _until_birth(birth: date, before: Answers, since: Answers, free: date) -> Lived:
    """The pregnancy that ended with this birth: by the baby's weeks, by a count, by the due date. Where none is known,
    forty weeks, but not into what was before (`free`: the day on which that was over)."""
    weeks = [int(value) for _, topic, value in since if topic == "infant"]
    begun = birth - timedelta(days=weeks[-1]) if weeks else None
    begun = begun or _counted([one for one in before if birth - LONGEST <= one[0]], birth)
    return Lived(begun or max(birth - TO_DUE, free + A_DAY), birth - A_DAY, "Pregnant" if begun else NOT_KNOWN, "preg")


def _after_birth(birth: date, since: Answers, on: date) -> Lived:
    ends = birth + timedelta(days=YEAR)
    feeding = [value for day, topic, value in since if topic == "breastfeeding" and day >= birth]
    words = "Postpartum, breastfeeding" if feeding and feeding[-1] == "yes" else "Postpartum"
    return Lived(birth, None if ends > on else ends, words, "post", birth=True)


def _counted(told: Answers, on: date) -> date | None:
    """The first day of the pregnancy by the newest count; else by the newest due date. None: neither was told."""
    counts = [day - timedelta(days=int(value)) for day, topic, value in told if topic == "gestation"]
    counts = counts or [date.fromisoformat(value) - TO_DUE for _, topic, value in told if topic == "due"]
    return counts[-1] if counts and counts[-1] <= on else None


def _without_birth(told: Answers, on: date) -> list[Lived]:
    """Pregnancies that no birth ended: still so, or to the day each was over, or as far as it was spoken of."""
    lost = {day for day, topic, _ in told if topic in LOST}
    found: list[Lived] = []
    spoken: list[tuple[date, str, str]] = []
    for one in told:
        day, topic, value = one
        if topic in ("gestation", "due") or (topic, value) == ("pregnancy", "pregnant"):
            spoken.append(one)
        elif spoken and topic in LOST:
            found.append(_spoken_of(spoken, day, day))
            spoken = []
        elif spoken and (topic == "over by" or ((topic, value) == ("pregnancy", "not pregnant") and day not in lost)):
            found.append(_spoken_of(spoken, day, spoken[-1][0]))
            spoken = []
    return [*found, _spoken_of(spoken, on, None)] if spoken else found


def _spoken_of(spoken: Answers, on: date, last: date | None) -> Lived:
    """A pregnancy by what was said of it. `last`: None where nobody had said by `on` that it is over."""
    begun = _counted(spoken, spoken[-1][0])
    first = begun or spoken[0][0]
    within = on - first <= LONGEST
    return Lived(first, last if within else spoken[-1][0], "Pregnant" if begun else NOT_KNOWN, "preg")


def _menopause(told: Answers) -> list[Lived]:
    found = []
    for value, words in (("peri", "Perimenopause"), ("post", "After menopause")):
        days = [day for day, topic, said_so in told if (topic, said_so) == ("menopause", value)]
        found += [Lived(days[0], None, words, "base", told=True)] if days else []
    return found


def _in_turn(found: list[Lived]) -> list[Lived]:
    """In time, each until the next begins."""
    found = sorted(found, key=lambda one: one.first)
    for at, after in enumerate(found[1:]):
        one, ends = found[at], after.first - A_DAY
        if ends >= one.first and (one.last is None or one.last > ends):
            found[at] = replace(one, last=ends)
    return found
