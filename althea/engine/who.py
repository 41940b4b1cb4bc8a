"""Is a rule true of her?  Yes, no, or not known; with the facts that say so, or the facts that are missing.

Each named field of `Who` has one check here. All must hold; one *no* settles it, whatever else is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from althea.engine import stage as life
from althea.engine.facts import Facts, plain, shown
from althea.engine.finding import Evidence, NotChecked
from althea.engine.taken import Taken
from althea.knowledge import Knowledge
from althea.knowledge.schema.who import ResultIs, ScoreIs, Who


@dataclass(slots=True)
class Case:
    """One review: the facts with the order applied, and what is taken."""

    facts: Facts
    knowledge: Knowledge
    taken: Mapping[str, Taken]
    groups: Mapping[str, tuple[Any, ...]]
    jurisdiction: str
    teratogens: frozenset[str]
    stamp: str = ""
    known_members: dict[tuple[str, ...], frozenset[str]] = field(default_factory=dict)
    known_words: dict[tuple[str, str], str] = field(default_factory=dict)
    known_unasked: dict[tuple[str, str], NotChecked] = field(default_factory=dict)
    """Looked up or put into words once for each knowledge, not for each person."""

    known_days: dict[tuple[str, ...], int | None] = field(default_factory=dict)
    known_said: dict[str, Said] = field(default_factory=dict)
    """Answered once for each review."""
    seen_whole: bool = False
    """Were her observations handed over whole?"""

    def members(self, things: tuple[str, ...]) -> frozenset[str]:
        """Which medicines and methods do these names cover?  Looked up once for each list of names."""
        found = self.known_members.get(things)
        if found is None:
            found = self.known_members[things] = self.knowledge.members(things)
        return found

    def days_since(self, measures: tuple[str, ...]) -> int | None:
        """Days since the newest result, or score, of any of these; unreadable ones count. None: none on record."""
        if measures in self.known_days:
            return self.known_days[measures]
        results, scores = self.facts.results, self.facts.scores
        seen = [rows[0].on for one in measures if (rows := results.get(one) or scores.get(one))]
        found = self.known_days[measures] = (self.facts.on - max(seen)).days if seen else None
        return found


@dataclass(frozen=True, slots=True)
class Said:
    """`holds` None: not known, and `missing` names what would tell. `capped`: it rests on a line of text."""

    holds: bool | None
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()
    capped: bool = False


NO = Said(False)
YES = Said(True)
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
    kept = case.known_said
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


# --- life stage ------------------------------------------------------------------------------------------------------


def _status(case: Case, subject: Taken | None) -> tuple[str, str]:
    teratogen = subject is not None and subject.ordered and subject.id in case.teratogens
    return life.pregnancy_now(case.facts, case.knowledge, teratogen=teratogen)


def _pregnant(wanted: bool, case: Case, subject: Taken | None) -> Said:
    status, words = _status(case, subject)
    if status in ("unknown", "possible"):
        return Said(None, missing=("whether she is pregnant",))
    return Said(True, (Evidence(words),)) if (status == "pregnant") is wanted else NO


def _could_be_pregnant(wanted: bool, case: Case, subject: Taken | None) -> Said:
    status, words = _status(case, subject)
    return Said(True, (Evidence(words),)) if (status != "not") is wanted else NO


def _protected(wanted: bool, case: Case, subject: Taken | None) -> Said:
    safe, words = life.prevented(case.facts, case.knowledge)
    if safe is not wanted:
        return NO
    status, pregnancy = _status(case, subject)
    both = (Evidence(pregnancy), Evidence(words)) if status != "pregnant" else (Evidence(pregnancy),)
    return Said(True, both)


def _planning(wanted: bool, case: Case, _: Taken | None) -> Said:
    stage = case.facts.stage
    if not stage.applies or stage.cannot:
        return NO if wanted else YES
    if stage.planning is None:
        return Said(None, missing=("whether she plans a pregnancy",))
    words = "plans a pregnancy" if stage.planning else "plans no pregnancy"
    return Said(True, (Evidence(words, stage.planning_on),)) if stage.planning is wanted else NO


def _gestation(weeks: int, case: Case, subject: Taken | None, fits: Callable[[int, int], bool]) -> Said:
    said = _pregnant(True, case, subject)
    if said.holds is not True:
        return said
    now = life.gestation_weeks(case.facts)
    if now is None:
        return Said(None, missing=("the gestational age",))
    return said if fits(now, weeks) else NO


def _postpartum(days: int, case: Case, fits: Callable[[int, int], bool]) -> Said:
    stage = case.facts.stage
    if not stage.applies:
        return NO
    now = life.postpartum_days(case.facts)
    if now is None:
        return NO if case.facts.looked("observations").whole else Said(None, missing=("whether she gave birth lately",))
    return Said(True, (Evidence(f"gave birth {now} days ago", stage.delivered_on),)) if fits(now, days) else NO


def _breastfeeding(wanted: bool, case: Case, _: Taken | None) -> Said:
    stage = case.facts.stage
    if not stage.applies:
        return NO if wanted else YES
    if stage.breastfeeding is None:
        born = life.postpartum_days(case.facts)
        if case.facts.looked("observations").whole and (born is None or born > 730):
            return NO if wanted else YES
        return Said(None, missing=("whether she is breastfeeding",))
    words = "breastfeeding" if stage.breastfeeding else "not breastfeeding"
    return Said(True, (Evidence(words, stage.breastfeeding_on),)) if stage.breastfeeding is wanted else NO


def _infant_preterm(wanted: bool, case: Case, _: Taken | None) -> Said:
    weeks = case.facts.stage.infant_gestation_weeks
    if not case.facts.stage.applies:
        return NO
    if weeks is None:
        return Said(None, missing=("how early the baby was born",))
    return Said(True, (Evidence(f"baby born at {weeks} weeks"),)) if (weeks < 37) is wanted else NO


def _infant_younger(days: int, case: Case, _: Taken | None) -> Said:
    if not case.facts.stage.applies:
        return NO
    now = life.postpartum_days(case.facts)
    if now is None:
        return Said(None, missing=("the baby's age",))
    return Said(True, (Evidence(f"baby {now} days old"),)) if now < days else NO


def _menopause(stages: tuple[str, ...], case: Case, _: Taken | None) -> Said:
    facts = case.facts
    if not facts.stage.applies and facts.stage.menopause is None:
        return NO
    now = facts.stage.menopause
    if now is None:
        if facts.age is not None and facts.age < 40:
            now = "pre"
        else:
            return Said(None, missing=("whether she is past the menopause",))
    words = {"pre": "before the menopause", "peri": "in the perimenopause", "post": "after the menopause"}[now]
    return Said(True, (Evidence(words),)) if now in stages else NO


def _contraception(methods: tuple[str, ...], case: Case, _: Taken | None) -> Said:
    stage = case.facts.stage
    if not stage.applies:
        return NO
    if stage.methods is None:
        return Said(None, missing=("which contraception she uses",))
    wanted = case.members(methods)
    found = [key for key in stage.methods if key in wanted]
    if not found and not stage.methods and "none" in methods:
        return Said(True, (Evidence("contraception: none", stage.methods_on),))
    return (
        Said(True, (Evidence(f"contraception: {case.knowledge.name_of(found[0])}", stage.methods_on),)) if found else NO
    )


# --- illness, medicines, exposures -----------------------------------------------------------------------------------


def _conditions(groups: tuple[str, ...], case: Case, _: Taken | None) -> Said:
    found = [row for group in groups for row in case.groups.get(group, ())]
    if found:
        coded = [row for row in found if not row.as_text]
        row = (coded or found)[0]
        words = f"{row.text} ({row.code})" if row.code else f"written in her history: “{row.text}”"
        return Said(True, (Evidence(words, row.on, row.ref),), capped=not coded)
    if case.facts.looked("conditions").whole:
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
            return Said(True, (Evidence(words, None if other.ordered else other.since),))
    return NO if case.facts.looked("medicines").whole else Said(None, missing=("her other medicines",))


def _not_taking(things: tuple[str, ...], case: Case, subject: Taken | None) -> Said:
    wanted = case.members(things)
    if any(key in wanted and other is not subject and other.running for key, other in case.taken.items()):
        return NO
    return YES if case.facts.looked("medicines").whole else Said(None, missing=("her other medicines",))


def _tobacco(statuses: tuple[str, ...], case: Case, _: Taken | None) -> Said:
    now = case.facts.tobacco
    if now is None:
        return Said(None, missing=("whether she smokes",))
    if now.status not in statuses:
        return NO
    much = f", {plain(now.cigarettes_a_day)} cigarettes a day" if now.cigarettes_a_day is not None else ""
    return Said(True, (Evidence(f"tobacco: {now.status}{much}", now.on),))


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
            evidence += (Evidence(f"{gene}: {found.phenotype}", found.on, found.ref),)
    return Said(None) if unknown else Said(True, evidence)


def _untested(genes: tuple[str, ...], case: Case, _: Taken | None) -> Said:
    if any(gene in case.facts.genes for gene in genes):
        return NO
    if not case.facts.looked("observations").whole:
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
            evidence += (
                Evidence(
                    f"{name} {shown(result.value)} {measure.unit if measure else ''}".strip(), result.on, result.ref
                ),
            )
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
            evidence += (Evidence(f"{bound.scale.upper()} {plain(found.total)}", found.on, found.ref),)
    return Said(None, missing=missing) if missing else Said(True, evidence)


CHECKS: dict[str, Check] = {
    "age_from": _age_from,
    "age_to": _age_to,
    "pregnant": _pregnant,
    "could_be_pregnant": _could_be_pregnant,
    "protected": _protected,
    "planning": _planning,
    "gestation_from": lambda weeks, case, subject: _gestation(weeks, case, subject, lambda now, bound: now >= bound),
    "gestation_to": lambda weeks, case, subject: _gestation(weeks, case, subject, lambda now, bound: now <= bound),
    "postpartum_from_days": lambda days, case, _: _postpartum(days, case, lambda now, bound: now >= bound),
    "postpartum_to_days": lambda days, case, _: _postpartum(days, case, lambda now, bound: now <= bound),
    "breastfeeding": _breastfeeding,
    "infant_preterm": _infant_preterm,
    "infant_younger_than_days": _infant_younger,
    "menopause": _menopause,
    "contraception": _contraception,
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
