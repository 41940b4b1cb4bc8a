"""What stood around the scores?  What the rows of the timeline are given, and the simpler ones.

Every row is drawn from a height downwards and says where it ends. Words that find no place stay in the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from althea.look.chart.axis import Frame, TimeAxis
from althea.look.chart.drawing import line, rect, text
from althea.look.chart.labels import NORMAL, Box, Room, box_of, lines, shorten, width

ROW = 24


@dataclass(frozen=True)
class Stage:
    """A time of her life.  `css`: "preg", "post" or "base"; `begins` stands in bold at its start ("Birth 7 April")."""

    first: date
    last: date | None
    words: str
    css: str = "base"
    begins: str = ""


@dataclass(frozen=True)
class Dose:
    """One amount a day from `first` to `last`, both included; without `last` it runs."""

    first: date
    last: date | None
    amount: float


@dataclass(frozen=True)
class Reached:
    """A day to be marked on the doses, in one or two lines: ("Full trial dose", "reached, week 2")."""

    on: date
    words: tuple[str, ...]


@dataclass(frozen=True)
class Medicine:
    """A medicine with its steps; what begins after today is planned.

    `about`: under its name ("mg each morning") · `plan`: what the plan is ("planned to week 8") · `story`: what the
    strip of her whole story says of it ("10 to 20 mg, part response") · `past`: it is not what is tried now.
    """

    name: str
    unit: str
    doses: tuple[Dose, ...]
    about: str = ""
    reached: Reached | None = None
    plan: str = ""
    story: str = ""
    past: bool = False


@dataclass(frozen=True)
class Other:
    """Another medicine, only when it was taken and why.  `warn`: there is a finding about it."""

    name: str
    first: date
    last: date | None
    words: str = ""
    warn: bool = False


@dataclass(frozen=True)
class Event:
    """What happened.  `kind`: "event" (a day), "effect" (first to last, or still), "missed" (a dose, or several) or
    "hers" (a line she said, without its quotation marks).

    `last` of missed doses is the day of the last one; `count` how many there were.
    """

    first: date
    words: str
    kind: str = "event"
    last: date | None = None
    count: int = 1


@dataclass(frozen=True)
class Row:
    """What was drawn, and where the next row begins."""

    drawn: list[str]
    bottom: float


def name(frame: Frame, y: float, words: str, about: Sequence[str] = (), css: str = "b") -> Row:
    """The name of a row: left of it, or on a phone above it in one line.  `bottom` is where the row itself begins."""
    if frame.names_above:
        said = ", ".join(one for one in about if one)
        short = shorten(words, frame.wide, NORMAL, True)
        room = frame.wide - width(short, NORMAL, True) - 8
        beside = text(frame.wide - room, y + 13, shorten(said, room), "xs q")
        return Row([text(0, y + 13, short, css), *([beside] if said else [])], y + 20)
    drawn, at = [], y + 16
    for part in lines(words, frame.left - 8, 2, NORMAL, True):
        drawn.append(text(0, at, part, css))
        at += 16
    for part in (piece for one in about if one for piece in lines(one, frame.left - 4, 2)):
        drawn.append(text(0, at, part, "xs q"))
        at += 15
    return Row(drawn, y)


def stages(frame: Frame, axis: TimeAxis, y: float, spans: Sequence[Stage], marks: Sequence[tuple[date, str]]) -> Row:
    """The band of her life stage, with each name written where it fits, and marks within it ("week 6").

    Where no stage is said the ground shows: nothing is claimed of that time.
    """
    head = name(frame, y, "Life stage")
    drawn, y, room = head.drawn, head.bottom, Room(axis.left, axis.right)
    drawn.append(rect(axis.left, y, axis.right - axis.left, ROW, "base", 3))
    shown = sorted((one for one in spans if axis.meets(one.first, one.last or axis.last)), key=lambda one: one.first)
    named: list[tuple[float, float, str]] = []
    for at, one in enumerate(shown):
        left, right = axis.x(one.first), axis.x((one.last or axis.last) + timedelta(1))
        gap = 1 if at else 0
        drawn.append(rect(left + gap, y, right - left - gap, ROW, one.css, 3))
        at_x = left + 8 + 2 * gap
        begins = shorten(one.begins, right - at_x - 4, bold=True) if one.begins and axis.holds(one.first) else ""
        if begins:
            room.take(box_of(at_x, y + 16.5, begins, bold=True))
            drawn.append(text(at_x, y + 16.5, begins, "xs b"))
            at_x += width(begins, bold=True) + 12
        named.append((at_x, right, one.words))
    after: list[float] = []
    for on, words in marks:
        x, wide = axis.x(on), width(words) + 9
        boxes = [Box(x - 3, y, x + wide, y + ROW), Box(x - wide, y, x + 3, y + ROW)]
        free = room.first_free(boxes) if axis.holds(on) else None
        if free is not None:
            at_x, css = (x - 5, "xs q e") if free else (x + 5, "xs q")
            drawn += [line(x, y, x, y + ROW, "axis"), text(at_x, y + 16.5, words, css)]
            after.append(boxes[free].right)
    for begin, right, words in named:
        # After a mark where there is no room before it.
        places = [x for x in (begin, *after) if begin <= x and x + width(words) + 4 <= right]
        free = room.first_free(box_of(x, y + 16.5, words) for x in places)
        ends = min([right, *(box.left for box in room.taken if box.left > begin)])
        said = words if free is not None else shorten(words, ends - begin - 4)
        if said and (free is not None or room.first_free([box_of(begin, y + 16.5, said)]) is not None):
            drawn.append(text(begin if free is None else places[free], y + 16.5, said, "xs"))
    return Row(drawn, y + ROW + 8)


def others(frame: Frame, axis: TimeAxis, y: float, of: Sequence[Other], today: date) -> Row:
    """Other medicines: a row for each, a bar from start to end, its words beside the bar."""
    drawn: list[str] = []
    names = dict.fromkeys(one.name for one in of if axis.meets(one.first, one.last or today))
    for named in names:
        head = name(frame, y - 3, shorten(named, frame.left - 8, NORMAL, True) if frame.left else named)
        drawn += head.drawn
        y = head.bottom + (0 if frame.names_above else 3)
        room = Room(axis.left, axis.right)
        for one in (one for one in of if one.name == named and axis.meets(one.first, one.last or today)):
            left, right = axis.x(one.first), axis.x(min((one.last or today) + timedelta(1), max(today, one.first)))
            room.take(Box(left - 2, y, right + 2, y + 15))
            within = width(one.words) + 12 <= right - left
            top, high = (y, 17) if within and one.words else (y + 2, 13)
            drawn.append(rect(left, top, max(right - left, 3), high, "evw" if one.warn else "ev", 2))
            if within:
                drawn += [text(left + 6, y + 12.5, one.words, "xs q")] if one.words else []
                continue
            found = _words_beside(left - 6, right + 6, y + 13, one.words, room)
            drawn += [text(*found[:3], f"xs q {found[3]}".strip())] if found else []
        y += ROW
    return Row(drawn, y)


def _words_beside(left: float, right: float, y: float, words: str, room: Room) -> tuple[float, float, str, str] | None:
    """Words that end left of a bar or begin right of it, whole or as much as fits: x, y, words, anchor."""
    short = shorten(words, max(left - room.left, room.right - right))
    for said in dict.fromkeys([words, short]):
        for x, anchor in ((left, "e"), (right, "")):
            if said and room.first_free([box_of(x, y, said, anchor=anchor)]) is not None:
                return x, y, said, anchor
    return None
