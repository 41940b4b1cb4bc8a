"""Which letters can our fonts draw, and what stands where they cannot?

A PDF that promises to be accessible may not hold a letter that no font draws, and a name must not lose letters in
silence.  So what cannot be drawn becomes a box, and the sheet says below its title which letters those were.
"""

from __future__ import annotations

import dataclasses
import re
import struct
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

FONTS = Path(__file__).with_name("fonts")
BOX = "□"
"""Stands for a letter that cannot be drawn."""
BREAK = "\u200b"
"""A place where a line may end, without a sign."""
FROM_LEFT, FROM_RIGHT, END = "\u2066", "\u2067", "\u2069"
"""Set words of either direction apart from what stands around them."""
LONG_WORD, PIECE = 24, 12
"""A word of more letters than words have may be broken after each piece: else it would run off the sheet."""

_JOINERS = "\u200c\u200d"
_WORD = re.compile(rf"[^\s{BREAK}]{{{LONG_WORD + 1},}}")
_PIECES = re.compile(rf".{{1,{PIECE}}}", re.DOTALL)


def drawn(text: str) -> tuple[str, list[str]]:
    """How is this text put on paper?  The text as it can be drawn, and the letters that stand as a box in it.

    Marks that only say in which direction to read are taken out: one of them could turn the digits of a dose around.
    Words that are read from the right are set apart, so that what follows them stays in its place.
    """
    put: list[str] = []
    boxed: list[str] = []
    for cluster in _clusters(_plain(text)):
        if _can_draw(cluster):
            put.append(cluster)
            continue
        for letter in cluster:
            if _can_draw(letter) and not _hangs_on(letter):
                put.append(letter)
            elif not _silent(letter):
                put.append(BOX)
                boxed.append(letter)
    words = _WORD.sub(lambda word: BREAK.join(_PIECES.findall(word[0])), "".join(put))
    return "\n".join(_apart(line) for line in words.split("\n")), boxed


def undrawn(paper: Any) -> list[str]:
    """Which letters of this paper will stand as a box?  Each once, in their order; for a warning before printing."""
    if dataclasses.is_dataclass(paper) and not isinstance(paper, type):
        paper = dataclasses.asdict(paper)
    if isinstance(paper, str):
        return list(dict.fromkeys(drawn(paper)[1]))
    if isinstance(paper, dict):
        paper = paper.values()
    elif not isinstance(paper, list | tuple):
        return []
    return list(dict.fromkeys(letter for part in paper for letter in undrawn(part)))


def called(letter: str) -> str:
    """What is this letter called, for people who cannot see it?  "U+1F600 grinning face"."""
    return f"U+{ord(letter):04X} {unicodedata.name(letter, 'without a name').lower()}"


def _plain(text: str) -> str:
    """One sign for each kind of gap and of line's end, letters and their accents as one, no marks of direction."""
    text = unicodedata.normalize("NFC", re.sub(r"\r\n|[\r\v\f\x85\u2028\u2029]", "\n", text))
    put = []
    for letter in text:
        if letter == "\n":
            put.append(letter)
        elif letter == "\t" or unicodedata.category(letter) == "Zs":
            put.append(letter if letter == "\u00a0" else " ")
        elif letter == "\u2011":
            put.append("-")
        elif letter not in _JOINERS and unicodedata.category(letter) == "Cf":
            continue
        else:
            put.append(letter)
    return "".join(put)


def _clusters(text: str) -> list[str]:
    """The text in pieces that one font has to draw whole: a letter and what is written above, below or joined to it."""
    found: list[str] = []
    for letter in text:
        if found and found[-1] != "\n" and _hangs_on(letter):
            found[-1] += letter
        else:
            found.append(letter)
    return found


def _apart(line: str) -> str:
    """A line with words read from the right, set apart; its direction is that of most of its letters."""
    ways = [unicodedata.bidirectional(letter) for letter in line]
    right = ways.count("R") + ways.count("AL")
    if not right:
        return line
    return f"{FROM_RIGHT if right > ways.count('L') else FROM_LEFT}{line}{END}"


def _hangs_on(letter: str) -> bool:
    """Does it stand above, below or between others, and never by itself?"""
    return letter in _JOINERS or unicodedata.category(letter).startswith("M")


def _can_draw(cluster: str) -> bool:
    return cluster == "\n" or any(all(ord(letter) in font for letter in cluster) for font in drawable())


def _silent(letter: str) -> bool:
    """Joiners and marks that choose one of several forms draw nothing by themselves."""
    return letter in _JOINERS or "VARIATION SELECTOR" in unicodedata.name(letter, "")


@cache
def drawable() -> tuple[frozenset[int], ...]:
    """What does each of our fonts draw?  Its code points, letters without an agreed meaning left out."""
    return tuple(
        frozenset(
            code for code in _code_points(path.read_bytes()) if unicodedata.category(chr(code)) not in ("Co", "Cc")
        )
        for path in sorted(FONTS.glob("*.ttf"))
    )


def _code_points(font: bytes) -> set[int]:
    """The code points of a TrueType font, from its `cmap` table (formats 4 and 12, all that our fonts have)."""
    tables = {
        font[at : at + 4]: struct.unpack(">I", font[at + 8 : at + 12])[0]
        for at in range(12, 12 + 16 * struct.unpack(">H", font[4:6])[0], 16)
    }
    cmap = tables[b"cmap"]
    found: set[int] = set()
    for index in range(struct.unpack(">H", font[cmap + 2 : cmap + 4])[0]):
        at = cmap + struct.unpack(">I", font[cmap + 8 + 8 * index : cmap + 12 + 8 * index])[0]
        kind = struct.unpack(">H", font[at : at + 2])[0]
        if kind == 4:
            segments = struct.unpack(">H", font[at + 6 : at + 8])[0]
            ends = struct.unpack(f">{segments // 2}H", font[at + 14 : at + 14 + segments])
            starts = struct.unpack(f">{segments // 2}H", font[at + 16 + segments : at + 16 + 2 * segments])
            found.update(code for start, end in zip(starts, ends, strict=True) for code in range(start, end + 1))
        elif kind == 12:
            for group in range(struct.unpack(">I", font[at + 12 : at + 16])[0]):
                start, end = struct.unpack(">II", font[at + 16 + 12 * group : at + 24 + 12 * group])
                found.update(range(start, end + 1))
    return found - {0xFFFF}
