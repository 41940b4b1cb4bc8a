"""What was said of where she is in her life, by an answer or by a diagnosis?  For the words and the drawing of it.

Which codes end a pregnancy is the reader's to say (`fhir/read_conditions.py`, `fhir/read_stage.py`): a page and a
finding know of the same end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from althea.care import entries as said
from althea.care.known import knowledge
from althea.fhir import codes, write
from althea.fhir.read_conditions import read_conditions
from althea.fhir.read_stage import OVER
from althea.fhir.readings import Readings, readings_of
from althea.fhir.words import heard

STAGE_KINDS = (said.LifeStage.kind, said.Condition.kind)
"""The kinds of entries that may say something of it."""
ENDS = ("delivery", "ended", "over by")
"""Topics whose value is a day: what was said of a pregnancy on that day or before counts no more."""


class Said(Protocol):
    """An answer of hers (`LifeStage`), or what a diagnosis says in its place."""

    @property
    def topic(self) -> str: ...

    @property
    def value(self) -> str: ...


@dataclass(frozen=True, slots=True)
class ByDiagnosis:
    """`value`: the day it is about. `topic`: "delivery"; "ended": a pregnancy ended early that day; "over by": a code
    of the weeks after a birth; "ended, in words": told without a code, good for a drawing and for nothing else."""

    topic: str
    value: str


def of_stage(kind: str, on: date, body: Mapping[str, Any]) -> Said | None:
    """What a row of this kind and day says of it. None: nothing."""
    read = said.of(kind, dict(body))
    return read if isinstance(read, said.LifeStage) else by_diagnosis(on, read)


def by_diagnosis(on: date, body: said.Body) -> ByDiagnosis | None:
    """What a diagnosis written down on this day says of the end of a pregnancy. None: nothing."""
    if not isinstance(body, said.Condition):
        return None
    if not body.code:
        return ByDiagnosis("ended, in words", f"{body.until}") if _ended_in_words(body) else None
    since = body.since or on
    row = write.condition(
        "", text=body.text, code=body.code, certainty=body.certainty, active=body.status == "active", since=since,
        until=body.until,
    )  # fmt: skip
    marks = read_conditions([(row, ("conditions", 0))], since, _readings(), []).marks
    mark = next((one for one in marks if one.group in OVER), None)
    return ByDiagnosis(_topic(mark.group, mark.code), since.isoformat()) if mark is not None else None


def _ended_in_words(body: said.Condition) -> bool:
    if body.until is None or body.certainty == "ruled-out":
        return False
    return "pregnancy-ended" in heard(body.text, _readings().conditions).says


def _topic(group: str, code: str) -> str:
    if group != "delivery-record":
        return "ended"
    return "delivery" if code.startswith(codes.DELIVERY_DAY) else "over by"


def _readings() -> Readings:
    return readings_of(knowledge())
