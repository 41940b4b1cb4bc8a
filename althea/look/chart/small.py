"""How am I doing?  One score week by week, the width of a phone, and which way is better said in words."""

from __future__ import annotations

from datetime import date, timedelta

from althea.look.chart import panel
from althea.look.chart.axis import Scale, TimeAxis
from althea.look.chart.drawing import Drawing, Table, svg, text
from althea.look.chart.labels import Room, box_of
from althea.look.chart.panel import Score
from althea.look.words import day, number

WIDE, HIGH = 326, 236
RIGHT = 76
"""Room for the names of the bands."""
INSET = 14


def progress(
    of: Score,
    start: date,
    *,
    better: str = "lower",
    week: str = "week",
    wide: float = WIDE,
    high: float = HIGH,
    name: str = "progress",
) -> Drawing:
    """How has this score gone since `start`?  Its title is the score's own name, its note which way is better.

    `better`: "lower" or "higher" · `week`: what a week is called under the last point ("week 5"). Scores before the
    start stand at negative weeks and are drawn from there.
    """
    right = wide - RIGHT
    scale = Scale(of.lowest, of.highest, 14, high - 28)
    room = Room(0, right)
    drawn = panel.bands(of, scale, 0, right, wide)
    points = sorted(of.points, key=panel.by_date)
    first = points[0][0] if points else start
    last = max(points[-1][0] if points else start, first + timedelta(7))
    axis = TimeAxis(first, last, INSET, right - INSET)
    line = panel.series(points, scale, axis.x, room, 1)
    if of.goal:
        drawn += panel.goal(of.goal, scale, 0, right, 6, room)
    drawn += line
    feet = Room(-6, wide)
    for at in _by_ends(len(points)):
        on = points[at][0]
        words = _week(on, start, week if at == len(points) - 1 else "")
        if feet.first_free([box_of(axis.x(on), high - 8, f" {words} ", anchor="m")]) is not None:
            drawn.append(text(axis.x(on), high - 8, words, "xs q m"))
    note = f"{better.capitalize()} is better."
    said = ", ".join(f"{number(value)} {_at(on, start)}" for on, value in points) or "no answers yet"
    goal = f" {of.goal.words.capitalize()}: {number(of.goal.value)}." if of.goal else ""
    words = f"{of.name}: {said}.{goal} {note}"
    rows = tuple((day(on, last), _week(on, start, "week"), number(value)) for on, value in points)
    table = Table(f"{of.name}, by week", ("Date", "When", of.name), rows, frozenset({2}))
    whole = svg(drawn, wide=wide, high=high, name=name, title=of.name, words=words)
    return Drawing(whole, of.name, words, table, note=note)


def _week(on: date, start: date, word: str) -> str:
    """Which week of it?  The first days are "start"; half a week rounds up."""
    weeks = ((on - start).days + 3) // 7
    if weeks == 0:
        return "start"
    return f"{word} {weeks}".strip()


def _at(on: date, start: date) -> str:
    weeks = _week(on, start, "week")
    return "at the start" if weeks == "start" else f"in {weeks}"


def _by_ends(many: int) -> list[int]:
    """The last and the first before those between them."""
    return list(dict.fromkeys([many - 1, 0, *range(many)])) if many else []
