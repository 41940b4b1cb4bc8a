"""Which of the knowledge's phrases does a line of text say, and which does it deny?

Only whole phrases count, the longest first, and each word is used once: "family history of bipolar" is not "bipolar".
A phrase is denied when a word of negation stands before it in its clause ("no bipolar history"), or right after it
("rash: absent"). What is said of a relative is not said of her.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from msgspec import Struct

CLAUSES = re.compile(r"[,;.!?\n]+(?!\d)|\bbut\b|\bhowever\b|\balthough\b|\band (?=has\b|had\b|reports\b|now\b|is\b)")
WORD = re.compile(r"[a-z0-9%+*]+")
NEGATIONS = frozenset(("no", "not", "never", "denies", "denied", "denying", "without", "nil", "non", "cannot", "none"))
CARRIES = frozenset(("denies", "denied", "denying"))
"""These deny a whole list: "denies rash, fever, vomiting"."""
ASSERTS = frozenset(("has", "had", "reports", "reported", "with", "having", "now", "new", "complains", "admits"))
DENIED_AFTER = frozenset(("absent", "denied", "negative", "excluded", "no", "none", "nil"))
RELATIVES = frozenset(
    (
        "mother", "mothers", "father", "fathers", "sister", "sisters", "brother", "brothers", "aunt", "uncle", "cousin",
        "family", "grandmother", "grandfather", "parent", "parents", "sibling", "siblings", "son", "daughter",
        "husband",
        "partner",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases by their first word, the longest first, each with the groups it belongs to."""

    by_first: dict[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]

    @classmethod
    def of(cls, groups: Iterable[tuple[str, Iterable[str]]]) -> Phrases:
        meant: dict[tuple[str, ...], list[str]] = {}
        for group, phrases in groups:
            for phrase in phrases:
                words = tuple(plain_words(phrase))
                if words and group not in meant.setdefault(words, []):
                    meant[words].append(group)
        firsts: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
        for words, found in meant.items():
            firsts.setdefault(words[0], []).append((words, tuple(found)))
        return cls({word: tuple(sorted(found, key=lambda one: -len(one[0]))) for word, found in firsts.items()})

    def at(self, words: list[str], start: int) -> tuple[int, tuple[str, ...]] | None:
        """(words used, groups) of the longest phrase that begins here."""
        for phrase, groups in self.by_first.get(words[start], ()):
            if tuple(words[start : start + len(phrase)]) == phrase:
                return len(phrase), groups
        return None


class Heard(Struct, frozen=True, gc=False):
    """The groups a line says and those it denies. `of_relative`: it speaks of somebody else."""

    says: tuple[str, ...] = ()
    denies: tuple[str, ...] = ()
    of_relative: bool = False


def plain_words(text: str) -> list[str]:
    """Words and digits only, lower case; an apostrophe does not part a word."""
    return WORD.findall(text.lower().replace("'", "").replace("’", ""))


def heard(text: str, phrases: Phrases) -> Heard:
    """What does this line say and deny?"""
    says: dict[str, None] = {}
    denies: dict[str, None] = {}
    of_relative = carried = False
    for clause in CLAUSES.split(text.lower()):
        words = plain_words(clause or "")
        if words and carried and words[0] in ASSERTS:
            carried = False
        negated = carried
        relative = False
        hers: list[tuple[tuple[str, ...], int, int]] = []
        """Groups that this clause says of her so far, with where they begin and end."""
        at = 0
        while at < len(words):
            hit = phrases.at(words, at)
            if hit is not None:
                used, groups = hit
                after = words[at + used] if at + used < len(words) else ""
                somebody_else = relative or _names_relative(words[at + used : at + used + 4])
                if negated or after in DENIED_AFTER:
                    denies.update(dict.fromkeys(groups))
                elif somebody_else and not any("family" in group for group in groups):
                    of_relative, begin = True, at
                    while hers and words[hers[-1][2] : begin] == ["or"]:  # "mania or psychosis in her sister"
                        begin = hers.pop()[1]
                else:
                    hers.append((groups, at, at + used))
                at += used
                continue
            word = words[at]
            if word in NEGATIONS:
                negated = True
                carried = carried or word in CARRIES
            elif word in RELATIVES:
                relative = True
            at += 1
        for groups, _, _ in hers:
            says.update(dict.fromkeys(groups))
    return Heard(tuple(says), tuple(one for one in denies if one not in says), of_relative)


def _names_relative(words: list[str]) -> bool:
    """Does what follows say whose it is?  "in her brother", "of mother"."""
    return bool(words) and words[0] in ("in", "of", "her") and any(word in RELATIVES for word in words)


def negated(text: str, word: str) -> bool:
    """Is this word denied where it stands?  "not haemolysed"."""
    before = plain_words(text.lower().partition(word)[0])[-4:]
    return any(one in NEGATIONS for one in before)
