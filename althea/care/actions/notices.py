"""What reaches her phone is hers to choose: whether, in which words, and when never."""

from __future__ import annotations

from datetime import datetime, time

from django.db import transaction

from althea.care import audit
from althea.care.models import Patient, User


@transaction.atomic
def choose(
    *,
    patient: Patient,
    notices: str,
    notice_words: str,
    quiet_from: time | None,
    quiet_until: time | None,
    by: User,
    at: datetime,
) -> None:
    """Her choice counts from now on, also for what is waiting to be sent."""
    patient.put(notices=notices, notice_words=notice_words, quiet_from=quiet_from, quiet_until=quiet_until)
    audit.write(clinic=patient.clinic, by=by, verb="chose notices", at=at, patient=patient)
