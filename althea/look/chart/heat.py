"""How dark is a cell of a table of counts?  Never without its number, so the tint only helps to find the place."""

from __future__ import annotations

from math import sqrt

STEPS = 8
FEW = 12
"""In a table of small numbers none is warm."""


def step(count: int, most: int) -> int:
    """Which of the eight tints has this count, where `most` is the highest of the table?  0 for nobody.

    One alone is the coolest, whatever the others are, and the warmest needs `FEW`. Between, by the root, so that small
    numbers still differ.
    """
    if count <= 0:
        return 0
    return 1 + round((STEPS - 1) * min(1, (sqrt(count) - 1) / (sqrt(max(most, FEW)) - 1)))
