"""How many of a hundred?  Rows of ten people, filled from the top left, the same hundred for every option."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from html import escape

from althea.look.chart.drawing import Drawing, Key, Table, px

ACROSS, DOWN = 16, 17
ROW = 10
HUNDRED = 100


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
    """One path for all people of a kind: a hundred single shapes would weigh ten times as much."""
    places = (divmod(place, ROW) for place in range(first, first + many))
    return (
        f'<path class="{css}" d="{"".join(_person(column * ACROSS, row * DOWN) for row, column in places)}"/>'
        if many
        else ""
    )


def _person(x: float, y: float) -> str:
    """A head and shoulders within 16 by 17."""
    head = f"M{px(x + 8)} {px(y + 2)}a2.9 2.9 0 1 1 0 5.8a2.9 2.9 0 0 1 0-5.8Z"
    return f"{head}M{px(x + 2.9)} {px(y + 15.2)}c0-3.9 2.1-6.4 5.1-6.4s5.1 2.5 5.1 6.4Z"


def _key(css: str, words: str) -> Key:
    return Key(f'<svg class="people" viewBox="0 0 {ACROSS} {DOWN}" aria-hidden="true">{_crowd(css, 0, 1)}</svg>', words)
