"""What is counted of everyone, besides their findings?  In general words, so that reasons can be counted."""

from __future__ import annotations

import re
import resource
import sys
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from althea.engine.finding import Review
from althea.knowledge.schema.evidence import Level

NUMBERS = re.compile(r"\d[\d.,:/-]*")
QUOTED = re.compile(r"“[^”]*”")


@dataclass(slots=True)
class Waited:
    """How many people, and which rules, waited for one missing thing; the loudest those rules could be."""

    people: int = 0
    could_be: Level = Level.INFO
    rules: set[str] = field(default_factory=set)

    def add(self, other: Waited) -> None:
        self.people += other.people
        self.could_be = max(self.could_be, other.could_be)
        self.rules |= other.rules


@dataclass(slots=True)
class Tally:
    """What was counted; tallies of workers add up."""

    patients: int = 0
    adults: int = 0
    women: int = 0
    orphans: int = 0
    not_checked: Counter[str] = field(default_factory=Counter)
    waited: dict[str, Waited] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    peak_mb: int = 0

    def add(self, other: Tally) -> None:
        self.patients += other.patients
        self.adults += other.adults
        self.women += other.women
        self.orphans += other.orphans
        self.not_checked.update(other.not_checked)
        self.errors.update(other.errors)
        self.unread.update(other.unread)
        for missing, one in other.waited.items():
            self.waited.setdefault(missing, Waited()).add(one)
        self.peak_mb = max(self.peak_mb, other.peak_mb)

    def count(self, answer: Review) -> None:
        """What waited for what in one person, and what of hers could not be read."""
        hers: dict[str, None] = {}
        for one in answer.not_checked:
            if one.error:
                self.errors[f"{one.rule}: {one.error}"] += 1
            for missing in one.missing:
                words = _in_general(missing)
                hers[words] = None
                waited = self.waited.get(words)
                if waited is None:
                    waited = self.waited[words] = Waited()
                if one.rule not in waited.rules:  # how loud a rule could be is the same of everybody
                    waited.rules.add(one.rule)
                    waited.could_be = max(waited.could_be, one.could_be)
        for words in hers:
            self.waited[words].people += 1
        for note in set(answer.notes):
            if note.endswith("not checked."):
                self.unread["medicines that are not in Althea's knowledge"] += 1
            else:
                self.unread[_in_general(note)] += 1


def memory() -> tuple[int, int]:
    """(the most megabytes of memory this process took, what it takes now).

    Linux hands a new process the high-water mark of the one that started it (`ru_maxrss`), so a worker would seem as
    large as this process was while it read; `/proc` counts from the worker's own beginning.
    """
    try:
        told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":" in line)
        return int(told["VmHWM"].split()[0]) // 1024, int(told["VmRSS"].split()[0]) // 1024
    except (OSError, KeyError):
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 * 1024 if sys.platform == "darwin" else 1024)
        return most, most


@lru_cache(maxsize=4096)
def _in_general(words: str) -> str:
    """A reason without her numbers and words, so that reasons can be counted."""
    return NUMBERS.sub("n", QUOTED.sub("“…”", words))
