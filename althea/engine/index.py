"""Which rules could speak at all?  Rules by medicine, each behind gates it must pass before it is asked.

A gate is a set of keys ("naproxen", "liver-disease", "?conditions") of which the woman's own keys must hold one. Gates
only save time: they never decide, so it would do no harm if a measure were called as a medicine is. Which rules her
keys open is remembered for the next woman who holds the same of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from althea.engine import quiet, who
from althea.engine.case import Case, Met
from althea.engine.facts import TOPICS, Facts, Known
from althea.engine.finding import NotChecked
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
from althea.engine.stage import runs
from althea.engine.taken import Taken
from althea.engine.waiting import waits_for, watched
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
KNOWN, NONE = Known.KNOWN, Known.NONE
UNSURE = {topic: f"?{topic}" for topic in TOPICS}
"""The key of a topic that was not looked through whole."""
MOST_PLANS = 2000
"""Sets of keys that are remembered for each rack."""


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One rule, ready to be asked of one medicine (or of nobody's medicine)."""

    rule: Rule
    kind: str
    evaluate: Evaluate
    checks: tuple[who.Asked, ...]
    doses: bool
    """Does it speak of a dose from or to?"""
    always: bool
    """Is it asked wherever its medicine stands, by any route?"""
    who_first: bool
    """Is it cheaper to ask of whom it is true than whether it fires?"""
    filled: bool
    """Have its words gaps for what is hers?"""
    filled_below: bool
    """Have those below the title?"""
    watched: frozenset[str] | None
    """Keys that must be absent for it to wait surely; None where it has to be asked."""


Gates = tuple[frozenset[str], ...]
Gated = tuple[Entry, Gates]


@dataclass(slots=True, eq=False)
class Plan:
    """The entries that somebody may be asked, and those that surely wait, with what for.

    `waits`: what is said of the latter, once somebody needed it; it is the same of everybody.
    """

    asked: tuple[Entry, ...]
    waiting: tuple[tuple[Entry, tuple[str, ...]], ...]
    waits: dict[tuple[int, str, tuple[str, ...]], NotChecked] | None = None


@dataclass(frozen=True, slots=True)
class Rack:
    """Entries that anybody is asked, entries behind gates, and groups that are mostly silent."""

    open: tuple[Entry, ...] = ()
    behind: tuple[Gated, ...] = ()
    groups: quiet.Groups[Entry] | None = None
    keys: frozenset[str] = frozenset()
    """Those of all its gates."""
    plans: dict[frozenset[str], Plan] = field(default_factory=dict)
    """What to do about somebody, by which of these keys she holds."""

    def plan_for(self, keys: set[str]) -> Plan:
        """What is to be done about a woman with these keys?"""
        held = self.keys & keys
        return self.plans.get(held) or self._plan(held)

    def _plan(self, held: frozenset[str]) -> Plan:
        opened = [one for one, gates in self.behind if not any(gate.isdisjoint(held) for gate in gates)]
        waiting = {one: missing for one in opened if (missing := waits_for(one.rule, one.watched, held))}
        if len(self.plans) >= MOST_PLANS:
            self.plans.clear()
        asked = (*self.open, *(one for one in opened if one not in waiting))
        plan = self.plans[held] = Plan(asked, tuple(waiting.items()))
        return plan


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
    by_medicine: dict[str, list[Gated]] = {}
    always: list[Gated] = []
    for rule in knowledge.rules.values():
        entry = _entry(rule, knowledge)
        if not rule.of:
            always.append((entry, _gates(rule, knowledge, None)))
        for medicine in sorted(knowledge.members(rule.of)):
            by_medicine.setdefault(medicine, []).append((entry, _gates(rule, knowledge, medicine)))
    return Index(
        shelves={key: _shelf(entries) for key, entries in by_medicine.items()},
        always=_rack(always, groups=True),
        met=Met(stamp=str(knowledge.stamp), teratogens=knowledge.members(("teratogen",))),
    )


def _entry(rule: Rule, knowledge: Knowledge) -> Entry:
    kind = KIND_OF[type(rule)]
    doses = rule.dose_from is not None or rule.dose_to is not None
    always = (rule.state == "any" or (rule.state == "ordered" and kind != "stopping")) and not rule.routes
    checks = who.compiled(rule.who)
    who_first = kind in ("monitoring", "dose") and bool(checks) and all(kept_under for _, _, kept_under in checks)
    below = any("{" in words for words in (rule.why, *rule.do))
    filled = below or "{" in rule.title
    return Entry(rule, kind, EVALUATE[kind], checks, doses, always, who_first, filled, below, watched(rule, knowledge))


