"""Does a score, or one answer of it, ask for something?  Answers speak even where the total cannot be computed."""

from __future__ import annotations

from datetime import timedelta

from althea.engine.case import Case
from althea.engine.facts import Score, plain
from althea.engine.finding import Evidence
from althea.engine.rules import Hit, NotKnown
from althea.engine.scoring import triage
from althea.engine.taken import Taken
from althea.knowledge.schema.rule import ScoreRule


def evaluate(rule: ScoreRule, subject: Taken | None, case: Case) -> Hit | NotKnown | None:
    if subject is not None and not subject.running:
        return None
    for scale in rule.scale:
        for row in case.facts.scores.get(scale, ()):
            if (case.facts.on - row.on).days > rule.within_days:
                break
            hit = _asks(rule, scale, row, case)
            if hit is not None:
                return hit
            if row.total is not None or rule.item in row.items:
                break
    return None


def _asks(rule: ScoreRule, scale: str, row: Score, case: Case) -> Hit | None:
    name = case.knowledge.scales[scale].name if scale in case.knowledge.scales else scale.upper()
    words: str
    if rule.item:
        answer = row.items.get(rule.item)
        positive = answer is True or (
            isinstance(answer, int) and not isinstance(answer, bool) and answer >= (rule.item_at_least or 1)
        )
        if not positive:
            return None
        words = f"{name} {rule.item}: {'yes' if answer is True else answer}"
    elif rule.triage:
        if scale not in case.knowledge.scales or triage(case.knowledge.scales[scale], row.items) != rule.triage:
            return None
        words = f"{name}: {rule.triage} risk by its answers"
    elif row.total is None:
        return None
    elif rule.worse_by is not None:
        before = _before(case, scale, row)
        if before is None or before.total is None or row.total - before.total < rule.worse_by:
            return None
        words = f"{name} {plain(row.total)}, {plain(before.total)} on {before.on}"
    elif rule.at_least is not None and row.total >= rule.at_least:
        words = f"{name} {plain(row.total)}"
    else:
        return None
    fill = {"scale": name, "value": plain(row.total) if row.total is not None else "", "on": str(row.on)}
    told = Evidence(words, row.on, row.ref, f"{words} {row.on}")
    return Hit(evidence=(told,), fill=fill, reason=(rule.concept or rule.id,))


def _before(case: Case, scale: str, row: Score) -> Score | None:
    """The score before this one, within a year."""
    earliest = row.on - timedelta(days=365)
    older = (s for s in case.facts.scores[scale] if s.on < row.on and s.total is not None and s.on >= earliest)
    return next(older, None)
