"""How are dates and numbers said?  One way each, on every page, chart and sheet.

No clock: who asks says which day it is.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

MONTHS = ("Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")
"""Short names, but a month of up to five letters is written out."""
MONTHS_LONG = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ISO = re.compile(r"(?<![\w-])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![\w-])")
Number = int | float | Decimal


def day(when: date, today: date | None = None) -> str:
    """Which day, in short?  "28 May"; "28 May 2025" when it is of another year than today, or today is not said."""
    words = f"{when.day} {MONTHS[when.month - 1]}"
    return words if today is not None and today.year == when.year else f"{words} {when.year}"


def day_long(when: date) -> str:
    """Which day, at the head of a page?  "Tuesday 9 June": no year, so only for days near today."""
    return f"{WEEKDAYS[when.weekday()]} {when.day} {MONTHS_LONG[when.month - 1]}"


def moment(at: datetime, today: date) -> str:
    """When is a visit?  "today at 10:20", "tomorrow at 10:20", "Tuesday 16 June at 10:20". `at` is in her own zone."""
    near = {0: "today", 1: "tomorrow"}
    return f"{near.get((at.date() - today).days) or day_long(at.date())} at {at:%H:%M}"


def dated(sentence: str, today: date | None = None) -> str:
    """A sentence of the engine with its days as people say them: "EPDS 16 (2026-11-26)" is "EPDS 16 (26 Nov)".

    What looks like a day and is none ("2026-13-40") stays as it stands.
    """

    def said(found: re.Match[str]) -> str:
        try:
            return day(date.fromisoformat(found[0]), today)
        except ValueError:
            return found[0]

    return ISO.sub(said, sentence)


def weeks_ago(when: date, today: date) -> str:
    """How long ago, or how far ahead?  Days up to two weeks, then whole weeks, then whole years."""
    days = abs((today - when).days)
    if days == 0:
        return "today"
    if days == 1:
        return "yesterday" if when < today else "tomorrow"
    if days < 14:
        length = f"{days} days"
    elif days < 365:
        length = f"{days // 7} weeks"
    else:
        length = "1 year" if days < 730 else f"{days // 365} years"
    return f"{length} ago" if when < today else f"in {length}"


def number(amount: Number) -> str:
    """How is a number written?  "0.5", "75", "1,000": a leading zero always, trailing zeros never.

    Nothing is rounded, but the last digits that binary floats make up (0.30000000000000004) are dropped.
    """
    exact = amount if isinstance(amount, Decimal) else Decimal(format(amount, ".12g"))
    if not exact.is_finite():
        raise ValueError(f"{amount} is not a number to show")
    text = format(exact, ",f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def dose(amount: Number, unit: str = "") -> str:
    """How much?  "0.5 mg", "75 mg", "1,000 mg"."""
    if amount < 0:
        raise ValueError(f"{amount} {unit}: no dose is below zero")
    return f"{number(amount)} {unit}".rstrip()


def of_100(people: Number) -> str:
    """How many of a hundred?  "55 of 100"; what is not whole is "about" the nearest; almost none is not none."""
    if not 0 <= people <= 100:
        raise ValueError(f"{people} of 100 cannot be")
    if people == int(people):
        return f"{int(people)} of 100"
    if people < 1:
        return "fewer than 1 of 100"
    if people > 99:
        return "more than 99 of 100"
    return f"about {int(people + Decimal('0.5') if isinstance(people, Decimal) else people + 0.5)} of 100"
