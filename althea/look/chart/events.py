"""What happened, and when?  Diamonds, pills, crossed rings and her own words, each with its words beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from althea.look.chart import lanes
from althea.look.chart.axis import Frame, TimeAxis
from althea.look.chart.drawing import path, px, rect, text
from althea.look.chart.labels import Box, Room, shorten, width
from althea.look.chart.lanes import ROW, Event, Row

RING = 13
"""From one ring of a missed dose to the next."""
MOST_EVENT_ROWS = 4


def events(frame: Frame, axis: TimeAxis, y: float, of: Sequence[Event], today: date) -> Row:
    """What happened: a diamond for a day, a pill for a side effect, crossed rings for missed doses, words beside them.

    What would lie over something else moves to a row below; what has no place in four rows is counted in the last.
    """
    head = lanes.name(frame, y + 5, "Events")
    drawn, y = [*head.drawn], head.bottom + (0 if frame.names_above else 3)
    rows, left_over = [Room(axis.left, axis.right)], list[Event]()
    shown = sorted((one for one in of if axis.meets(one.first, one.last or one.first)), key=lambda one: one.first)
    for which, one in enumerate(shown):
        later = [axis.x(other.first) for other in shown[which + 1 :]] + [axis.x(today)] * axis.holds(today)
        for at in range(MOST_EVENT_ROWS):
            if at == len(rows):
                rows.append(Room(axis.left, axis.right))
            found = _event(one, _event_words(one), axis, y + at * ROW, rows[at], today, later)
            if found:
                drawn += found
                break
        else:
            left_over.append(one)
    if left_over:
        more = f"{len(left_over)} more, in the table"
        drawn += _event(
            Event(left_over[0].first, more), more, axis, y + len(rows) * ROW, Room(axis.left, axis.right), today, ()
        )
        rows.append(Room(axis.left, axis.right))
    return Row(drawn, y + len(rows) * ROW + 8)


def _event(
    one: Event, words: str, axis: TimeAxis, y: float, room: Room, today: date, later: Sequence[float]
) -> list[str]:
    """The mark of an event and its words, where both have room in this row; otherwise nothing."""
    x, middle = axis.x(one.first), y + 9
    if one.kind == "effect":
        right = max(axis.x((one.last or today) + timedelta(1)), x + 15)
        pill, box = rect(x, middle - 7.5, right - x, 15, "ev", 7.5), Box(x, y, right, y + ROW)
        if width(words) + 12 > right - x:
            return _beside([pill], box, words, middle, room, later)
        return [pill, text((x + right) / 2, middle + 4, words, "xs m")] if room.first_free([box]) is not None else []
    if one.kind == "missed":
        centres = [x + 6 + n * RING for n in range(min(one.count, 2))]
        drawn = [ring(at, middle) for at in centres]
        return _beside(drawn, Box(x, y, centres[-1] + 6, y + ROW), words, middle, room, later)
    if one.kind == "hers":
        return _beside([leaf(x, middle)], Box(x - 7, y, x + 7, y + ROW), words, middle, room, later, "hers")
    diamond = path(f"M{px(x)} {px(middle - 7.5)}l7.5 7.5l-7.5 7.5l-7.5 -7.5z", "evs")
    return _beside([diamond], Box(x - 7.5, y, x + 7.5, y + ROW), words, middle, room, later)


def ring(x: float, y: float) -> str:
    """A crossed ring: a dose that was missed."""
    return f'<circle cx="{px(x)}" cy="{px(y)}" r="5" class="ev"/>' + path(f"M{px(x - 3.5)} {px(y + 3.5)}l7 -7", "axis")


def leaf(x: float, y: float) -> str:
    """What is hers: three corners round, one sharp, at the bottom left."""
    return path(f"M{px(x - 6)} {px(y + 6)}v-6a6 6 0 0 1 12 0a6 6 0 0 1 -6 6z", "leaf")


def _beside(
    drawn: list[str], box: Box, words: str, middle: float, room: Room, later: Sequence[float], voice: str = ""
) -> list[str]:
    """The words right of a mark, or left of it; rather not over a `later` mark or today. `voice`: "hers" or nothing."""
    # Half a mark may stand over the edge of the window.
    room = Room(room.left - 8, room.right + 8, room.taken)
    words = shorten(words, max(box.left - room.left, room.right - box.right) - 6)
    wide = width(words) + 6
    css = f"{voice or 'xs'} halo"
    after = Box(box.left, box.top, box.right + wide, box.bottom), box.right + 5, css
    before = Box(box.left - wide, box.top, box.right, box.bottom), box.left - 5, f"{css} e"
    in_the_way = any(box.right < x < box.right + wide + 8 for x in later)
    for whole, x, css in (before, after) if in_the_way else (after, before):
        if room.first_free([whole]) is not None:
            return [*drawn, text(x, middle + 4, words, css)]
    return []


def _event_words(one: Event) -> str:
    if one.kind == "missed":
        return one.words or f"{one.count} missed"
    return f"“{one.words}”" if one.kind == "hers" else one.words
