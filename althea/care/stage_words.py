"""Where is she in her life, in the few words that stand after her name?  From what she and her clinic said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from althea.care.entries import LifeStage
from althea.care.known import knowledge

TERM_DAYS, YEAR = 300, 365
"""Calendar, not medicine: nobody is pregnant for longer, and what is called "after a birth" here."""
NOT_ASKED = "Life stage not asked"


@dataclass(frozen=True, slots=True)
class StageChip:
    """As `_stage_chip.html` takes it. `group`: for filters and tables."""

    label: str
    css: str = "base"
    icon: str = ""
    group: str = "cycle"


def stage_of(said: Iterable[tuple[date, LifeStage]], on: date) -> StageChip:
    """The chip of this day; `said` are her life-stage entries with the day each is about."""
    said = sorted(said, key=lambda pair: pair[0])
    newest: dict[str, tuple[date, str]] = {}
    for day, body in said:
        if day <= on:
            newest[body.topic] = (day, body.value)
    pregnant, delivery = newest.get("pregnancy"), newest.get("delivery")
    born = date.fromisoformat(delivery[1]) if delivery is not None else None
    if _disagree(said, on, born):
        return StageChip("Possibly pregnant", "preg", "", "pregnant")
    said_so = pregnant is not None and pregnant[1] == "pregnant" and (on - pregnant[0]).days <= TERM_DAYS
    if pregnant is not None and said_so and (born is None or born < pregnant[0]):
        return StageChip(f"Pregnant{_weeks(newest, on, born)}", "preg", "", "pregnant")
    if born is not None and 0 <= (on - born).days <= YEAR:
        feeding = newest.get("breastfeeding")
        milk = " - breastfeeding" if feeding is not None and feeding[1] == "yes" and feeding[0] >= born else ""
        return StageChip(f"Postpartum, {(on - born).days // 7} weeks{milk}", "", "milk" if milk else "", "postpartum")
    if "menopause" in newest:
        after = newest["menopause"][1] == "post"
        return StageChip("After menopause" if after else "Perimenopause", group="after" if after else "perimenopause")
    if newest.get("planning", (on, ""))[1] == "yes":
        return StageChip("Trying for a baby", "preg", "", "trying")
    if "contraception" in newest:
        methods = [one for one in newest["contraception"][1].split(",") if one and one != "none"]
        named = ", ".join(knowledge().name_of(one) for one in methods).lower().replace("iud", "IUD")
        return StageChip(f"Cycle, {named or 'no contraception'}")
    return StageChip(NOT_ASKED, group="not asked")


def _disagree(said: Iterable[tuple[date, LifeStage]], on: date, born: date | None) -> bool:
    """Do two statements that both still count contradict each other?  The cautious one then stands after her name."""
    fresh = knowledge().stages["pregnancy"].fresh_days or 0
    counts = {
        body.value
        for day, body in said
        if body.topic == "pregnancy" and 0 <= (on - day).days <= fresh and (born is None or day > born)
    }
    return {"pregnant", "not pregnant"} <= counts


def _weeks(newest: dict[str, tuple[date, str]], on: date, born: date | None) -> str:
    """ ", 22 weeks", run forward from the newest count or from the due date; empty: not known."""
    if "gestation" in newest and (born is None or newest["gestation"][0] > born):
        day, days = newest["gestation"]
        return f", {(int(days) + (on - day).days) // 7} weeks"
    if "due" in newest:
        return f", {(280 - (date.fromisoformat(newest['due'][1]) - on).days) // 7} weeks"  # 40 weeks to a due date
    return ""
