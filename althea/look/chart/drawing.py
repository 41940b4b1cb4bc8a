"""What is a drawing?  An SVG, the same facts in words and as a table, and the pieces every chart is put together from.

Every word that comes from outside goes through `escape` here and nowhere else, so that a drawing is safe to show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Table:
    """The same facts as rows: a heading for each column, as many cells in each row.  The first names its row."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    """Which columns hold numbers, counted from 0: they are set to the right."""


@dataclass(frozen=True)
class Key:
    """One line of a legend: the drawn mark, and what it means."""

    svg: str
    words: str


@dataclass(frozen=True)
class Drawing:
    """A chart: its SVG, what it shows in words, the same as a table, and its legend."""

    svg: str
    title: str
    words: str
    table: Table
    legend: tuple[Key, ...] = ()
    note: str = ""
    """Which way is better, where that must be said."""
    now: str = ""
    """How far from the left today stands ("62.4%"), in a drawing that scrolls sideways: there it may open."""


def px(value: float) -> str:
    """A coordinate, to a tenth of a pixel."""
    text = f"{value:.1f}"
    if text[-1] != "0":
        return text
    return "0" if text == "-0.0" else text[:-2]


def text(x: float, y: float, words: str, css: str = "") -> str:
    """Words at a point; classes e and m set them before it and around it."""
    return f'<text x="{px(x)}" y="{px(y)}"{_css(css)}>{escape(words)}</text>'


def rect(x: float, y: float, wide: float, high: float, css: str, round_: float = 0) -> str:
    """A box.  One that would have no width gets one pixel: what was there for a day must be seen."""
    corner = f' rx="{px(round_)}"' if round_ else ""
    return f'<rect x="{px(x)}" y="{px(y)}" width="{px(max(wide, 1))}" height="{px(max(high, 0))}"{corner}{_css(css)}/>'


def path(d: str, css: str) -> str:
    """A path whose points are ours: no word from outside is ever in it."""
    return f'<path d="{d}"{_css(css)}/>'


def line(x1: float, y1: float, x2: float, y2: float, css: str) -> str:
    """A straight line."""
    return path(f"M{px(x1)} {px(y1)}L{px(x2)} {px(y2)}", css)


def polyline(points: Sequence[tuple[float, float]], css: str) -> str:
    """A line through all points, or nothing where there are fewer than two."""
    return path("M" + "L".join(f"{px(x)} {px(y)}" for x, y in points), css) if len(points) > 1 else ""


def mark(series: int, x: float, y: float, size: float = 5) -> str:
    """The point of a series: a filled dot, an open square, a filled diamond; never told apart by colour alone."""
    if series == 2:
        side = 2 * size - 1
        return rect(x - side / 2, y - side / 2, side, side, "p2")
    if series == 3:
        return path(
            f"M{px(x)} {px(y - size)}l{px(size)} {px(size)}l{px(-size)} {px(size)}l{px(-size)} {px(-size)}z", "p3"
        )
    return f'<circle cx="{px(x)}" cy="{px(y)}" r="{px(size)}" class="p1"/>'


def svg(
    inside: Sequence[str],
    *,
    wide: float,
    high: float,
    name: str,
    title: str,
    words: str,
    css: str = "chart",
    top: float = 0,
) -> str:
    """The whole drawing, with its name and its words for who does not see it.  `name` must be its own on a page."""
    name = escape(name)
    return (
        f'<svg class="{css}" viewBox="0 {px(top)} {px(wide)} {px(high)}" role="img" aria-labelledby="{name}-t"'
        f' aria-describedby="{name}-d"><title id="{name}-t">{escape(title)}</title>'
        f'<desc id="{name}-d">{escape(words)}</desc>{"".join(inside)}</svg>'
    )


def _css(css: str) -> str:
    return f' class="{css}"' if css else ""
