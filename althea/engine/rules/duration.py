"""Has it been taken, or is it ordered, for longer than it should be; or again too soon?"""

from __future__ import annotations

from datetime import date

from althea.engine.case import Case
from althea.engine.facts import State
from althea.engine.finding import Evidence
from althea.engine.rules import Hit, NotKnown
from althea.engine.taken import Taken
from althea.knowledge.schema.rule import Duration


def evaluate(rule: Duration, subject: Taken | None, case: Case) -> Hit | NotKnown | None:
    if subject is None or not subject.running or not subject.lasting:
        return None
    today = case.facts.on
    if rule.longer_than_days is not None and not subject.starting:
        if subject.since is None:
            return NotKnown((f"since when she has taken {subject.name}",))
        days = (today - subject.since).days
        if days > rule.longer_than_days:
            return _hit(f"taken for {days} days", subject.since, days)
    if rule.supply_longer_than_days is not None:
        supply = max((row.supply_days for row in subject.now if row.supply_days is not None), default=None)
        if supply is not None and supply > rule.supply_longer_than_days:
            return Hit(
                evidence=(Evidence(f"a supply of {supply} days"),),
                fill={"days": str(supply), "weeks": str(supply // 7)},
            )
    if rule.repeat_within_days is not None and subject.starting:
        ends = [row.ended_on for row in subject.rows if row.state is State.STOPPED and row.ended_on is not None]
        if ends and (today - max(ends)).days < rule.repeat_within_days:
            days = (today - max(ends)).days
            return _hit(f"the last course ended {days} days ago", max(ends), days)
    return None


def _hit(words: str, on: date | None, days: int) -> Hit:
    return Hit(evidence=(Evidence(words, on),), fill={"days": str(days), "weeks": str(days // 7)})
