"""Is something absent that should stand beside it: a companion medicine, a plan, a screen?"""

from __future__ import annotations

from althea.engine.case import Case
from althea.engine.finding import Evidence
from althea.engine.rules import Hit, NotKnown
from althea.engine.taken import Taken
from althea.knowledge.schema.rule import Missing

MEDICINES = NotKnown(("her other medicines",))


def evaluate(rule: Missing, subject: Taken | None, case: Case) -> Hit | NotKnown | None:
    if subject is not None and not subject.running:
        return None
    words: list[str] = []
    if rule.without:
        companions = case.members(rule.without)
        for key, other in case.taken.items() if not companions.isdisjoint(case.keys) else ():
            if key not in companions or not (other.running or other.perhaps):
                continue
            if rule.without_dose_from is None or other.daily is None or not other.daily < rule.without_dose_from:
                return None
            words.append(f"takes {other.in_words()}")
        if "medicines" in case.blind:
            return MEDICINES
        if not words and not rule.without_condition and not rule.without_score:
            return _none_of(rule, case)
        words.append(_no_medicine(rule, case, "in that dose " if words else ""))
    if rule.without_condition:
        if any(group in case.groups for group in rule.without_condition):
            return None
        if "conditions" in case.blind:
            return NotKnown(("her conditions and plans",))
        names = [
            case.knowledge.conditions[g].name if g in case.knowledge.conditions else g for g in rule.without_condition
        ]
        words.append(f"no {' or '.join(names)} on record")
    if rule.without_score:
        if any(case.facts.scores.get(scale) for scale in rule.without_score):
            return None
        if "observations" in case.blind:
            return NotKnown((f"her {' or '.join(rule.without_score).upper()} answers",))
        words.append(f"no {' or '.join(rule.without_score).upper()} on record")
    return Hit(evidence=tuple(Evidence(one) for one in words))


def _none_of(rule: Missing, case: Case) -> Hit:
    """She takes no companion at all: the same words for everybody."""
    hit: Hit | None = case.met.absent.get(rule.id)
    if hit is None:
        hit = case.met.absent[rule.id] = Hit(evidence=(Evidence(_no_medicine(rule, case, "")),))
    return hit


def _no_medicine(rule: Missing, case: Case, dose: str) -> str:
    return f"no {' or '.join([case.name_of(one) for one in rule.without])} {dose}on record"
