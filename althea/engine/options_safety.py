"""Would it be safe to propose this to her today?  Each medicine is asked about as a draft, one at a time.

The draft is the label's first dose for her diagnosis, where the knowledge has one, so that what is found is found of an
ordinary start. A critical finding holds the option back from her and hands it, with the reason, to her prescriber. So
does a critical rule about what may come before a pregnancy, while nothing says that she cannot have one.
"""

from __future__ import annotations

from dataclasses import dataclass

from althea.engine.facts import Facts, Medicine, State
from althea.engine.finding import Finding, NotChecked
from althea.engine.options_shown import FoundShown
from althea.engine.options_topics import warns_before_a_pregnancy
from althea.engine.order import Draft, ProposedOrder
from althea.engine.review import review
from althea.knowledge import Knowledge
from althea.knowledge.quantity import Dose
from althea.knowledge.schema.evidence import Level
from althea.knowledge.schema.who import Who

ANYONE = Who()


@dataclass(frozen=True, slots=True, kw_only=True)
class Safety:
    """What was found of proposing one medicine. `taking`: she takes it already, and the check is of that."""

    proposed: str
    taking: bool
    held: tuple[FoundShown, ...]
    found: tuple[FoundShown, ...]
    not_checked: tuple[str, ...]


NOTHING_TO_CHECK = Safety(proposed="", taking=False, held=(), found=(), not_checked=())


def safety_of(medicine: str, facts: Facts, knowledge: Knowledge, groups: frozenset[str], jurisdiction: str) -> Safety:
    """What `review` says of her with this medicine proposed, and what it could not ask."""
    taking = any(row.id == medicine and row.state is State.RUNNING for row in facts.medicines)
    name = knowledge.name_of(medicine)
    if taking:
        order, proposed = None, f"{name} as she takes it now"
    else:
        dose = first_dose(medicine, knowledge, groups)
        draft = Medicine(id=medicine, name=name, state=State.ORDERED, daily=dose, single=None, route="oral")
        order = ProposedOrder(drafts=(Draft(medicine=draft),))
        proposed = f"{name} {dose} a day, the label's first dose" if dose else f"{name}, no dose said"
    said = review(facts, order, knowledge, jurisdiction=jurisdiction)
    about = [one for one in said.findings if (medicine in one.medicines if taking else one.about_order)]
    waiting = [one for one in said.not_checked if name in one.medicines and one.could_be is not Level.INFO]
    held = tuple(_shown(one) for one in about if one.level is Level.CRITICAL)
    return Safety(
        proposed=proposed,
        taking=taking,
        held=held or _while_it_is_possible(medicine, facts, knowledge),
        found=tuple(_shown(one) for one in about if one.level is not Level.CRITICAL),
        not_checked=tuple(dict.fromkeys(_waits(one) for one in waiting)),
    )


def _while_it_is_possible(medicine: str, facts: Facts, knowledge: Knowledge) -> tuple[FoundShown, ...]:
    """Nothing critical fired, for a pregnancy is prevented today: what the rule says still asks for a talk."""
    rule = warns_before_a_pregnancy(medicine, facts, knowledge)
    if rule is None:
        return ()
    title = f"{knowledge.name_of(medicine).capitalize()} is not offered without a talk while she could become pregnant."
    told = {"rule": rule.id, "level": Level.WARNING.word, "title": title, "why": rule.why, "do": rule.do}
    return (FoundShown(**told, for_her=rule.for_her, sources=rule.sources, mark=rule.mark.value),)  # type: ignore[arg-type]


def first_dose(medicine: str, knowledge: Knowledge, groups: frozenset[str]) -> Dose | None:
    """The labelled first dose a day for one of these diagnoses in anybody; None where the label tells people apart."""
    told = knowledge.monographs.get(medicine)
    for dosing in told.dosing if told else ():
        fits = dosing.status == "labelled" and dosing.who == ANYONE and groups.intersection(dosing.indication)
        if fits and dosing.start is not None:
            return dosing.start
    return None


def _shown(finding: Finding) -> FoundShown:
    return FoundShown(
        rule=finding.rule,
        level=finding.level.word,
        title=finding.title,
        why=finding.why,
        do=finding.do,
        for_her=finding.for_her,
        sources=finding.sources,
        mark=finding.mark.value,
    )


def _waits(one: NotChecked) -> str:
    missing = ", ".join(one.missing) or "something in the rule itself"
    return f"Not checked for want of {missing}: {one.title}"
