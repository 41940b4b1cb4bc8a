"""How near is what she wants?  Her goals in her order, what she told of each in her check-ins, and what stands now.

What she told belongs to the goal through all its wordings, and is shown beside it only where it is measured as it was
when she was asked: an answer in evenings says nothing of nights. What the clinic wrote (`Goal.now`) stands until she
tells something newer. What she left empty is not told: it is never "no change".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef

from althea.care import entries as said
from althea.care.facts import Chart
from althea.care.models import Entry, Patient

ASKED = 3
"""A check-in asks of so many, her first."""
EARLIER = 3
"""So many earlier answers stand beside the newest."""


@dataclass(frozen=True, slots=True)
class Near:
    """How near it was on a day, and by whose word. `sent`: False where she answered and did not send it."""

    on: date
    words: str
    hers: bool = True
    sent: bool = True

    @property
    def whence(self) -> str:
        if not self.hers:
            return "written at the clinic"
        return "told in her check-in" if self.sent else "answered in a check-in she did not send"

    @property
    def whence_to_her(self) -> str:
        if not self.hers:
            return "written at the clinic"
        return "told in your check-in" if self.sent else "answered in a check-in that closed before you sent it"


@dataclass(frozen=True, slots=True)
class HerGoal:
    """`told`: what she told of it by this measure, newest first. `now`: what stands; None: nobody told or wrote it."""

    entry: Entry
    body: said.Goal
    told: tuple[Near, ...]
    now: Near | None

    @property
    def key(self) -> str:
        return key_of(self.entry, self.body)

    @property
    def words(self) -> str:
        return self.body.words

    @property
    def ended(self) -> str:
        """Her words with a full stop, where something stands after them."""
        return self.words if self.words.endswith((".", "?", "!", "…")) else f"{self.words}."

    @property
    def measure(self) -> str:
        return self.body.measure

    @property
    def earlier(self) -> tuple[Near, ...]:
        """What she told before, beside what stands now."""
        return tuple(one for one in self.told if one is not self.now)[:EARLIER]

    def shown(self) -> list[str]:
        """What stands, for the digest of a page that a decision rests on."""
        return [self.words, self.measure, *([self.now.on.isoformat(), self.now.words] if self.now else [])]

    def since(self, start: date | None) -> tuple[Near, ...]:
        """What she told since that day, oldest first, from the last she told before it; and what stands now."""
        rows = self.told[::-1]
        before = [one for one in rows if start is not None and one.on < start]
        rows = (*before[-1:], *rows[len(before) :])
        return rows if self.now is None or self.now.hers else (*rows, self.now)


def key_of(entry: Entry, body: said.Goal) -> str:
    """By what a goal is known through all its wordings."""
    return body.first or str(entry.pk)


def goals_of(chart: Chart, on: date | None = None) -> tuple[HerGoal, ...]:
    """From a chart already fetched, as of that day where one is named."""
    return her_goals(chart.of(said.Goal), chart.of(said.GoalTold), on)


def her_goals(
    goals: Iterable[tuple[Entry, said.Goal]], told: Iterable[tuple[Entry, said.GoalTold]], on: date | None = None
) -> tuple[HerGoal, ...]:
    """`goals`, `told`: current entries, newest first."""
    rows = [(entry, body) for entry, body in told if on is None or entry.on <= on]
    return tuple(_goal(entry, body, rows) for entry, body in sorted(goals, key=lambda pair: pair[1].rank))


def same_measure(one: str, other: str) -> bool:
    """Are they one, however they are spaced and written?"""
    first, second = (" ".join(words.casefold().split()) for words in (one, other))
    return first == second


def may_ask(goals: Iterable[tuple[Entry, said.Goal]]) -> bool:
    """Has one of them a measure?  Without it there is nothing to ask by."""
    return any(body.measure for _, body in goals)


def has_measure() -> Exists:
    """The same within a query of rows that have a patient."""
    rows = Entry.objects.current().filter(patient=OuterRef("patient"), kind=said.Goal.kind, body__has_key="measure")
    return Exists(rows.exclude(body__measure=""))


def asked_of(patient: Patient) -> tuple[HerGoal, ...]:
    """Those a check-in asks about. One query."""
    kinds = (said.Goal.kind, said.GoalTold.kind)
    rows = Entry.objects.current().filter(patient=patient, kind__in=kinds).order_by("-on", "-recorded_at", "-pk")
    bodies = [(row, said.of(row.kind, row.body)) for row in rows]
    goals = [(entry, body) for entry, body in bodies if isinstance(body, said.Goal)]
    told = [(entry, body) for entry, body in bodies if isinstance(body, said.GoalTold)]
    return tuple(one for one in her_goals(goals, told) if one.measure)[:ASKED]


def _goal(entry: Entry, body: said.Goal, rows: list[tuple[Entry, said.GoalTold]]) -> HerGoal:
    key = key_of(entry, body)
    own = [(row, one) for row, one in rows if one.goal == key and same_measure(one.measure, body.measure)]
    told = tuple(Near(row.on, one.told, sent=one.sent is not False) for row, one in own)
    now = told[0] if told else None
    if body.now and (now is None or _written(entry, body) > (own[0][0].on, own[0][0].recorded_at)):
        now = Near(body.now_on or entry.on, body.now, hers=False)
    return HerGoal(entry, body, told, now)


def _written(entry: Entry, body: said.Goal) -> tuple[date, datetime]:
    """When `now` was written. Of one that was worded anew since, the hour is not known: it comes first on its day."""
    if body.now_on is not None:
        return body.now_on, datetime.min.replace(tzinfo=entry.recorded_at.tzinfo)
    return entry.on, entry.recorded_at
