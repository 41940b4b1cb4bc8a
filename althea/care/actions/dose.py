"""She tells of one day with a dose, or without: her record has it, and everything is looked at again at once."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from althea.care import entries as said
from althea.care.actions import record
from althea.care.models import Entry, Origin, Patient, User
from althea.care.recheck import recheck


@transaction.atomic
def told(*, patient: Patient, medicine: str, taken: bool, on: date, by: User, at: datetime) -> Entry:
    """Of two words on one day the newer takes the place of the older. Raises Stale where another was there first.

    Looked at again here, not by night: her old dose after days without it may be one to begin low again with, and her
    team is to know of it on the day she took it.
    """
    rows = Entry.objects.current().filter(patient=patient, kind=said.DoseTaken.kind, on=on, body__medicine=medicine)
    body = said.DoseTaken(medicine=medicine, taken=taken)
    entry = record.add(
        patient=patient, body=body, on=on, origin=Origin.HERS, by=by, at=at, supersedes=rows.first()
    )  # fmt: skip
    recheck(patient, at)
    return entry
