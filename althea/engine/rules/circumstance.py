"""Does her life stage, an illness, tobacco or a gene matter to this medicine?

Four kinds, one question: everything they ask stands in `who`, which `review` has asked already. They differ in what
their records must name (a check sees to that) and in what a page says of them.
"""

from __future__ import annotations

from althea.engine.case import Case
from althea.engine.rules import Hit, NotKnown
from althea.engine.taken import Taken
from althea.knowledge.schema.rule import Rule

FIRES = Hit()


def evaluate(rule: Rule, subject: Taken | None, case: Case) -> Hit | NotKnown | None:
    if subject is not None and not subject.running:
        return None
    return FIRES
