"""Is a check due?  The newest result, or score, of any of the measures against the newest date one was wanted.

A complete record that holds none is *due*: nobody has looked. A record nobody handed over is unknown.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from functools import cache

from althea.engine.case import Case
from althea.engine.facts import State
from althea.engine.finding import Evidence
from althea.engine.rules import Hit, NotKnown
from althea.engine.taken import Taken
from althea.knowledge.schema.rule import Monitoring

CHANGES = (State.RUNNING, State.STOPPED)
EARLY = 14
"""Days. A result up to two weeks before a checkpoint counts for it, or half the time since the checkpoint before."""


def evaluate(rule: Monitoring, subject: Taken | None, case: Case) -> Hit | NotKnown | None:
    if subject is not None and not subject.running:
        return None
    last, today = case.last_seen(rule.measures), case.facts.on
    if subject is None or subject.starting:
        if rule.baseline_within_days is None:
            return None
        if last is not None and (today - last).days <= rule.baseline_within_days:
            return None
        return _due(rule, case, last, "wanted before the first dose")
    since = subject.since
    if since is None:
        return NotKnown((f"since when she has taken {subject.name}",))
    if last is not None and _settled(rule, since, today, last):
        return None
    wanted = _wanted_on(rule, subject, since, today, last)
    if wanted is None:
        return None
    on, from_ = wanted
    if last is not None and last >= from_:
        return None
    return _due(rule, case, last, f"was due {on}" if on < today else "is due today", on)


def _settled(rule: Monitoring, since: date, today: date, last: date) -> bool:
    """The common case, told cheaply: seen since the last checkpoint, and not yet due again."""
    if rule.after_dose_change_days is not None or (rule.due_days and (last - since).days < max(rule.due_days)):
        return False
    return rule.every_days is None or (today - last).days <= rule.every_days


def _wanted_on(
    rule: Monitoring, subject: Taken, since: date, today: date, last: date | None
) -> tuple[date, date] | None:
    """(the newest day a check was wanted, the first day a result counts for it); None: none is late yet.

    A check is late once its grace has passed; one that is still in its grace does not excuse an earlier one.
    """
    day, grace = (today - since).days, rule.grace_days
    newest = day - grace - 1 if grace else day
    late: tuple[int, int] | None = None
    if rule.due_days:
        days, checkpoints = _checkpoints(rule.due_days)
        passed = bisect_right(days, newest)
        late = checkpoints[passed - 1] if passed else None
    if rule.every_days is not None and day >= rule.from_day and (rule.to_day is None or day < rule.to_day):
        on = _again_on(rule, None if last is None else (last - since).days)
        if on <= newest and (late is None or (on, on) > late):
            late = (on, on)
    if rule.after_dose_change_days is not None:
        changed = last_change(subject, since, today)
        after = (changed + rule.after_dose_change_days, changed + 1)
        if after[0] <= newest and (late is None or after > late):
            late = after
    if late is None:
        return None
    on, from_ = late
    return since + timedelta(on), since + timedelta(from_)


def last_change(subject: Taken, since: date, today: date) -> int:
    """On which day of the course did the newest order begin that is not in the draft?  0: the first."""
    newest: date | None = None
    for row in subject.rows:
        on = row.started_on
        if on is not None and row.state in CHANGES and on <= today and (newest is None or on > newest):
            newest = on
    return 0 if newest is None else (newest - since).days


@cache
def _reason(concept: str, measures: tuple[str, ...]) -> tuple[str, ...]:
    return (concept or f"due {' '.join(sorted(measures))}",)


@cache
def _checkpoints(due_days: tuple[int, ...]) -> tuple[list[int], list[tuple[int, int]]]:
    """(the days of the course a check is due, each of them with the first day a result counts for it), in order."""
    due = sorted(due_days)
    return due, [(on, on - min(EARLY, (on - before) // 2)) for before, on in zip([0, *due], due, strict=False)]


def _again_on(rule: Monitoring, last: int | None) -> int:
    """When is it wanted again?  So long after the last one; where none counts for its phase, after the phase began."""
    interval = rule.every_days or 0
    if last is not None and (rule.from_day == 0 or last > rule.from_day - EARLY):
        return max(last + interval, 0)
    return rule.from_day + interval


def _due(
    rule: Monitoring, case: Case, last: date | None, when: str, due_on: date | None = None
) -> Hit | NotKnown:  # fmt: skip
    names = _name(case, rule.measures[0]) if len(rule.measures) == 1 else _names(case, rule.measures)
    if last is None:
        if "observations" in case.blind:
            return NotKnown((f"{names}: her results",))
        evidence = Evidence(f"{names}: none on record; {when}", news=f"{names} none")
        days, on = "", "never"
    else:
        days, on = str((case.facts.on - last).days), str(last)
        evidence = Evidence(f"{names}: last {days} days ago; {when}", last, news=f"{names} {on}")
    fill = {"measure": names, "days": days, "on": on}
    return Hit(evidence=(evidence,), fill=fill, reason=_reason(rule.concept, rule.measures), due_on=due_on)


def _names(case: Case, measures: tuple[str, ...]) -> str:
    return " or ".join([_name(case, one) for one in measures])


def _name(case: Case, one: str) -> str:
    if one in case.knowledge.measures:
        return case.knowledge.measures[one].name
    return case.knowledge.scales[one].name if one in case.knowledge.scales else one
