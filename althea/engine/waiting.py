"""Which rules surely wait, and for what?  Told from her keys alone, without asking them.

Of most women it is not known whether they plan a pregnancy, and of many no allergies were handed over. The rules that
wait for nothing else say the same of all of them. Only rules are told apart here whose answer follows from the keys;
every other one is asked.
"""

from __future__ import annotations

from dataclasses import replace

from althea.knowledge import Knowledge
from althea.knowledge.schema.rule import Allergy, Condition, LifeStage, Missing, Rule
from althea.knowledge.schema.who import Who

PLANNING = ("whether she plans a pregnancy",)
ALLERGIES = ("her allergies",)
NOBODY = Who()


def watched(rule: Rule, knowledge: Knowledge) -> frozenset[str] | None:
    """The keys that must be absent for it to wait, besides those of its gates; None where it has to be asked."""
    if rule.dose_from is not None or rule.dose_to is not None or rule.routes or rule.state != "any":
        return None
    if isinstance(rule, Allergy):
        return frozenset() if rule.who == NOBODY else None
    if not rule.who.planning or replace(rule.who, planning=None) != NOBODY:
        return None
    if isinstance(rule, LifeStage | Condition):
        return frozenset()
    if isinstance(rule, Missing) and rule.without and not (rule.without_condition or rule.without_score):
        return knowledge.members(rule.without) | {"?medicines"}
    return None


def waits_for(rule: Rule, watched: frozenset[str] | None, held: frozenset[str]) -> tuple[str, ...]:
    """What does it surely wait for?  Empty where it must be asked."""
    if watched is None or not watched.isdisjoint(held):
        return ()
    if isinstance(rule, Allergy):
        return ALLERGIES if "?allergies" in held and "*allergy" not in held else ()
    return PLANNING if "?planning" in held and "*planning" not in held else ()
