"""How long is the story?  Everything since its beginning in one strip, with a frame around the time shown below it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from althea.look.chart.axis import DESK, Frame, TimeAxis
from althea.look.chart.drawing import Drawing, Table, line, rect, svg, text
from althea.look.chart.labels import Box, Room, box_of, shorten, width
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
    drawn.append(rect(axis.left, top, axis.right - axis.left, 9, "base", 2))
    for stage in stages:
        left, right = axis.x(stage.first), axis.x((stage.last or last) + timedelta(1))
        drawn.append(rect(left, top, right - left - 1, 9, stage.css, 2))
    rows = _rows(medicines, axis, today)
    for at, row in enumerate(rows):
        base = top + 40 + at * ROW
        # The two sides of the frame are in the way of words too.
        room = Room(axis.left, axis.right, [Box(x - 2, base - HIGH, x + 2, base) for x in map(axis.x, shown)])
        for medicine in row:
            drawn += _medicine(medicine, axis, base, today)
            room.take(Box(axis.x(_begin(medicine)), base - HIGH, axis.x(_end(medicine, today)), base))
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
    words = _said(today, shown, stages, medicines, silences)
    title = f"Her story since {first.year}"
    whole = svg(
        years + drawn, wide=frame.wide, high=bottom + 26, name=name, title=title, words=words, css=frame.css, top=-6
    )
    return Drawing(whole, title, words, _table(title, today, stages, medicines))


def _rows(medicines: Sequence[Medicine], axis: TimeAxis, today: date) -> list[list[Medicine]]:
    """The medicines in rows without overlap, with room for their words if there may be one more row; what finds no
    place is put in the last row all the same."""
    rows: list[list[Medicine]] = [[]]
    ends: list[tuple[float, float]] = [(0, 0)]
    for one in sorted((one for one in medicines if one.doses), key=lambda one: _begin(one)):
        left, right = axis.x(_begin(one)), axis.x(_end(one, today))
        said = width(_whole(one)) + 10
        reaches = right if not one.past or said <= right - left else right + said
        free = next((at for at, (_, words) in enumerate(ends) if words <= left), None)
        if free is None and len(rows) < MOST_ROWS:
            rows.append([])
            ends.append((0, 0))
            free = len(rows) - 1
        if free is None:
            free = next((at for at, (bar, _) in enumerate(ends) if bar < left), len(rows) - 1)
        rows[free].append(one)
        ends[free] = (max(right, ends[free][0]), max(reaches, ends[free][1]))
    return rows


def _whole(of: Medicine) -> str:
    return f"{of.name} {of.story}".strip()


def _begin(of: Medicine) -> date:
    return min(one.first for one in of.doses)


def _end(of: Medicine, today: date) -> date:
    return min(max(one.last or today for one in of.doses), today)


def _medicine(of: Medicine, axis: TimeAxis, base: float, today: date) -> list[str]:
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
    """A medicine's name and story within its bars, or beside those of a past one; else its name alone, where it fits.
    What is tried now is named below the strip."""
    left, right = axis.x(_begin(of)), axis.x(_end(of, today))
    whole = _whole(of)
    for said in dict.fromkeys([whole, of.name]):
        if width(said) + 10 <= right - left:
            return [text(left + 6, base - 6, said, "xs")]
        if of.past:
            places = [(right + 6, ""), (left - 6, "e")]
            free = room.first_free(box_of(x, base - 6, said, anchor=anchor) for x, anchor in places)
            if free is not None:
                x, anchor = places[free]
                return [text(x, base - 6, said, f"xs {anchor}".strip())]
    short = shorten(whole, right - left - 10) if of.past else ""
    return [text(left + 6, base - 6, short, "xs")] if short else []


def _years(axis: TimeAxis) -> list[tuple[date, str]]:
    begin = [(axis.first, str(axis.first.year))]
    return begin + [(date(year, 1, 1), str(year)) for year in range(axis.first.year + 1, axis.last.year + 1)]


def _said(
    today: date,
    shown: tuple[date, date],
    stages: Sequence[Stage],
    medicines: Sequence[Medicine],
    silences: Sequence[tuple[date, date, str]],
) -> str:
    parts = [f"{one.words} from {day(one.first)}" for one in stages]
    for one in medicines:
        if one.doses:
            until = f"to {day(_end(one, today))}" if one.past else "until now"
            parts.append(f"{_whole(one)}, from {day(_begin(one))} {until}")
    parts += [f"{words[:1].upper()}{words[1:]} from {day(begin)} to {day(end)}" for begin, end, words in silences]
    parts.append(f"The chart below shows {day(shown[0])} to {day(shown[1])}")
    return f"{'. '.join(parts)}."


def _table(title: str, today: date, stages: Sequence[Stage], medicines: Sequence[Medicine]) -> Table:
    rows = [(day(one.first), one.words, day(one.last) if one.last else "") for one in stages]
    rows += [
        (day(_begin(one)), _whole(one), day(_end(one, today)) if one.past else "") for one in medicines if one.doses
    ]
    return Table(title, ("From", "What", "To"), tuple(rows))
