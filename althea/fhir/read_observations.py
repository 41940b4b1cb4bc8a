"""Which observation speaks of what?  Sorted once by their codes, newest first; results in the measure's own unit.

A result in a unit that is not listed, outside what is possible, below or above a limit of the method, or taken back by
the laboratory is unreadable and says why: never zero, never normal, never guessed.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, DecimalException
from operator import attrgetter
from typing import Any

from msgspec import Struct

from althea.engine.facts import Result, plain
from althea.fhir import codes
from althea.fhir.dates import day_by, moment
from althea.fhir.elements import Json, a_number, a_text, objects, quoted, words_of
from althea.fhir.readings import LARGEST_MEMO, Readings, squashed, unit_key
from althea.fhir.record import Row, place
from althea.fhir.words import negated, plain_words

MOST_RESULTS = 100
"""Results of one measure that are kept, the newest: no rule looks at more."""
WRITTEN = re.compile(r"\s*([-+]?\d+(?:[.,]\d+)?)\s*([^\d\s].*)?")
WORDED = {
    "positive": "positive",
    "negative": "negative",
    "detected": "positive",
    "not detected": "negative",
    "pos": "positive",
    "neg": "negative",
}


PLAIN = (str, type(None))
"""What code and unit of a quantity may be for its reading to be remembered."""
WHEN = attrgetter("on", "at")


class Seen(Struct, gc=False):
    """One observation, or one component of a panel, that speaks of something we read."""

    kind: str
    which: str
    on: date
    at: float
    body: Json
    resource: Json

    @property
    def ref(self) -> str:
        return f"Observation/{self.resource.get('id', '')}"


def sort_observations(rows: list[Row], today: date, readings: Readings, unread: list[str]) -> dict[str, list[Seen]]:
    """Everything we read, by kind, newest first."""
    found: dict[str, list[Seen]] = {}
    future = undated = 0
    dropped = codes.DROPPED_RESULT
    for resource, where in rows:
        try:
            status = resource.get("status")
            if isinstance(status, str) and status in dropped:
                continue
            meant = _meant(resource.get("code"), readings)
            parts = [(meant, resource)] if meant is not None else []
            if "component" in resource:
                for component in objects(resource["component"]):
                    meant = _meant(component.get("code"), readings)
                    if meant is not None:
                        parts.append((meant, component))
            if not parts:
                continue
            stamp = resource.get("effectiveDateTime") or _other_stamp(resource)
            on = day_by(stamp, today)
            if on is None:
                undated += 1
                continue
            if on > today:
                future += 1
                continue
            at = moment(stamp) if len(stamp) > 10 else 0.0
            for (kind, which), body in parts:
                one = Seen(kind, which, on, at, body, resource)
                if kind in found:
                    found[kind].append(one)
                else:
                    found[kind] = [one]
        except Exception as error:  # one broken record is named, and the others are still read
            unread.append(f"{place(where)} could not be read ({type(error).__name__}).")
    for seen in found.values():
        if len(seen) > 1:
            seen.sort(key=WHEN, reverse=True)
    if future:
        unread.append(f"{_many(future, 'observation')} dated in the future: not used.")
    if undated:
        unread.append(f"{_many(undated, 'observation')} without a date that can be read: not used.")
    return found


def read_results(seen: list[Seen], readings: Readings) -> dict[str, tuple[Result, ...]]:
    """Results by measure, newest first."""
    found: dict[str, list[Result]] = {}
    for one in seen:
        kept = found.get(one.which)
        if kept is None:
            found[one.which] = [_result(one, readings)]
        elif len(kept) < MOST_RESULTS:
            kept.append(_result(one, readings))
    return {measure: tuple(results) for measure, results in found.items()}


def value_words(body: Json) -> str:
    """The value as words: coded, text, string."""
    value = body.get("valueCodeableConcept")
    if value is not None:
        return words_of(value)
    return a_text(body.get("valueString"))


def _meant(concept: Any, readings: Readings) -> tuple[str, str] | None:
    """What does this code, or this name, speak of?"""
    try:  # by far the most common shape: one coding, with a LOINC code that is ours or is not
        listed = concept["coding"]
        coding = listed[0]
        if coding["system"] == "http://loinc.org":
            hit = readings.by_loinc.get(coding["code"])
            if hit is not None or (len(listed) == 1 and type(coding["code"]) is str):
                return hit
    except (KeyError, IndexError, TypeError):
        pass
    if not isinstance(concept, dict):
        return None
    listed = concept.get("coding")
    if isinstance(listed, dict):
        listed = [listed]
    coded = False
    if isinstance(listed, list):
        for coding in listed:
            if not isinstance(coding, dict):
                continue
            code = coding.get("code")
            if not isinstance(code, str):
                continue
            system = coding.get("system")
            if system == "http://loinc.org" or (isinstance(system, str) and system.lower().rstrip("/") in codes.LOINC):
                coded = True
                hit = readings.by_loinc.get(code)
                if hit is not None:
                    return hit
    text = concept.get("text")
    if coded or not isinstance(text, str) or len(text) > 80:
        return None
    if text in readings.texts:
        return readings.texts[text]
    found = _named(text, readings)
    readings.remember(readings.texts, text, found)
    return found


def _named(text: str, readings: Readings) -> tuple[str, str] | None:
    """A name without a code: "PHQ-9 item 9", "EPDS total score", "CYP2D6 phenotype", "Lithium level"."""
    words = text.split()
    for end in range(min(len(words), 5), 0, -1):
        scale = readings.scales.get(squashed("".join(words[:end])))
        if scale is not None and end < len(words):
            rest = " ".join(words[end:]).lower()
            return ("total", scale) if rest in ("total score", "total", "score") else ("item", f"{scale}\t{rest}")
    return readings.by_text.get(" ".join(plain_words(text)))


def _other_stamp(resource: Json) -> Any:
    """When, where no `effectiveDateTime` says it."""
    period = resource.get("effectivePeriod")
    return (
        resource.get("effectiveInstant")
        or (period.get("end") or period.get("start") if isinstance(period, dict) else None)
        or resource.get("issued")
    )


def _result(seen: Seen, readings: Readings) -> Result:
    body, resource = seen.body, seen.resource
    quantity = body.get("valueQuantity")
    plainly = "dataAbsentReason" not in body and "dataAbsentReason" not in resource and "note" not in resource
    if not plainly or type(quantity) is not dict or quantity.get("comparator"):
        return _worked_out(seen, readings)
    number, code, unit = quantity.get("value"), quantity.get("code"), quantity.get("unit")
    kind = type(number)
    if (kind is not float and kind is not int) or not number or type(code) not in PLAIN or type(unit) not in PLAIN:
        return _worked_out(seen, readings)
    # the same values of the same tests come again and again; 70 and 70.0 are two ways of writing
    key = (seen.which, kind, number, code, unit, resource.get("status") == "preliminary")
    known = readings.values.get(key)
    if known is None:
        made = _worked_out(seen, readings)
        known = (made.value, made.said)
        if len(readings.values) < LARGEST_MEMO:
            readings.values[key] = known
    value, said = known
    return Result(measure=seen.which, value=value, on=seen.on, said=said, ref=f"Observation/{resource.get('id', '')}")


def _worked_out(seen: Seen, readings: Readings) -> Result:
    body, measure = seen.body, readings.knowledge.measures[seen.which]
    quantity = body.get("valueQuantity")
    why = ""
    value: Decimal | None = None
    if "dataAbsentReason" in body or "dataAbsentReason" in seen.resource:
        reason = words_of(body.get("dataAbsentReason") or seen.resource.get("dataAbsentReason"))
        why = f"no value was given ({quoted(reason) or 'no reason said'})"
    elif "note" in seen.resource and (spoilt := _spoilt(seen.resource)):
        why = f"the laboratory says: “{spoilt}”"
    elif isinstance(quantity, dict):
        number = a_number(quantity.get("value"))
        comparator = quantity.get("comparator")
        if number is None:
            why = "its value is not a number"
        elif comparator:
            side = {"<": "below", "<=": "at or below", ">": "above", ">=": "at or above"}.get(
                comparator if isinstance(comparator, str) else "", "about"
            )
            why = f"only known as {side} {plain(number)} {a_text(quantity.get('unit'))}".strip()
        else:
            value, why = _converted(
                number, (a_text(quantity.get("code")), a_text(quantity.get("unit"))), seen.which, readings
            )
    elif isinstance(body.get("valueString"), str):
        value, why = _from_text(a_text(body["valueString"]), seen.which, readings)
    elif body.get("valueCodeableConcept") is not None:
        words = value_words(body)
        why = WORDED.get(words.lower(), f"“{quoted(words)}” is not a number" if words else "no value was given")
    elif a_number(body.get("valueInteger")) is not None:
        why = "no unit"
    else:
        why = "no value was given"
    if value is not None and not measure.plausible_from <= value <= measure.plausible_to:
        why = f"{plain(value)} {measure.unit} is outside what is possible"
        value = None
    if value is not None and seen.resource.get("status") == "preliminary":
        why = "preliminary"
    return Result(measure=seen.which, value=value, on=seen.on, said=why, ref=seen.ref)


def _converted(number: Decimal, units: tuple[str, ...], measure: str, readings: Readings) -> tuple[Decimal | None, str]:
    """The value in the measure's own unit, exactly; or why not. A unit that is absent is never assumed."""
    known = readings.units[measure]
    for unit in units:
        if unit and (factor := known.get(unit_key(unit))) is not None:
            times, plus = factor
            try:
                return number * times + plus, ""
            except DecimalException:
                return None, "its value is not a number that can be read"
    shown = next((unit for unit in reversed(units) if unit), "")
    return None, f"the unit “{quoted(shown)}” is not read" if shown else "no unit"


