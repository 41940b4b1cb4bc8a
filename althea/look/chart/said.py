"""How is a timeline said?  In words for who does not see it, and as a table with the same facts, day by day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

from althea.look.chart.drawing import Table
from althea.look.chart.lanes import Dose, Event, Medicine
from althea.look.chart.panel import Score, by_date
from althea.look.words import day, dose, number

if TYPE_CHECKING:
    from althea.look.chart.story import Story

__all__ = ["as_table", "in_words", "number", "window"]

MANY = 8
"""From so many values on, words name the first, the last and the ends; the table has them all."""


def window(first: date, last: date) -> str:
    """From when to when, with the year once where both share it?"""
    return f"{day(first, last)} to {day(last)}"


def in_words(of: Story) -> str:
    """What does the drawing show?  The finding first, then each row from the top."""
    sentences = [of.words] if of.words else []
    for stage in of.stages:
        begins = f"{stage.begins}. " if stage.begins else ""
        until = f" to {day(stage.last, of.today)}" if stage.last else ""
        sentences.append(f"{begins}{stage.words} from {day(stage.first, of.today)}{until}")
    sentences += [_medicine(one, of.today) for one in of.medicines if one.doses]
    for other in of.others:
        why = f", {other.words}" if other.words else ""
        sentences.append(f"{other.name} {_span(other.first, other.last, of.today)}{why}")
    sentences += [_event(one, of.today) for one in of.events]
    sentences += [_score(one, of.today) for one in of.scores]
    if not sentences:
        return "Nothing recorded in this time."
    return f"{'. '.join(one.rstrip('.') for one in sentences)}. The same facts are in the table."


def as_table(of: Story) -> Table:
    """The facts as rows of days, the oldest first: every score, the dose that day, and what happened."""
    happened: dict[date, list[str]] = defaultdict(list)
    for stage in of.stages:
        happened[stage.first].append(stage.begins or stage.words)
    for medicine in of.medicines:
        for at, one in enumerate(sorted(medicine.doses, key=lambda one: one.first)):
            if len(of.medicines) > 1 or not at:
                verb = "planned" if one.first > of.today else "start" if not at else "changed"
                happened[one.first].append(f"{medicine.name} {verb}")
            else:
                happened[one.first].append("Planned" if one.first > of.today else "Dose changed")
            if one.last and not _dose_on(medicine, one.last + timedelta(1), of.today):
                happened[one.last].append(
                    f"{medicine.name} ends" if one.last <= of.today else f"{medicine.name} planned to here"
                )
        if medicine.reached:
            happened[medicine.reached.on].append(" ".join(medicine.reached.words))
    for other in of.others:
        happened[other.first].append(_join(f"{other.name} {_span(other.first, other.last, of.today)}", other.words))
    for event in of.events:
        happened[event.first].append(_event(event, of.today))
    for score in of.scores:
        for on, _ in score.points:
            happened[on] += ["Dated after today"] if on > of.today else []
    happened[of.today] += ["Today"] if any((of.stages, of.medicines, of.others, of.events, of.scores)) else []
    rows = tuple(_row(of, on, happened[on]) for on in sorted(happened) if happened[on] or _anything(of, on))
    head = ("Date", *(one.name for one in of.scores), *(one.name for one in of.medicines), "What happened")
    numbers = frozenset(range(1, len(of.scores) + 1))
    return Table(f"{window(of.first, of.last)}, as a table", head, rows, numbers)


def _row(of: Story, on: date, happened: list[str]) -> tuple[str, ...]:
    scores = ("; ".join(number(value) for when, value in score.points if when == on) for score in of.scores)
    doses = (_dose_on(medicine, on, of.today) for medicine in of.medicines)
    return (day(on, of.today), *scores, *doses, ". ".join(dict.fromkeys(happened)))


def _anything(of: Story, on: date) -> bool:
    return any(when == on for score in of.scores for when, _ in score.points)


def _dose_on(of: Medicine, on: date, today: date) -> str:
    """The dose of that day; of a dose without an end, none after today."""
    held = [one for one in of.doses if one.first <= on <= (one.last or max(today, one.first))]
    return dose(max(held, key=lambda one: one.first).amount, of.unit) if held else ""


def _medicine(of: Medicine, today: date) -> str:
    def said(one: Dose) -> str:
        until = f" to {day(one.last, today)}" if one.last else ""
        planned = "planned " if one.first > today else ""
        return f"{planned}{dose(one.amount, of.unit)} from {day(one.first, today)}{until}"

    steps = ", ".join(map(said, sorted(of.doses, key=lambda one: one.first)))
    reached = f". {' '.join(of.reached.words)} on {day(of.reached.on, today)}" if of.reached else ""
    return f"{of.name}: {steps}{reached}"


def _score(of: Score, today: date) -> str:
    points = sorted((one for one in of.points if one[0] <= today), key=by_date)
    if not points:
        return f"{of.name}: no scores"
    goal = f". Goal {number(of.goal.value)}, {of.goal.words}" if of.goal else ""
    if len(points) < MANY:
        return f"{of.name}: {', '.join(f'{number(value)} on {day(on, today)}' for on, value in points)}{goal}"
    highest, lowest = max(points, key=lambda one: one[1]), min(points, key=lambda one: one[1])
    ends = [(points[0], "first"), (highest, "highest"), (lowest, "lowest"), (points[-1], "last")]
    said = ", ".join(f"{word} {number(value)} on {day(on, today)}" for (on, value), word in ends)
    return f"{of.name}, {len(points)} scores: {said}{goal}"


def _event(of: Event, today: date) -> str:
    if of.kind == "missed":
        return f"{of.words or f'{of.count} missed'} {_span(of.first, of.last or of.first, today)}"
    if of.kind == "effect":
        return f"{of.words} {_span(of.first, of.last, today)}"
    return f"She said: “{of.words}”" if of.kind == "hers" else of.words


def _span(first: date, last: date | None, today: date) -> str:
    if last is None:
        return f"since {day(first, today)}"
    return f"on {day(first, today)}" if last == first else f"{day(first, today)} to {day(last, today)}"


def _join(*words: str) -> str:
    return ", ".join(one for one in words if one)
