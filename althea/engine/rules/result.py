"""Is a result out of bounds, or moving?"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from althea.engine import who
from althea.engine.case import Case
from althea.engine.facts import Result as Seen
from althea.engine.facts import shown
from althea.engine.finding import Evidence
from althea.engine.rules import Hit, NotKnown
from althea.engine.rules.symptom import reported
from althea.engine.taken import Taken
from althea.knowledge.schema.rule import Result


def evaluate(rule: Result, subject: Taken | None, case: Case) -> Hit | NotKnown | None:
    if subject is not None and not subject.running and not subject.perhaps:
        return None
    rows = case.facts.results.get(rule.measure, ())
    latest = rows[0] if rows else None
    stale = latest is not None and (case.facts.on - latest.on).days > rule.within_days
    if latest is not None and latest.value is not None and (stale or not who.within(rule, latest.value)):
        return None
    measure = case.knowledge.measures.get(rule.measure)
    name, unit = (measure.name, measure.unit) if measure else (rule.measure, "")
    if latest is None:
        return None if "observations" not in case.blind else NotKnown((f"{name}: her results",))
    if latest.value is None:
        return NotKnown((f"{name} of {latest.on}: {latest.said}",))
    reference: Seen | None = None
    if _moves(rule):
        reference = _reference(rule, rows, subject, case)
        if reference is None or reference.value is None or not _moved(rule, reference.value, latest.value):
            return None
    hits = reported(rule.symptoms, case) if rule.symptoms else []
    if rule.symptoms and not hits:
        return None
    evidence = [_words(name, unit, latest)]
    if reference is not None:
        evidence.append(_words(f"{name} before", unit, reference))
    evidence += [said for _, said in hits]
    fill = {
        "value": f"{shown(latest.value)} {unit}".strip(),
        "measure": name,
        "on": str(latest.on),
        "days": str((case.facts.on - latest.on).days),
    }
    return Hit(evidence=tuple(evidence), fill=fill, reason=(rule.concept or f"result {rule.measure}",))


def _words(name: str, unit: str, result: Seen) -> Evidence:
    assert result.value is not None
    return Evidence(f"{name} {shown(result.value)} {unit}".strip(), result.on, result.ref)


def _moves(rule: Result) -> bool:
    return (
        rule.rise_of is not None
        or rule.fall_of is not None
        or rule.rise_percent is not None
        or rule.fall_percent is not None
    )


def _reference(rule: Result, rows: tuple[Seen, ...], subject: Taken | None, case: Case) -> Seen | None:
    """The result to compare with: the last one before the medicine, or the earliest of the window."""
    readable = [row for row in rows[1:] if row.value is not None]
    if rule.since_start:
        if subject is None or subject.since is None:
            return None
        first, last = subject.since - timedelta(days=90), subject.since + timedelta(days=7)
        before = [row for row in readable if first <= row.on <= last]
        return before[0] if before else None
    window = [row for row in readable if row.on >= rows[0].on - timedelta(days=rule.over_days)]
    return window[-1] if window else None


def _moved(rule: Result, then: Decimal, now: Decimal) -> bool:
    if rule.rise_of is not None and now - then < rule.rise_of:
        return False
    if rule.fall_of is not None and then - now < rule.fall_of:
        return False
    if rule.rise_percent is not None and (then <= 0 or (now - then) * 100 < then * rule.rise_percent):
        return False
    return rule.fall_percent is None or (then > 0 and (then - now) * 100 >= then * rule.fall_percent)
