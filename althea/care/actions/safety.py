"""An answer that a person must see today: kept, put before her team, and told, before anything else happens."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from althea.care.actions import worklist
from althea.care.models import Patient, User, WorklistItem

SAID = {1: "several days", 2: "more than half the days", 3: "nearly every day"}


def _reason(source: str) -> str:
    return f"self-harm:{source}"


@transaction.atomic
def told(*, patient: Patient, source: str, question: str, value: int, by: User, at: datetime) -> WorklistItem:
    """She answered a question on self-harm above 0. One item a check-in; her team is told at once."""
    words = SAID.get(value, f"{value}")
    return worklist.place(
        patient=patient, group=WorklistItem.Group.CANNOT_WAIT, level="critical", reason=_reason(source),
        why=f"Self-harm question: “{words}”. She saw the help page.", action=f"Call {patient.first_name}", at=at,
        tell=True,
    )  # fmt: skip


@transaction.atomic
def changed(*, patient: Patient, source: str, value: int, at: datetime) -> None:
    """She changed the answer. The item stays open: a person asks her, not a form."""
    item = WorklistItem.objects.filter(patient=patient, reason=_reason(source), closed_at__isnull=True).first()
    if item is not None:
        later = "not at all" if value == 0 else SAID.get(value, str(value))
        first = item.why.split(" Later changed to")[0]
        item.put(why=f"{first} Later changed to “{later}”.")


@transaction.atomic
def asked_for_a_call(*, patient: Patient, by: User, at: datetime) -> WorklistItem:
    """She asked the clinic to call her today."""
    return worklist.place(
        patient=patient, group=WorklistItem.Group.CANNOT_WAIT, level="critical", reason=f"call:{at:%Y-%m-%d}",
        why="She asked for a call today, on the help page.", action=f"Call {patient.first_name}", at=at, tell=True,
    )  # fmt: skip
