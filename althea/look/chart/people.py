"""How many of a hundred?  Rows of ten people, filled from the top left, the same hundred for every option."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from html import escape

from althea.look.chart.drawing import Drawing, Key, Table

ACROSS, DOWN = 16, 17
ROW = 10
HUNDRED = 100
PERSON = "m21-13a3 3 0 1 1-.1 0zm-5 13c0-8.4 10-8.4 10 0z"
"""A head and shoulders within 16 by 17, drawn from the left foot of the one before."""


@dataclass(frozen=True)
class Words:
    """What the three kinds of people are called in this picture."""

    anyway: str = "Better with time and support"
    because: str = "Better because of the medicine"
    not_yet: str = "Not yet better"


@lru_cache(512)
def people(title: str, anyway: int, because: int, words: Words | None = None) -> Drawing:
    """Of a hundred people, how many would be better `anyway`, and how many more `because` of what is compared?

    Whole numbers of a hundred; the rest are those who are not. Where there is nobody of a kind it is not said.
    """
    if anyway < 0 or because < 0 or anyway + because > HUNDRED:
        raise ValueError(f"{anyway} and {because} of {HUNDRED} cannot be")
    words = words or Words()
    kinds = (
        ("a", anyway, words.anyway),
        ("y", because, words.because),
        ("n", HUNDRED - anyway - because, words.not_yet),
    )
    drawn, first = [], 0
    for css, many, _ in kinds:
        drawn.append(_crowd(css, first, many))
        first += many
    shown = [(css, many, said) for css, many, said in kinds if many]
    sentence = ", ".join(f"{many} of {HUNDRED} {said[:1].lower() + said[1:]}" for _, many, said in shown)
    label = f"{title}: {sentence}."
    high = HUNDRED // ROW * DOWN
    svg = (
        f'<svg class="people" viewBox="0 0 {ROW * ACROSS} {high}" role="img" aria-label="{escape(label)}">'
        f"{''.join(drawn)}</svg>"
    )
    table = Table(title, ("Of 100", "People"), tuple((said, str(many)) for _, many, said in kinds), frozenset({1}))
    return Drawing(svg, title, label, table, tuple(_key(css, said) for css, _, said in kinds))


def _crowd(css: str, first: int, many: int) -> str:
    """One path for all people of a kind. All are written alike, from where the last one stood: so they weigh next to
    nothing once packed."""
    rows: dict[int, list[int]] = {}
    for place in range(first, first + many):
        rows.setdefault(place // ROW, []).append(place % ROW)
    drawn = (f"M{columns[0] * ACROSS - 13} {row * DOWN + 15}{PERSON * len(columns)}" for row, columns in rows.items())
    return f'<path class="{css}" d="{"".join(drawn)}"/>' if many else ""


def _key(css: str, words: str) -> Key:
    return Key(f'<svg class="people" viewBox="0 0 {ACROSS} {DOWN}" aria-hidden="true">{_crowd(css, 0, 1)}</svg>', words)
