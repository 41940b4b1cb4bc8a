"""What does she take, one ingredient at a time, once the order in hand is applied?

Orders of one ingredient are added up; the draft replaces what it replaces. Contraceptive methods that were stated
without an order stand here too, so that a rule about the pill finds the pill whichever way it was recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import reduce
from operator import itemgetter
from typing import Any

from althea.engine.facts import Facts, Medicine, State, dose_in_words
from althea.knowledge import Knowledge
from althea.knowledge.quantity import Dose

GAP = timedelta(days=7)
"""Orders of one ingredient that follow each other within a week are one course: pharmacies close, people travel."""

NOW = (State.RUNNING, State.ORDERED)
BEFORE = (State.REPLACED, State.STOPPING)
TAKEN = (*BEFORE, State.RUNNING)


_UNSET: Any = object()


class Taken:
    """One ingredient (or method) and every order of it. What many rules ask is worked out once.

    `ordered`: in the draft. `running`: taken now, or once signed. `starting`: in the draft, and not taken until now.
    `stopping`: the draft ends it. `perhaps`: an old order without an end is all there is.
    """

    __slots__ = (
        "_daily",
        "_lead",
        "_since",
        "_words",
        "id",
        "method",
        "name",
        "on",
        "ordered",
        "perhaps",
        "rows",
        "running",
        "starting",
        "stopping",
    )

    def __init__(self, id: str, name: str, rows: tuple[Medicine, ...], on: date, *, method: bool = False) -> None:
        self.id, self.name, self.rows, self.on, self.method = id, name, rows, on, method
        if len(rows) == 1:  # the common case; a state is told apart by identity, for hashing one is slow
            state = rows[0].state
            self.ordered = self.starting = state is State.ORDERED
            self.running = self.ordered or state is State.RUNNING
            self.stopping = state is State.STOPPING
            self.perhaps = state is State.PERHAPS
        else:
            states = {row.state for row in rows}
            self.ordered = State.ORDERED in states
            self.running = self.ordered or State.RUNNING in states
            before = State.REPLACED in states or State.STOPPING in states
            lapsed = any(
                row.ended_on is not None and row.state is State.STOPPED and row.ended_on + GAP >= on for row in rows
            )
            self.starting = self.ordered and not before and not lapsed and State.RUNNING not in states
            self.stopping = not self.running and State.STOPPING in states
            self.perhaps = not self.running and State.PERHAPS in states
        self._lead = self._daily = self._since = self._words = _UNSET

    @property
    def now(self) -> tuple[Medicine, ...]:
        """The orders that count today, the draft included."""
        if len(self.rows) == 1:
            return self.rows if self.running else ()
        return tuple(row for row in self.rows if row.state in NOW)

    @property
    def ended_on(self) -> date | None:
        """The last day she is known to have taken it; None while she takes it, or where no end is known."""
        if self.running or self.perhaps:
            return None
        if self.stopping:
            return self.on
        return max((row.ended_on for row in self.rows if row.ended_on), default=None)

    @property
    def lasting(self) -> bool:
        """Taken regularly: not only as needed, not one dose."""
        if len(self.rows) == 1:
            row = self.rows[0]
            return not row.as_needed and not row.once
        return any(not row.as_needed and not row.once for row in self.now or self.rows)

    @property
    def lead(self) -> tuple[Medicine, ...]:
        """The orders whose doses belong together: by the draft's route, else by mouth, else whatever there is."""
        if self._lead is _UNSET:
            self._lead = self._work_out_lead()
        found: tuple[Medicine, ...] = self._lead
        return found

    def _work_out_lead(self) -> tuple[Medicine, ...]:
        if len(self.rows) == 1:
            return self.rows if self.rows[0].state is not State.STOPPED else ()
        now = self.now or tuple(row for row in self.rows if row.state in (*BEFORE, State.PERHAPS))
        if len(now) < 2:
            return now
        first = next((row for row in now if row.state is State.ORDERED), None)
        first = first or next((row for row in now if not row.depot and row.route in ("", "oral")), now[0])
        same = (first.depot, first.route or "oral")
        return tuple(row for row in now if (row.depot, row.route or "oral") == same)

    @property
    def daily(self) -> Dose | None:
        """The dose a day, all orders together; None where any of them is not known."""
        if self._daily is _UNSET:
            lead = self.lead
            self._daily = lead[0].daily if len(lead) == 1 else total([row.daily for row in lead])
        found: Dose | None = self._daily
        return found

    @property
    def single(self) -> Dose | None:
        """The largest dose at one time."""
        lead = self.lead
        if len(lead) == 1:
            return lead[0].single
        doses = [row.single for row in lead]
        return None if not doses or None in doses else max(d for d in doses if d is not None)

    @property
    def daily_before(self) -> Dose | None:
        """The dose a day that the draft replaces or stops; None where there was none or it is not known."""
        if len(self.rows) == 1 and self.running:
            return None
        return total([row.daily for row in self.rows if row.state in BEFORE])

    @property
    def since(self) -> date | None:
        """The first day of the present course: orders that follow each other without a gap are one."""
        if self._since is _UNSET:
            self._since = self._work_out_since()
        found: date | None = self._since
        return found

    def _work_out_since(self) -> date | None:
        if len(self.rows) == 1:
            row = self.rows[0]
            return None if row.state is State.STOPPED and row.ended_on is None else row.started_on
        spans = self._spans()
        if not spans:
            return None
        if len(spans) == 1:
            return spans[0][0]
        spans.sort(key=itemgetter(0))
        start = spans[-1][0]
        for begun, ended in reversed(spans[:-1]):
            if ended is None or ended + GAP >= start:
                start = begun
        return start

    def _spans(self) -> list[tuple[date, date | None]]:
        """First and last day of each order whose days are known; the draft's own only where there is nothing else."""
        known: list[tuple[date, date | None]] = []
        drafted: list[tuple[date, date | None]] = []
        others = False
        for row in self.rows:
            if row.started_on is None:
                others = others or row.state in TAKEN
            elif row.state is State.ORDERED:
                drafted.append((row.started_on, row.ended_on))
            else:
                others = True
                if row.ended_on is not None or row.state is not State.STOPPED:
                    known.append((row.started_on, row.ended_on))
        return known if others else drafted

    def in_words(self) -> str:
        """Lithium 900 mg a day."""
        if self._words is _UNSET:
            self._words = self._work_out_words()
        return str(self._words)

    def _work_out_words(self) -> str:
        rows = self.lead or self.rows
        name = f"{self.name} (depot)" if rows and rows[0].depot else self.name
        daily = self.daily
        if daily is None or self.method:
            return name
        if False not in [row.once for row in rows]:
            return f"{name} {dose_in_words(daily)} once"
        needed = "" if False in [row.as_needed for row in rows] else " at most, as needed"
        return f"{name} {dose_in_words(daily)} a day{needed}"


