"""Did she mean a name that we know?  She wrote one that is nearly it: she is asked, and nothing is taken for another.

Each answer is a form of its own that sends what she sent before, so it is one click and needs no script.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from althea.care.named import Unread
from althea.care.unsaved import HIDDEN

KEEP = "keep"
"""The field that says: as I wrote it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`fields`: what its button sends. `keeps`: her own words stay."""

    words: str
    fields: tuple[tuple[str, str], ...]
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """As `portal/_did_you_mean.html` takes it."""

    question: str
    words: str
    answers: tuple[Answer, ...]


def doubt_of(unread: Unread | None, sent: Any, field: str, at: int = 0) -> Doubt | None:
    """`at`: which of the values of this field it is about. None: nothing is near, or she said that she meant it so."""
    if unread is None or not unread.near:
        return None
    typed = sent.getlist(field)[at]
    if typed in sent.getlist(KEEP):
        return None
    names = [name for name in sent if name not in HIDDEN]
    every = [(name, place, text) for name in names for place, text in enumerate(sent.getlist(name))]

    def instead(text: str) -> tuple[tuple[str, str], ...]:
        return tuple((name, text if (name, place) == (field, at) else was) for name, place, was in every)

    meant = [Answer(f"Yes, {name}", instead(whole)) for name, whole in unread.near]
    kept = Answer(f"No, keep “{typed.strip()}”", (*instead(typed), (KEEP, typed)), keeps=True)
    return Doubt(unread.asks("you").strip(), unread.words, (*meant, kept))