def _from_text(text: str, measure: str, readings: Readings) -> tuple[Decimal | None, str]:
    """A value written as text, where the whole of it is a number and a unit: "0.7 mmol/L"."""
    worded = WORDED.get(text.lower())
    if worded:
        return None, worded
    found = WRITTEN.fullmatch(text[:60]) if len(text) <= 60 else None
    if found is None:
        return None, f"“{quoted(text)}” could not be read"
    number = found[1]
    if "," in number and re.fullmatch(r"\d+,\d{3}", number):
        return None, f"“{quoted(text)}” could be read in two ways"
    return _converted(Decimal(number.replace(",", ".")), ((found[2] or "").strip(),), measure, readings)


def _spoilt(resource: Json) -> str:
    for note in objects(resource.get("note")):
        text = a_text(note.get("text"))
        lower = text.lower()
        if any(word in lower and not negated(text, word) for word in codes.SPOILT):
            return quoted(text)
    return ""


def _many(count: int, thing: str) -> str:
    return f"1 {thing} is" if count == 1 else f"{count} {thing}s are"


def typed(value: str, unit: str, measure: str, readings: Readings) -> tuple[Decimal | None, str, bool]:
    """(the value in the measure's own unit, why it cannot be read, is it possible?) of what a person typed.

    The same reading as of an order's text: a comma is a decimal point unless it may be a thousand's, a unit is
    converted exactly or refused, and none is assumed.
    """
    number, why = _from_text(f"{value.strip()} {unit.strip()}".strip(), measure, readings)
    if number is None:
        return None, why, True
    book = readings.knowledge.measures[measure]
    return number, "", book.plausible_from <= number <= book.plausible_to
