"""What did she take each day by her signed orders?  The steps of a medicine as changes of its daily dose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from althea.care.models import Order
from althea.care.schedule import A_DAY, last_day, over
from althea.knowledge.quantity import Dose


@dataclass(frozen=True, slots=True)
class DailyDose:
    """From this day on so many mg a day. None: taken, the dose not readable. 0: none."""

    on: date
    mg: Decimal | None


def runs_on(order: Order, on: date) -> dict[str, Any] | None:
    """The step of a signed order in force on a day; None: it does not run then."""
    begun = [step for step in order.steps if date.fromisoformat(step["from"]) <= on]
    return begun[-1] if begun and not over(order, on) else None


def running_order(orders: Sequence[Order], medicine: str, on: date) -> Order | None:
    """The newest signed order of this medicine that runs on that day, or begins later; None: there is none."""
    own = [one for one in orders if one.medicine == medicine and not over(one, on)]
    return next((one for one in reversed(own) if runs_on(one, on) is not None), own[-1] if own else None)


def daily_steps(orders: Sequence[Order], medicine: str) -> list[DailyDose]:
    """Every change of the daily dose of one medicine, oldest first, its orders taken together."""
    own = [one for one in orders if one.medicine == medicine]
    days: set[date] = set()
    for one in own:
        days |= {date.fromisoformat(step["from"]) for step in one.steps}
        last = last_day(one)
        if last is not None:
            days.add(last + A_DAY)
    found: list[DailyDose] = []
    for day in sorted(days):
        doses = [_mg(one, step) for one in own if (step := runs_on(one, day)) is not None]
        mg = None if None in doses else sum((dose for dose in doses if dose is not None), Decimal(0))
        if not found or found[-1].mg != mg:
            found.append(DailyDose(day, mg))
    return found if not found or found[0].mg != 0 else found[1:]


def _mg(order: Order, step: dict[str, Any]) -> Decimal | None:
    """As needed is no daily dose: how much it came to is not known."""
    if order.as_needed or not step.get("dose"):
        return None
    return Dose.parse(step["dose"]).mg * Decimal(str(step.get("times_a_day") or 1))
