"""Is she allergic to it, or to a relative of it?"""

from __future__ import annotations

from althea.engine.case import Case
from althea.engine.facts import Allergy as Stated
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
    found = [(row, key) for row in case.facts.allergies for key in row.medicines if key in relatives]
    if found:
        rows = {id(row): row for row, _ in found}.values()
        evidence = tuple(Evidence(words, None, row.ref, words) for row in rows for words in (_in_words(row),))
        return Hit(evidence=evidence, fill={"other": case.knowledge.name_of(found[0][1])})
    return NOT_KNOWN if "allergies" in case.blind else None


def _in_words(row: Stated) -> str:
    return f"allergy on record: {row.text}{f' ({row.reaction})' if row.reaction else ''}"
