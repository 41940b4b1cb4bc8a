"""Is the dose outside a bound?  The dose a day is the orders of one route together, at their upper ends."""

from __future__ import annotations

from decimal import Decimal

from althea.engine.case import Case
from althea.engine.facts import plain
from althea.engine.finding import Evidence
from althea.engine.rules import Hit, NotKnown
from althea.engine.taken import Taken
from althea.knowledge.quantity import Dose
from althea.knowledge.schema.evidence import Level
from althea.knowledge.schema.rule import DoseLimit


def evaluate(rule: DoseLimit, subject: Taken | None, case: Case) -> Hit | NotKnown | None:
    if subject is None or not subject.running:
        return None
    if rule.forms and not any(word in row.form for row in subject.lead for word in rule.forms):
        return None
    if rule.not_forms and any(word in row.form for row in subject.lead for word in rule.not_forms):
        return None
    times = Decimal(1)
    weighed: tuple[Evidence, ...] = ()
    if rule.per_kg:
        weight = case.facts.latest("weight")
        if weight is None or weight.value is None:
            return NotKnown(("her weight",))
        times = weight.value
        weighed = (Evidence(f"weighs {plain(weight.value)} kg", weight.on, weight.ref),)
    unsure = False
    for bound, dose, asked in (
        (rule.max_daily, subject.daily, True),
        (rule.max_single, subject.single, True),
        (rule.max_start, subject.daily, subject.starting),
    ):
        if bound is None or not asked:
            continue
        if dose is None:
            unsure = True
        elif bound * times < dose:
            return _hit(rule, subject, dose, bound * times, weighed)
    if rule.min_daily is not None:
        if subject.daily is None:
            unsure = True
        elif subject.daily < rule.min_daily * times:
            return _hit(rule, subject, subject.daily, rule.min_daily * times, weighed)
    return NotKnown((f"the dose of {subject.name}",)) if unsure else None


def _hit(rule: DoseLimit, subject: Taken, dose: Dose, bound: Dose, weighed: tuple[Evidence, ...]) -> Hit:
    said = tuple(dict.fromkeys(words for row in subject.lead for words in row.said))
    loud = Level.CRITICAL if rule.critical_above is not None and rule.critical_above < dose else None
    fill = {"dose": str(dose), "limit": str(bound)}
    return Hit(evidence=weighed, fill=fill, level=loud, said=said, amount=abs(dose.mg - bound.mg))
