"""Is a rule true at her stage of life?  One check for each field of `Who` that asks about it.

What protects is written on what is *not known to be safe*: there, not knowing holds.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from althea.engine import stage as life
from althea.engine.case import NO, YES, Case, Said
from althea.engine.finding import Evidence
from althea.engine.taken import Taken


def _status(case: Case, subject: Taken | None) -> tuple[str, str]:
    teratogen = subject is not None and subject.ordered and subject.id in case.met.teratogens
    return life.pregnancy_now(case.facts, case.knowledge, teratogen=teratogen)


def _pregnancy(status: str, words: str, case: Case) -> Evidence:
    """That an old "not pregnant" no longer counts is its age; that she is, may be, or does not know, is news."""
    said = case.facts.stage.pregnancy
    told = status in ("pregnant", "possible") or (said is not None and said.status == "unknown")
    return Evidence(words, news=status if told else "")


def pregnant(wanted: bool, case: Case, subject: Taken | None) -> Said:
    status, words = _status(case, subject)
    if status in ("unknown", "possible"):
        return Said(None, missing=("whether she is pregnant",))
    return Said(True, (_pregnancy(status, words, case),)) if (status == "pregnant") is wanted else NO


def could_be_pregnant(wanted: bool, case: Case, subject: Taken | None) -> Said:
    status, words = _status(case, subject)
    return Said(True, (_pregnancy(status, words, case),)) if (status != "not") is wanted else NO


def protected(wanted: bool, case: Case, subject: Taken | None) -> Said:
    safe, words = life.prevented(case.facts, case.knowledge)
    if safe is not wanted:
        return NO
    status, pregnancy = _status(case, subject)
    told = _pregnancy(status, pregnancy, case)
    if status == "pregnant":
        return Said(True, (told,))
    methods = case.facts.stage.methods
    used = "contraception not known" if methods is None else f"contraception {' '.join(sorted(methods))}"
    return Said(True, (told, Evidence(words, news=used)))


def can_conceive(wanted: bool, case: Case, _: Taken | None) -> Said:
    stage = case.facts.stage
    return YES if (stage.applies and (life.runs(case.facts) or not stage.cannot)) is wanted else NO


def planning(wanted: bool, case: Case, _: Taken | None) -> Said:
    """She who is pregnant plans no pregnancy, whatever was said before it."""
    stage = case.facts.stage
    if not stage.applies or stage.cannot or life.runs(case.facts):
        return NO if wanted else YES
    if stage.planning is None:
        return Said(None, missing=("whether she plans a pregnancy",))
    words = "plans a pregnancy" if stage.planning else "plans no pregnancy"
    return Said(True, (Evidence(words, stage.planning_on, news=words),)) if stage.planning is wanted else NO


def gestation(weeks: int, case: Case, subject: Taken | None, fits: Callable[[int, int], bool]) -> Said:
    said = pregnant(True, case, subject)
    if said.holds is not True:
        return said
    now = life.gestation_weeks(case.facts)
    if now is None:
        return Said(None, missing=("the gestational age",))
    return said if fits(now, weeks) else NO


def postpartum(days: int, case: Case, fits: Callable[[int, int], bool]) -> Said:
    stage = case.facts.stage
    if not stage.applies:
        return NO
    now = life.postpartum_days(case.facts)
    if now is None:
        return NO if "observations" not in case.blind else Said(None, missing=("whether she gave birth lately",))
    return Said(True, (_birth(now, stage.delivered_on),)) if fits(now, days) else NO


def _birth(days: int, on: date | None) -> Evidence:
    return Evidence(f"gave birth {days} days ago", on, news=f"birth {on}")


def breastfeeding(wanted: bool, case: Case, _: Taken | None) -> Said:
    stage = case.facts.stage
    if not stage.applies:
        return NO if wanted else YES
    if stage.breastfeeding is None:
        born = life.postpartum_days(case.facts)
        if "observations" not in case.blind and (born is None or born > 730):
            return NO if wanted else YES
        return Said(None, missing=("whether she is breastfeeding",))
    words = "breastfeeding" if stage.breastfeeding else "not breastfeeding"
    return Said(True, (Evidence(words, stage.breastfeeding_on, news=words),)) if stage.breastfeeding is wanted else NO


def infant_preterm(wanted: bool, case: Case, _: Taken | None) -> Said:
    weeks = case.facts.stage.infant_gestation_weeks
    if not case.facts.stage.applies:
        return NO
    if weeks is None:
        return Said(None, missing=("how early the baby was born",))
    return Said(True, (Evidence(f"baby born at {weeks} weeks"),)) if (weeks < 37) is wanted else NO


def infant_younger(days: int, case: Case, _: Taken | None) -> Said:
    if not case.facts.stage.applies:
        return NO
    now = life.postpartum_days(case.facts)
    if now is None:
        return Said(None, missing=("the baby's age",))
    return Said(True, (Evidence(f"baby {now} days old"),)) if now < days else NO


def menopause(stages: tuple[str, ...], case: Case, _: Taken | None) -> Said:
    facts = case.facts
    if not facts.stage.applies and facts.stage.menopause is None:
        return NO
    now = facts.stage.menopause
    if now is None:
        if facts.age is not None and facts.age < 40:
            now = "pre"
        else:
            return Said(None, missing=("whether she is past the menopause",))
    words = {"pre": "before the menopause", "peri": "in the perimenopause", "post": "after the menopause"}[now]
    return Said(True, (Evidence(words, news=now),)) if now in stages else NO


def contraception(methods: tuple[str, ...], case: Case, _: Taken | None) -> Said:
    stage = case.facts.stage
    if not stage.applies:
        return NO
    if stage.methods is None:
        return Said(None, missing=("which contraception she uses",))
    wanted = case.members(methods)
    found = [key for key in stage.methods if key in wanted]
    if not found and not stage.methods and "none" in methods:
        return Said(True, (Evidence("contraception: none", stage.methods_on, news="none"),))
    if not found:
        return NO
    words = f"contraception: {case.knowledge.name_of(found[0])}"
    return Said(True, (Evidence(words, stage.methods_on, news=" ".join(sorted(found))),))
