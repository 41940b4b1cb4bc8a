"""Adding to the record, putting right what was wrong, and saying that something was an error."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from althea.care import audit
from althea.care.entries import Body
from althea.care.models import Entry, Origin, Patient, Stale, User


def add(
    *, patient: Patient, body: Body, on: date, origin: Origin, by: User, at: datetime, supersedes: Entry | None = None
) -> Entry:
    """Write one entry. With `supersedes` it takes that one's place. Raises Stale where somebody else did so first."""
    try:
        with transaction.atomic():
            entry = Entry(
                patient=patient, kind=body.kind, on=on, body=body.body(), origin=origin, recorded_at=at, recorded_by=by,
                supersedes=supersedes,
            )  # fmt: skip
            entry.save()
            verb = f"recorded {body.kind}" if supersedes is None else f"changed {body.kind}"
            audit.write(clinic=patient.clinic, by=by, verb=verb, at=at, patient=patient, about=f"entry {entry.pk}")
            return entry
    except IntegrityError:
        theirs = Entry.objects.filter(supersedes=supersedes).first() if supersedes is not None else None
        if theirs is None:
            raise
        raise Stale(theirs) from None


def withdraw(*, entry: Entry, by: User, at: datetime) -> Entry:
    """Say that an entry was an error. Both stay in the record; it no longer counts. Raises Stale as `add` does."""
    try:
        with transaction.atomic():
            gone = Entry(
                patient=entry.patient, kind=entry.kind, on=entry.on, body=entry.body, origin=entry.origin,
                recorded_at=at, recorded_by=by, supersedes=entry, withdrawn=True,
            )  # fmt: skip
            gone.save()
            audit.write(
                clinic=entry.patient.clinic, by=by, verb=f"withdrew {entry.kind}", at=at, patient=entry.patient,
                about=f"entry {entry.pk}",
            )  # fmt: skip
            return gone
    except IntegrityError:
        theirs = Entry.objects.filter(supersedes=entry).first()
        if theirs is None:
            raise
        raise Stale(theirs) from None
