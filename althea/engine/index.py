"""Which rules could speak at all?  Rules by medicine, each behind gates it must pass before it is asked.

A gate is a set of keys ("takes:naproxen", "condition:liver-disease", "?conditions") of which the woman's own keys must
hold one. Gates only save time: they never decide. So 500 rules cost little more than 50.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from althea.engine import quiet, who
from althea.engine.case import Case, Met
from althea.engine.facts import TOPICS, Facts, Known
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

Evaluate = Callable[[Any, Taken | None, Case], Hit | NotKnown | None]

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


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One rule, ready to be asked of one medicine (or of nobody's medicine)."""

    rule: Rule
    kind: str
    evaluate: Evaluate
    checks: tuple[who.Asked, ...]
    gates: tuple[frozenset[str], ...]
    doses: bool
    """Does it speak of a dose from or to?"""
    always: bool
    """Is it asked wherever its medicine stands, by any route?"""
    who_first: bool
    """Is it cheaper to ask of whom it is true than whether it fires?"""


Gates = tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Rack:
    """Entries that anybody is asked, entries behind their first gate's keys, and groups that are mostly silent."""

    open: tuple[Entry, ...] = ()
    behind: dict[str, tuple[tuple[Entry, Gates], ...]] = field(default_factory=dict)
    """Key of the first gate -> entries, each with its other gates."""
    groups: quiet.Groups[Entry] | None = None
    keys: frozenset[str] = frozenset()
    """Those of `behind`."""

    def to_ask(self, keys: set[str], subject: Taken | None, case: Case) -> list[Entry]:
        """The entries that somebody with these keys may be asked, each once, without those that are surely silent."""
        found = [*self.open, *self.groups.may_speak(subject, case)] if self.groups is not None else [*self.open]
        open_to_her = keys & self.keys
        if not open_to_her:
            return found
        for key in open_to_her:
            for entry, others in self.behind[key]:
                for gate in others:
                    if gate.isdisjoint(keys):
                        break
                else:
                    found.append(entry)
        # one entry may stand behind several of her keys
        return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Shelf:
    """The entries of one medicine, by where it stands: taken, in the draft besides, being stopped, perhaps taken."""

    taken: Rack
    ordered: Rack
    stopping: Rack
    perhaps: Rack


@dataclass(frozen=True, slots=True)
class Index:
    """Shelves by medicine id, entries that need no medicine, and what is looked up again and again."""

    shelves: dict[str, Shelf]
    always: Rack
    met: Met


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
        doses = rule.dose_from is not None or rule.dose_to is not None
        always_asked = (rule.state == "any" or (rule.state == "ordered" and kind != "stopping")) and not rule.routes
        checks = who.compiled(rule.who)
        who_first = kind in ("monitoring", "dose") and all(kept_under for _, _, kept_under in checks)
        entry = Entry(
            rule, kind, EVALUATE[kind], checks, _gates(rule, knowledge), doses, always_asked, bool(checks) and who_first
        )
        if not rule.of:
            always.append(entry)
        for medicine in sorted(knowledge.members(rule.of)):
            by_medicine.setdefault(medicine, []).append(entry)
    return Index(
        shelves={key: _shelf(entries) for key, entries in by_medicine.items()},
        always=_rack(always, groups=True),
        met=Met(stamp=str(knowledge.stamp), teratogens=knowledge.members(("teratogen",))),
    )


def _shelf(entries: list[Entry]) -> Shelf:
    """What can fire where a medicine stands: a stop is asked only of what is stopped or cut."""
    drafts = [one for one in entries if one.kind == "stopping" or one.rule.state in ("ordered", "starting")]
    return Shelf(
        taken=_rack([one for one in entries if not any(one is other for other in drafts)], groups=True),
        ordered=_rack(drafts),
        stopping=_rack([one for one in entries if one.kind == "stopping"]),
        perhaps=_rack([one for one in entries if one.kind in ("interaction", "washout")]),
    )


def _rack(entries: list[Entry], *, groups: bool = False) -> Rack:
    grouped: quiet.Groups[Entry] | None = None
    if groups:
        grouped, left = quiet.grouped(entries, lambda one: one.rule, lambda one: len(one.gates))
        entries = list(left)
    behind: dict[str, list[tuple[Entry, Gates]]] = {}
    for one in entries:
        for key in one.gates[0] if one.gates else ():
            behind.setdefault(key, []).append((one, one.gates[1:]))
    open_to_all = tuple(one for one in entries if not one.gates)
    return Rack(open_to_all, {key: tuple(found) for key, found in behind.items()}, grouped, frozenset(behind))


def keys_of(facts: Facts, taken: dict[str, Taken], groups: dict[str, Any]) -> set[str]:
    """The keys a woman holds up to the gates."""
    keys = {"takes:" + key for key in taken}
    for prefix, names in (
        ("condition:", groups),
        ("result:", facts.results),
        ("score:", facts.scores),
        ("gene:", facts.genes),
    ):
        if names:
            keys.update([prefix + name for name in names])
    for row in facts.symptoms:
        keys.update(["symptom:" + group for group in row.groups])
    known = facts.known
    for topic in TOPICS:
        looked = known.get(topic)
        if looked is not Known.KNOWN and looked is not Known.NONE:
            keys.add("?" + topic)
    if facts.allergies:
        keys.add("allergy")
    stage = facts.stage
    if stage.applies:
        if stage.breastfeeding or (stage.breastfeeding is None and (stage.delivered_on or "?observations" in keys)):
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
