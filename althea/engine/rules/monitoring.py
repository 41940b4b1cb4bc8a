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

EARLY = 14
"""Days. A result up to two weeks before a checkpoint counts for it, or half the time since the checkpoint before."""


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
    if last is not None and last >= from_:
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
    """(the newest day a check was wanted, the first day a result counts for it); None: none is late yet.

    A check is late once its grace has passed; one that is still in its grace does not excuse an earlier one.
    """
    day, grace = (today - since).days, rule.grace_days
    wanted: list[tuple[int, int]] = []  # both counted in days of the course
    before = 0
    for due in sorted(rule.due_days):
        wanted.append((due, due - min(EARLY, (due - before) // 2)))
        before = due
    if rule.every_days is not None and day >= rule.from_day and (rule.to_day is None or day < rule.to_day):
        on = _again_on(rule, None if last is None else (last - since).days)
        wanted.append((on, on))
    if rule.after_dose_change_days is not None:
        states = (State.RUNNING, State.STOPPED)
        changes = [row.started_on for row in subject.rows if row.started_on is not None and row.state in states]
        changed = max(((on - since).days for on in changes if on <= today), default=0)
        wanted.append((changed + rule.after_dose_change_days, changed + 1))
    late = [(on, from_) for on, from_ in wanted if on + grace < day or (on == day and not grace)]
    if not late:
        return None
    on, from_ = max(late)
    return since + timedelta(days=on), since + timedelta(days=from_)


def _again_on(rule: Monitoring, last: int | None) -> int:
    """When is it wanted again?  So long after the last one; where none counts for its phase, after the phase began."""
    interval = rule.every_days or 0
    if last is not None and (rule.from_day == 0 or last > rule.from_day - EARLY):
        return max(last + interval, 0)
    return rule.from_day + interval


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
