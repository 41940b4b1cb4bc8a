"""Which stages of her life has she lived through, from which day to which?  For the chart and for her whole story.

A birth and a count of weeks are facts; the day on which a pregnancy began follows from a count by arithmetic. Where no
count was told its length is not known, and the words say so. What ended without a birth is not drawn on beyond the last
day that somebody spoke of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from althea.care import entries as said
from althea.care.facts import Chart
from althea.care.stage_words import TERM_DAYS, YEAR

A_DAY = timedelta(days=1)
TO_DUE = timedelta(days=280)
"""Forty weeks: what a due date is counted from."""
LONGEST = timedelta(days=TERM_DAYS)
NOT_KNOWN = "Pregnant, how long is not known"
WEEKS_AFTER = (6, 12)


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
"""(day, topic, value), the oldest first."""


def stages(chart: Chart, on: date) -> list[Lived]:
    """Pregnancies, the year after each birth, and the menopause, as far as they were told. The rest is ground."""
    told = sorted((entry.on, body.topic, body.value) for entry, body in chart.of(said.LifeStage) if entry.on <= on)
    born = sorted({day for _, topic, value in told if topic == "delivery" and (day := date.fromisoformat(value)) <= on})
    found: list[Lived] = []
    for at, birth in enumerate(born):
        after = born[at + 1] if at + 1 < len(born) else date.max
        begun = _begun(told, birth, after)
        words = "Pregnant" if begun is not None else NOT_KNOWN
        found.append(Lived(begun or birth - TO_DUE, birth - A_DAY, words, "preg"))
        ends = birth + timedelta(days=YEAR)
        feeding = [value for day, topic, value in told if topic == "breastfeeding" and birth <= day < after]
        words = "Postpartum, breastfeeding" if feeding and feeding[-1] == "yes" else "Postpartum"
        found.append(Lived(birth, None if ends > on else ends, words, "post", birth=True))
    found += _pregnant_now(told, born[-1] if born else date.min, on)
    return _in_turn([*_menopause(told), *found])


def weeks_after(lived: Sequence[Lived]) -> list[tuple[date, str]]:
    """ "week 6" and "week 12" after the last birth, by the calendar."""
    born = [one.first for one in lived if one.birth]
    return [(max(born) + timedelta(weeks=weeks), f"week {weeks}") for weeks in WEEKS_AFTER] if born else []


def _begun(told: Answers, birth: date, after: date) -> date | None:
    """The first day of the pregnancy that ended with this birth: by the baby's weeks, by a count, by the due date."""
    weeks = [int(value) for day, topic, value in told if topic == "infant" and birth <= day < after]
    if weeks:
        return birth - timedelta(days=weeks[-1])
    return _counted([one for one in told if birth - LONGEST <= one[0] <= birth], birth)


def _counted(told: Answers, on: date) -> date | None:
    """The first day of the pregnancy by the newest count; else by the newest due date. None: neither was told."""
    counts = [day - timedelta(days=int(value)) for day, topic, value in told if topic == "gestation"]
    counts = counts or [date.fromisoformat(value) - TO_DUE for _, topic, value in told if topic == "due"]
    return counts[-1] if counts and counts[-1] <= on else None


def _pregnant_now(told: Answers, since: date, on: date) -> list[Lived]:
    """Pregnancies after the last birth that none ended: still so, or as far as each was spoken of."""
    found: list[Lived] = []
    spoken: list[tuple[date, str, str]] = []
    for one in (one for one in told if one[0] > since):
        if one[1] in ("gestation", "due") or one[1:] == ("pregnancy", "pregnant"):
            spoken.append(one)
        elif one[1:] == ("pregnancy", "not pregnant") and spoken:
            found.append(_spoken_of(spoken, None))
            spoken = []
    return [*found, _spoken_of(spoken, on)] if spoken else found


def _spoken_of(spoken: Answers, on: date | None) -> Lived:
    """A pregnancy by what was said of it. `on`: today, where nobody said that it is over."""
    begun = _counted(spoken, spoken[-1][0])
    first = begun or spoken[0][0]
    still = on is not None and on - first <= LONGEST
    return Lived(first, None if still else spoken[-1][0], "Pregnant" if begun else NOT_KNOWN, "preg")


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
