"""Which rules are certainly silent about her?  Many at once, told from a few numbers.

Most rules about most women say nothing: the check was made, the result is normal, the dose is under every limit. Rules
of one medicine that look at the same thing stand in one group here, with the tightest of their bounds; when she is
inside it, none of them can speak and none is asked. A group never decides that a rule speaks: when in doubt it says
no, and each of its rules is asked by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from althea.engine.rules.titration import LATELY
from althea.engine.taken import Taken
from althea.engine.who import Case
from althea.knowledge.schema.rule import DoseLimit, Monitoring, Result, Rule, Titration

NEVER = 1_000_000
"""Days; longer than anybody lives."""
ENTRY = TypeVar("ENTRY")


@dataclass(frozen=True, slots=True)
class Checks(Generic[ENTRY]):
    """Monitoring of the same measures: seen since the last checkpoint of any, and due again by none."""

    entries: tuple[ENTRY, ...]
    measures: tuple[str, ...]
    soonest: int
    last_due: int
    first_wanted: int
    baseline: int
    after_change: int

    @classmethod
    def of(cls, pairs: list[tuple[ENTRY, Monitoring]]) -> Checks[ENTRY]:
        rules = [rule for _, rule in pairs]
        wanted = [min(rule.due_days) for rule in rules if rule.due_days]
        wanted += [rule.from_day for rule in rules if rule.every_days is not None]
        return cls(
            entries=tuple(entry for entry, _ in pairs),
            measures=rules[0].measures,
            # beside a check after each change of dose, one that is due today is asked for today
            soonest=min(
                (r.every_days - (r.after_dose_change_days is not None) for r in rules if r.every_days is not None),
                default=NEVER,
            ),
            last_due=max((max(rule.due_days) for rule in rules if rule.due_days), default=-NEVER),
            first_wanted=min(wanted, default=NEVER),
            after_change=min(
                (r.after_dose_change_days for r in rules if r.after_dose_change_days is not None), default=NEVER
            ),
            baseline=min((r.baseline_within_days for r in rules if r.baseline_within_days is not None), default=NEVER),
        )

    def silent(self, subject: Taken | None, case: Case) -> bool:
        ago = case.days_since(self.measures)
        if subject is None or subject.starting:
            return self.baseline == NEVER or (ago is not None and ago <= self.baseline)
        since = subject.since
        if since is None:
            return False
        day = (case.facts.on - since).days
        if self.after_change != NEVER:
            starts = [(row.started_on - since).days for row in subject.rows if row.started_on is not None]
            changed = max((one for one in starts if one <= day), default=0)
            if day >= changed + self.after_change and (ago is None or day - ago <= max(changed, 0)):
                return False
        if day < self.first_wanted:
            return True
        return ago is not None and ago <= self.soonest and day - ago >= self.last_due


@dataclass(frozen=True, slots=True)
class Bounds(Generic[ENTRY]):
    """Limits of one measure: the newest result lies between all of them, or is too old for any."""

    entries: tuple[ENTRY, ...]
    measure: str
    low: Decimal
    high: Decimal
    oldest: int

    @classmethod
    def of(cls, pairs: list[tuple[ENTRY, Result]]) -> Bounds[ENTRY]:
        from_: list[Decimal] = []
        to: list[Decimal] = []
        for _, rule in pairs:
            least = [one for one in (rule.at_least, rule.above) if one is not None]
            most = [one for one in (rule.at_most, rule.below) if one is not None]
            (from_ if least else to).append(max(least) if least else min(most))
        return cls(
            entries=tuple(entry for entry, _ in pairs),
            measure=pairs[0][1].measure,
            low=max(to, default=Decimal("-Infinity")),
            high=min(from_, default=Decimal("Infinity")),
            oldest=max(rule.within_days for _, rule in pairs),
        )

    def silent(self, subject: Taken | None, case: Case) -> bool:
        rows = case.facts.results.get(self.measure)
        if not rows:
            return case.seen_whole
        value = rows[0].value
        return value is not None and (self.low < value < self.high or (case.facts.on - rows[0].on).days > self.oldest)


@dataclass(frozen=True, slots=True)
class Doses(Generic[ENTRY]):
    """Limits of the dose: under every most, over every least."""

    entries: tuple[ENTRY, ...]
    most: Decimal | None
    single: Decimal | None
    start: Decimal | None
    least: Decimal | None

    @classmethod
    def of(cls, pairs: list[tuple[ENTRY, DoseLimit]]) -> Doses[ENTRY]:
        rules = [rule for _, rule in pairs]
        return cls(
            entries=tuple(entry for entry, _ in pairs),
            most=min((rule.max_daily.mg for rule in rules if rule.max_daily is not None), default=None),
            single=min((rule.max_single.mg for rule in rules if rule.max_single is not None), default=None),
            start=min((rule.max_start.mg for rule in rules if rule.max_start is not None), default=None),
            least=max((rule.min_daily.mg for rule in rules if rule.min_daily is not None), default=None),
        )

    def silent(self, subject: Taken | None, case: Case) -> bool:
        if subject is None:
            return True
        daily = subject.daily
        if daily is None:
            return False
        if self.single is not None and ((single := subject.single) is None or single.mg > self.single):
            return False
        if self.start is not None and subject.starting and daily.mg > self.start:
            return False
        return (self.most is None or daily.mg <= self.most) and (self.least is None or daily.mg >= self.least)


@dataclass(frozen=True, slots=True)
class Steps(Generic[ENTRY]):
    """Schedules of titration: nothing of it is drafted, and its newest order is not of late."""

    entries: tuple[ENTRY, ...]

    def silent(self, subject: Taken | None, case: Case) -> bool:
        if subject is None or subject.ordered:
            return subject is None
        days = [(case.facts.on - row.started_on).days for row in subject.rows if row.started_on is not None]
        return not days or min(days) > LATELY


Group = Checks[ENTRY] | Bounds[ENTRY] | Doses[ENTRY] | Steps[ENTRY]


def grouped(
    entries: Iterable[ENTRY], rule_of: Callable[[ENTRY], Rule], gates_of: Callable[[ENTRY], int]
) -> tuple[tuple[Group[ENTRY], ...], tuple[ENTRY, ...]]:
    """(groups, the entries that stand in none). Only entries that anybody is asked are grouped, and limits of a result
    that stand behind no other gate than the result itself."""
    checks: dict[tuple[str, ...], list[tuple[ENTRY, Monitoring]]] = {}
    bounds: dict[str, list[tuple[ENTRY, Result]]] = {}
    doses: list[tuple[ENTRY, DoseLimit]] = []
    steps: list[ENTRY] = []
    left: list[ENTRY] = []
    for entry in entries:
        rule, gates = rule_of(entry), gates_of(entry)
        if isinstance(rule, Monitoring) and not gates:
            checks.setdefault(rule.measures, []).append((entry, rule))
        elif isinstance(rule, Result) and gates == 1 and _bounded(rule):
            bounds.setdefault(rule.measure, []).append((entry, rule))
        elif isinstance(rule, DoseLimit) and not gates and not rule.per_kg:
            doses.append((entry, rule))
        elif isinstance(rule, Titration) and not gates:
            steps.append(entry)
        else:
            left.append(entry)
    groups: list[Group[ENTRY]] = [Checks.of(one) for one in checks.values()]
    groups += [Bounds.of(one) for one in bounds.values()]
    if doses:
        groups.append(Doses.of(doses))
    if steps:
        groups.append(Steps(tuple(steps)))
    return tuple(groups), tuple(left)


def _bounded(rule: Result) -> bool:
    return any(one is not None for one in (rule.at_least, rule.above, rule.at_most, rule.below))
