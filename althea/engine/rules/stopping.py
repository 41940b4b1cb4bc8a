"""Is it being stopped, or cut, at once after she has taken it for long?"""

from __future__ import annotations

from althea.engine.case import Case
from althea.engine.finding import Evidence
from althea.engine.rules import Hit, NotKnown
from althea.engine.taken import Taken
from althea.knowledge.schema.rule import Stopping


def evaluate(rule: Stopping, subject: Taken | None, case: Case) -> Hit | NotKnown | None:
    if subject is None:
        return None
    before = subject.daily_before
    if subject.stopping:
        words = f"to be stopped in one step{f' from {before} a day' if before else ''}"
    elif rule.drop_percent is not None and subject.ordered and before is not None and subject.daily is not None:
        if before.mg == 0 or (before.mg - subject.daily.mg) * 100 < before.mg * rule.drop_percent:
            return None
        words = f"cut from {before} to {subject.daily} a day in one step"
    else:
        return None
    since = subject.since
    if rule.after_days and since is None:
        return NotKnown((f"since when she has taken {subject.name}",))
    if since is not None and (case.facts.on - since).days < rule.after_days:
        return None
    weeks = "" if since is None else str((case.facts.on - since).days // 7)
    taken = () if since is None else (Evidence(f"taken for {weeks} weeks", since),)
    return Hit(evidence=(Evidence(words), *taken), fill={"dose": str(before or ""), "weeks": weeks})
