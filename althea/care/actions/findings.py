"""Setting a finding aside with a reason, for as long as a reason holds; and taking that back."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from althea.care import audit
from althea.care.aside import all_grounds
from althea.care.days import today
from althea.care.models import FindingSeen, Patient, User
from althea.care.recheck import recheck
from althea.engine.finding import Finding

AGAIN_AFTER = timedelta(days=90)
"""What was set aside is looked at again after so many days."""


@transaction.atomic
def override(*, patient: Patient, finding: Finding, code: str, words: str, by: User, at: datetime) -> FindingSeen:
    """Set it aside, with a coded reason and a word. Its item of the worklist closes."""
    row = FindingSeen.objects.create(
        patient=patient, rule=finding.rule, reason=list(finding.reason), grounds=all_grounds((finding,)),
        level=finding.level.name.lower(), title=finding.title, answer=FindingSeen.Answer.OVERRIDDEN, code=code,
        words=words, knowledge=finding.knowledge, until=today(patient, at) + AGAIN_AFTER, by=by, at=at,
    )  # fmt: skip
    audit.write(clinic=patient.clinic, by=by, verb="overrode finding", at=at, patient=patient, about=finding.rule[:120])
    recheck(patient, at)
    return row


@transaction.atomic
def undo(*, row: FindingSeen, by: User, at: datetime) -> None:
    """It counts again."""
    FindingSeen.objects.create(
        patient=row.patient, rule=row.rule, reason=row.reason, grounds=row.grounds, level=row.level, title=row.title,
        answer=FindingSeen.Answer.SHOWN, knowledge=row.knowledge, by=by, at=at,
    )  # fmt: skip
    audit.write(clinic=row.patient.clinic, by=by, verb="took back override", at=at, patient=row.patient, about=row.rule)
    recheck(row.patient, at)
