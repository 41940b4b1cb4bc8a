"""A course that ends by itself is put before her prescriber while there is time: nobody runs out of a medicine by a
length that was typed. A plan to stop is meant so, and is not told."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from althea.care.actions import worklist
from althea.care.known import knowledge
from althea.care.models import Clinic, Order, User, WorklistItem
from althea.care.schedule import last_day

REASON = "last-day:"
AHEAD = timedelta(days=7)
"""The last day is told this long before it, and no longer after it: a week to see her and to order on."""


def before(clinic: Clinic, day: date, at: datetime) -> None:
    """One item for each course of this clinic whose last day is near, once: closed, it is not opened again."""
    same: dict[tuple[Any, str, str], list[Order]] = defaultdict(list)
    rows = Order.objects.filter(patient__clinic=clinic, signed_at__isnull=False, end__isnull=True)
    for one in rows.select_related("patient__clinic", "end"):
        same[one.patient_id, one.medicine, one.route].append(one)
    near = [(one, last) for orders in same.values() for one in orders if (last := _ends(one, orders, day))]
    told = WorklistItem.objects.filter(reason__in=[_reason(one) for one, _ in near])
    known = set(told.values_list("reason", flat=True)) if near else set()
    for order, last in near:
        if _reason(order) not in known:
            worklist.place(
                patient=order.patient, group=WorklistItem.Group.OTHER, level="info", reason=_reason(order),
                why=f"The last day of {knowledge().name_of(order.medicine)} by her order is {last:%-d %B}. "
                "No order follows it.",
                action="Open order", due_on=last, at=at, to=f"/patients/{order.patient_id}/orders/{order.pk}",
            )  # fmt: skip


def seen_to(order: Order, *, words: str, by: User, at: datetime) -> None:
    """Another order of this medicine was signed, or this one ended: nothing is about to end unseen."""
    items = WorklistItem.objects.filter(
        patient=order.patient, reason__startswith=f"{REASON}{order.medicine}:", closed_at__isnull=True
    )
    for item in items.select_related("patient__clinic"):
        worklist.close(item=item, by=by, words=words, at=at)


def _ends(order: Order, orders: list[Order], day: date) -> date | None:
    """Its last day, where it is near and no other order of the medicine goes on after it. None: nothing to tell."""
    last = last_day(order)
    if order.stops or last is None or abs(last - day) > AHEAD:
        return None
    others = [last_day(one) for one in orders if one.pk != order.pk]
    return None if any(one is None or one > last for one in others) else last


def _reason(order: Order) -> str:
    return f"{REASON}{order.medicine}:{order.pk}"
