"""Is a rule true of her?  Yes, no, or not known; with the facts that say so, or the facts that are missing.

Each named field of `Who` has one check, here or, for her stage of life, in `who_stage.py`. All must hold; one *no*
settles it, whatever else is unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from operator import ge, le
from typing import Any

from althea.engine import who_stage as stage
from althea.engine.case import NO, YES, Case, Said, measured
from althea.engine.facts import plain, shown
from althea.engine.finding import Evidence
from althea.engine.taken import Taken
from althea.knowledge.schema.who import ResultIs, ScoreIs, Who

Check = Callable[[Any, Case, "Taken | None"], Said]
Asked = tuple[Check, Any, str]
"""A check, what it asks for, and under which name its answer is kept for the other rules; empty: it is not."""


def compiled(who: Who) -> tuple[Asked, ...]:
    """The checks a filter asks for, in the order of its fields."""
    blank = Who()
    asked = [(f.name, getattr(who, f.name)) for f in fields(Who) if getattr(who, f.name) != getattr(blank, f.name)]
    return tuple((CHECKS[name], value, "" if name in OF_THE_MEDICINE else f"{name} {value!r}") for name, value in asked)


def holds(checks: tuple[Asked, ...], case: Case, subject: Taken | None) -> Said:
    """Do all of them hold?"""
    if not checks:
        return YES
    kept = case.said
    if len(checks) == 1:
        check, value, name = checks[0]
        alone = kept.get(name)
        if alone is None:
            alone = check(value, case, subject)
            if name:
                kept[name] = alone
        return alone
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()
    unknown = capped = False
    for check, value, name in checks:
        said = kept.get(name)
        if said is None:
            said = check(value, case, subject)
            if name:
                kept[name] = said
        if said.holds is False:
            return NO
        if said.holds is None:
            unknown = True
            missing += said.missing
        evidence += said.evidence
        capped = capped or said.capped
    return Said(None if unknown else True, evidence, missing, capped)


# --- herself ---------------------------------------------------------------------------------------------------------


def _age_from(years: int, case: Case, _: Taken | None) -> Said:
    age = case.facts.age
    if age is None:
        return Said(None, missing=("her age",))
    return Said(True, (Evidence(f"aged {age}"),)) if age >= years else NO


def _age_to(years: int, case: Case, _: Taken | None) -> Said:
    age = case.facts.age
    if age is None:
        return Said(None, missing=("her age",))
    return Said(True, (Evidence(f"aged {age}"),)) if age <= years else NO


def _jurisdiction(places: tuple[str, ...], case: Case, _: Taken | None) -> Said:
    return YES if case.jurisdiction in places else NO


# --- illness, medicines, exposures -----------------------------------------------------------------------------------


def _conditions(groups: tuple[str, ...], case: Case, _: Taken | None) -> Said:
    found = [row for group in groups for row in case.groups.get(group, ())]
    if found:
        coded = [row for row in found if not row.as_text]
        row = (coded or found)[0]
        words = f"{row.text} ({row.code})" if row.code else f"written in her history: “{row.text}”"
        return Said(True, (Evidence(words, row.on, row.ref, words),), capped=not coded)
    if "conditions" not in case.blind:
        return NO
    names = [case.knowledge.conditions[g].name if g in case.knowledge.conditions else g for g in groups]
    return Said(
        None, missing=(f"whether she has {' or '.join(names[:3])}" + (" or similar" if len(names) > 3 else ""),)
    )


def _without_conditions(groups: tuple[str, ...], case: Case, _: Taken | None) -> Said:
    return NO if any(group in case.groups for group in groups) else YES


def _taking(things: tuple[str, ...], case: Case, subject: Taken | None) -> Said:
    wanted = case.members(things)
    for key, other in case.taken.items():
        if key in wanted and other is not subject and (other.running or other.perhaps):
            words = f"ordered now: {other.in_words()}" if other.ordered else f"takes {other.in_words()}"
            return Said(True, (Evidence(words, None if other.ordered else other.since, news=key),))
    return NO if "medicines" not in case.blind else Said(None, missing=("her other medicines",))


def _not_taking(things: tuple[str, ...], case: Case, subject: Taken | None) -> Said:
    wanted = case.members(things)
    if any(key in wanted and other is not subject and other.running for key, other in case.taken.items()):
        return NO
    return YES if "medicines" not in case.blind else Said(None, missing=("her other medicines",))


def _tobacco(statuses: tuple[str, ...], case: Case, _: Taken | None) -> Said:
    now = case.facts.tobacco
    if now is None:
        return Said(None, missing=("whether she smokes",))
    if now.status not in statuses:
        return NO
    much = f", {plain(now.cigarettes_a_day)} cigarettes a day" if now.cigarettes_a_day is not None else ""
    return Said(True, (Evidence(f"tobacco: {now.status}{much}", now.on, news=now.status),))


def _tobacco_changed(days: int, case: Case, _: Taken | None) -> Said:
    now, before = case.facts.tobacco, case.facts.tobacco_before
    if now is None:
        return Said(None, missing=("whether she smokes",))
    changed = now.status == "stopped" or (before is not None and before.status != now.status)
    return (
        Said(True, (Evidence(f"{(case.facts.on - now.on).days} days ago"),))
        if changed and (case.facts.on - now.on).days <= days
        else NO
    )


def _genes(wanted: dict[str, tuple[str, ...]], case: Case, _: Taken | None) -> Said:
    evidence: tuple[Evidence, ...] = ()
    unknown = False
    for gene, phenotypes in wanted.items():
        found = case.facts.genes.get(gene)
        if found is None:
            unknown = True
        elif found.phenotype not in phenotypes:
            return NO
        else:
            words = f"{gene}: {found.phenotype}"
            evidence += (Evidence(words, found.on, found.ref, words),)
    return Said(None) if unknown else Said(True, evidence)


def _untested(genes: tuple[str, ...], case: Case, _: Taken | None) -> Said:
    if any(gene in case.facts.genes for gene in genes):
        return NO
    if "observations" in case.blind:
        return Said(None, missing=tuple(f"a {gene} test" for gene in genes))
    return Said(True, (Evidence(f"no {' or '.join(genes)} result on record"),))


def within(bound: Any, value: Any) -> bool:
    """Is a value inside every bound that is set?"""
    return (
        (bound.at_least is None or value >= bound.at_least)
        and (bound.below is None or value < bound.below)
        and (bound.above is None or value > bound.above)
        and (bound.at_most is None or value <= bound.at_most)
    )


def _results(bounds: tuple[ResultIs, ...], case: Case, _: Taken | None) -> Said:
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()
    for bound in bounds:
        measure = case.knowledge.measures.get(bound.measure)
        name = measure.name if measure else bound.measure
        result = case.facts.latest(bound.measure)
        if result is None:
            missing += (f"{name}: no result that can be read",)
        elif bound.within_days is not None and (case.facts.on - result.on).days > bound.within_days:
            missing += (f"{name}: the last result is {(case.facts.on - result.on).days} days old",)
        elif result.value is None or not within(bound, result.value):
            return NO
        else:
            evidence += (measured(name, measure.unit if measure else "", result, shown(result.value)),)
    return Said(None, missing=missing) if missing else Said(True, evidence)


def _scores(bounds: tuple[ScoreIs, ...], case: Case, _: Taken | None) -> Said:
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()
    for bound in bounds:
        found = next((s for s in case.facts.scores.get(bound.scale, ()) if s.total is not None), None)
        if found is None or found.total is None:
            missing += (f"her {bound.scale.upper()}",)
        elif bound.within_days is not None and (case.facts.on - found.on).days > bound.within_days:
            missing += (f"a recent {bound.scale.upper()}",)
        elif not within(bound, found.total):
            return NO
        else:
            words = f"{bound.scale.upper()} {plain(found.total)}"
            evidence += (Evidence(words, found.on, found.ref, f"{words} {found.on}"),)
    return Said(None, missing=missing) if missing else Said(True, evidence)


CHECKS: dict[str, Check] = {
    "age_from": _age_from,
    "age_to": _age_to,
    "pregnant": stage.pregnant,
    "could_be_pregnant": stage.could_be_pregnant,
    "protected": stage.protected,
    "can_conceive": stage.can_conceive,
    "planning": stage.planning,
    "gestation_from": lambda weeks, case, subject: stage.gestation(weeks, case, subject, ge),
    "gestation_to": lambda weeks, case, subject: stage.gestation(weeks, case, subject, le),
    "postpartum_from_days": lambda days, case, _: stage.postpartum(days, case, ge),
    "postpartum_to_days": lambda days, case, _: stage.postpartum(days, case, le),
    "breastfeeding": stage.breastfeeding,
    "infant_preterm": stage.infant_preterm,
    "infant_younger_than_days": stage.infant_younger,
    "menopause": stage.menopause,
    "contraception": stage.contraception,
    "conditions": _conditions,
    "without_conditions": _without_conditions,
    "taking": _taking,
    "not_taking": _not_taking,
    "tobacco": _tobacco,
    "tobacco_changed_within_days": _tobacco_changed,
    "genes": _genes,
    "untested_genes": _untested,
    "results": _results,
    "scores": _scores,
    "jurisdiction": _jurisdiction,
}
OF_THE_MEDICINE = frozenset(
    ("pregnant", "could_be_pregnant", "protected", "gestation_from", "gestation_to", "taking", "not_taking")
)
"""Checks whose answer may differ from one of her medicines to the next."""
