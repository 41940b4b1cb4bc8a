"""Where is she in her life, in the few words that stand after her name?  From what she and her clinic said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from althea.care.known import knowledge
from althea.care.stage_said import ENDS, Said

TERM_DAYS, YEAR = 300, 365
"""Calendar, not medicine: nobody is pregnant for longer, and what is called "after a birth" here."""
NOT_ASKED = "Life stage not asked"
NOBODY_ASKED, NOT_KNOWN = "not asked", "not known"
OF_A_PREGNANCY = ("pregnancy", "gestation", "due")
Told = Sequence[tuple[date, Said]]
"""With the day each is about, in the order they were told."""


@dataclass(frozen=True, slots=True)
class StageChip:
    """As `_stage_chip.html` takes it. `group`: for filters and tables. `open`: what matters there to a medicine and is
    not known, "Breastfeeding not asked"; empty: nothing, or the label says it."""

    label: str
    css: str = "base"
    icon: str = ""
    group: str = "cycle"
    open: str = ""


def stage_of(said: Iterable[tuple[date, Said]], on: date, *, cannot: bool = False) -> StageChip:
    """The chip of this day. `said`: her life-stage entries with the day each is about, the newest first, as
    `Chart.of` gives them: of two about one day the one that was told last counts. `cannot`: a pregnancy is known to be
    impossible for good, and whether it is prevented is not asked."""
    every = sorted((pair for pair in reversed([*said]) if pair[0] <= on), key=lambda pair: pair[0])
    born, over = _last(every, on, ("delivery",)), _last(every, on, ENDS)
    told = [pair for pair in every if over is None or not _overtaken(*pair, over)]
    newest = {one.topic: (day, one.value) for day, one in told}
    known = _Known(newest, last_pregnancy(every, on))
    statements = _statements(told, on)
    definite = [one for one in statements if one[1] != "unknown"]
    if _disagree(statements, on):
        return StageChip("Possibly pregnant", "preg", "leaf", "pregnant")
    if definite and definite[-1][1] == "pregnant" and (on - definite[-1][0]).days <= TERM_DAYS:
        return StageChip(f"Pregnant{_weeks(newest, on)}", "preg", "leaf", "pregnant")
    if born is not None and (on - born).days <= YEAR:
        feeding = newest.get("breastfeeding")
        milk = " - breastfeeding" if feeding is not None and feeding[1] == "yes" and feeding[0] >= born else ""
        icon = "milk" if milk else "baby"
        open_ = _open(
            cannot, breastfeeding=known.state("breastfeeding", since=born), contraception=known.state("contraception")
        )
        return StageChip(f"Postpartum, {(on - born).days // 7} weeks{milk}", "", icon, "postpartum", open_)
    is_not = statements and statements[-1][1] == "not pregnant" and _fresh(statements[-1][0], on)
    pregnancy = "" if is_not else NOT_KNOWN if statements else NOBODY_ASKED
    if newest.get("menopause", (on, ""))[1] == "post":
        return StageChip("After menopause", group="after")
    if "menopause" in newest:
        open_ = _open(cannot, pregnancy="" if known.prevents else pregnancy, contraception=known.state("contraception"))
        return StageChip("Perimenopause", group="perimenopause", open=open_)
    if newest.get("planning", (on, ""))[1] == "yes":
        return StageChip("Trying for a baby", "preg", "sprout", "trying", _open(cannot, pregnancy=pregnancy))
    if "contraception" in newest:
        open_ = _open(cannot, pregnancy="" if known.prevents else pregnancy)
        if known.state("contraception"):
            return StageChip("Cycle, contraception not known", icon="droplet", open=open_)
        named = ", ".join(knowledge().name_of(one) for one in known.methods).lower().replace("iud", "IUD")
        return StageChip(f"Cycle, {named or 'no contraception'}", icon="droplet", open=open_)
    if not pregnancy:
        return StageChip("Not pregnant", open=_open(cannot, contraception=known.state("contraception")))
    if statements or newest.keys() & {"planning", "breastfeeding", "period"}:
        open_ = _open(cannot, pregnancy=pregnancy, contraception=known.state("contraception"))
        return StageChip("Life stage not known", group="not asked", open=open_)
    return StageChip(NOT_ASKED, group="not asked")


@dataclass(frozen=True, slots=True)
class _Known:
    """What she told last of each topic, and the last day that tells of a pregnancy, or of the end of one."""

    newest: dict[str, tuple[date, str]]
    pregnancy: date

    def state(self, topic: str, since: date = date.min) -> str:
        """Empty: it is known. What was said before a pregnancy, or before that day, is not known of now."""
        since = max(since, self.pregnancy) if topic == "contraception" else since
        if topic not in self.newest:
            return NOBODY_ASKED
        day, value = self.newest[topic]
        return NOT_KNOWN if value == "unknown" or day < since else ""

    @property
    def methods(self) -> list[str]:
        """What she uses; empty: none, or not known."""
        told = "" if self.state("contraception") else self.newest["contraception"][1]
        return [one for one in told.split(",") if one and one != "none"]

    @property
    def prevents(self) -> bool:
        """Is one of them relied on by itself?"""
        book = knowledge().methods
        return any(one in book and book[one].effective for one in self.methods)


def _open(cannot: bool, **topics: str) -> str:
    """ "Pregnancy and contraception not asked", "Breastfeeding not asked, contraception not known"; empty: nothing."""
    if cannot:
        topics |= {"pregnancy": "", "contraception": ""}
    of = {state: [topic for topic, one in topics.items() if one == state] for state in (NOBODY_ASKED, NOT_KNOWN)}
    words = ", ".join(f"{' and '.join(named)} {state}" for state, named in of.items() if named)
    return f"{words[:1].upper()}{words[1:]}"


def _last(told: Told, on: date, topics: Sequence[str]) -> date | None:
    """The last day, up to this one, that an answer of these topics names."""
    days = (date.fromisoformat(one.value) for _, one in told if one.topic in topics)
    return max((day for day in days if day <= on), default=None)


def last_pregnancy(told: Told, on: date) -> date:
    """The last day on which anybody told of a pregnancy, or of the end of one: what she used before is no answer."""
    ended = _last(told, on, ("delivery", "ended"))
    days = [day for day, one in told if one.topic in ("gestation", "due") or one.value == "pregnant"]
    return max((date.min if ended is None else ended, *days))


def _overtaken(day: date, one: Said, over: date) -> bool:
    """Was it said of a pregnancy that is over?  That she is not pregnant may be said on the very day."""
    return one.topic in OF_A_PREGNANCY and (day < over or (day == over and one.value != "not pregnant"))


def _statements(told: Told, on: date) -> list[tuple[date, str]]:
    """Whether she is pregnant, by each who said so. One that ended early says that she is not, from its own day on."""
    found = [(day, one.value) for day, one in told if one.topic == "pregnancy"]
    ended = [date.fromisoformat(one.value) for _, one in told if one.topic == "ended"]
    return sorted([*((day, "not pregnant") for day in ended if day <= on), *found], key=lambda one: one[0])


def _disagree(statements: Sequence[tuple[date, str]], on: date) -> bool:
    """Do two statements that both still count contradict each other?  The cautious one then stands after her name.
    "Pregnant" on a later day than "not pregnant" is news and no contradiction, as `fhir/read_stage.py` reads it."""
    last = {value: day for day, value in statements if _fresh(day, on)}
    return {"pregnant", "not pregnant"} <= last.keys() and last["pregnant"] <= last["not pregnant"]


def _fresh(day: date, on: date) -> bool:
    """Does a statement of this day on a pregnancy still count by itself?"""
    return 0 <= (on - day).days <= (knowledge().stages["pregnancy"].fresh_days or 0)


def _weeks(newest: dict[str, tuple[date, str]], on: date) -> str:
    """ ", 22 weeks", run forward from the newest count or from the due date; empty: not known."""
    if "gestation" in newest:
        day, days = newest["gestation"]
        return f", {(int(days) + (on - day).days) // 7} weeks"
    if "due" in newest:
        return f", {(280 - (date.fromisoformat(newest['due'][1]) - on).days) // 7} weeks"  # 40 weeks to a due date
    return ""
