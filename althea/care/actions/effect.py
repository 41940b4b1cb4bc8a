"""Is it still there?  What she says later of a side effect she told of."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from althea.care import entries as said
from althea.care.actions import record
from althea.care.days import today
from althea.care.models import Entry, Origin, User
from althea.care.recheck import recheck


@transaction.atomic
def say(*, entry: Entry, gone: bool, by: User, at: datetime) -> Entry:
    """It is gone since today, or still there today. Raises Stale where that entry was answered for already."""
    patient, on = entry.patient, today(entry.patient, at)
    told = said.SideEffect.model_validate(entry.body)
    until = max(on, told.since) if gone else None
    body = told.model_copy(update={"until": until})
    made = record.add(patient=patient, body=body, on=on, origin=Origin.HERS, by=by, at=at, supersedes=entry)
    recheck(patient, at)
    return made
