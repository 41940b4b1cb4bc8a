"""Where is there room for words?  A server has no fonts to measure with, so widths are looked up, a little too wide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple
from unicodedata import category, combining

WIDTHS = {
    letter: ems
    for ems, letters in (
        (0.24, "'`,.:;|·‘’ijl"),
        (0.29, ' !"()'),
        (0.35, "[]{}-frt"),
        (0.40, "/\\1I_“”"),
        (0.47, "*?cksvxyz"),
        (0.62, "+=468ABKRXZ"),
        (0.67, "#…0CDw"),
        (0.71, "GHNOQU"),
        (0.76, "&@"),
        (0.84, "—MWm"),
        (0.92, "%"),
    )
    for letter in letters
}
"""The widths of our letters, in the size of the type, as measured; what stands in no group is `OTHER`."""
OTHER, BEYOND_LATIN = 0.56, 1.0
SLACK = 1.01
BOLD = 1.06
SMALL, NORMAL = 12, 13
"""Sizes of type in a chart, in pixels; nothing is smaller."""


def width(words: str, size: float = SMALL, bold: bool = False) -> float:
    """How many pixels do these words take?"""
    return _ems_of(words) * size * SLACK * (BOLD if bold else 1)


def shorten(words: str, room: float, size: float = SMALL, bold: bool = False) -> str:
    """As much of the words as there is room for, then "…"; nothing if not even four letters would be left."""
    if width(words, size, bold) <= room:
        return words
    kept = words
    while kept and width(f"{kept.rstrip()}…", size, bold) > room:
        kept = kept[:-1]
    return f"{kept.rstrip()}…" if len(kept) >= 4 else ""


def lines(words: str, room: float, most: int, size: float = SMALL, bold: bool = False) -> list[str]:
    """The words on up to `most` lines, broken between words; the last line is shortened."""
    left, found = words.split(), list[str]()
    while left and len(found) < most - 1:
        line = left.pop(0)
        while left and width(f"{line} {left[0]}", size, bold) <= room:
            line += f" {left.pop(0)}"
        found.append(shorten(line, room, size, bold))
    if left:
        found.append(shorten(" ".join(left), room, size, bold))
    return found


class Box(NamedTuple):
    """A place that is taken or wanted."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Do the two lie over each other?"""
        return self[0] < other[2] and other[0] < self[2] and self[1] < other[3] and other[1] < self[3]


@dataclass
class Room:
    """What is taken within some part of a chart.  Words that find no place are left to the table."""

    left: float
    right: float
    taken: list[Box] = field(default_factory=list)

    def free(self, box: Box) -> bool:
        """Is this place within the edges and not taken?"""
        if box.left < self.left - 0.5 or self.right + 0.5 < box.right:
            return False
        left, top, right, bottom = box
        for west, north, east, south in self.taken:  # `meets`, written out: a chart asks it some six hundred times
            if left < east and west < right and top < south and north < bottom:
                return False
        return True

    def take(self, box: Box) -> Box:
        """Takes it whether free or not: for what is drawn in any case."""
        self.taken.append(box)
        return box

    def first_free(self, boxes: Iterable[Box]) -> int | None:
        """Takes the first place that is free, and says which it is. Those after it are not looked at."""
        for at, box in enumerate(boxes):
            if self.free(box):
                self.take(box)
                return at
        return None


def box_of(x: float, y: float, words: str, size: float = SMALL, bold: bool = False, anchor: str = "") -> Box:
    """Which place do these words take, written from (x, y), ending there (e), or around it (m)?"""
    wide = width(words, size, bold)
    left = x - wide if anchor == "e" else x - wide / 2 if anchor == "m" else x
    return Box(left, y - size * 0.82, left + wide, y + size * 0.25)


def spread(wanted: Sequence[float], gap: float, top: float, bottom: float) -> list[float]:
    """The same places in the same order, moved until they stand `gap` apart between `top` and `bottom`.

    Where not all can stand so, they stand as far apart as they can.
    """
    if not wanted:
        return []
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    gap = min(gap, (bottom - top) / max(len(wanted) - 1, 1))
    placed: list[float] = []
    for at in order:
        placed.append(max(wanted[at], placed[-1] + gap if placed else top))
    limit = bottom
    for at in reversed(range(len(placed))):
        placed[at] = min(placed[at], limit)
        limit = placed[at] - gap
    found = [0.0] * len(wanted)
    for at, y in zip(order, placed, strict=True):
        found[at] = y
    return found


@lru_cache(2048)
def _ems_of(words: str) -> float:
    """A chart asks for the width of the same few words at every place it tries for them."""
    return sum(map(_ems, words))


@lru_cache(1024)
def _ems(letter: str) -> float:
    if combining(letter) or category(letter) in ("Mn", "Cf"):
        return 0
    return BEYOND_LATIN if ord(letter) > 0x2E7F else WIDTHS.get(letter, OTHER)
