"""How has one score gone?  Its own panel and its own scale: named bands, a line, the value above each point, a goal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from althea.look.chart.axis import Scale
from althea.look.chart.drawing import line, mark, path, polyline, px, rect, text
from althea.look.chart.labels import NORMAL, Box, Room, box_of, lines, spread, width
from althea.look.words import number

Point = tuple[date, float]


@dataclass(frozen=True)
class Band:
    """A range of a score from `low` up to, but not with, `high`, under the name that its scale gives it.

    `tint`: 1 (fewest signs) to 5.
    """

    low: float
    high: float
    name: str
    tint: int


@dataclass(frozen=True)
class Goal:
    """A value to reach, in words, and from when on it was the goal."""

    value: float
    words: str
    since: date | None = None


@dataclass(frozen=True)
class Score:
    """One scale over time, drawn from `lowest` to `highest`, both included."""

    name: str
    about: str
    highest: float
    points: tuple[Point, ...]
    bands: tuple[Band, ...] = ()
    goal: Goal | None = None
    lowest: float = 0


def by_date(point: Point) -> date:
    """The day of a point, to sort by; two of one day stay as they came."""
    return point[0]


def bands(score: Score, scale: Scale, left: float, right: float, wide: float) -> list[str]:
    """The bands and, right of them, their names, moved apart where they would lie over each other."""
    drawn, middles = list[str](), list[float]()
    for band in score.bands:
        top, bottom = scale.y(band.high), scale.y(band.low)
        drawn.append(rect(left, top, right - left, bottom - top, f"b{band.tint}"))
        middles.append((top + bottom) / 2)
    if not score.bands:
        drawn.append(rect(left, scale.top, right - left, scale.bottom - scale.top, "base"))
    names = [(y, line) for y, line in _names(score, middles, scale, wide - right - 8) if line]
    return drawn + [text(right + 8, y + 4, line, "xs q") for y, line in names]


def _names(score: Score, middles: Sequence[float], scale: Scale, room: float) -> list[tuple[float, str]]:
    """The names beside their bands, on two lines where one is too short and the panel is high enough."""
    top, bottom = scale.top + 6, scale.bottom - 6
    for most in (2, 1):
        said = [lines(band.name, room, most) for band in score.bands]
        if sum(map(len, said)) * NORMAL <= bottom - top + NORMAL:
            break
    wanted = [
        (middle + (at - (len(one) - 1) / 2) * NORMAL, line)
        for middle, one in zip(middles, said, strict=True)
        for at, line in enumerate(one)
    ]
    places = spread([y for y, _ in wanted], NORMAL, top, bottom)
    return list(zip(places, (line for _, line in wanted), strict=True))


def series(
    points: Sequence[Point],
    scale: Scale,
    x: Callable[[date], float],
    room: Room,
    style: int,
    avoid: float | None = None,
) -> list[str]:
    """The line, its points, and as many values as there is room for: last, first, highest and lowest before others.

    `avoid`: where the line of today stands; a value there stands left of it. Points that are close are smaller.
    """
    at = [(x(on), scale.y(value)) for on, value in points]
    size = _size([place for place, _ in at])
    for one, after in pairwise(at):
        _take_line(room, one, after)
    marks = [Box(here - size, there - size, here + size, there + size) for here, there in at]
    values = []
    for which in _by_weight(points):
        (here, there), said = at[which], number(points[which][1])
        beside = [here - 9, here] if avoid is not None and abs(here - avoid) < 9 else [here, here + 8, here - 8]
        # A value at an edge is pushed into the chart rather than left out.
        beside += [edge for edge in (room.left + 9, room.right - 9) if abs(edge - here) < 12]
        above, below = there - size - 4, there + size + 13
        places = [(over, y) for y in (above, below) for over in beside]
        if avoid is not None:
            # Rather below the point than over the line of today.
            places.sort(key=lambda place: abs(place[0] - avoid) < 9)
        boxes = [box_of(over, y, said, NORMAL, True, "m") for over, y in places]
        others = [one for n, one in enumerate(marks) if n != which]
        free = next((n for n, box in enumerate(boxes) if room.free(box) and not any(map(box.meets, others))), None)
        if free is not None:
            room.take(boxes[free])
            values.append(text(*places[free], said, f"b m t{style}"))
    for box in marks:
        room.take(box)
    return [polyline(at, f"s{style}"), *(mark(style, here, there, size) for here, there in at), *values]


def goal(of: Goal, scale: Scale, left: float, right: float, start: float, room: Room) -> list[str]:
    """The dotted line of a goal, and its words where nothing else stands: after `start` if there is room."""
    y = scale.y(of.value)
    # The line means nothing without its words: along it, or before its start, or as near as may be; or in the legend.
    near = sorted(range(int(room.left) + 6, int(right), 12), key=lambda x: abs(x - left))
    before = left - 8 - width(of.words)
    places = [(start, y + 15), (start, y - 6), (left + 6, y + 15), (left + 6, y - 6), (before, y + 4)]
    places += [(float(x), height) for height in (y + 15, y + 21, y - 6) for x in near]
    free = room.first_free(box_of(x, place, of.words) for x, place in places)
    words = [] if free is None else [text(*places[free], of.words, "xs goalt")]
    return [path(f"M{px(left)} {px(y)}H{px(right)}", "goal"), *words]


def grid(xs: Sequence[float], scale: Scale) -> list[str]:
    """Lines up and down."""
    return [line(x, scale.top, x, scale.bottom, "grid") for x in xs]


def _by_weight(points: Sequence[Point]) -> list[int]:
    """Which values matter most?  The last, the first, the highest, the lowest, then the later before the earlier."""
    if not points:
        return []
    order = range(len(points))
    highest = max(order, key=lambda n: points[n][1])
    lowest = min(order, key=lambda n: points[n][1])
    return list(dict.fromkeys([len(points) - 1, 0, highest, lowest, *reversed(order)]))


def _size(xs: Sequence[float]) -> float:
    """How large may the points be?  They touch at most where two days follow each other."""
    gap = min((b - a for a, b in pairwise(xs) if b > a), default=99)
    return min(5, max(2.5, gap * 0.45))


def _take_line(room: Room, start: tuple[float, float], end: tuple[float, float]) -> None:
    """The line between two points is in the way of words, piece by piece."""
    pieces = max(int(max(abs(end[0] - start[0]), abs(end[1] - start[1])) / 5), 1)
    for n in range(1, pieces):
        x = start[0] + (end[0] - start[0]) * n / pieces
        y = start[1] + (end[1] - start[1]) * n / pieces
        room.take(Box(x - 1.5, y - 1.5, x + 1.5, y + 1.5))
