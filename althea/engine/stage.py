"""Where is she in her reproductive life today, as far as anybody knows?

Statements grow old: "not pregnant" is good for as many days as the knowledge says, and for fewer before a teratogen.
A stale statement is unknown, and unknown is never read as no.
"""

from __future__ import annotations

from althea.engine.facts import Facts, plain
from althea.knowledge import Knowledge

TERM_DAYS = 300
"""Nobody is pregnant for longer: a statement older than this says nothing about today. Calendar, not medicine."""


def pregnancy_now(facts: Facts, knowledge: Knowledge, *, teratogen: bool = False) -> tuple[str, str]:
    """("pregnant" | "not" | "possible" | "unknown", in words). Contradictory statements are possible."""
    stage = facts.stage
    if not stage.applies:
        return "not", stage.why_not
    said = stage.pregnancy
    if runs(facts):
        assert said is not None
        return "pregnant", f"pregnant{_weeks(facts)}, stated {said.on}"
    if stage.cannot:
        return "not", stage.cannot
    if said is None or said.status == "unknown":
        return "unknown", "whether she is pregnant is not known"
    if said.status == "contradictory":
        return "possible", f"statements about pregnancy disagree: {said.said}"
    days = (facts.on - said.on).days
    if said.status == "pregnant":
        if stage.delivered_on is not None and stage.delivered_on >= said.on:
            return "not", f"gave birth on {stage.delivered_on}"
        return "unknown", f"pregnancy was last stated {days} days ago"
    record = knowledge.stages.get("pregnancy")
    fresh = None
    if record is not None:
        fresh = record.fresh_days_before_teratogen if teratogen else record.fresh_days
    if fresh is not None and days > fresh:
        return "unknown", f"'not pregnant' was stated {days} days ago; it is relied on for {fresh}"
    return "not", f"not pregnant, stated {said.on}"


def runs(facts: Facts) -> bool:
    """Does a pregnancy run that was told and is not over?"""
    stage = facts.stage
    return stage.applies and stage.pregnancy is not None and stage.pregnancy.status == "pregnant" and not _over(facts)


def prevented(facts: Facts, knowledge: Knowledge) -> tuple[bool, str]:
    """Is a pregnancy known to be prevented or impossible?  (yes or not known, in words)."""
    stage = facts.stage
    if not stage.applies or stage.cannot:
        return True, stage.why_not or stage.cannot
    status, words = pregnancy_now(facts, knowledge)
    if status == "pregnant":
        return False, words
    if stage.methods is None:
        return False, "contraception is not known"
    fresh = knowledge.stages["contraception"].fresh_days if "contraception" in knowledge.stages else None
    if fresh is not None and stage.methods_on is not None and (facts.on - stage.methods_on).days > fresh:
        return False, f"contraception was last stated {(facts.on - stage.methods_on).days} days ago"
    good = [key for key in stage.methods if key in knowledge.methods and knowledge.methods[key].effective]
    if good:
        return status != "possible", f"contraception: {knowledge.name_of(good[0])}"
    names = ", ".join(knowledge.name_of(key) for key in stage.methods)
    return False, f"contraception: {names or 'none'}"


def gestation_weeks(facts: Facts) -> int | None:
    """Completed weeks today; None: not known."""
    return None if facts.stage.gestation_days is None else facts.stage.gestation_days // 7


def postpartum_days(facts: Facts) -> int | None:
    """Days since the last birth on record; None: none on record."""
    born = facts.stage.delivered_on
    return None if born is None or born > facts.on else (facts.on - born).days


def in_words(facts: Facts, knowledge: Knowledge) -> str:
    """Her life stage for a heading: "pregnant, 14 weeks", "9 weeks after birth, breastfeeding", "not known"."""
    if not facts.stage.applies:
        return "does not apply"
    status, _ = pregnancy_now(facts, knowledge)
    if status == "pregnant":
        return "pregnant" + _weeks(facts)
    parts = []
    days = postpartum_days(facts)
    if days is not None and days <= 365:
        parts.append(f"{days // 7} weeks after birth" if days >= 14 else f"{days} days after birth")
    if facts.stage.breastfeeding:
        parts.append("breastfeeding")
    if facts.stage.planning:
        parts.append("planning a pregnancy")
    if facts.stage.menopause == "peri":
        parts.append("perimenopausal")
    if facts.stage.menopause == "post":
        parts.append("after the menopause")
    if not parts:
        parts.append({"not": "not pregnant", "possible": "possibly pregnant"}.get(status, "not known"))
    return ", ".join(parts)


def _over(facts: Facts) -> bool:
    said, born = facts.stage.pregnancy, facts.stage.delivered_on
    assert said is not None
    return (facts.on - said.on).days > TERM_DAYS or (born is not None and born >= said.on)


def _weeks(facts: Facts) -> str:
    weeks = gestation_weeks(facts)
    return "" if weeks is None else f", {plain(weeks)} weeks"
