"""Which rules are certainly silent about her?  Many at once, told from a few numbers.

Most rules about most women say nothing: the check was made, the result is normal, the dose is under every limit. Rules
of one medicine that look at the same thing stand in one group here, with the tightest of their bounds; when she is
inside it, none of them can speak and none is asked. A group never decides that a rule speaks: when in doubt it says
no, and each of its rules is asked by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Generic, TypeVar

from althea.engine.case import Case
from althea.engine.rules.monitoring import last_change
from althea.engine.rules.titration import LATELY
from althea.engine.taken import Taken
from althea.knowledge.schema.rule import DoseLimit, Monitoring, Result, Rule, Titration

NEVER = 1_000_000
"""Days; longer than anybody lives."""
MOST_DAYS = 8
"""Days that are remembered for each group: mostly there is one, today."""
ENTRY = TypeVar("ENTRY")
Gates = tuple[frozenset[str], ...]


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
    each: tuple[Checks[ENTRY], ...] = ()
    """Where there are several: every one by itself, for when not all are silent."""

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
            each=tuple(cls.of([pair]) for pair in pairs) if len(pairs) > 1 else (),
        )


@dataclass(frozen=True, slots=True)
class Bounds(Generic[ENTRY]):
    """Limits of one measure: the newest result lies between all of them, or is too old for any."""

    entries: tuple[ENTRY, ...]
    measure: str
    low: Decimal
    high: Decimal
    oldest: int
    each: tuple[Bounds[ENTRY], ...] = ()

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
            each=tuple(cls.of([pair]) for pair in pairs) if len(pairs) > 1 else (),
        )


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

    def silent(self, subject: Taken | None) -> bool:
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
class Groups(Generic[ENTRY]):
    """The groups of one medicine. `steps`: schedules of titration, asked of a draft and of what was raised of late."""

    checks: tuple[Checks[ENTRY], ...] = ()
    bounds: tuple[Bounds[ENTRY], ...] = ()
    doses: Doses[ENTRY] | None = None
    steps: tuple[ENTRY, ...] = ()
    last_due: int = -NEVER
    """Of all the checks: the last checkpoint of any."""
    changes: bool = False
    """Is one of the checks due again after a change of dose?"""
    enough: dict[date, tuple[tuple[tuple[str, ...], date], ...]] = field(default_factory=dict)
    """By today: the measures of each check, with the first day a result of one of them still counts."""

    def may_speak(self, subject: Taken | None, case: Case) -> list[ENTRY]:
        """The rules of every group that is not surely silent. Where that cannot be told, each is asked itself."""
        try:
            found: list[ENTRY] = []
            if self.checks and not self._all_checked(subject, case):
                _checks_due(self.checks, subject, case, found)
            if self.bounds:
                _out_of_bounds(self.bounds, case, found)
            if self.doses is not None and not self.doses.silent(subject):
                found += self.doses.entries
            if self.steps and subject is not None and _stepped(subject, case):
                found += self.steps
        except Exception:  # then each of them says what is wrong
            found = [entry for one in self.checks for entry in one.entries]
            found += [entry for one in self.bounds for entry in one.entries]
            found += (*(self.doses.entries if self.doses is not None else ()), *self.steps)
        return found

    def _all_checked(self, subject: Taken | None, case: Case) -> bool:
        """Was each of the checks made since its last checkpoint, not long ago, and after the last change of dose?

        The common case, told in one pass; no is no answer.
        """
        since = None if subject is None or subject.starting else subject.since
        if subject is None or since is None:
            return False
        facts = case.facts
        results, scores, today = facts.results, facts.scores, facts.on
        earliest = today
        for measures, oldest in self.enough.get(today) or self._enough(today):
            for one in measures:
                rows = results.get(one) or scores.get(one)
                if rows and (on := rows[0].on) >= oldest:
                    break
            else:
                return False
            if on < earliest:
                earliest = on
        day = (earliest - since).days
        return day >= self.last_due and not (self.changes and day <= max(last_change(subject, since, today), 0))

    def _enough(self, today: date) -> tuple[tuple[tuple[str, ...], date], ...]:
        if len(self.enough) >= MOST_DAYS:
            self.enough.clear()
        made = self.enough[today] = tuple(
            (one.measures, date.min if one.soonest == NEVER else today - timedelta(one.soonest))
            for one in self.checks
            if one.first_wanted != NEVER or one.after_change != NEVER  # the others are asked of a start alone
        )
        return made


def _checks_due(checks: tuple[Checks[ENTRY], ...], subject: Taken | None, case: Case, found: list[ENTRY]) -> None:
    """Adds the checks that may be due."""
    today = case.facts.on
    if subject is None or subject.starting:
        for one in checks:
            if one.baseline != NEVER:
                last = case.last_seen(one.measures)
                if last is None or (today - last).days > one.baseline:
                    found += one.entries
        return
    since = subject.since
    if since is None:
        found += [entry for one in checks for entry in one.entries]
        return
    day = (today - since).days
    changed: int | None = None
    for one in checks:
        last = case.last_seen(one.measures)
        ago = NEVER if last is None else (today - last).days
        if ago > one.soonest or day - ago < one.last_due:
            due = day >= one.first_wanted
        else:
            due = False
        if not due and one.after_change != NEVER:
            if changed is None:
                changed = last_change(subject, since, today)
            due = day >= changed + one.after_change and day - ago <= max(changed, 0)
        if due:
            if one.each:
                _checks_due(one.each, subject, case, found)
            else:
                found += one.entries


def _out_of_bounds(bounds: tuple[Bounds[ENTRY], ...], case: Case, found: list[ENTRY]) -> None:
    """Adds the limits that the newest result may pass."""
    results, today = case.facts.results, case.facts.on
    for one in bounds:
        rows = results.get(one.measure)
        if not rows:
            if "observations" in case.blind:
                found += one.entries
            continue
        value = rows[0].value
        if value is None:
            found += one.entries
        elif not (one.low < value < one.high or (today - rows[0].on).days > one.oldest):
            if one.each:
                _out_of_bounds(one.each, case, found)
            else:
                found += one.entries


def _stepped(subject: Taken, case: Case) -> bool:
    """Is it drafted, is its newest order of late, or did she tell that she left it, or had?"""
    if subject.ordered:
        return True
    newest: date | None = None
    for row in subject.rows:
        if row.left_on is not None or row.gaps:
            return True
        on = row.started_on
        if on is not None and (newest is None or on > newest):
            newest = on
    return newest is not None and (case.facts.on - newest).days <= LATELY


def grouped(
    entries: list[tuple[ENTRY, Gates]], rule_of: Callable[[ENTRY], Rule]
) -> tuple[Groups[ENTRY] | None, list[tuple[ENTRY, Gates]]]:
    """(groups if there are any, the entries that stand in none).

    Only entries that anybody is asked are grouped, and limits of a result that stand behind no other gate than the
    result itself.
    """
    checks: dict[tuple[str, ...], list[tuple[ENTRY, Monitoring]]] = {}
    bounds: dict[str, list[tuple[ENTRY, Result]]] = {}
    doses: list[tuple[ENTRY, DoseLimit]] = []
    steps: list[ENTRY] = []
    left: list[tuple[ENTRY, Gates]] = []
    for entry, gates in entries:
        rule = rule_of(entry)
        if isinstance(rule, Monitoring) and not gates:
            checks.setdefault(rule.measures, []).append((entry, rule))
        elif isinstance(rule, Result) and len(gates) == 1 and _bounded(rule):
            bounds.setdefault(rule.measure, []).append((entry, rule))
        elif isinstance(rule, DoseLimit) and not gates and not rule.per_kg:
            doses.append((entry, rule))
        elif isinstance(rule, Titration) and not gates:
            steps.append(entry)
        else:
            left.append((entry, gates))
    if not (checks or bounds or doses or steps):
        return None, left
    due = tuple([Checks.of(one) for one in checks.values()])
    groups = Groups(
        due,
        tuple([Bounds.of(one) for one in bounds.values()]),
        Doses.of(doses) if doses else None,
        tuple(steps),
        last_due=max((rule.last_due for rule in due), default=-NEVER),
        changes=any(rule.after_change != NEVER for rule in due),
    )
    return groups, left


def _bounded(rule: Result) -> bool:
    return any(one is not None for one in (rule.at_least, rule.above, rule.at_most, rule.below))
