"""What does Althea say of the people of one bucket?  Their findings as rows of a file, and what was counted.

The engine answers person by person, the same as for one woman at a counter, so a sweep and a card cannot disagree.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypedDict

import msgspec

from althea.engine import stage as life
from althea.engine.facts import Facts, Known
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
WHERE = {kind: (f"{kind}.ndjson", -1) for kind in TOPIC_OF}
POINTING = ("MedicationRequest", "MedicationStatement")
"""Types that may point at a Medication instead of naming one."""

_read = {
    kind: msgspec.json.Decoder(TypedDict(kind, dict.fromkeys(names, Any), total=False)).decode  # type: ignore[operator]
    for kind, names in ELEMENTS.items()
}
_written = msgspec.json.Encoder().encode_into


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
    line = bytearray()
    with into.open("wb") as out:
        for person, lines in buckets.read(runs, bucket).items():
            for found in _person(person, lines, question, knowledge, medications, tally):
                _written(found, line)
                out.write(line + b"\n")
    tally.peak_mb = memory()[0]
    return tally


def _person(
    person: str,
    lines: dict[str, list[bytes]],
    question: Question,
    knowledge: Knowledge,
    medications: Medications,
    tally: Tally,
) -> Iterator[dict[str, Any]]:
    """Everything Althea says of one person, as rows."""
    record = _record(person, lines, question.known, medications, tally)
    if record is None:
        return
    tally.patients += 1
    why = why_not_checked(record.patient, question.as_of)
    if why:
        tally.not_checked[why] += 1
        return
    tally.adults += 1
    woman = record.patient.get("gender") != "male"
    tally.women += woman
    try:
        facts = read(record, question.as_of, knowledge)
        answer = review(facts, None, knowledge, jurisdiction=question.jurisdiction)
    except Exception as error:  # one person who cannot be read is counted, and the others are still checked
        tally.errors[type(error).__name__] += 1
        return
    tally.count(answer)
    if not answer.findings:
        return
    stage, age = _stage(facts, knowledge), age_of(record.patient, question.as_of)
    for one in answer.findings:
        dated = [fact.on for fact in one.because if fact.on is not None]
        yield {
            "patient_id": person, "rule": one.rule, "level": one.level.word, "title": one.title,
            "because": "; ".join(f"{fact.what} ({fact.on})" if fact.on else fact.what for fact in one.because),
            "first_fact_on": min(dated).isoformat() if dated else "", "source": " ".join(one.sources),
            "knowledge": one.knowledge,
            "stage": stage, "age": age, "woman": woman,
        }  # fmt: skip


def _record(
    person: str, hers: dict[str, list[bytes]], known: dict[str, Known], medications: Medications, tally: Tally
) -> Record | None:
    """Her resources by topic, in an order of their own. None where there is no Patient among them."""
    record = Record({}, frozenset((person,)), known=known)
    for kind in sorted(hers):
        decode, where = _read[kind], WHERE.get(kind)
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
