"""Which rules could speak at all?  Rules by medicine, each behind gates it must pass before it is asked.

A gate is a set of keys ("takes:naproxen", "condition:liver-disease", "?conditions") of which the woman's own keys must
hold one. Gates only save time: they never decide. So 500 rules cost little more than 50.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from althea.engine import who
from althea.engine.facts import Facts
from althea.engine.rules import (
    Hit,
    NotKnown,
    allergy,
    circumstance,
    dose,
    duplicate,
    duration,
    interaction,
    missing,
    monitoring,
    result,
    score,
    stopping,
    symptom,
    titration,
    washout,
)
from althea.engine.taken import Taken
from althea.knowledge import Knowledge
from althea.knowledge.schema import rule as shapes
from althea.knowledge.schema.rule import KINDS, Rule

Evaluate = Callable[[Any, Taken | None, who.Case], Hit | NotKnown | None]

EVALUATE: dict[str, Evaluate] = {
    "interaction": interaction.evaluate,
    "duplicate": duplicate.evaluate,
    "dose": dose.evaluate,
    "titration": titration.evaluate,
    "monitoring": monitoring.evaluate,
    "result": result.evaluate,
    "life-stage": circumstance.evaluate,
    "condition": circumstance.evaluate,
    "allergy": allergy.evaluate,
    "exposure": circumstance.evaluate,
    "pharmacogenomic": circumstance.evaluate,
    "washout": washout.evaluate,
    "stopping": stopping.evaluate,
    "duration": duration.evaluate,
    "symptom": symptom.evaluate,
    "score": score.evaluate,
    "missing": missing.evaluate,
}
KIND_OF = {shape: kind for kind, shape in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule, ready to be asked of one medicine (or of nobody's medicine)."""

    rule: Rule
    kind: str
    evaluate: Evaluate
    checks: tuple[tuple[who.Check, Any], ...]
    gates: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Index:
    """Entries by medicine id, and those that need no medicine."""

    by_medicine: dict[str, tuple[Entry, ...]]
    always: tuple[Entry, ...]
    teratogens: frozenset[str]


_made: dict[int, tuple[Any, Index]] = {}


def index_of(knowledge: Knowledge) -> Index:
    """The index of a knowledge, made once for each."""
    kept = _made.get(id(knowledge))
    if kept is None or kept[0] is not knowledge:
        kept = _made[id(knowledge)] = (knowledge, _build(knowledge))
        while len(_made) > 4:
            del _made[next(iter(_made))]
    return kept[1]


def _build(knowledge: Knowledge) -> Index:
    by_medicine: dict[str, list[Entry]] = {}
    always: list[Entry] = []
    for rule in knowledge.rules.values():
        kind = KIND_OF[type(rule)]
        entry = Entry(rule, kind, EVALUATE[kind], who.compiled(rule.who), _gates(rule, knowledge))
        if not rule.of:
            always.append(entry)
        for medicine in sorted(knowledge.members(rule.of)):
            by_medicine.setdefault(medicine, []).append(entry)
    return Index(
        by_medicine={key: tuple(entries) for key, entries in by_medicine.items()},
        always=tuple(always),
        teratogens=knowledge.members(("teratogen",)),
    )


def keys_of(facts: Facts, taken: dict[str, Taken], groups: dict[str, Any]) -> set[str]:
    """The keys a woman holds up to the gates."""
    keys = {f"takes:{key}" for key in taken}
    keys.update(f"condition:{group}" for group in groups)
    keys.update(f"result:{measure}" for measure in facts.results)
    keys.update(f"score:{scale}" for scale in facts.scores)
    keys.update(f"gene:{gene}" for gene in facts.genes)
    keys.update(f"symptom:{group}" for row in facts.symptoms for group in row.groups)
    keys.update(
        f"?{topic}"
        for topic in ("medicines", "conditions", "allergies", "observations")
        if not facts.looked(topic).whole
    )
    if facts.allergies:
        keys.add("allergy")
    stage = facts.stage
    if stage.applies:
        if stage.breastfeeding or (stage.breastfeeding is None):
            keys.add("breastfeeding")
        if stage.delivered_on is not None:
            keys.add("postpartum")
        if (
            stage.pregnancy is None
            or stage.pregnancy.status != "not pregnant"
            or (facts.on - stage.pregnancy.on).days > 6
        ):
            keys.add("pregnant")
        if stage.planning is not False:
            keys.add("planning")
    return keys


def _gates(rule: Rule, knowledge: Knowledge) -> tuple[frozenset[str], ...]:
    gates: list[frozenset[str]] = []

    def gate(prefix: str, names: Any, unknown: str = "") -> None:
        gates.append(frozenset([*(f"{prefix}:{name}" for name in names), *([unknown] if unknown else [])]))

    if isinstance(rule, shapes.Interaction):
        gate("takes", knowledge.members(rule.meets), "?medicines")
    elif isinstance(rule, shapes.Washout):
        gate("takes", knowledge.members(rule.after), "?medicines")
    elif isinstance(rule, shapes.Result):
        gate("result", [rule.measure], "?observations")
    elif isinstance(rule, shapes.Symptom):
        gate("symptom", rule.symptoms)
    elif isinstance(rule, shapes.ScoreRule):
        gate("score", rule.scale)
    elif isinstance(rule, shapes.Allergy):
        gates.append(frozenset(("allergy", "?allergies")))
    asked = rule.who
    if asked.conditions:
        gate("condition", asked.conditions, "?conditions")
    if asked.taking:
        gate("takes", knowledge.members(asked.taking), "?medicines")
    if asked.genes and not getattr(rule, "ask", False):
        gate("gene", asked.genes)
    if asked.breastfeeding:
        gates.append(frozenset(("breastfeeding",)))
    if asked.pregnant or asked.gestation_from is not None or asked.gestation_to is not None:
        gates.append(frozenset(("pregnant",)))
    if asked.postpartum_from_days is not None or asked.postpartum_to_days is not None:
        gates.append(frozenset(("postpartum", "?observations")))
    if asked.planning:
        gates.append(frozenset(("planning",)))
    return tuple(gates)
