"""Is a result out of bounds, or moving?"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from msgspec.structs import replace

from althea.engine import who
from althea.engine.case import Case, measured
from althea.engine.facts import Result as Seen
from althea.engine.facts import shown
from althea.engine.finding import Evidence
from althea.engine.rules import Hit, NotKnown
from althea.engine.rules.symptom import reported
from althea.engine.taken import Taken
from althea.knowledge.schema.rule import Result

BEFORE_IT, AT_ITS_START = timedelta(days=90), timedelta(days=7)
"""Which results count as those before a medicine: from so long before its first day until so soon after it."""


def evaluate(rule: Result, subject: Taken | None, case: Case) -> Hit | NotKnown | None:
    if subject is not None and not subject.running and not subject.perhaps:
        return None
    rows = case.facts.results.get(rule.measure, ())
    latest = rows[0] if rows else None
    if latest is None:
        return NotKnown((f"{_named(rule, case)[0]}: her results",)) if "observations" in case.blind else None
    value = latest.value
    if value is None:
        return NotKnown((f"{_named(rule, case)[0]} of {latest.on}: {latest.said}",))
    if (case.facts.on - latest.on).days > rule.within_days or not who.within(rule, value):
        return None
    reference: Seen | None = None
    if _moves(rule):
        reference = _reference(rule, rows, subject, case)
        if reference is None or reference.value is None or not _moved(rule, reference.value, value):
            return None
    hits = reported(rule.symptoms, case) if rule.symptoms else []
    if rule.symptoms and not hits:
        return None
    name, unit = _named(rule, case)
    evidence = [_words(name, unit, latest)]
    if reference is not None:
        evidence.append(replace(_words(f"{name} before", unit, reference), news=""))
    evidence += [said for _, said in hits]
    fill = {
        "value": f"{shown(value)} {unit}".strip(),
        "measure": name,
        "on": str(latest.on),
        "days": str((case.facts.on - latest.on).days),
    }
    return Hit(evidence=tuple(evidence), fill=fill, reason=(rule.concept or f"result {rule.measure}",))


def _named(rule: Result, case: Case) -> tuple[str, str]:
    """(what the measure is called, its unit)."""
    measure = case.knowledge.measures.get(rule.measure)
    return (measure.name, measure.unit) if measure is not None else (rule.measure, "")


def _words(name: str, unit: str, result: Seen) -> Evidence:
    assert result.value is not None
    return measured(name, unit, result, shown(result.value))


def _moves(rule: Result) -> bool:
    return (
        rule.rise_of is not None
        or rule.fall_of is not None
        or rule.rise_percent is not None
        or rule.fall_percent is not None
    )


def _reference(rule: Result, rows: tuple[Seen, ...], subject: Taken | None, case: Case) -> Seen | None:
    """The result to compare with: the last one before the medicine, or the earliest of the window."""
    if len(rows) == 1:
        return None
    if rule.since_start:
        if subject is None or subject.since is None:
            return None
        first, last = subject.since - BEFORE_IT, subject.since + AT_ITS_START
        return next((row for row in rows[1:] if row.value is not None and first <= row.on <= last), None)
    earliest = rows[0].on - timedelta(days=rule.over_days)
    return next((row for row in rows[:0:-1] if row.value is not None and row.on >= earliest), None)


def _moved(rule: Result, then: Decimal, now: Decimal) -> bool:
    if rule.rise_of is not None and now - then < rule.rise_of:
        return False
    if rule.fall_of is not None and then - now < rule.fall_of:
        return False
    if rule.rise_percent is not None and (then <= 0 or (now - then) * 100 < then * rule.rise_percent):
        return False
    return rule.fall_percent is None or (then > 0 and (then - now) * 100 >= then * rule.fall_percent)
