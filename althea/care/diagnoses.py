"""Which diagnosis does she mean?  ICD-10-CM codes by number or by words, from the code list of the knowledge.

Only codes that stand in the list are offered. What has no code is kept in words, and the checks then read it as a line
of text: it raises at most a warning.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache

from althea.care.known import knowledge
from althea.engine import stage as life
from althea.engine.facts import Condition, Facts
from althea.knowledge.load import ROOT
from althea.knowledge.schema.choice import Choice

SHOWN = 8
"""Codes offered at once; more is a search to make narrower."""
OURS = re.compile(r"^(F|N94\.3|O)")
"""Chapters that a visit here is mostly about stand first: mind and mood, the cycle, pregnancy and birth."""
AFTER_BIRTH = ("after-birth",)
NARROWER = {"bipolar": "bipolar-depression"}
"""Groups that hold other states than the one a comparison's words speak of, and the group of which they are true."""
SAID = {
    "Major depressive disorder, recurrent": "depression that came back",
    "Major depressive disorder, single episode": "depression",
    "Bipolar disorder": "bipolar disorder",
}
BETTER = {"full remission": "now fully better", "partial remission": "now partly better", "remission": "now better"}
"""How the titles of the code list begin and say that she is better, and the same in plain words."""


@dataclass(frozen=True, slots=True)
class Code:
    """A code and what the list calls it."""

    code: str
    text: str


@cache
def codes() -> dict[str, Code]:
    """The whole list, by code as it is written (F32.1)."""
    with (ROOT / "codes" / "icd10cm.csv").open(encoding="utf-8", newline="") as lines:
        return {row["code"]: Code(row["code"], row["description"]) for row in csv.DictReader(lines)}


@cache
def _said() -> tuple[tuple[Code, str], ...]:
    """Each code with everything it may be called: its own words, and those of the groups it belongs to."""
    called: dict[str, list[str]] = {code: [one.text] for code, one in codes().items()}
    for group in knowledge().conditions.values():
        for code in called:
            if code.startswith(group.icd10cm) and not code.startswith(group.not_icd10cm):
                called[code] += [group.id, group.name, *group.phrases]
    return tuple((codes()[code], _words(" ".join(names))) for code, names in called.items())


def _words(text: str) -> str:
    """ " a few words": each with a space before it, so that a word is found from its beginning only."""
    return "".join(f" {word}" for word in re.findall(r"\w+", text.lower()))


def search(words: str) -> list[Code]:
    """Codes that begin with what was typed, or of which every word is said. The plainest first, at most `SHOWN`."""
    typed = words.strip()
    if not typed:
        return []
    number = typed.upper().replace(" ", "")
    if re.fullmatch(r"[A-Z]\d[0-9A-Z.]*", number):
        bare = number.replace(".", "")
        begins = [one for one in codes().values() if one.code.replace(".", "").startswith(bare)]
        return sorted(begins, key=lambda one: (len(one.code), one.code))[:SHOWN]
    wanted = [f" {word}" for word in re.findall(r"\w+", typed.lower())]
    found = [
        (not OURS.match(one.code), not all(word in _words(one.text) for word in wanted), len(one.text), one.code, one)
        for one, said in _said()
        if wanted and all(word in said for word in wanted)
    ]
    return [row[-1] for row in sorted(found, key=lambda row: row[:-1])[:SHOWN]]


def in_her_words(facts: Facts) -> dict[str, str]:
    """What is each diagnosis in plain words?  Its bare code (F3342) -> words; a code without any keeps its own name.

    The words are those of a comparison of options, or of the code's own title where that says she is better.
    """
    plain: dict[str, str] = {}
    for row in facts.conditions:
        bare = row.code.replace(".", "")
        title = _titles().get(bare, "")
        if "remission" in f"{title} {row.text}".lower():
            words = _better(title)
        else:
            words = _compared(row, facts)
        if bare and words:
            plain[bare] = words
    return plain


@cache
def _titles() -> dict[str, str]:
    """Title of each code, by code without its point."""
    return {code.replace(".", ""): one.text for code, one in codes().items()}


def _better(title: str) -> str:
    """ "Major depressive disorder, recurrent, in full remission" -> "depression that came back, now fully better"."""
    what = next((words for begins, words in SAID.items() if title.startswith(begins)), "")
    how = next((words for says, words in BETTER.items() if says in title), "")
    return f"{what}, {how}" if what and how else ""


def _compared(row: Condition, facts: Facts) -> str:
    """What a comparison of options calls it. Of a birth only where her record has one, or the diagnosis names it."""
    fits = [
        (one, groups)
        for one in knowledge().choices.values()
        if (groups := {NARROWER.get(group, group) for group in one.conditions}.intersection(row.groups))
        and not set(one.without).intersection(row.groups)
    ]
    # A group that a single situation is about says it by itself; for the others it depends on her life stage.
    named = [one for one, groups in fits if any(_only_of(one, group) for group in groups)]
    after = [one for one, _ in fits if one.stages == AFTER_BIRTH and _since_birth(one, facts)]
    at_any_time = [one for one, _ in fits if "neither" in one.stages]
    return next((one.for_her for one in (*named, *after, *at_any_time)), "")


def _only_of(choice: Choice, group: str) -> bool:
    return not any(group in one.conditions for one in knowledge().choices.values() if one.id != choice.id)


def _since_birth(choice: Choice, facts: Facts) -> bool:
    """Is her last birth on record as near as this situation asks?  None on record, or pregnant again: no."""
    days = life.postpartum_days(facts)
    near = days is not None and choice.within_days is not None and days <= choice.within_days
    return near and life.pregnancy_now(facts, knowledge())[0] != "pregnant"
