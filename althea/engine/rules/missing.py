"""Is something absent that should stand beside it: a companion medicine, a plan, a screen?"""

from __future__ import annotations

from althea.engine.case import Case
from althea.engine.finding import Evidence
from althea.engine.rules import Hit, NotKnown
from althea.engine.taken import Taken
from althea.knowledge.schema.rule import Missing


def evaluate(rule: Missing, subject: Taken | None, case: Case) -> Hit | NotKnown | None:
    if subject is not None and not subject.running:
        return None
    words: list[str] = []
    if rule.without:
        companions = case.members(rule.without)
        for key, other in case.taken.items():
            if key not in companions or not (other.running or other.perhaps):
                continue
            if rule.without_dose_from is None or other.daily is None or not other.daily < rule.without_dose_from:
                return None
            words.append(f"takes {other.in_words()}")
        if not case.facts.looked("medicines").whole:
            return NotKnown(("her other medicines",))
        companions_named = " or ".join([case.name_of(one) for one in rule.without])
        words.append(f"no {companions_named} {'in that dose ' if words else ''}on record")
    if rule.without_condition:
        if any(group in case.groups for group in rule.without_condition):
            return None
        if not case.facts.looked("conditions").whole:
            return NotKnown(("her conditions and plans",))
        names = [
            case.knowledge.conditions[g].name if g in case.knowledge.conditions else g for g in rule.without_condition
        ]
        words.append(f"no {' or '.join(names)} on record")
    if rule.without_score:
        if any(case.facts.scores.get(scale) for scale in rule.without_score):
            return None
        if not case.facts.looked("observations").whole:
            return NotKnown((f"her {' or '.join(rule.without_score).upper()} answers",))
        words.append(f"no {' or '.join(rule.without_score).upper()} on record")
    return Hit(evidence=tuple(Evidence(one) for one in words))
