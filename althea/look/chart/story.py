"""How has it gone?  Her timeline: context above, outcome below, one time axis through all of it.

From the top: months, life stage, the dose of each medicine, other medicines, events, then every score in a panel of its
own. Today is one line through everything; right of it stand only plans.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from althea.look.chart import doses, events, lanes, panel, said
from althea.look.chart.axis import DESK, Frame, Scale, TimeAxis
from althea.look.chart.drawing import Drawing, Key, line, mark, path, px, rect, svg, text
from althea.look.chart.labels import Box, Room, box_of, width
from althea.look.chart.lanes import Dose, Event, Medicine, Other, Reached, Stage
from althea.look.chart.panel import Band, Goal, Score, by_date

__all__ = ["Band", "Dose", "Event", "Goal", "Medicine", "Other", "Reached", "Score", "Stage", "Story", "timeline"]

HEAD, FOOT = 18, 30
FIRST_PANEL, NEXT_PANEL = 140, 70
"""The first score is what the trial is judged by: it gets twice the height."""


@dataclass(frozen=True)
class Story:
    """What is to be drawn, from `first` to `last`.  Everything may be empty.

    `now`: the words of the tag of today ("Today, week 5") · `marks`: days named at the foot ("Start 7 May", "Week 8") ·
    `stage_marks`: days named within the life stage ("week 6") · `words`: the finding in words, read before the facts.
    """

    first: date
    last: date
    today: date
    now: str = "Today"
    words: str = ""
    stages: tuple[Stage, ...] = ()
    stage_marks: tuple[tuple[date, str], ...] = ()
    medicines: tuple[Medicine, ...] = ()
    others: tuple[Other, ...] = ()
    events: tuple[Event, ...] = ()
    scores: tuple[Score, ...] = ()
    marks: tuple[tuple[date, str], ...] = ()


def timeline(of: Story, frame: Frame = DESK, name: str = "timeline") -> Drawing:
    """The drawn story, `frame.wide` pixels wide.  `name` begins its ids and must be its own on a page."""
    axis = TimeAxis(of.first, of.last, frame.left, frame.right)
    drawn: list[str] = []
    happened: list[str] = []
    y: float = HEAD
    if of.stages:
        row = lanes.stages(frame, axis, y, of.stages, of.stage_marks)
        drawn, y = drawn + row.drawn, row.bottom
    from_top = y
    for medicine in of.medicines:
        if any(axis.meets(one.first, one.last or of.today) for one in medicine.doses):
            row = doses.doses(frame, axis, y, medicine, of.today)
            drawn, y = drawn + row.drawn, row.bottom
    if of.others:
        row = lanes.others(frame, axis, y, of.others, of.today)
        drawn, y = drawn + row.drawn, row.bottom
    if of.events:
        row = events.events(frame, axis, y, of.events, of.today)
        drawn.append(line(axis.left, y, axis.right, y, "grid"))
        happened, y = row.drawn, row.bottom
    panels: list[str] = []
    named = _named(of, frame, axis)
    for at, score in enumerate(of.scores):
        row = _panel(frame, axis, y, score, at, of, [x for x, _, _ in named])
        panels, y = panels + row.drawn, row.bottom
    if y == HEAD:
        panels.append(text(axis.left + 8, y + 24, "Nothing recorded in this time.", "q"))
        y += 40
    tag, foot = _today(of, frame, axis, from_top, y), y + 4
    behind = _months(axis, y) + [line(x, from_top, x, foot, "grid") for x, _, _ in named]
    front = tag + [text(at, foot + 14, words, "xs q m") for _, at, words in named]
    title = f"Timeline, {said.window(of.first, of.last)}"
    words = said.in_words(of)
    # Words of what happened may have to cross the line of today: they lie over it.
    drawn = behind + drawn + panels + front + happened
    whole = svg(drawn, wide=frame.wide, high=y + FOOT, name=name, title=title, words=words, css=frame.css)
    now = f"{axis.x(of.today) / frame.wide:.1%}" if axis.holds(of.today) and not frame.names_above else ""
    return Drawing(whole, title, words, said.as_table(of), _legend(of), now=now)


def _panel(
    frame: Frame, axis: TimeAxis, y: float, score: Score, at: int, of: Story, lines: Sequence[float]
) -> lanes.Row:
    style = at % 3 + 1
    scaled = f"{said.number(score.lowest)} to {said.number(score.highest)}"
    head = lanes.name(frame, y + (0 if frame.names_above else 2), score.name, [score.about, scaled], f"b t{style}")
    top = head.bottom + (0 if frame.names_above else 2)
    scale = Scale(score.lowest, score.highest, top, top + (NEXT_PANEL if at else FIRST_PANEL))
    room = Room(axis.left, axis.right)
    if frame.names_above:
        room.take(Box(0, y, frame.wide, head.bottom - 2))
    points = sorted(((on, value) for on, value in score.points if axis.holds(on) and on <= of.today), key=by_date)
    today = axis.x(of.today) if axis.holds(of.today) else None
    drawn = [*head.drawn, *panel.bands(score, scale, axis.left, axis.right, frame.wide)]
    drawn += panel.grid([*(axis.x(on) for on, _ in axis.ticks()), *lines], scale)
    since = axis.x(score.goal.since or (points[0][0] if points else of.first)) if score.goal else 0
    if score.goal:
        goal = scale.y(score.goal.value)
        room.take(Box(since, goal - 2, axis.right, goal + 2))
    outcome = panel.series(points, scale, axis.x, room, style, today)
    if today is not None:
        room.take(Box(today - 2, scale.top, today + 2, scale.bottom))
    if score.goal:
        # Its words stand right of today where there is room: it is what is still to come.
        drawn += panel.goal(score.goal, scale, since, axis.right, (since if today is None else today) + 14, room)
    return lanes.Row(drawn + outcome, scale.bottom + 18)


def _months(axis: TimeAxis, bottom: float) -> list[str]:
    drawn = []
    room = Room(axis.left, axis.right + 60)
    for on, words in axis.ticks():
        x = axis.x(on)
        drawn.append(line(x, 4, x, bottom + 4, "grid"))
        if room.first_free([box_of(x + 5, 13, words, 13)]) is not None:
            drawn.append(text(x + 5, 13, words, "q"))
    return drawn


def _tag(of: Story, frame: Frame, axis: TimeAxis) -> tuple[float, float]:
    """From where to where does the tag of today reach?"""
    x, wide = axis.x(of.today), width(of.now, bold=True) + 12
    left = min(max(x - wide / 2, 0), frame.wide - wide)
    return left, left + wide


def _today(of: Story, frame: Frame, axis: TimeAxis, top: float, bottom: float) -> list[str]:
    """The line of today with its tag."""
    if not axis.holds(of.today):
        return []
    x, foot, (left, right) = axis.x(of.today), bottom + 4, _tag(of, frame, axis)
    return [
        path(f"M{px(x)} {px(max(top - 6, HEAD + 2))}V{px(foot)}", "today"),
        rect(left, foot, right - left, 20, "todayb", 4),
        text((left + right) / 2, foot + 14, of.now, "xs m todayt"),
    ]


def _named(of: Story, frame: Frame, axis: TimeAxis) -> list[tuple[float, float, str]]:
    """The days that are named at the foot where the tag of today leaves room: (its line, its words' middle, words)."""
    found: list[tuple[float, float, str]] = []
    room = Room(0, frame.wide)
    if axis.holds(of.today):
        left, right = _tag(of, frame, axis)
        room.take(Box(left - 6, 0, right + 6, 20))
    for on, words in of.marks:
        half = width(words) / 2
        at = min(max(axis.x(on), half), frame.wide - half)
        if axis.holds(on) and room.first_free([box_of(at, 14, words, anchor="m")]) is not None:
            found.append((axis.x(on), at, words))
    return found


def _legend(of: Story) -> tuple[Key, ...]:
    """The marks that are in this drawing, and only those."""
    keys = []
    for at, score in enumerate(of.scores[:3]):
        style = at + 1
        keys.append((line(0, 7, 28, 7, f"s{style}") + mark(style, 14, 7), score.name))
    for past, css, words in ((False, "dose", "Dose taken"), (True, "dose past", "Taken before")):
        if any(one.first <= of.today for medicine in of.medicines if medicine.past is past for one in medicine.doses):
            keys.append((rect(0, 1, 28, 12, css) + path("M0 1H28", "edge"), words))
    if any((one.last or of.today) > of.today for medicine in of.medicines for one in medicine.doses):
        keys.append((rect(1, 1, 26, 12, "plan"), "Planned"))
    kinds = {event.kind for event in of.events}
    if "event" in kinds:
        keys.append((path("M14 0l7 7l-7 7l-7-7z", "evs"), "Event"))
    if "hers" in kinds:
        keys.append((events.leaf(14, 7), "Her words"))
    if "effect" in kinds:
        keys.append((rect(1, 1, 26, 12, "ev", 6), "Side effect"))
    if "missed" in kinds:
        keys.append((events.ring(14, 7), "Missed dose"))
    keys += [
        (path("M0 7H28", "goal"), words) for words in dict.fromkeys(one.goal.words for one in of.scores if one.goal)
    ]
    return tuple(
        Key(f'<svg viewBox="0 0 28 14" class="chart" aria-hidden="true">{drawn}</svg>', words) for drawn, words in keys
    )
