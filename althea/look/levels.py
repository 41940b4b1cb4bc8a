"""How does each level of a finding look?  Four signals: a word, a shape, a colour, and its place in the order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """What a reader sees of a level: its `word`, the `icon` that is its shape, and the `css` class of its colour."""

    word: str
    icon: str
    css: str


LEVELS = {
    "critical": Level("Critical", "octagon-alert", "crit"),
    "warning": Level("Warning", "triangle-alert", "warn"),
    "info": Level("For information", "info", "info"),
}
"""By name, the loudest first."""
OVERRIDDEN = Level("Overridden", "pen-line", "over")
"""A finding somebody answered with a reason: it stays listed, and grey."""
NOTES = {"": "info", "ok": "check", "warn": "triangle-alert", "crit": "octagon-alert", "info": "info"}
"""The icon of a note or a chip that names none: its kind is never said by colour alone."""
