"""How much of it does she take, at most?  FHIR's dose instructions, and the sig as text where they say less.

A range counts at its upper end, as-needed at its maximum, and a dose every few days as its average a day; each such
reading is said in words. What cannot be read is None: unknown, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from althea.fhir import codes
from althea.fhir.dates import DAYS_IN, day
from althea.fhir.elements import (
    NOTHING,
    Json,
    a_number,
    a_text,
    an_object,
    codings,
    objects,
    quoted,
    shape_of,
    words_of,
)
from althea.fhir.sig import Amount, Line, read_sig, rounded
from althea.knowledge.quantity import Dose

MOST = Decimal(10) ** 9
"""No dose is larger; what is has been mistyped."""


class Sig(Struct, frozen=True, gc=False):
    """All dose instructions of one order together. `daily` and `single` are upper ends; None: not known."""

    single: Amount | None = None
    daily: Amount | None = None
    as_needed: bool = False
    once: bool = False
    route: str = ""
    said: tuple[str, ...] = ()


NO_SIG = Sig()


def read_dosage(instructions: Any) -> Sig:
    """What do these instructions say together?  Concurrent ones add up; of sequential ones the highest counts."""
    key = shape_of(instructions)
    known = _met.get(key) if key is not None else None
    if known is not None:
        return known
    sig = _read(objects(instructions))
    if key is not None:
        if len(_met) >= MOST_MET:
            _met.clear()
        _met[key] = sig
    return sig


_met: dict[bytes, Sig] = {}
MOST_MET = 4000
"""Instructions read before: a few hundred shapes are nearly all of an export."""


def _read(lines: list[Json]) -> Sig:
    if not lines:
        return NO_SIG
    said: list[str] = []
    read = [_line(one, said) for one in lines]
    route = next((found for one in lines if (found := _route(one))), "")
    if len(read) == 1:
        line = read[0]
        return Sig(line.single, line.daily, line.as_needed, line.once, route, tuple(said))
    steps = {one.get("sequence") if isinstance(one.get("sequence"), int) else None for one in lines}
    single = _highest(line.single for line in read)
    if len(steps) > 1:
        said.append("its instructions follow each other: the highest step counts")
        daily = _highest(line.daily for line in read)
    else:
        daily = _total(line.daily for line in read)
    as_needed = all(line.as_needed for line in read)
    return Sig(single, daily, as_needed, all(line.once for line in read), route, tuple(dict.fromkeys(said)))


def only_flags(instructions: Any) -> tuple[bool, bool]:
    """(as needed, once) of a medicine that is past: its doses do not matter any more."""
    lines = objects(instructions)
    if not lines:
        return False, False
    needed = all(one.get("asNeededBoolean") is True or "asNeededCodeableConcept" in one for one in lines)
    once = all(an_object(an_object(one.get("timing")).get("repeat")).get("count") == 1 for one in lines)
    return needed, once


def in_mass(amount: Amount | None, strength: Dose | None, first: bool, weight: Decimal | None) -> Dose | None:
    """The mass of one ingredient in an amount of the product. `first`: it is the ingredient a plain mass speaks of."""
    if amount is None:
        return None
    if amount.unit == "count":
        return None if strength is None else Dose(_short(strength.mg * amount.value), strength.unit)
    if not first:
        return None
    unit, _, per = amount.unit.partition("/")
    if unit not in ("mg", "mcg", "g"):
        return None
    if per:
        return None if weight is None else Dose.of(_short(amount.value * weight), unit)
    return Dose.of(_short(amount.value), unit)


def in_days(quantity: Any) -> int | None:
    """How many days is this duration?  None where it cannot be read."""
    length = an_object(quantity)
    value = a_number(length.get("value"))
    unit = a_text(length.get("code")) or a_text(length.get("unit"))
    days = DAYS_IN.get(unit.lower()) or DAYS_IN.get(a_text(length.get("unit")).lower())
    if value is None or days is None or not 0 < value * days < 100_000:
        return None
    return int(value * days)


def bounds(instructions: Any) -> tuple[Json, int | None]:
    """(boundsPeriod, days of boundsDuration) of the first instruction that has either."""
    for one in objects(instructions):
        repeat = an_object(an_object(one.get("timing")).get("repeat"))
        if "boundsPeriod" not in repeat and "boundsDuration" not in repeat:
            continue
        period = an_object(repeat.get("boundsPeriod"))
        length = in_days(repeat.get("boundsDuration")) if "boundsDuration" in repeat else None
        if period or length is not None:
            return period, length
    return NOTHING, None


# --- one instruction ----------------------------------------------------------------------------------------


def _line(one: Json, said: list[str]) -> Line:
    repeat = an_object(an_object(one.get("timing")).get("repeat"))
    needed = (
        one.get("asNeededBoolean") is True or bool(one.get("asNeededCodeableConcept")) or bool(one.get("asNeededFor"))
    )
    single, ranged, direct = _amount(one, said)
    often = _often(one, repeat, said)
    once = repeat.get("count") == 1 or len(_list(an_object(one.get("timing")).get("event"))) == 1
    line = Line(single, often, direct, needed, once, ranged)
    text = a_text(one.get("text")) or a_text(an_object(an_object(one.get("timing")).get("code")).get("text"))
    if text and (single is None or often is None) and not once and direct is None:
        line = _with_text(line, text, said)
    if line.ranged and line.single is not None:
        said.append(f"its dose is a range: counted at the upper end, {_plain(line.single)}")
    line = _with_maximum(line, one, said)
    if line.daily is None and line.single is not None and line.per_day is not None:
        line = replace(line, daily=Amount(rounded(Fraction(line.single.value) * line.per_day), line.single.unit))
    if line.once and line.daily is None:
        line = replace(line, daily=line.single)
    if line.per_day is not None and line.per_day < 1 and line.daily is not None and not line.once:
        said.append(f"taken every {_interval(line.per_day)}: its dose a day is the average")
    if line.as_needed and line.daily is not None:
        said.append(f"as needed: counted at its maximum, {_plain(line.daily)} a day")
    elif line.as_needed:
        said.append("as needed, and no maximum is given")
    return line


def _with_text(line: Line, text: str, said: list[str]) -> Line:
    """What the structure leaves open, from the words; what it says stands."""
    read = read_sig(text)
    if read is None:
        if line.single is None and line.per_day is None:
            said.append(f"its dose could not be read: “{quoted(text)}”")
        return line
    if line.single is None and line.per_day is None:
        return replace(read, as_needed=read.as_needed or line.as_needed)
    daily = None
    if line.single is None and read.daily is not None and read.per_day == line.per_day:
        daily = read.daily
    return Line(
        single=line.single or read.single,
        per_day=line.per_day or read.per_day,
        daily=daily,
        as_needed=line.as_needed or read.as_needed,
        once=line.once or read.once,
        ranged=line.ranged or (line.single is None and read.ranged),
    )


def _amount(one: Json, said: list[str]) -> tuple[Amount | None, bool, Amount | None]:
    """(dose each time, was it a range, dose a day where the unit says so)."""
    rates = objects(one.get("doseAndRate"))
    for part in [*rates, one] if rates else [one]:
        quantity, ranged = an_object(part.get("doseQuantity")), False
        if not quantity:
            quantity, ranged = an_object(an_object(part.get("doseRange")).get("high")), True
            if not quantity and an_object(an_object(part.get("doseRange")).get("low")):
                said.append("only the lower end of its dose is given: not known")
        if not quantity:
            continue
        found = _of_quantity(quantity, said)
        if found is not None and found.unit.endswith("/d"):
            return None, ranged, Amount(found.value, found.unit.removesuffix("/d"))
        if found is not None:
            return found, ranged, None
    return None, False, None


def _of_quantity(quantity: Json, said: list[str]) -> Amount | None:
    value = a_number(quantity.get("value"))
    if value is None or value < 0 or value > MOST:
        if "value" in quantity:
            said.append("its dose is not a number that can be read")
        return None
    for name in (a_text(quantity.get("code")), a_text(quantity.get("unit"))):
        unit = name.lower().strip("{}[] ").replace("(s)", "s").rstrip(".")
        if unit in codes.MASS_UNITS:
            return Amount(value, codes.MASS_UNITS[unit])
        if unit in codes.COUNT_UNITS:
            return Amount(value, "count")
        mass, _, per = unit.partition("/")
        if per in ("kg", "d", "day", "24.h") and mass in codes.MASS_UNITS:
            return Amount(value, f"{codes.MASS_UNITS[mass]}/{'kg' if per == 'kg' else 'd'}")
        if unit in codes.LIQUID_UNITS:
            said.append(
                f"its dose is a volume or a spray ({value.normalize():f} {name}): "
                "how much medicine that is, is not known"
            )
            return None
    name = a_text(quantity.get("unit")) or a_text(quantity.get("code"))
    if name:
        said.append(f"the unit of its dose is not read: “{quoted(name)}”")
        return None
    if value <= codes.MOST_COUNTED:
        said.append(f"its dose has no unit: read as {value.normalize():f} of the product at a time")
        return Amount(value, "count")
    said.append(f"its dose has no unit: {value.normalize():f} of what is not known")
    return None


def _often(one: Json, repeat: Json, said: list[str]) -> Fraction | None:
    """How often a day, at most."""
    frequency = _most(repeat.get("frequency"), repeat.get("frequencyMax"))
    weekdays = len(_list(repeat.get("dayOfWeek")))
    if frequency is None:
        moments = len(_list(repeat.get("when"))) or len(_list(repeat.get("timeOfDay")))
        if moments:
            return Fraction(moments * (weekdays or 7), 7)
        if weekdays:
            return Fraction(weekdays, 7)
        if repeat.get("period") is not None and repeat.get("count") != 1:
            frequency = Decimal(1)
    if frequency is not None:
        period = _least(repeat.get("period"), repeat.get("periodMax"))
        unit = repeat.get("periodUnit")
        if period is None and unit is None:
            return Fraction(frequency) * Fraction(weekdays or 7, 7)
        length = DAYS_IN.get(unit.lower()) if isinstance(unit, str) else None
        if length is None or (period is not None and not 0 < period < MOST) or frequency > MOST:
            said.append("how often it is taken could not be read")
            return None
        if repeat.get("frequencyMax") is not None or repeat.get("periodMax") is not None:
            said.append("how often is a range: counted at its upper end")
        often = Fraction(frequency) / (Fraction(period if period is not None else 1) * _exact(length))
        if weekdays and length == 1 and (period is None or period == 1):
            often = often * weekdays / 7
        return often
    for _, code, display in codings(an_object(one.get("timing")).get("code")):
        for word in (code.lower(), display.lower()):
            if word in codes.TIMING_CODES:
                return codes.TIMING_CODES[word]
    word = a_text(an_object(an_object(one.get("timing")).get("code")).get("text")).lower()
    return codes.TIMING_CODES.get(word)


def _with_maximum(line: Line, one: Json, said: list[str]) -> Line:
    """As-needed counts at the maximum that is given; so does a dose of which nothing else is known."""
    for ratio in objects(one.get("maxDosePerPeriod")):
        top = _of_quantity(an_object(ratio.get("numerator")), said) if ratio.get("numerator") else None
        span = an_object(ratio.get("denominator"))
        length = a_number(span.get("value"))
        unit = DAYS_IN.get((a_text(span.get("code")) or a_text(span.get("unit"))).lower())
        if top is None or length is None or unit is None or not 0 < length < MOST:
            continue
        most = Amount(rounded(Fraction(top.value) / (Fraction(length) * _exact(unit))), top.unit)
        if line.as_needed or (line.daily is None and (line.single is None or line.per_day is None)):
            line = replace(line, daily=most)
    if line.single is None and (at_once := an_object(one.get("maxDosePerAdministration"))):
        line = replace(line, single=_of_quantity(at_once, said))
    return line


def _route(one: Json) -> str:
    route = one.get("route")
    if not route:
        return ""
    for _, code, display in codings(route):
        for word in (code.lower(), display.lower().removesuffix(" route")):
            if word in codes.ROUTES:
                return codes.ROUTES[word]
    return codes.ROUTES.get(words_of(route).lower().removesuffix(" route"), "")


# --- small sums ---------------------------------------------------------------------------------------------


def _most(*values: Any) -> Decimal | None:
    known = [number for one in values if (number := a_number(one)) is not None and number > 0]
    return max(known, default=None)


def _least(*values: Any) -> Decimal | None:
    known = [number for one in values if (number := a_number(one)) is not None]
    return min(known, default=None)


def _highest(amounts: Iterable[Amount | None]) -> Amount | None:
    known = list(amounts)
    if not known or None in known or len({one.unit for one in known if one}) != 1:
        return None
    return max((one for one in known if one), key=lambda one: one.value)


def _total(amounts: Iterable[Amount | None]) -> Amount | None:
    known = list(amounts)
    if not known or None in known or len({one.unit for one in known if one}) != 1:
        return None
    return Amount(sum((one.value for one in known if one), Decimal(0)), next(one.unit for one in known if one))


def _exact(days: Decimal) -> Fraction:
    """Parts of a day are kept exact: a sixth of a day is not 0.1667."""
    return Fraction(days) if days >= 1 else Fraction(1, round(1 / days))


def _interval(per_day: Fraction) -> str:
    days = 1 / per_day
    return f"{days.numerator} days" if days.denominator == 1 else f"{float(days):.3g} days"


def _plain(amount: Amount) -> str:
    if amount.unit == "count":
        return f"{amount.value.normalize():f} of the product"
    return f"{amount.value.normalize():f} {amount.unit}"


def _short(value: Decimal) -> Decimal:
    return value if len(value.as_tuple().digits) <= 9 else Decimal(f"{value:.6g}")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def starts_on(instructions: Any) -> Any:
    """The day of a single event, where one is given."""
    for one in objects(instructions):
        for event in _list(an_object(one.get("timing")).get("event")):
            if day(event):
                return day(event)
    return None
