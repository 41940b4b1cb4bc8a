"""How much, from when to when?  The steps of a dose as an area; what is planned as a dashed outline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from althea.look.chart import lanes
from althea.look.chart.axis import Frame, Scale, TimeAxis, tidy_top
from althea.look.chart.drawing import line, path, px, rect, text
from althea.look.chart.labels import NORMAL, Box, Room, box_of, shorten, width
from althea.look.chart.lanes import Dose, Medicine, Reached, Row
from althea.look.words import dose, number

HIGH, PAST_HIGH = 72, 44
FULL_MARK = 24
Step = tuple[float, float, float]
"""From where to where, and how much."""


def doses(frame: Frame, axis: TimeAxis, y: float, of: Medicine, today: date) -> Row:
    """The steps of a dose as an area, the number of each in it or above it; planned ones as a dashed outline."""
    head = lanes.name(frame, y + 6, of.name, [of.about or of.unit])
    shown = [one for one in of.doses if axis.meets(one.first, _end(one, of, axis, today))]
    top = tidy_top(max((one.amount for one in of.doses), default=1))
    # Words of what was reached stand above the steps where there is no room beside them.
    high = PAST_HIGH if of.past else HIGH
    base = head.bottom + high + 16
    scale = Scale(0, top, base - high, base)
    room = Room(axis.left, frame.wide)
    if frame.names_above:
        room.take(Box(0, y, frame.wide, head.bottom - 2))
    drawn = [*head.drawn]
    for value in (top / 2, top):
        at, words = scale.y(value), shorten(dose(value, of.unit), frame.gutter)
        drawn += [line(axis.left, at, axis.right, at, "grid"), text(axis.right + 8, at + 4, words, "xs q")]
        room.take(box_of(axis.right + 8, at + 4, words))
    drawn.append(line(axis.left, base, axis.right, base, "axis"))
    taken, planned = _taken_and_planned(shown, of, axis, today)
    css = "dose past" if of.past else "dose"
    steps = [(axis.x(first), axis.x(last), amount) for first, last, amount in taken]
    for left, right, amount in steps:
        drawn.append(rect(left, scale.y(amount), right - left, base - scale.y(amount), css))
        room.take(Box(left, scale.y(amount), right, base))
    drawn += [path(_outline(run, scale, base), "edge") for run in _runs(steps)]
    if of.reached and axis.holds(of.reached.on):
        drawn += _reached(of.reached, axis.x(of.reached.on), steps, scale, room)
    drawn += _numbers(steps, scale, base, room)
    plans = [(axis.x(first), axis.x(last), amount) for first, last, amount in planned]
    for run in _runs(plans):
        ends = run[-1][1] < axis.right  # what runs on beyond the axis is not drawn as falling to none
        if ends:
            room.take(Box(run[-1][1] - 2, scale.y(run[-1][2]), run[-1][1] + 2, base))
        drawn.append(path(_outline(run, scale, base) + (f"V{px(base)}" if ends else ""), "plan"))
    drawn += _plan_words(of, plans, scale, room, axis.right)
    return Row(drawn, base + 8)


def _end(one: Dose, of: Medicine, axis: TimeAxis, today: date) -> date:
    """The last day of a dose: as it says; without saying, the day before the next one, or today. One that is planned
    and goes on does so to the end of the axis: it does not stop after its first day."""
    if one.last:
        return one.last
    later = [other.first for other in of.doses if other.first > one.first]
    if later:
        return min(later) - timedelta(1)
    return today if one.first <= today else max(axis.last, one.first)


def _taken_and_planned(
    shown: Sequence[Dose], of: Medicine, axis: TimeAxis, today: date
) -> tuple[list[tuple[date, date, float]], list[tuple[date, date, float]]]:
    """The doses, cut at today: (first day, day after the last, amount)."""
    taken, planned = [], []
    for one in sorted(shown, key=lambda one: one.first):
        end = _end(one, of, axis, today) + timedelta(1)
        if one.first <= today:
            # The bar of a dose that goes on ends at the line of today, and what is planned begins there.
            taken.append((one.first, min(end, max(today, one.first)), one.amount))
        if end > today + timedelta(1):
            planned.append((max(one.first, today), end, one.amount))
    return taken, planned


def _runs(steps: Sequence[Step]) -> list[list[Step]]:
    """Steps that follow each other without a pause, together."""
    runs: list[list[Step]] = []
    for step in steps:
        if runs and abs(runs[-1][-1][1] - step[0]) < 1.5:
            runs[-1].append(step)
        else:
            runs.append([step])
    return runs


def _outline(run: Sequence[Step], scale: Scale, base: float) -> str:
    return f"M{px(run[0][0])} {px(base)}" + "".join(f"V{px(scale.y(amount))}H{px(right)}" for _, right, amount in run)


def _numbers(steps: Sequence[Step], scale: Scale, base: float, room: Room) -> list[str]:
    """The number of each dose: in its bar, or above it; where several bars are too narrow, first and last of them.

    Of bars that follow each other, where most are too narrow, none has a number of its own.
    """
    drawn, narrow = [], list[Step]()
    crowded = [one for run in _runs(steps) if sum(map(_fits, run)) * 2 < len(run) for one in run]
    for step in [*steps, None]:
        fits = step is not None and step not in crowded and _fits(step)
        if step is not None and not fits:
            narrow.append(step)
            continue
        if narrow:
            drawn += _together(narrow, scale, room)
            narrow = []
        if step is not None:
            left, right, amount = step
            inside = base - scale.y(amount) >= 15
            y = base - 6 if inside else scale.y(amount) - 5
            if not inside:
                room.take(box_of((left + right) / 2, y, number(amount), NORMAL, True, "m"))
            drawn.append(text((left + right) / 2, y, number(amount), "b m"))
    return drawn


def _fits(step: Step) -> bool:
    return width(number(step[2]), NORMAL, True) + 2 <= step[1] - step[0]


def _together(steps: Sequence[Step], scale: Scale, room: Room) -> list[str]:
    """One label for doses whose bars are too narrow: "25 to 150", above them, where there is room."""
    amounts = [number(amount) for _, _, amount in steps]
    words = amounts[0] if len(set(amounts)) == 1 else f"{amounts[0]} to {amounts[-1]}"
    middle = (steps[0][0] + steps[-1][1]) / 2
    top = min(scale.y(amount) for _, _, amount in steps)
    first, last = steps[0][0], steps[-1][1]
    places = [(middle, top - 5, "m"), (last, top - 5, "e"), (first, top - 5, ""), (first - 6, scale.bottom - 6, "e")]
    free = room.first_free(box_of(x, y, words, NORMAL, True, anchor) for x, y, anchor in places)
    if free is None:
        return []
    x, y, anchor = places[free]
    return [text(x, y, words, f"b halo {anchor}".strip())]


def _plan_words(of: Medicine, plans: Sequence[Step], scale: Scale, room: Room, right: float) -> list[str]:
    """The numbers of planned doses that are a change, and what the plan is."""
    drawn = []
    if len({amount for _, _, amount in plans}) > 1:
        for left, end, amount in plans:
            words, x, y = number(amount), (left + end) / 2, scale.bottom - 6
            if width(words, NORMAL, True) + 2 <= end - left:
                room.take(box_of(x, y, words, NORMAL, True, "m"))
                drawn.append(text(x, y, words, "b m q"))
    if plans and of.plan:
        x, y = plans[0][0] + 14, scale.y(plans[0][2])
        places = [(x, y + 18), (x, y - 6), (x, scale.top - 5)]
        if len(plans) > 1:
            places.reverse()  # above all its steps
        inside = Room(room.left, right, room.taken)
        free = inside.first_free(box_of(x, at, of.plan) for x, at in places)
        if free is not None:
            drawn.append(text(*places[free], of.plan, "xs q halo"))
    return drawn


def _reached(of: Reached, x: float, steps: Sequence[Step], scale: Scale, room: Room) -> list[str]:
    """A mark above the step where it was reached, its words left of the mark, or in one line above everything."""
    amount = max((amount for left, right, amount in steps if left - 1 <= x <= right + 1), default=0)
    y = scale.y(amount)
    beside = [box_of(x - 6, y - 13 + 14 * at, words, anchor="e") for at, words in enumerate(of.words)]
    drawn = [line(x, y, x, y - FULL_MARK, "axis")]
    if len(of.words) <= 2 and all(map(room.free, beside)):
        for box in beside:
            room.take(box)
        styles = ("xs e halo", "xs q e halo")
        return drawn + [text(x - 6, y - 13 + 14 * at, words, styles[min(at, 1)]) for at, words in enumerate(of.words)]
    top = scale.top - 6
    for said in (" ".join(of.words), of.words[0]):
        for at, anchor in ((x + 4, ""), (x - 4, "e")):
            if room.first_free([box_of(at, top, said, anchor=anchor)]) is not None:
                return [line(x, y, x, top + 3, "axis"), text(at, top, said, f"xs {anchor}".strip())]
    return []
