"""Asking for a look at everybody now, stopping it, and taking what was found out of the house."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from althea.care import audit, everyone
from althea.care.jobs import look_again
from althea.care.models import Clinic, Sweep, User


@transaction.atomic
def ask(*, clinic: Clinic, by: User, at: datetime) -> Sweep:
    """A worker goes round as soon as it can. Raises everyone.UnderWay where one does already."""
    sweep = everyone.begin(clinic=clinic, by=by, at=at)
    audit.write(clinic=clinic, by=by, verb="asked for a sweep", at=at, about=f"sweep {sweep.pk}")
    look_again.enqueue(str(sweep.pk))
    return sweep


@transaction.atomic
def stop(*, sweep: Sweep, by: User, at: datetime) -> bool:
    """It ends without a result; the one before stays. False: it had ended."""
    stopped = everyone.stop(sweep)
    if stopped:
        audit.write(clinic=sweep.clinic, by=by, verb="stopped a sweep", at=at, about=f"sweep {sweep.pk}")
    return stopped


@transaction.atomic
def exported(*, clinic: Clinic, by: User, lines: int, at: datetime) -> None:
    """Somebody took the findings of her patients out of Althea, as a file."""
    audit.write(clinic=clinic, by=by, verb="exported findings", at=at, about=f"{lines} lines")
