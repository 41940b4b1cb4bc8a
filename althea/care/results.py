"""What does a result that was typed in say?  Read as a laboratory's would be, or refused in words.

A unit is converted or refused, never assumed. A value outside what is possible is asked about; saved all the same, it
is kept as it was written, and no check uses it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from althea.care import entries as said
from althea.care.known import knowledge
from althea.engine.facts import plain, shown
from althea.fhir.read_observations import WORDED, WRITTEN, typed
from althea.fhir.readings import readings_of, unit_key
from althea.knowledge.schema.vocabulary import Measure

LONGEST_VALUE = 60


class NotRead(ValueError):
    """This cannot be kept as it was typed; the words say what to do."""


@dataclass(frozen=True, slots=True)
class Read:
    """A result to be kept. `doubt`: a question to be answered before it is saved; empty: none."""

    body: said.Result
    words: str
    doubt: str = ""


def measures() -> list[Measure]:
    """All that can be entered, by name."""
    return sorted(knowledge().measures.values(), key=lambda one: one.name.lower())


def own_unit(measure: str) -> str:
    """As people write it: "m[IU]/L" is "mIU/L"."""
    book = knowledge().measures.get(measure)
    return book.unit.translate(str.maketrans("", "", "[]{}")).replace("_", " ") if book is not None else ""


def units(measure: str) -> list[str]:
    """Its own unit and those that are converted, each once."""
    book = knowledge().measures[measure]
    kept: dict[str, str] = {unit_key(book.unit): own_unit(measure)}
    for also in book.also_units:
        kept.setdefault(unit_key(also.unit), also.unit)
    return list(kept.values())


def plausible(measure: str) -> str:
    """The range that can be read: a guard against misreading, not a normal range."""
    book = knowledge().measures[measure]
    return f"{plain(book.plausible_from)} to {plain(book.plausible_to)} {own_unit(measure)}"


def read(measure: str, value: str, unit: str, *, unreadable: bool = False) -> Read:
    """What was typed, as an entry. Raises NotRead, whose words say what to do."""
    book = knowledge().measures.get(measure)
    if book is None:
        raise NotRead("Choose what was measured.")
    value, unit = _apart(value.strip(), unit.strip())
    if len(value) > LONGEST_VALUE or len(unit) > LONGEST_VALUE:
        raise NotRead(
            f"That is too long for a result. Enter a number and its unit, for example 2.1 {own_unit(measure)}."
        )
    if unreadable:
        body = said.Result(measure=measure, said=value or "could not be read")
        return Read(body, f"{book.name}: could not be read")
    if not value:
        raise NotRead("Enter the value, or tick that it could not be read.")
    if value.lower() in WORDED:
        worded = WORDED[value.lower()]
        return Read(said.Result(measure=measure, said=worded), f"{book.name}: {worded}")
    number, why, possible = typed(value, unit, measure, readings_of(knowledge()))
    if number is None:
        raise NotRead(_what_to_do(why, measure, value, unit))
    if number < 0 <= book.plausible_from:
        raise NotRead(f"{book.name} cannot be below 0. Check the number.")
    amount = Decimal(value.replace(",", "."))
    body = said.Result(measure=measure, value=amount, unit=unit)
    words = f"{book.name} {in_own_unit(number, measure)}"
    if possible:
        return Read(body, words)
    doubt = f"{words} is outside what can be read ({plausible(measure)}). Is that right?"
    return Read(body, words, doubt)


def _apart(value: str, unit: str) -> tuple[str, str]:
    """ "2.1 mIU/L" typed into one field is a number and its unit."""
    found = WRITTEN.fullmatch(value) if len(value) <= LONGEST_VALUE else None
    if found is None or not found[2] or (unit and unit_key(unit) != unit_key(found[2].strip())):
        return value, unit
    return found[1], found[2].strip()


def in_own_unit(number: Decimal, measure: str) -> str:
    return f"{shown(number)} {own_unit(measure)}".strip()


def _what_to_do(why: str, measure: str, value: str, unit: str) -> str:
    """The reader's own reason, and the way out of it."""
    if "two ways" in why:
        return f"{value} could be read in two ways. Write it without a comma, for example 1250 or 1.25."
    if not unit:
        return f"Choose the unit. Ours is {own_unit(measure)}."
    if "unit" in why:
        known = ", ".join(units(measure)[:4])
        return f"“{unit}” is not a unit of this measure that we can convert. Use {known}."
    return f"“{value}” is not a number. Enter a number, for example 2.1, or tick that it could not be read."
