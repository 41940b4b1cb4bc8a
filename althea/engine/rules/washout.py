"""Is it too soon after another?  Asked of what is ordered now: the other ended, or is being stopped, days ago."""

from __future__ import annotations

from althea.engine.case import Case
from althea.engine.finding import Evidence
from althea.engine.rules import Hit, NotKnown
from althea.engine.taken import Taken
from althea.knowledge.schema.evidence import Level
from althea.knowledge.schema.rule import Washout


def evaluate(rule: Washout, subject: Taken | None, case: Case) -> Hit | NotKnown | None:
    if subject is None or not subject.running:
        return None
    left_out = case.members(rule.except_) if rule.except_ else frozenset()
    unsure: Hit | NotKnown | None = None
    for key in sorted(case.members(rule.after) - left_out):
        other = case.taken.get(key)
        if other is None or other is subject or other.running or other.method:
            continue
        answer = _since(rule, subject, other, case)
        if isinstance(answer, Hit) and answer.level is None:
            return answer
        unsure = unsure or answer
    if unsure is not None:
        return unsure
    if subject.ordered and "medicines" in case.blind:
        return NotKnown(("what she took before",))
    return None


def _since(rule: Washout, subject: Taken, other: Taken, case: Case) -> Hit | NotKnown | None:
    """How long ago did the other end?  What is perhaps still taken only informs."""
    if other.perhaps:
        return Hit(
            evidence=(Evidence(f"{other.name} was ordered and has no end", other.since),),
            fill={"other": other.name, "days": "?"},
            others=(other.id,),
            level=Level.INFO,
            said=(f"{other.name} is perhaps still taken: its order is old and has no end. Ask her.",),
        )
    ended = other.ended_on
    if ended is None:
        return NotKnown((f"when {other.name} was stopped",))
    days = (case.facts.on - ended).days
    between = days if subject.ordered else ((subject.since or case.facts.on) - ended).days
    if not (days < rule.days and 0 <= between < rule.days):
        return None
    ago = "today" if days == 0 else "1 day ago" if days == 1 else f"{days} days ago"
    return Hit(
        evidence=(Evidence(f"{other.name} was stopped {ago}", ended, other.rows[-1].ref),),
        fill={"other": other.name, "days": str(days)},
        others=(other.id,),
    )
