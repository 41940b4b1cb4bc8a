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
from althea.engine.facts import Condition
from althea.knowledge.load import ROOT

SHOWN = 8
"""Codes offered at once; more is a search to make narrower."""
OURS = re.compile(r"^(F|N94\.3|O)")
"""Chapters that a visit here is mostly about stand first: mind and mood, the cycle, pregnancy and birth."""


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


def in_her_words(conditions: tuple[Condition, ...]) -> dict[str, str]:
    """What is it in plain words?  Diagnosis (its code) -> what a comparison of options calls it to her."""
    plain: dict[str, str] = {}
    for row in conditions:
        for choice in knowledge().choices.values():
            fits = set(row.groups).intersection(choice.conditions) and not set(row.groups).intersection(choice.without)
            if fits and row.code:
                plain[row.code.replace(".", "")] = choice.for_her
    return plain
