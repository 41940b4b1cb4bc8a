"""Is she allergic to it, or to a relative of it?"""

from __future__ import annotations

from althea.engine.case import Case
from althea.engine.finding import Evidence
from althea.engine.rules import Hit, NotKnown
from althea.engine.taken import Taken
from althea.knowledge.schema.rule import Allergy

NOT_KNOWN = NotKnown(("her allergies",))


def evaluate(rule: Allergy, subject: Taken | None, case: Case) -> Hit | NotKnown | None:
    if subject is None or not subject.running:
        return None
    if not case.facts.allergies:
        return NOT_KNOWN if "allergies" in case.blind else None
    relatives = case.members((*rule.to, subject.id)) if rule.to else frozenset((subject.id,))
    for allergy in case.facts.allergies:
        named = [key for key in allergy.medicines if key in relatives]
        if named:
            reaction = f" ({allergy.reaction})" if allergy.reaction else ""
            return Hit(
                evidence=(Evidence(f"allergy on record: {allergy.text}{reaction}", None, allergy.ref),),
                fill={"other": case.knowledge.name_of(named[0])},
            )
    return NOT_KNOWN if "allergies" in case.blind else None
