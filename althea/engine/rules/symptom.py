"""Does she say she has these, while she takes it?  At most a warning; her line is quoted."""

from __future__ import annotations

from althea.engine.case import Case
from althea.engine.finding import Evidence
from althea.engine.rules import Hit, NotKnown
from althea.engine.taken import Taken
from althea.knowledge.schema.evidence import Level
from althea.knowledge.schema.rule import Symptom


def evaluate(rule: Symptom, subject: Taken | None, case: Case) -> Hit | NotKnown | None:
    if subject is not None and not subject.running and not subject.perhaps:
        return None
    hits = reported(rule.symptoms, case)
    if len({group for group, _ in hits}) < rule.at_least:
        return None
    if rule.within_days_of_start is not None and subject is not None:
        if subject.since is None:
            return NotKnown((f"since when she has taken {subject.name}",))
        if (case.facts.on - subject.since).days > rule.within_days_of_start:
            return None
    return Hit(
        evidence=tuple(dict.fromkeys(evidence for _, evidence in hits)),
        level=min(rule.level, Level.WARNING),
        reason=(rule.concept or rule.id,),
    )


def reported(groups: tuple[str, ...], case: Case) -> list[tuple[str, Evidence]]:
    """Which of these does she report, and in which words?"""
    return [
        (group, Evidence(f"she says: “{row.text}”", row.on, row.ref, f"{row.text} {row.on}"))
        for row in case.facts.symptoms
        for group in groups
        if group in row.groups
    ]
