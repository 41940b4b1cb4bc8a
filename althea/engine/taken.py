"""What does she take, one ingredient at a time, once the order in hand is applied?

Orders of one ingredient are added up; the draft replaces what it replaces. Contraceptive methods that were stated
without an order stand here too, so that a rule about the pill finds the pill whichever way it was recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from operator import itemgetter
from typing import Any

from msgspec import Struct

from althea.engine.facts import Facts, Medicine, State, dose_in_words
from althea.engine.finding import Evidence
from althea.knowledge import Knowledge
from althea.knowledge.quantity import Dose

GAP = timedelta(days=7)
"""Orders of one ingredient that follow each other within a week are one course: pharmacies close, people travel."""

RUNNING, ORDERED, PERHAPS = State.RUNNING, State.ORDERED, State.PERHAPS
STOPPED, REPLACED, STOPPING = State.STOPPED, State.REPLACED, State.STOPPING
NOW = (RUNNING, ORDERED)
BEFORE = (REPLACED, STOPPING)
TAKEN = (*BEFORE, RUNNING)


_UNSET: Any = object()


class Taken(Struct, eq=False, gc=False):
    """One ingredient (or method) and every order of it. What many rules ask is worked out once.

    `ordered`: in the draft. `running`: taken now, or once signed. `starting`: in the draft, and not taken until now.
    `stopping`: the draft ends it. `perhaps`: an old order without an end is all there is.
    """

    id: str
    name: str
    rows: tuple[Medicine, ...]
    on: date
    method: bool = False
    running: bool = False
    ordered: bool = False
    starting: bool = False
    stopping: bool = False
    perhaps: bool = False
    _lead: Any = _UNSET
    _daily: Any = _UNSET
    _since: Any = _UNSET
    _words: Any = _UNSET
    _told: Any = _UNSET

    @classmethod
    def of(cls, id: str, name: str, rows: tuple[Medicine, ...], on: date) -> Taken:
        """One ingredient, by all its orders."""
        if len(rows) == 1:  # the common case; a state is told apart by identity, for hashing one is slow
            state = rows[0].state
            if state is RUNNING:
                return cls(id, name, rows, on, False, True)
            if state is STOPPED or state is REPLACED:
                return cls(id, name, rows, on)
            drafted = state is ORDERED
            return cls(id, name, rows, on, False, drafted, drafted, drafted, state is STOPPING, state is PERHAPS)
        states = [row.state for row in rows]
        ordered, runs = ORDERED in states, RUNNING in states
        running = ordered or runs
        starting = ordered and not runs and REPLACED not in states and STOPPING not in states
        if starting:
            starting = not any(
                row.ended_on is not None and row.state is STOPPED and row.ended_on + GAP >= on for row in rows
            )
        stopping = not running and STOPPING in states
        return cls(id, name, rows, on, False, running, ordered, starting, stopping, not running and PERHAPS in states)

    @property
    def now(self) -> tuple[Medicine, ...]:
        """The orders that count today, the draft included."""
        if len(self.rows) == 1:
            return self.rows if self.running else ()
        return tuple(row for row in self.rows if row.state in NOW)

    @property
    def left_on(self) -> date | None:
        """The last day she told that she took it, while its order runs on; None where nothing of the kind was told."""
        if len(self.rows) == 1:
            return self.rows[0].left_on if self.running else None
        return max((row.left_on for row in self.rows if row.left_on is not None and row.state in NOW), default=None)

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
            return self.rows if self.rows[0].state is not STOPPED else ()
        now = self.now or tuple(row for row in self.rows if row.state in (*BEFORE, PERHAPS))
        if len(now) < 2:
            return now
        first = next((row for row in now if row.state is ORDERED), None)
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
        before = [row.daily for row in self.rows if row.state in BEFORE]
        return before[0] if len(before) == 1 else total(before)

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
            return None if row.state is STOPPED and row.ended_on is None else row.started_on
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
            elif row.state is ORDERED:
                drafted.append((row.started_on, row.ended_on))
            else:
                others = True
                if row.ended_on is not None or row.state is not STOPPED:
                    known.append((row.started_on, row.ended_on))
        return known if others else drafted

    @property
    def told(self) -> Evidence:
        """The medicine itself, as she takes it or is about to: the first of the facts of every finding about it."""
        if self._told is _UNSET:
            self._told = self._work_out_told()
        found: Evidence = self._told
        return found

    def _work_out_told(self) -> Evidence:
        if self.stopping:
            return self.ended
        words = self.in_words()
        if self.ordered:
            return Evidence(f"ordered now: {words}")
        if (left := self.left_on) is not None:
            words = f"ordered: {words}; last taken {left}, by what was told"
        else:
            words = f"takes {words}"
        return Evidence(words, self.since, self.rows[-1].ref)

    @property
    def ended(self) -> Evidence:
        """The medicine that is being stopped, as it was taken."""
        return Evidence(self.in_words(), None, self.rows[-1].ref)

    def in_words(self) -> str:
        """Lithium 900 mg a day."""
        if self._words is _UNSET:
            self._words = self._work_out_words()
        words: str = self._words
        return words

    def _work_out_words(self) -> str:
        rows = self.lead or self.rows
        name = f"{self.name} (depot)" if rows and rows[0].depot else self.name
        daily = self.daily
        if daily is None or self.method:
            return name
        once = needed = True
        for row in rows:
            once, needed = once and row.once, needed and row.as_needed
        if once:
            return f"{name} {dose_in_words(daily)} once"
        return f"{name} {dose_in_words(daily)} a day{' at most, as needed' if needed else ''}"


def total(doses: Iterable[Dose | None]) -> Dose | None:
    """The sum; None where there is nothing, or something unknown."""
    all_of_it: Dose | None = None
    for dose in doses:
        if dose is None:
            return None
        all_of_it = dose if all_of_it is None else all_of_it + dose
    return all_of_it


def all_taken(
    facts: Facts, knowledge: Knowledge, methods: dict[str, Taken] | None = None, names: dict[str, str] | None = None
) -> dict[str, Taken]:
    """Every ingredient of ours in the facts, past ones included, by id; and the methods stated.

    `methods` and `names`: methods that were stated and names of medicines met before, the same for everybody.
    """
    names = {} if names is None else names
    on = facts.on
    rows: dict[str, tuple[Medicine, ...]] = {}
    for row in facts.medicines:
        key = row.id
        if key is not None:
            rows[key] = (*rows[key], row) if key in rows else (row,)
            if key not in names:
                names[key] = knowledge.name_of(key)
    taken = {key: Taken.of(key, names[key], found, on) for key, found in rows.items()}
    for method in facts.stage.methods or ():
        if method not in taken:
            stated = methods.get(method) if methods is not None else None
            if stated is None:
                name = knowledge.name_of(method)
                # no day of hers stands in it: it has no beginning and no end
                stated = Taken(
                    method, name, (Medicine(id=method, name=name, state=RUNNING),), on, method=True, running=True
                )
                if methods is not None:
                    methods[method] = stated
            taken[method] = stated
    return taken
