"""What is a rating scale?  Its questions, how the answers add up, what a total means, and what its owner allows.

A scale is data; `engine/scoring.py` knows how to add but no number. `text` may hold an item's wording only where
`wording` is "text": there `licence_source` names the place where the owner's sentence was read. "score-entry" scales
are answered elsewhere and their numbers entered; of "scoring-only" scales not even the recall words are ours to show.

Every number says where it was read: `evidence` has one entry for each of the cut-offs, the bands, the flags and the
two thresholds of change, under the name it has here.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from althea.knowledge.schema.evidence import STRICT, Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question, in the scale's order.

    `id` is its name in a record and in a file of answers ("item 9", "q6_3months"), `also` other names it goes by.
    `low`, `high`: the score as scored. `step`: how far apart the printed options are. `reversed`: the printed options
    run from the highest score down (for yes-no: "no" scores 1). `counts` false: asked, but not part of the total.
    `counts_from`: worth one point from this answer on, nothing below (a shaded box). `critical_from`: from this
    answer on it asks for something by itself. `about`: what it asks of: only self-harm opens the help page. `optional`:
    a total can do without it. `short`: our own word for what it asks, said of an answer that changed, where the whole
    question is too long to stand again; no part of the scale, and never what she is asked.
    """

    __pydantic_config__ = STRICT

    id: str
    also: tuple[str, ...] = ()
    answer: Literal["number", "yes-no", "choice"] = "number"
    choices: tuple[str, ...] = ()
    """Words of a "choice", lowest first."""
    low: int = 0
    high: int = 3
    step: int = 1
    reversed: bool = False
    counts: bool = True
    counts_from: int | None = None
    critical_from: int | None = None
    about: Literal["", "self-harm"] = ""
    optional: bool = False
    loinc: str = ""
    text: str = ""
    short: str = ""

    @property
    def harm_from(self) -> int | None:
        """From which answer on does it tell of self-harm?  None: it asks of something else, or has no such line."""
        return self.critical_from if self.about == "self-harm" else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """Items that make one score: their sum, or the highest of them."""

    __pydantic_config__ = STRICT

    name: str
    items: tuple[str, ...]
    by: Literal["sum", "highest"] = "sum"


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A named range of totals, both ends included."""

    __pydantic_config__ = STRICT

    low: int
    high: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """At least `count` of these items answered with `at_least` or more."""

    __pydantic_config__ = STRICT

    items: tuple[str, ...]
    at_least: int = 1
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A named answer of the scale. `yes` and `no` are the bands, where this flag and not the total makes them."""

    __pydantic_config__ = STRICT

    name: str
    when: Literal["all", "any"] = "all"
    criteria: tuple[Criterion, ...]
    yes: str = ""
    no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """The scale does not ask `items` when the answers to `when` add up to `at_most` or less."""

    __pydantic_config__ = STRICT

    items: tuple[str, ...]
    when: tuple[str, ...]
    at_most: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Claim):
    """Where one thing a scale says was read. `about`: "bands", "ge10", "reliable_change", "licence", a flag's name."""

    about: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale(Claim):
    """One scale. Its own `sources` and `mark` are for the items, their scores and how they add up.

    `cite`: the paper or form, as people cite it. `group`: a name under which the counted answers may be given
    together, as a list or as how many. `levels`: triage, loudest first; the first that fires is the level and
    `no_level` the band when none does. `answers_level`: a level by answers that only rules ask for and no result
    shows. `reliable_change`, `remission_below`: in points.
    """

    id: str
    name: str
    title: str
    cite: str
    aliases: tuple[str, ...] = ()
    recall: str = ""
    stem: str = ""
    choices: tuple[str, ...] = ()
    items: tuple[Item, ...]
    group: str = ""
    skips: tuple[Skip, ...] = ()
    either: tuple[tuple[str, ...], ...] = ()
    """Of each group the form asks for one answer only."""
    domains: tuple[Domain, ...] = ()
    total_of: Literal["items", "domains"] = "items"
    bands: tuple[Band, ...] = ()
    cuts: tuple[int, ...] = ()
    flags: tuple[Flag, ...] = ()
    levels: tuple[Flag, ...] = ()
    no_level: str = ""
    answers_level: tuple[Flag, ...] = ()
    reliable_change: Decimal | None = None
    remission_below: Decimal | None = None
    loinc_total: tuple[str, ...] = ()
    loinc_panel: str = ""
    wording: Literal["text", "score-entry", "scoring-only"] = "scoring-only"
    licence: str
    licence_source: str
    attribution: str
    evidence: tuple[Evidence, ...] = ()

    @property
    def method(self) -> str:
        """How does the total come about: "sum" of all items, of some ("count"), of "domains", or "none"?"""
        if self.total_of == "domains":
            return "domains"
        if not any(item.counts for item in self.items):
            return "none"
        plain = all(item.counts and item.counts_from is None for item in self.items)
        return "sum" if plain else "count"

    @property
    def highest(self) -> int:
        """The highest total; 0 for a scale without one."""
        most = {item.id: (item.high if item.counts_from is None else 1) * item.counts for item in self.items}
        if self.total_of == "items":
            return sum(most.values())
        domains = [(domain.by, [most[name] for name in domain.items]) for domain in self.domains]
        return sum(max(scores) if by == "highest" else sum(scores) for by, scores in domains)
