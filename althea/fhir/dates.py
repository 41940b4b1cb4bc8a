"""Which day is meant?  Reads FHIR's dates, whole or partial, and counts with them without falling over.

A date without its day is its first day: a result looks older, never fresher, than it may be.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Outside these a date is a slip of the keyboard."""


_met: dict[str, date] = {}
MOST_MET = 20_000


def day(value: Any) -> date | None:
    """The day of a date, dateTime or instant; None where it is not one. Plain dates met before are remembered."""
    if not isinstance(value, str):
        return None
    found = _met.get(value)
    if found is not None:
        return found
    dated = len(value) > 10 and value[10] == "T" and value[7] == "-"
    if dated and (found := _met.get(value[:10])) is not None:
        return found  # its time does not change its day
    found = _day(value)
    if found is not None:
        if len(_met) >= MOST_MET:
            _met.clear()
        if len(value) <= 10:
            _met[value] = found
        elif dated and not value[0].isspace():
            _met[value[:10]] = found
    return found


def _day(value: str) -> date | None:
    text = value.strip()
    if len(text) == 4:
        text += "-01-01"
    elif len(text) == 7:
        text += "-01"
    elif len(text) > 10 and text[10] not in "T ":
        return None
    if len(text) < 10 or text[4] != "-" or text[7] != "-":
        return None
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def day_by(value: Any, today: date) -> date | None:
    """The day, where a moment of tomorrow in a time zone east of us is still today."""
    found = _met.get(value) if type(value) is str else None
    if found is not None:  # without a time
        return found
    found = day(value)
    if found is not None and found > today and "T" in value and found == later(today, 1):
        return today
    return found


def moment(value: Any) -> float:
    """For sorting within one day: seconds, 0 where no time is given. Without a zone, UTC is as good as any."""
    if not isinstance(value, str) or len(value) <= 10:
        return 0.0
    try:
        found = datetime.fromisoformat(value.strip())
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return 0.0


def later(start: date, days: int) -> date:
    """So many days after, or before; the end of the calendar where it would run over."""
    try:
        return start + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


@lru_cache(maxsize=64)
def months_before(today: date, months: int) -> date:
    """The same day of the month so many months earlier, or the last day that month has."""
    at = today.year * 12 + today.month - 1 - months
    year, month = divmod(at, 12)
    for last in (today.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return today


def age(born: date, today: date) -> int:
    """Completed years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


DAYS_IN = {
    "d": Decimal(1), "day": Decimal(1), "days": Decimal(1), "wk": Decimal(7), "week": Decimal(7), "weeks": Decimal(7),
    "mo": Decimal(30), "month": Decimal(30), "months": Decimal(30), "a": Decimal(365), "year": Decimal(365),
    "years": Decimal(365), "h": Decimal(1) / 24, "hour": Decimal(1) / 24, "hours": Decimal(1) / 24,
    "min": Decimal(1) / 1440, "s": Decimal(1) / 86400,
}  # fmt: skip
"""UCUM's units of time (http://unitsofmeasure.org) and the words people write, in days. A month is 30 days."""
