"""What did she score, and what did she answer?  Totals and single answers of one scale on one day are one `Score`."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from althea.engine.facts import Score
from althea.fhir import codes
from althea.fhir.elements import Json, a_number, a_text, an_object, codings, quoted
from althea.fhir.read_observations import Seen, value_words
from althea.fhir.readings import Readings

Answer = int | bool | str
OTHER_VALUES = frozenset(("valueBoolean", "valueCodeableConcept", "valueQuantity"))
NUMBER = re.compile(r"-?\d{1,6}(?:\.\d{1,3})?")


def read_scores(
    totals: list[Seen], items: list[Seen], readings: Readings, unread: list[str]
) -> dict[str, tuple[Score, ...]]:
    """Scores by scale, newest first."""
    total: dict[tuple[str, date], tuple[Decimal, str]] = {}
    for one in totals:
        key = (one.which, one.on)
        if key in total:
            continue  # the latest of the day stands
        value = _number(one.body)
        bad = _out_of_range(value, one.which, readings)
        if value is None or bad:
            unread.append(f"A {one.which.upper()} total of {one.on} could not be read{bad}.")
        else:
            total[key] = (value, one.ref)
    answers: dict[tuple[str, date], dict[str, Answer]] = {}
    refs: dict[tuple[str, date], str] = {}
    for one in items:
        scale, _, said = one.which.partition("\t")
        name = readings.items.get(scale, {}).get(said, said)
        answer = _answer(one.body)
        if answer is None:
            unread.append(f"{scale.upper()} {quoted(name)} of {one.on}: its answer could not be read.")
            continue
        answers.setdefault((scale, one.on), {}).setdefault(name, answer)
        refs.setdefault((scale, one.on), one.ref)
    found: dict[str, list[Score]] = {}
    for scale, on in sorted(total.keys() | answers.keys(), key=lambda key: (key[1], key[0]), reverse=True):
        value, ref = total.get((scale, on), (None, refs.get((scale, on), "")))
        given = answers.get((scale, on))
        score = Score(scale=scale, on=on, total=value, items=MappingProxyType(given or {}), ref=ref)
        found.setdefault(scale, []).append(score)
    return {scale: tuple(scores) for scale, scores in found.items()}


def _number(body: Json) -> Decimal | None:
    for value in (
        body.get("valueInteger"),
        an_object(body.get("valueQuantity")).get("value"),
        body.get("valueDecimal"),
    ):
        number = a_number(value)
        if number is not None:
            return number if not an_object(body.get("valueQuantity")).get("comparator") else None
    text = a_text(body.get("valueString"))
    return Decimal(text) if NUMBER.fullmatch(text) else None


def _answer(body: Json) -> Answer | None:
    """One answer, as scored: a number, yes or no, or a word."""
    if type(whole := body.get("valueInteger")) is int and OTHER_VALUES.isdisjoint(body):
        return whole  # by far the most common shape
    if isinstance(body.get("valueBoolean"), bool):
        return bool(body["valueBoolean"])
    for _, code, _ in codings(body.get("valueCodeableConcept")):
        if code in codes.ANSWER_SCORES:
            return codes.ANSWER_SCORES[code]
    number = _number(body)
    if number is not None:
        return int(number) if number == int(number) else None
    words = value_words(body).lower()[:80]
    if NUMBER.fullmatch(words):
        return int(Decimal(words))
    return {"true": True, "yes": True, "false": False, "no": False}.get(words, words or None)


def _out_of_range(value: Decimal | None, scale: str, readings: Readings) -> str:
    """Is a total above what the scale's own items can add up to?  Then it is no total of this scale."""
    record = readings.knowledge.scales.get(scale)
    counted = [item for item in record.items if item.counts] if record is not None else []
    if value is None or not counted:
        return ""
    high = sum(1 if item.counts_from is not None else item.high for item in counted)
    return "" if 0 <= value <= high else f" (outside 0 to {high})"