def total(doses: Iterable[Dose | None]) -> Dose | None:
    """The sum; None where there is nothing, or something unknown."""
    known = list(doses)
    if not known or None in known:
        return None
    return reduce(lambda a, b: a + b, (dose for dose in known if dose is not None))


def all_taken(
    facts: Facts,
    knowledge: Knowledge,
    known: dict[str, Medicine] | None = None,
    names: dict[str, str] | None = None,
) -> dict[str, Taken]:
    """Every ingredient of ours in the facts, past ones included, by id; and the methods stated.

    `known` and `names`: the rows of methods and the names of medicines met before, the same for everybody.
    """
    names = {} if names is None else names
    rows: dict[str, list[Medicine]] = {}
    for row in facts.medicines:
        if row.id is not None:
            rows.setdefault(row.id, []).append(row)
            if row.id not in names:
                names[row.id] = knowledge.name_of(row.id)
    taken = {key: Taken(key, names[key], tuple(found), facts.on) for key, found in rows.items()}
    for method in facts.stage.methods or ():
        if method not in taken:
            stated = known.get(method) if known is not None else None
            if stated is None:
                stated = Medicine(id=method, name=knowledge.name_of(method), state=State.RUNNING)
                if known is not None:
                    known[method] = stated
            taken[method] = Taken(method, stated.name, (stated,), facts.on, method=True)
    return taken
