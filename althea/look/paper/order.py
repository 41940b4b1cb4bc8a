"""What does the pharmacy need, and what does she need?  A sheet each: the prescription, and how she takes it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from ..words import day
from .press import Size, press
from .sheet import Advice, Call, Made, heading, short
from .steps import Step, as_list


@dataclass(frozen=True)
class Supply:
    """What the pharmacy gives out: "Escitalopram 10 mg tablets", "28 (twenty-eight) tablets", "no repeats"."""

    product: str
    quantity: str
    repeats: str = ""


@dataclass(frozen=True)
class OrderPaper:
    """An order as it is printed.

    `name` and `made.born` are who the prescription is for by law; `made.called` is the name on her own sheet.
    `signed` is how and when it was signed, in words; empty, the sheet says that it is not valid yet.  `ended` says
    that it ends, or ended, before its steps do.
    `only_hers` leaves the pharmacy's sheet out.  `patient` and `prescriber` are labelled facts in the order they
    stand: address, allergies; role, number of licence.
    """

    made: Made
    name: str
    medicine: str
    what_for: str
    when: str
    steps: tuple[Step, ...]
    supply: tuple[Supply, ...]
    prescriber: tuple[tuple[str, str], ...]
    patient: tuple[tuple[str, str], ...] = ()
    substitution: str = ""
    signed: str = ""
    how: tuple[str, ...] = ()
    advice: tuple[Advice, ...] = ()
    call_when: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()
    next_visit: date | None = None
    ended: str = ""
    only_hers: bool = False


def order_pdf(order: OrderPaper, size: Size = "a4") -> bytes:
    """What is the order's PDF?  The same bytes for the same order, tagged for screen readers, called "Notes"."""
    return press("order.typ", _words(order), size)


def _words(order: OrderPaper) -> dict[str, Any]:
    born = [("Born", day(order.made.born))] if order.made.born else []
    return {
        **heading(order.made),
        "name": order.name,
        "short_name": short(order.name),
        "patient": [("Name", order.name), *born, *order.patient],
        "prescriber": order.prescriber,
        "medicine": order.medicine,
        "what_for": order.what_for,
        "when": order.when,
        "steps": as_list(order.steps),
        "supply": [asdict(one) for one in order.supply],
        "substitution": order.substitution,
        "signed": order.signed,
        "how": order.how,
        "advice": [asdict(one) for one in order.advice],
        "call_when": order.call_when,
        "calls": [asdict(call) for call in order.calls],
        "ended": order.ended,
        "only_hers": order.only_hers,
        "next_visit": day(order.next_visit) if order.next_visit else "",
    }
