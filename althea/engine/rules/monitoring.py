"""Is a check due?  The newest result, or score, of any of the measures against the newest date one was wanted.

A complete record that holds none is *due*: nobody has looked. A record nobody handed over is unknown.
"""

from __future__ import annotations

from datetime import date, timedelta

from althea.engine.facts import State
from althea.engine.finding import Evidence
from althea.engine.rules import Hit, NotKnown
from althea.engine.taken import Taken
from althea.engine.who import Case
from althea.knowledge.schema.rule import Monitoring

EARLY = timedelta(days=14)
"""A result up to two weeks before a checkpoint counts for it, or half the time since the checkpoint before."""


def evaluate(rule: Monitoring, subject: Taken | None, case: Case) -> Hit | NotKnown | None:
    if subject is not None and not subject.running:
        return None
    last = _last(rule, case)
    today = case.facts.on
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
    if (last is not None and last >= from_) or (today - on).days <= rule.grace_days:
        return None
    return _due(rule, case, last, f"was due {on}" if on < today else "is due today")


def _settled(rule: Monitoring, since: date, today: date, last: date) -> bool:
    """The common case, told cheaply: seen since the last checkpoint, and not yet due again."""
    if rule.after_dose_change_days is not None or (rule.due_days and (last - since).days < max(rule.due_days)):
        return False
    return rule.every_days is None or (today - last).days <= rule.every_days


def _wanted_on(
    rule: Monitoring, subject: Taken, since: date, today: date, last: date | None
) -> tuple[date, date] | None:
    """(the newest day a check was wanted, the first day a result counts for it); None: none wanted yet."""
    day = (today - since).days
    best: tuple[date, date] | None = None
    before = 0
    for due in sorted(rule.due_days):
        if due <= day:
            early = min(EARLY, timedelta(days=(due - before) // 2))
            best = (since + timedelta(days=due), since + timedelta(days=due) - early)
        before = due
    if rule.every_days is not None and day >= rule.from_day and (rule.to_day is None or day < rule.to_day):
        floor = since + timedelta(days=rule.from_day)
        counted = last if last is not None and last > floor - EARLY else None
        on = (counted or floor) + timedelta(days=rule.every_days)
        if counted is None and rule.from_day == 0 and last is not None:
            on = max(last, since) + timedelta(days=rule.every_days)
        if on <= today and (best is None or on > best[0]):
            best = (on, on)
    if rule.after_dose_change_days is not None:
        changes = [
            row.started_on
            for row in subject.rows
            if row.started_on is not None and row.state in (State.RUNNING, State.STOPPED)
        ]
        changed = max((on for on in changes if on <= today), default=since)
        on = changed + timedelta(days=rule.after_dose_change_days)
        if on <= today and (best is None or on > best[0]):
            best = (on, changed + timedelta(days=1))
    return best


def _due(rule: Monitoring, case: Case, last: date | None, when: str) -> Hit | NotKnown:
    names = " or ".join(_name(case, one) for one in rule.measures)
    if last is None:
        if not case.facts.looked("observations").whole:
            return NotKnown((f"{names}: her results",))
        evidence = Evidence(f"{names}: none on record; {when}")
        days = ""
    else:
        days = str((case.facts.on - last).days)
        evidence = Evidence(f"{names}: last {days} days ago; {when}", last)
    fill = {"measure": names, "days": days, "on": str(last) if last else "never"}
    return Hit(evidence=(evidence,), fill=fill, reason=(rule.concept or f"due {' '.join(sorted(rule.measures))}",))


def _last(rule: Monitoring, case: Case) -> date | None:
    """The newest day any of them was seen, unreadable results included: somebody looked."""
    last: date | None = None
    results, scores = case.facts.results, case.facts.scores
    for one in rule.measures:
        rows = results.get(one) or scores.get(one)
        if rows and (last is None or rows[0].on > last):
            last = rows[0].on
    return last


def _name(case: Case, one: str) -> str:
    if one in case.knowledge.measures:
        return case.knowledge.measures[one].name
    return case.knowledge.scales[one].name if one in case.knowledge.scales else one
