"""How do we know?  What every claim carries: its source, how far it was read, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from typing import Any

STRICT = {"extra": "forbid"}


class Mark(StrEnum):
    """How far a claim was followed to its primary document."""

    READ = "read"
    READ_TWICE = "read-twice"
    UNVERIFIED = "unverified"


class Level(IntEnum):
    """How loud is a finding?  The three indicators of CDS Hooks."""

    INFO = 0
    WARNING = 1
    CRITICAL = 2

    @property
    def word(self) -> str:
        return self.name.lower()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """Lets a record write `level = "warning"`."""
        from pydantic_core import core_schema

        def read(value: Any) -> Level:
            if isinstance(value, cls):
                return value
            if isinstance(value, str) and value in ("info", "warning", "critical"):
                return cls[value.upper()]
            raise ValueError("a level is info, warning or critical")

        return core_schema.no_info_plain_validator_function(read)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a record must say about where it comes from.

    `sources` are places in documents, "sertraline-label#5.3": the part before the hash is a record in `sources/`.
    `read_on` is the day the place was opened and the number read from it, `checked_on` the day somebody else did so
    again. `note` holds the number's exact conditions, and what was doubtful.
    """

    __pydantic_config__ = STRICT

    sources: tuple[str, ...]
    mark: Mark
    read_on: date | None = None
    checked_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Which document?  `read_as` names the copy that was opened, where it was not the publisher's own page."""

    __pydantic_config__ = STRICT

    id: str
    title: str
    publisher: str
    edition: str
    url: str
    licence: str
    read_as: str = ""
    jurisdiction: str = "any"
    accessed: date | None = None
    review_by: date
