"""Does she take several of one class at once?  A planned cross-taper, one of them with an end in sight, is quiet."""

from __future__ import annotations

from datetime import timedelta

from althea.engine.case import Case
from althea.engine.finding import Evidence
from althea.engine.rules import Hit, NotKnown
from althea.engine.taken import Taken
from althea.knowledge.schema.rule import Duplicate


def evaluate(rule: Duplicate, subject: Taken | None, case: Case) -> Hit | NotKnown | None:
    if subject is None or not subject.running:
        return None
    members = case.members(rule.of)
    named = members & case.keys
    if len(named) < rule.at_least:
        return None
    both = [one for key, one in case.taken.items() if key in named and one.running and not one.method]
    if len(both) < rule.at_least:
        return None
    soon = case.facts.on + timedelta(days=rule.overlap_days)
    if any(row.ended_on is not None and row.ended_on <= soon for one in both for row in one.now):
        return None
    if rule.longer_than_days:
        starts = [one.since for one in both if not one.ordered and one.since is not None]
        if len(starts) < len(both) or (case.facts.on - max(starts)).days <= rule.longer_than_days:
            return None
    others = sorted((one for one in both if one is not subject), key=lambda one: one.name)
    evidence = tuple(Evidence(f"takes {one.in_words()}", one.since, one.rows[-1].ref) for one in others)
    return Hit(
        evidence=evidence,
        fill={"other": others[0].name},
        others=tuple(one.id for one in others),
        reason=(rule.concept or rule.id,),
    )
