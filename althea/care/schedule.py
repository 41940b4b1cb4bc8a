"""What does she take from which day to which, by her signed orders?  One reading for her pages and for paper.

An order that another replaces on a day to come holds until that day and no further: the two are one course, for read
apart they say two doses of the same days. One that is replaced before its own first day is never taken, and what it was
to take the place of ends with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from althea.care.days import today
from althea.care.models import Order

A_DAY = timedelta(days=1)
Signed = TypeVar("Signed", bound=Order)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A step of an order, from `first` to `last`, both included. `last` None: it goes on. `step` empty: none."""

    first: date
    last: date | None
    step: dict[str, Any]
    order: Order


@dataclass(frozen=True, slots=True)
class Course:
    """Orders that follow one another, the newest last, and what they come to; neither is ever empty."""

    orders: tuple[Order, ...]
    stretches: tuple[Stretch, ...]

    def now(self, on: date) -> Stretch | None:
        """The step in force on that day; None: the first has not begun."""
        return next((one for one in reversed(self.stretches) if one.step and one.first <= on), None)

    def ahead(self, on: date) -> tuple[Stretch, ...]:
        """What begins after that day; where she takes none then, a stretch that says so."""
        return tuple(one for one in self.stretches if one.first > on)

    def since(self, day: date) -> Course | None:
        """What of it begins on that day or later. None: nothing does."""
        stretches = tuple(one for one in self.stretches if one.first >= day)
        return Course(tuple(dict.fromkeys(one.order for one in stretches)), stretches) if stretches else None

    def last_of(self, order: Order) -> date | None:
        """The last day of one of its orders; None: it goes on, or goes down to none."""
        return next(one.last for one in reversed(self.stretches) if one.order == order)

    @property
    def last_dose(self) -> date | None:
        """The last day with a dose; None: it goes on."""
        ends = self.stretches[-1]
        return ends.last if ends.step else ends.first - A_DAY