def _shelf(entries: list[Gated]) -> Shelf:
    """What can fire where a medicine stands: a stop is asked only of what is stopped or cut."""
    drafts = [one for one in entries if one[0].kind == "stopping" or one[0].rule.state in ("ordered", "starting")]
    return Shelf(
        taken=_rack([one for one in entries if not any(one is other for other in drafts)], groups=True),
        ordered=_rack(drafts),
        stopping=_rack([one for one in entries if one[0].kind == "stopping"]),
        perhaps=_rack([one for one in entries if one[0].kind in ("interaction", "washout")]),
    )


def _rack(entries: list[Gated], *, groups: bool = False) -> Rack:
    grouped: quiet.Groups[Entry] | None = None
    if groups:
        grouped, entries = quiet.grouped(entries, lambda one: one.rule)
    return Rack(
        open=tuple(one for one, gates in entries if not gates),
        behind=tuple((one, gates) for one, gates in entries if gates),
        groups=grouped,
        keys=frozenset().union(
            *(gate for _, gates in entries for gate in gates), *(one.watched or () for one, _ in entries)
        ),
    )


def blind_of(facts: Facts) -> tuple[str, ...]:
    """Topics that were not looked through whole."""
    known = facts.known
    return tuple([one for one in TOPICS if (looked := known.get(one)) is not KNOWN and looked is not NONE])


def keys_of(facts: Facts, taken: dict[str, Taken], groups: dict[str, Any], blind: tuple[str, ...]) -> set[str]:
    """The keys a woman holds up to the gates."""
    keys = {*taken, *groups, *facts.results, *facts.scores, *facts.genes}
    for row in facts.symptoms:
        keys.update(row.groups)
    for topic in blind:
        keys.add(UNSURE[topic])
    if facts.allergies:
        keys.add("*allergy")
    stage = facts.stage
    if stage.applies:
        if stage.breastfeeding or (stage.breastfeeding is None and (stage.delivered_on or "observations" in blind)):
            keys.add("*breastfeeding")
        if stage.delivered_on is not None:
            keys.add("*postpartum")
        said = stage.pregnancy
        if said is None or said.status != "not pregnant" or (facts.on - said.on).days > 6:
            keys.add("*pregnant")
        if stage.planning is not False and not stage.cannot and not runs(facts):
            keys.add("?planning" if stage.planning is None else "*planning")
    return keys


def _gates(rule: Rule, knowledge: Knowledge, medicine: str | None) -> Gates:
    """The gates of a rule that is asked of this medicine, which does not count as its own companion."""
    gates: list[frozenset[str]] = []

    def gate(*names: str) -> None:
        gates.append(frozenset(names))

    def other(names: tuple[str, ...]) -> frozenset[str]:
        return knowledge.members(names) - {medicine}

    if isinstance(rule, shapes.Interaction):
        gate(*other(rule.meets), "?medicines")
    elif isinstance(rule, shapes.Washout):
        gate(*other(rule.after), "?medicines")
    elif isinstance(rule, shapes.Duplicate) and rule.at_least > 1:
        gate(*other(rule.of))
    elif isinstance(rule, shapes.Result):
        gate(rule.measure, "?observations")
    elif isinstance(rule, shapes.Symptom):
        gate(*rule.symptoms)
    elif isinstance(rule, shapes.ScoreRule):
        gate(*rule.scale)
    elif isinstance(rule, shapes.Allergy):
        gate("*allergy", "?allergies")
    asked = rule.who
    if asked.conditions:
        gate(*asked.conditions, "?conditions")
    if asked.taking:
        gate(*other(asked.taking), "?medicines")
    if asked.genes and not getattr(rule, "ask", False):
        gate(*asked.genes)
    if asked.breastfeeding:
        gate("*breastfeeding")
    if asked.pregnant or asked.gestation_from is not None or asked.gestation_to is not None:
        gate("*pregnant")
    if asked.postpartum_from_days is not None or asked.postpartum_to_days is not None:
        gate("*postpartum", "?observations")
    if asked.planning:
        gate("*planning", "?planning")
    return tuple(gates)
