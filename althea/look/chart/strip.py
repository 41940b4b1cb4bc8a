"""How long is the story?  Everything since its beginning in one strip, with a frame around the time shown below it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from althea.look.chart.axis import DESK, Frame, TimeAxis
from althea.look.chart.drawing import Drawing, Table, line, rect, svg, text
from althea.look.chart.labels import Box, Room, box_of, shorten
from althea.look.chart.lanes import Medicine, Stage
from althea.look.words import day

HIGH = 22
"""The highest dose of each medicine; the strip shows when, and more or less, never how much."""
ROW = 28
MOST_ROWS = 3


def strip(
    first: date,
    today: date,
    shown: tuple[date, date],
    *,
    stages: Sequence[Stage] = (),
    medicines: Sequence[Medicine] = (),
    silences: Sequence[tuple[date, date, str]] = (),
    frame: Frame = DESK,
    name: str = "story",
) -> Drawing:
    """The whole story since `first`, and which part of it is `shown` below: (first day, last day).

    Medicines lie in up to three rows where they overlap. `silences`: (first, last, words) of times between them, said
    only by who knows that nothing was taken.
    """
    last = max(shown[1], today)
    # A little of what comes after, so that the frame does not stand at the edge.
    last += timedelta(max((last - first).days // 30, 1))
    axis = TimeAxis(min(first, shown[0]), last, frame.left, frame.right)
    since = f"Since {first.year}"
    drawn, top = [], 2.0
    if frame.names_above:
        top = 20
        drawn.append(text(0, 13, since, "b"))
    else:
        drawn.append(text(0, 16, since, "b"))
    for stage in stages:
        left, right = axis.x(stage.first), axis.x((stage.last or last) + timedelta(1))
        drawn.append(rect(left, top, right - left - 1, 9, stage.css, 2))
    rows = _rows(medicines, today)
    for at, row in enumerate(rows):
        base = top + 40 + at * ROW
        room = Room(axis.left, axis.right)
        marks = [piece for medicine in row for piece in _medicine(medicine, axis, base, today, room)]
        drawn += marks
        for medicine in row:
            drawn += _words(medicine, axis, base, today, room)
        if not at:
            for begin, end, words in silences:
                x = axis.x(begin) + 6
                said = shorten(words, axis.x(end) - x)
                if said and room.first_free([box_of(x, base - 6, said)]) is not None:
                    drawn.append(text(x, base - 6, said, "xs q"))
    bottom = top + 44 + (len(rows) - 1) * ROW
    years = []
    place = Room(0, frame.wide)
    for on, words in _years(axis):
        x = axis.x(on)
        years.append(line(x, top - 2, x, bottom, "grid"))
        if place.first_free([box_of(x + 2, bottom + 14, words)]) is not None:
            years.append(text(x + 2, bottom + 14, words, "xs q"))
    left, right = axis.x(shown[0]), axis.x(shown[1])
    drawn.append(rect(left, top - 5, max(right - left, 6), bottom - top + 9, "edge", 4))
    words = _said(first, today, shown, stages, medicines)
    title = f"Her story since {first.year}"
    whole = svg(
        years + drawn, wide=frame.wide, high=bottom + 26, name=name, title=title, words=words, css=frame.css, top=-6
    )
    return Drawing(whole, title, words, _table(title, today, stages, medicines))


def _rows(medicines: Sequence[Medicine], today: date) -> list[list[Medicine]]:
    """The medicines in rows without overlap; what finds no place in the last row is put there all the same."""
    rows: list[list[Medicine]] = [[]]
    for one in sorted((one for one in medicines if one.doses), key=lambda one: _begin(one)):
        free = next((row for row in rows if not row or _end(row[-1], today) < _begin(one)), None)
        if free is None and len(rows) < MOST_ROWS:
            rows.append([one])
        else:
            (rows[-1] if free is None else free).append(one)
    return rows


def _begin(of: Medicine) -> date:
    return min(one.first for one in of.doses)


def _end(of: Medicine, today: date) -> date:
    return min(max(one.last or today for one in of.doses), today)


def _medicine(of: Medicine, axis: TimeAxis, base: float, today: date, room: Room) -> list[str]:
    highest = max((one.amount for one in of.doses), default=0) or 1
    drawn = []
    doses = sorted(of.doses, key=lambda one: one.first)
    for at, one in enumerate(doses):
        if one.first > today:
            continue
        after = doses[at + 1].first if at + 1 < len(doses) else None
        end = min(one.last + timedelta(1) if one.last else after or today, after or today, today)
        left, high = axis.x(one.first), HIGH * one.amount / highest
        drawn.append(rect(left, base - high, axis.x(end) - left, high, "dose past" if of.past else "dose"))
    return drawn


def _words(of: Medicine, axis: TimeAxis, base: float, today: date, room: Room) -> list[str]:
    """A past medicine's name within its bars, as far as they reach; what is tried now is named below the strip."""
    if not of.past:
        room.take(Box(axis.x(_begin(of)), base - HIGH, axis.x(_end(of, today)), base))
        return []
    x = axis.x(_begin(of)) + 6
    said = shorten(f"{of.name} {of.story}".strip(), axis.x(_end(of, today)) - x - 4) or shorten(
        of.name, axis.x(_end(of, today)) - x
    )
    if said and room.first_free([box_of(x, base - 6, said)]) is not None:
        return [text(x, base - 6, said, "xs")]
    return []


def _years(axis: TimeAxis) -> list[tuple[date, str]]:
    begin = [(axis.first, str(axis.first.year))]
    return begin + [(date(year, 1, 1), str(year)) for year in range(axis.first.year + 1, axis.last.year + 1)]


def _said(
    first: date, today: date, shown: tuple[date, date], stages: Sequence[Stage], medicines: Sequence[Medicine]
) -> str:
    parts = [f"{one.words} from {day(one.first)}" for one in stages]
    for one in medicines:
        if one.doses:
            until = f"to {day(_end(one, today))}" if one.past else "until now"
            parts.append(f"{f'{one.name} {one.story}'.strip()} from {day(_begin(one))} {until}")
    parts.append(f"The chart below shows {day(shown[0])} to {day(shown[1])}")
    return f"{'. '.join(parts)}."


def _table(title: str, today: date, stages: Sequence[Stage], medicines: Sequence[Medicine]) -> Table:
    rows = [(day(one.first), one.words, day(one.last) if one.last else "") for one in stages]
    rows += [
        (day(_begin(one)), f"{one.name} {one.story}".strip(), day(_end(one, today)) if one.past else "")
        for one in medicines
        if one.doses
    ]
    return Table(title, ("From", "What", "To"), tuple(rows))
