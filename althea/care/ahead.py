"""What will speak against what she takes on a day to come, as it is signed already?

An order that was signed to begin later is met by what is ordered, told or made longer after that; it is asked about
now, and not on the night of that day. Of days to come only what two of her medicines do to each other is asked, and
what is missing once one has ended: all else may be otherwise by then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace

from althea.care.aside import all_grounds, grounds_of, rests, together
from althea.care.facts import Chart, facts_of
from althea.care.known import knowledge
from althea.care.models import Order
from althea.care.schedule import A_DAY, schedule_of
from althea.engine.explain import shortened
from althea.engine.finding import Finding, Review
from althea.engine.review import review
from althea.knowledge.schema.evidence import Level

BEGINS, CHANGES, ENDED = "begins", "changes", "has ended"


@dataclass(frozen=True, slots=True)
class Turn:
    """A day to come on which a medicine that is ordered begins, changes its dose, or is taken no more."""

    on: date
    order: Order
    what: str

    @property
    def words(self) -> str:
        return f"{knowledge().name_of(self.order.medicine)} {self.what}"


def turns(orders: Iterable[Order], on: date) -> dict[date, list[Turn]]:
    """Every such day after this one, the next first. One that takes the place of another changes its dose."""
    found: dict[date, dict[str, Turn]] = {}
    for order in orders:
        for day, what in _days(order):
            if day > on:
                here = found.setdefault(day, {})
                met = here.get(order.medicine)
                if met is None or met.what == what:
                    here[order.medicine] = Turn(day, order, what)
                else:
                    here[order.medicine] = Turn(day, order if what != ENDED else met.order, CHANGES)
    return {day: list(found[day].values()) for day in sorted(found)}


def _days(order: Order) -> Iterable[tuple[date, str]]:
    stretches = schedule_of(order)
    for at, one in enumerate(stretches):
        yield one.first, ENDED if not one.step else BEGINS if at == 0 else CHANGES
    if stretches and stretches[-1].step and stretches[-1].last is not None:
        yield stretches[-1].last + A_DAY, ENDED


def when(here: Iterable[Turn]) -> str:
    """ "from 19 December, when phenelzine begins"."""
    rows = list(here)
    return f"from {rows[0].on:%-d %B}, when {' and '.join(one.words for one in rows)}"


def of_the_turn(finding: Finding, here: Iterable[Turn]) -> list[Turn]:
    """Which of these brings it: one of two medicines that it is about, or the end of what is missing since."""
    rows = list(here)
    if finding.level is Level.INFO:
        return []
    if finding.kind == "missing":
        return [one for one in rows if one.what == ENDED]
    return [one for one in rows if len(finding.medicines) > 1 and one.order.medicine in finding.medicines]


def with_what_is_ahead(now: Review, chart: Chart, on: date, *, jurisdiction: str) -> Review:
    """The review of today, with what its days to come will bring: each at its first day, which its title says."""
    days = turns(chart.orders, on)
    if not days:
        return now
    known = all_grounds(now.findings)
    found = list(now.findings)
    for day, here in days.items():
        then = review(facts_of(chart, day), None, knowledge(), jurisdiction=jurisdiction)
        for one in then.findings:
            for part in (one, *one.also):
                rows = of_the_turn(part, here)
                if rows and not rests(grounds_of(part), known):
                    known = together((known, grounds_of(part)))
                    _put(found, dated(part, rows, one.reason))
    return replace(now, findings=tuple(sorted(found, key=lambda one: -one.level)))


def dated(finding: Finding, here: list[Turn], reason: tuple[str, ...]) -> Finding:
    """The same, and from which day on it is so."""
    words = when(here)
    title = shortened(f"From {here[0].on:%-d %B}: {finding.title}")
    said = (f"{words[:1].upper()}{words[1:]}.", *finding.said)
    return replace(finding, title=title, said=said, reason=reason, also=(), due_on=None)


def _put(found: list[Finding], one: Finding) -> None:
    """One finding a reason: what comes later stands under what is there, unless it is louder."""
    at = next((at for at, known in enumerate(found) if known.reason == one.reason), None)
    if at is None:
        found.append(one)
    else:
        found[at] = both(found[at], one)


def both(one: Finding, other: Finding) -> Finding:
    """Two of one reason as one: the louder, which says the other too."""
    first, second = (one, other) if one.level >= other.level else (other, one)
    under = (*first.also, replace(second, also=()), *second.also)
    return replace(first, beside=(*first.beside, f"Also: {second.title}", *second.beside), also=under)
