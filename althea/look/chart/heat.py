"""How dark is a cell of a table of counts?  Never without its number, so the tint only helps to find the place."""

from __future__ import annotations

from math import sqrt

STEPS = 8


def step(count: int, most: int) -> int:
    """Which of the eight tints has this count, where `most` is the highest of the table?  0 for nobody.

    By the root, so that small numbers still differ.
    """
    if count <= 0:
        return 0
    return max(1, min(STEPS, round(STEPS * sqrt(count / max(most, 1)))))
