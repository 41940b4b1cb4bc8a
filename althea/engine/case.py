"""What is one review asked about, and what of it was already looked up?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from althea.engine.facts import Facts, Result
from althea.engine.finding import Evidence, NotChecked
from althea.engine.taken import Taken
from althea.knowledge import Knowledge


class Said(Struct, frozen=True, gc=False):
    """`holds` None: not known, and `missing` names what would tell. `capped`: it rests on a line of text."""

    holds: bool | None
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()
    capped: bool = False


NO = Said(False)
YES = Said(True)


class Met(Struct):
    """What was looked up or put into words once for a knowledge, not for each person."""

    stamp: str
    teratogens: frozenset[str]
    members: dict[tuple[str, ...], frozenset[str]] = {}
    words: dict[tuple[str, str], str] = {}
    unasked: dict[tuple[str, str], tuple[Any, NotChecked]] = {}
    """Checks that could not be made, with where each stands in order."""
    names: dict[str, str] = {}
    methods: dict[str, Taken] = {}
    waits: dict[tuple[Any, ...], tuple[NotChecked, ...]] = {}
    """What surely waits and nothing else, in order, by the plans it stands in."""
    absent: dict[str, Any] = {}
    """What a rule says that misses something, by the rule: the same of everybody."""


class Case(Struct, gc=False):
    """One review: the facts with the order applied, and what is taken."""

    facts: Facts
    knowledge: Knowledge
    taken: Mapping[str, Taken]
    groups: Mapping[str, tuple[Any, ...]]
    jurisdiction: str
    blind: tuple[str, ...]
    """Topics that were not looked through whole: what is absent from them may be there."""
    keys: set[str]
    """What she holds up to the gates of rules: ids of all she takes and has, and a few words of her stage of life."""
    met: Met
    said: dict[str, Said] = {}
    """Answered once for each review."""
    _newest: dict[str, date] | None = None
    """The newest day of each measure and each scale of hers, once any was asked for."""

    def members(self, things: tuple[str, ...]) -> frozenset[str]:
        """Which medicines and methods do these names cover?  Looked up once for each list of names."""
        found = self.met.members.get(things)
        if found is None:
            found = self.met.members[things] = self.knowledge.members(things)
        return found

    def last_seen(self, measures: tuple[str, ...]) -> date | None:
        """The newest day any of them was seen, unreadable results included: somebody looked."""
        newest = self._newest
        if newest is None:
            facts = self.facts
            newest = self._newest = {
                key: rows[0].on for kind in (facts.scores, facts.results) for key, rows in kind.items() if rows
            }
        last: date | None = None
        for one in measures:
            on = newest.get(one)
            if on is not None and (last is None or on > last):
                last = on
        return last

    def name_of(self, thing: str) -> str:
        """What is this medicine, class or method called?"""
        found = self.met.names.get(thing)
        if found is None:
            found = self.met.names[thing] = self.knowledge.name_of(thing)
        return found


def measured(name: str, unit: str, result: Result, value: str) -> Evidence:
    """A result as a finding shows it: its value, and, where it was worked out, from what."""
    how = f" ({result.said})" if result.said else ""
    words = f"{name} {value} {unit}".strip()
    return Evidence(words + how, result.on, result.ref, f"{words} {result.on}")
