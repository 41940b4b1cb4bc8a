"""What does she see when options are compared?  Frozen, and plain when stored: the exact words she chose by are kept.

Everything here is finished text or a number with its source and mark; a page only lays it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from althea.knowledge.schema.choice import OUT_OF


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitShown:
    """How much may it help, in one situation?

    `anyway` and `more` are of `of` people: better without it, and better because of it. None: no number that could be
    checked, and `for_her` says so. `anyway_low` to `anyway_high` and `more_low` to `more_high`: the range.
    `here`: studied in her situation. `calculated`: how, where the source gives a ratio and not a count. `family`: the
    number is of these medicines together.
    """

    situation: str
    of: int = OUT_OF
    anyway: int | None = None
    more: int | None = None
    anyway_low: int | None = None
    anyway_high: int | None = None
    more_low: int | None = None
    more_high: int | None = None
    weeks: str = ""
    outcome: str = ""
    of_whom: str = ""
    family: str = ""
    here: bool
    for_her: str
    studied: str
    limits: str
    certainty: str = ""
    calculated: str = ""
    sources: tuple[str, ...]
    mark: str

    @property
    def better(self) -> int | None:
        """How many feel much better in all?"""
        return None if self.anyway is None or self.more is None else self.anyway + self.more


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicShown:
    """One option in one matter. `hers`: she said that it matters to her. `standing`: for, between, against."""

    about: str
    name: str
    hers: bool
    grade: str
    standing: str
    in_short: str
    for_her: str
    says: str
    sources: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundShown:
    """What the safety check says of proposing it today."""

    rule: str
    level: str
    title: str
    why: str
    do: tuple[str, ...]
    for_her: str
    sources: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionShown:
    """One option. `because`: why it stands where it stands, in the order of her values. `taking`: she takes it now.

    `held`: what must be talked about before it is offered; where there is any, she does not see it as an option.
    `found`: the rest of the safety check. `not_checked`: what could not be asked of her, and what was missing.
    `proposed`: the dose the check was asked about, in words.
    """

    id: str
    kind: str
    name: str
    for_her: str
    means: tuple[str, ...]
    benefits: tuple[BenefitShown, ...]
    topics: tuple[TopicShown, ...]
    because: tuple[str, ...]
    taking: bool
    past: tuple[str, ...]
    past_for_her: tuple[str, ...]
    proposed: str
    held: tuple[FoundShown, ...]
    found: tuple[FoundShown, ...]
    not_checked: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SituationShown:
    """A situation of hers in which options were compared."""

    id: str
    name: str
    for_her: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceShown:
    """A document that was cited: every number's source can be named on paper."""

    id: str
    title: str
    publisher: str
    edition: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The comparison for one woman on one day.

    `offered` stand in the order of her `values`; `not_without_a_talk` are for her prescriber, with the reasons in
    `held`. `notes` for her prescriber: assumptions, what does not apply, what was not known. `order_in_words`,
    `caution`: to be shown with every comparison.
    """

    on: date
    jurisdiction: str
    knowledge: str
    clinical_review: str
    values: tuple[str, ...]
    values_in_words: tuple[str, ...]
    situations: tuple[SituationShown, ...]
    offered: tuple[OptionShown, ...]
    not_without_a_talk: tuple[OptionShown, ...]
    order_in_words: str
    caution: str
    notes: tuple[str, ...]
    sources: tuple[SourceShown, ...]

    def as_shown(self) -> dict[str, Any]:
        """The whole as plain text, numbers, lists and dictionaries: what is stored with her decision."""
        plain: dict[str, Any] = _plain(self)
        return plain


def _plain(thing: Any) -> Any:
    if is_dataclass(thing) and not isinstance(thing, type):
        return {one.name: _plain(getattr(thing, one.name)) for one in fields(thing)}
    if isinstance(thing, Mapping):
        return {str(key): _plain(value) for key, value in thing.items()}
    if isinstance(thing, (tuple, list)):
        return [_plain(one) for one in thing]
    if isinstance(thing, Enum):
        return _plain(thing.value)
    if isinstance(thing, Decimal):
        return str(thing)
    return thing.isoformat() if isinstance(thing, date) else thing