def alike(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same, those in a row of one order that say one dose taken one way as one: a page says each dose once."""
    found: list[Stretch] = []
    for one in stretches:
        if found and _follows(found[-1], one):
            found[-1] = replace(found[-1], last=one.last)
        else:
            found.append(one)
    return found


def _follows(before: Stretch, one: Stretch) -> bool:
    return before.order == one.order and before.last == one.first - A_DAY and _taken(before) == _taken(one)


def _taken(one: Stretch) -> list[Any]:
    return [one.step.get(key) for key in ("dose", "times_a_day", "when", "take")]


def in_turn(orders: Iterable[Signed]) -> list[Signed]:
    """The same orders, none of which outlasts the one that took its place. `orders`: all signed ones, as signed.

    An order is to end on 20 June, when another begins; that one is itself replaced from 12 June on. What was written
    says two doses of the days between. The rows stay frozen; the end of the older is read as the 12th.
    """
    rows = list(orders)
    by_key = {one.pk: one for one in rows}
    for newer in reversed(rows):
        older = by_key.get(newer.replaces_id) if newer.replaces_id is not None else None
        if older is not None and hasattr(older, "end") and hasattr(newer, "end"):
            older.end.on = min(older.end.on, newer.end.on)
    return rows


def replaced_by(order: Order, orders: Sequence[Order]) -> list[Order]:
    """What it takes the place of, and what that one was to take the place of before it: the newest first."""
    return _chain(order, {one.pk: one for one in orders})


def newest_of(order: Order, orders: Sequence[Signed]) -> Signed:
    """The last of those that took its place one after the other; itself, where none did."""
    by_replaced = {one.replaces_id: one for one in orders if one.replaces_id is not None}
    found = next(one for one in orders if one.pk == order.pk)
    while found.pk in by_replaced:
        found = by_replaced.pop(found.pk)
    return found


def _chain(order: Order, by_key: Mapping[Any, Order]) -> list[Order]:
    found: dict[Any, Order] = {}
    older = by_key.get(order.replaces_id)
    while older is not None and older.pk not in found:
        found[older.pk] = older
        older = by_key.get(older.replaces_id)
    return list(found.values())


def of_these(order: Order, orders: Sequence[Order]) -> Order:
    """An order fetched by itself, with its end as it is among all of hers (`Chart.orders`)."""
    known = next((one for one in orders if one.pk == order.pk), None)
    if known is not None and hasattr(known, "end") and hasattr(order, "end"):
        order.end.on = known.end.on
    return order


def never_taken(order: Order) -> bool:
    """Did it end before its first day, or on it?"""
    return bool(order.steps) and hasattr(order, "end") and not schedule_of(order)


def as_signed(order: Order) -> list[Stretch]:
    """Its steps by day. A last step that ends is followed by none."""
    firsts = [date.fromisoformat(step["from"]) for step in order.steps]
    found = []
    for step, first, following in zip(order.steps, firsts, [*firsts[1:], None], strict=True):
        until = date.fromisoformat(step["until"]) if step.get("until") else None
        ends = [day for day in (until, following and following - A_DAY) if day is not None]
        found.append(Stretch(first, min(ends, default=None), step, order))
    if found and found[-1].last is not None:
        found.append(Stretch(found[-1].last + A_DAY, None, {}, order))
    return found


def schedule_of(order: Order) -> list[Stretch]:
    """The same until the day on which the order ends, and no further. Empty: it ended before it began."""
    return _until(as_signed(order), order.end.on) if hasattr(order, "end") else as_signed(order)


def courses(orders: Sequence[Order], on: date) -> list[Course]:
    """What she takes on that day, or is to take: all but what is over. `orders`: all signed ones, as signed."""
    by_key, seen = {one.pk: one for one in orders}, set[Any]()
    found: list[Course] = []
    for newest in reversed(orders):
        if newest.pk in seen:
            continue
        # Through orders that are over too: one that never began may stand between two that hold.
        chain = [one for one in (newest, *_chain(newest, by_key)) if one.pk not in seen][::-1]
        seen |= {one.pk for one in chain}
        stretches = _joined([one for one in chain if not over(one, on)], on)
        if stretches:
            found.append(Course(tuple(dict.fromkeys(one.order for one in stretches)), tuple(stretches)))
    return found[::-1]


def _joined(orders: list[Order], on: date) -> list[Stretch]:
    """Each order until the next begins; of those before the newest only what is not over."""
    found: list[Stretch] = []
    for order in orders:
        if own := schedule_of(order):
            before = _until(found, own[0].first)
            found = [one for one in before if one.last is None or one.last >= on] + own
    return found


def _until(stretches: list[Stretch], day: date) -> list[Stretch]:
    """What is left of them before that day."""
    return [
        replace(one, last=day - A_DAY if one.last is None or one.last >= day else one.last)
        for one in stretches
        if one.first < day
    ]


def stands_from(order: Order) -> date:
    """The day from which it stands: its first day, or the day it was signed where that is sooner."""
    first = date.fromisoformat(order.steps[0]["from"])
    return first if order.signed_at is None else min(first, today(order.patient, order.signed_at))


def signed_until(order: Order) -> date | None:
    """The last day as it was signed: of a plan to stop, and of a course that ends by itself. None: it goes on."""
    last = order.steps[-1].get("until") if order.steps else None
    return date.fromisoformat(last) if last else None


def last_day(order: Order) -> date | None:
    """The last day on which any of it is to be taken: as signed, or the day before it was ended, whichever is sooner.
    None: it goes on. Every page, paper and check asks here."""
    ended = order.end.on - A_DAY if hasattr(order, "end") else None
    return min((day for day in (signed_until(order), ended) if day is not None), default=None)


def over(order: Order, on: date) -> bool:
    """Is nothing of it to be taken any more on that day?"""
    last = last_day(order)
    return last is not None and last < on
