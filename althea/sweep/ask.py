"""What does Althea say of the people of one bucket?  Their findings as rows of a file, and what was counted.

The engine answers person by person, the same as for one woman at a counter, so a sweep and a card cannot disagree.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypedDict

import msgspec

from althea.engine import stage as life
from althea.engine.facts import Facts, Known
from althea.engine.finding import Finding, Review
from althea.engine.review import review
from althea.fhir.read import age_of, read, why_not_checked
from althea.fhir.record import TOPIC_OF, Record
from althea.knowledge import Knowledge
from althea.sweep import buckets
from althea.sweep.elements import ELEMENTS
from althea.sweep.medications import Medications
from althea.sweep.tally import Tally, memory

COLUMNS = ("patient_id", "rule", "level", "title", "because", "first_fact_on", "source", "knowledge")
EXTRA = ("stage", "age", "woman")
"""Columns for the report only; they are not in the files."""
ORPHAN = "no Patient resource in the export"
POINTING = ("MedicationRequest", "MedicationStatement")
"""Types that may point at a Medication instead of naming one."""

_read = {
    kind: msgspec.json.Decoder(TypedDict(kind, dict.fromkeys(names, Any), total=False)).decode  # type: ignore[operator]
    for kind, names in ELEMENTS.items()
}
_written = msgspec.json.Encoder().encode


Alike = dict[tuple[str, int | None], tuple[Facts, Review]]
"""What was said of people of whom nothing is on record, by gender and age."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of everyone. `known`: how far an export looked through each topic."""

    as_of: date
    jurisdiction: str
    known: dict[str, Known]


def ask(
    runs: Path, bucket: int, into: Path, question: Question, knowledge: Knowledge, medications: Medications
) -> Tally:
    """One bucket of people: their findings to a file, the counts back."""
    tally = Tally()
    alike: Alike = {}
    with into.open("wb") as out:
        for person, hers in buckets.read(runs, bucket).items():
            record = _record(person, hers, question.known, medications, tally)
            if record is not None:
                out.writelines(_person(person, record, question, knowledge, alike, tally))
    tally.peak_mb = memory()[0]
    return tally


def _person(
    person: str, record: Record, question: Question, knowledge: Knowledge, alike: Alike, tally: Tally
) -> list[bytes]:
    """Everything Althea says of one person, as lines."""
    tally.patients += 1
    why = why_not_checked(record.patient, question.as_of)
    if why:
        tally.not_checked[why] += 1
        return []
    tally.adults += 1
    gender, age = record.patient.get("gender"), age_of(record.patient, question.as_of)
    woman = gender != "male"
    tally.women += woman
    try:
        facts, answer = _answer(record, str(gender), age, question, knowledge, alike)
    except Exception as error:  # one person who cannot be read is counted, and the others are still checked
        tally.errors[type(error).__name__] += 1
        return []
    tally.count(answer)
    if not answer.findings:
        return []
    stage = _stage(facts, knowledge)
    return [_line(person, one, stage, age, woman) for one in answer.findings]


def _answer(
    record: Record, gender: str, age: int | None, question: Question, knowledge: Knowledge, alike: Alike
) -> tuple[Facts, Review]:
    """Of whom nothing is on record but who they are, the same is said as of everybody else of that age."""
    blank = not any(record.rows.values())
    known = alike.get((gender, age)) if blank else None
    if known is not None:
        return known
    facts = read(record, question.as_of, knowledge)
    answer = facts, review(facts, None, knowledge, jurisdiction=question.jurisdiction)
    if blank:
        alike[gender, age] = answer
    return answer


def _line(person: str, one: Finding, stage: str, age: int | None, woman: bool) -> bytes:
    words: list[str] = []
    first: date | None = None
    for fact in one.because:
        on = fact.on
        if on is None:
            words.append(fact.what)
            continue
        words.append(f"{fact.what} ({on})")
        if first is None or on < first:
            first = on
    return _written(
        {
            "patient_id": person, "rule": one.rule, "level": one.level.word, "title": one.title,
            "because": "; ".join(words), "first_fact_on": "" if first is None else first.isoformat(),
            "source": " ".join(one.sources), "knowledge": one.knowledge,
            "stage": stage, "age": age, "woman": woman,
        }
    ) + b"\n"  # fmt: skip


def _record(
    person: str, hers: dict[str, list[bytes]], known: dict[str, Known], medications: Medications, tally: Tally
) -> Record | None:
    """Her resources by topic, in an order of their own. None where there is no Patient among them."""
    record = Record({}, frozenset((person,)), known=known)
    for kind in sorted(hers):
        decode, where = _read[kind], (f"{kind}.ndjson", -1)
        rows = record.rows[TOPIC_OF[kind]] if kind != "Patient" else None
        for line in sorted(hers[kind]):
            try:
                body = decode(line)
            except (msgspec.DecodeError, RecursionError):  # a number too large for it, or nesting too deep
                try:
                    body = json.loads(line)
                except (ValueError, RecursionError):
                    tally.errors["a line that cannot be read"] += 1
                    continue
            if rows is None:
                record.patient = body
                continue
            rows.append((body, where))
            if kind in POINTING and ("medicationReference" in body or "medication" in body):
                medications.add(body, record)
    if not record.patient:
        tally.orphans += 1
        tally.not_checked[ORPHAN] += 1
        return None
    return record


def _stage(facts: Facts, knowledge: Knowledge) -> str:
    """The column of the report she stands in."""
    if not facts.stage.applies:
        return "after" if facts.stage.menopause == "post" else "does not apply"
    status, _ = life.pregnancy_now(facts, knowledge)
    days = life.postpartum_days(facts)
    if status == "pregnant":
        return "pregnant"
    if days is not None and days <= 365:
        return "postpartum"
    if facts.stage.menopause == "post":
        return "after"
    if facts.stage.planning:
        return "trying"
    if facts.stage.menopause == "peri":
        return "perimenopause"
    return "cycle" if status == "not" else "not known"
