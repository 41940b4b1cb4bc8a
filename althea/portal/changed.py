"""What changed since the start?  Her own answers then and now, side effects, doses and goals; no verdict on any."""

from __future__ import annotations

from datetime import date
from typing import Any

from althea.care import entries as said
from althea.care.doses_told import DosesTold
from althea.care.facts import Chart
from althea.care.known import knowledge
from althea.care.models import Entry, Trial
from althea.care.trial_case import side_effects

MOST = 3
STILL_HARD = 2
"""An answer from here on is one she may want to talk about."""


def answers(chart: Chart, scale: str, start: date | None) -> list[dict[str, Any]]:
    """The answers that eased most, and one that is still hard, then and now, in the scale's own words.

    Only where its text may be shown, and never the question on self-harm: that has its own page and people.
    """
    book = knowledge().scales.get(scale)
    rows = [(entry, body) for entry, body in chart.of(said.Score) if body.scale == scale and body.total is not None]
    before = [row for row in rows if start is not None and row[0].on <= start]
    if book is None or len(rows) < 2 or not book.choices:
        return []
    now, then = rows[0][1].items, (before[0] if before else rows[-1])[1].items
    found = []
    for item in book.items:
        old, new = then.get(item.id), now.get(item.id)
        both = isinstance(old, int) and isinstance(new, int)
        if both and item.text and item.critical_from is None and max(int(old or 0), int(new or 0)) < len(book.choices):
            found.append((int(old or 0) - int(new or 0), int(new or 0), int(old or 0), item.short or item.text))
    eased = [one for one in sorted(found, key=lambda one: -one[0]) if one[0] > 0][: MOST - 1]
    hard = [one for one in sorted(found, key=lambda one: -one[1]) if one[1] >= STILL_HARD and one not in eased][:1]
    return [{"title": text, "words": _then_and_now(book, new, old), "easier": True} for _, new, old, text in eased] + [
        {"title": text, "words": f"{_hard(book, new, old)} Worth talking about at your visit.", "easier": False}
        for _, new, old, text in hard
    ]


def _then_and_now(book: Any, new: int, old: int) -> str:
    return f"Now: {_choice(book, new)}. At the start: {_choice(book, old)}."


def _hard(book: Any, new: int, old: int) -> str:
    """ "Still" is said only of what was there before."""
    return _then_and_now(book, new, old) if new > old else f"Still {_choice(book, new)}."


def _choice(book: Any, value: int) -> str:
    words: str = book.choices[value]
    return f"{words[:1].lower()}{words[1:]}"


def effects(chart: Chart, trial: Trial | None, on: date) -> list[tuple[Entry, said.SideEffect]]:
    """What her body noticed since the trial began, what is still there first."""
    if trial is None:
        told = [(entry, body) for entry, body in chart.of(said.SideEffect)]
    else:
        own = {id(body) for body in side_effects(trial, chart)}
        told = [(entry, body) for entry, body in chart.of(said.SideEffect) if id(body) in own]
    return sorted(told, key=lambda pair: pair[1].until is not None)[:5]


def doses_in_words(told: DosesTold) -> str:
    """What she told of doses, plainly; nothing is made of days she did not tell of."""
    if not told.days:
        return ""
    missed = len(told.missed)
    if not missed:
        return "You told us of no missed dose."
    return f"You told us of {missed} missed dose{'' if missed == 1 else 's'}. That happens."
