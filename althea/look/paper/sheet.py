"""What does every paper hold, whichever it is?  Who it is for, who made it, her words, and whom to call."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..words import day

LONGEST_NAME = 60
"""Letters of her name in the small print below each sheet; at the top it always stands whole."""


@dataclass(frozen=True)
class Made:
    """Whose paper is this, and how did it come about?

    `called` is the name she goes by.  `with_whom` are the people it was made with, she among them if she was there.
    """

    called: str
    day: date
    version: int
    by: str
    with_whom: tuple[str, ...] = ()
    born: date | None = None
    clinic: str = ""
    sources: str = ""


@dataclass(frozen=True)
class HerWords:
    """What did she say, and when?  `language` is the one she said it in, so that it is read aloud in it."""

    words: str
    said_on: date | None = None
    language: str = "en"


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it: a text, the one sentence of it in bold, points."""

    heading: str
    words: str = ""
    key: str = ""
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class Advice(Section):
    """Words that hold for more women than her, with their source.

    Without `reviewed_by`, a licensed clinician's name, the paper says that none has reviewed them.
    """

    source: str = ""
    reviewed_by: str = ""


@dataclass(frozen=True)
class Call:
    """When to call whom: "Any time, if I may hurt myself", "call or text", "988"."""

    when: str
    how: str
    number: str


def heading(made: Made) -> dict[str, Any]:
    """What do the top and the foot of each sheet say?

    In pieces, of which the template makes the sentence: so a name read from the right does not pull the date along.
    """
    return {
        "called": made.called,
        "short": short(made.called),
        "born": day(made.born) if made.born else "",
        "by": made.by,
        "with_whom": made.with_whom,
        "clinic": made.clinic,
        "date": made.day,
        "day": day(made.day),
        "version": made.version,
        "sources": made.sources,
    }


def her_words(said: HerWords) -> dict[str, Any]:
    """How do her words stand on the paper?  Raises ValueError for a language that is not of two or three letters."""
    if not re.fullmatch(r"[a-z]{2,3}", said.language):
        raise ValueError(f"{said.language!r} is no language: say it as en, es, ar")
    return {"words": said.words, "said_on": day(said.said_on) if said.said_on else "", "language": said.language}


def short(name: str) -> str:
    """How does a name stand where there is one line for it?"""
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"
