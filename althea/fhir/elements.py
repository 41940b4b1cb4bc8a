"""What stands in this element, if it stands there at all?

Real and hostile input puts strings where objects belong and objects where lists belong. These readers never raise:
what has the wrong shape reads as absent, and the caller says that it could not be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from math import isfinite
from typing import Any, TypeVar

from msgspec import msgpack

Json = dict[str, Any]
MEANING = TypeVar("MEANING")
WRITTEN_OUT = msgpack.Encoder().encode
NOTHING: Json = {}
LONGEST_QUOTE = 160
LONGEST_SHAPE = 500
"""Bytes."""
LONGEST_READ = 2000
"""Characters of a text that are looked at: nobody writes a longer dose line, and a hostile one must not cost time."""


def an_object(value: Any) -> Json:
    """The object here; empty where there is none."""
    return value if isinstance(value, dict) else NOTHING


def objects(value: Any) -> list[Json]:
    """The objects of a list; one object alone counts as a list of one."""
    if isinstance(value, list):
        return [one for one in value if isinstance(one, dict)]
    return [value] if isinstance(value, dict) else []


def a_text(value: Any) -> str:
    """The text here; empty where there is none."""
    return value[:LONGEST_READ].strip() if isinstance(value, str) else ""


def a_number(value: Any) -> Decimal | None:
    """The number here, exactly as it was written. True and false are not numbers."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float) and isfinite(value):
        return Decimal(str(value))
    return None


def codings(concept: Any) -> Iterator[tuple[str, str, str]]:
    """(system, code, display) of each coding that has a code or a display."""
    if not concept:
        return
    for coding in objects(an_object(concept).get("coding")):
        code = coding.get("code")
        if isinstance(code, int) and not isinstance(code, bool):
            code = str(code)[:20]  # a known slip: codes sent as numbers
        found = a_text(coding.get("system")), a_text(code), a_text(coding.get("display"))
        if found[1] or found[2]:
            yield found


def first_known(concept: Any, table: Mapping[str, MEANING]) -> MEANING | None:
    """What does the first coding mean whose code the table holds?"""
    try:  # by far the most common shape
        found = table.get(concept["coding"][0]["code"])
        if found is not None:
            return found
    except (KeyError, IndexError, TypeError):
        pass
    for _, code, _ in codings(concept):
        if code in table:
            return table[code]
    return None


def first_code(concept: Any) -> str:
    """The code of a status: the first coding's, or the text where somebody wrote it as text."""
    if concept is None:
        return ""
    if isinstance(concept, str):
        return concept.strip().lower()
    try:  # by far the most common shape
        code = concept["coding"][0]["code"]
        if type(code) is str and (said := code[:LONGEST_READ].strip()):
            return said.lower()
    except (KeyError, IndexError, TypeError):
        pass
    for _, code, _ in codings(concept):
        return code.lower()
    return a_text(an_object(concept).get("text")).lower()


def words_of(concept: Any) -> str:
    """What a concept is called: its text, else the first display, else the first code."""
    if isinstance(concept, str):
        return a_text(concept)
    said = a_text(an_object(concept).get("text"))
    if said:
        return said
    known = list(codings(concept))
    return next((display for _, _, display in known if display), known[0][1] if known else "")


def shape_of(value: Any) -> bytes | None:
    """A key under which what was read from this element is remembered: the element itself, written out.

    MessagePack tells 1, 1.0 and true apart, and so must whoever remembers. None where the element cannot be written so
    (half a character, a number of thirty digits) or is too long to be one that comes again. What is kept under it must
    be bounded.
    """
    try:
        key = WRITTEN_OUT(value)
    except (RecursionError, OverflowError, UnicodeEncodeError, TypeError):
        return None
    return key if len(key) <= LONGEST_SHAPE else None


def quoted(text: str) -> str:
    """A text of hers on one line and not too long, to be shown in quotation marks."""
    line = " ".join(text[: LONGEST_QUOTE * 2].split())
    return line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 1] + "…"
