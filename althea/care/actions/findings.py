"""Setting a finding aside with a reason, for as long as a reason holds; and taking that back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from althea.care import audit
from althea.care.aside import all_grounds, aside_of
from althea.care.days import today
from althea.care.models import FindingSeen, Patient, User
from althea.care.recheck import recheck
from althea.engine.finding import Finding

AGAIN_AFTER = timedelta(days=90)
"""What was set aside is looked at again after so many days."""


def again_on(patient: Patient, at: datetime) -> tuple[date, date]:
    """The first and the last day on which what is set aside now may be looked at again."""
    on = today(patient, at)
    return on + timedelta(days=1), on + AGAIN_AFTER


class NotThen(ValueError):
    """It cannot be looked at again on that day; the message says on which it can."""


@transaction.atomic
def override(
    *, patient: Patient, finding: Finding, code: str, words: str, by: User, at: datetime, again: date | None = None
) -> FindingSeen:
    """Set it aside, with a coded reason and a word, until the day before it is looked at `again`. None: as long as it
    may be. Its item of the worklist closes. Raises NotThen."""
    first, last = again_on(patient, at)
    if again is not None and not first <= again <= last:
        raise NotThen(f"Choose a day from {first:%-d %B %Y} to {last:%-d %B %Y}.")
    until = _until(patient, finding, last, at) if again is None else again - timedelta(days=1)
    row = FindingSeen.objects.create(
        patient=patient, rule=finding.rule, reason=list(finding.reason), grounds=all_grounds((finding,)),
        level=finding.level.name.lower(), title=finding.title, answer=FindingSeen.Answer.OVERRIDDEN, code=code,
        words=words, knowledge=finding.knowledge, until=until, by=by, at=at,
    )  # fmt: skip
    audit.write(clinic=patient.clinic, by=by, verb="overrode finding", at=at, patient=patient, about=finding.rule[:120])
    recheck(patient, at)
    return row


def _until(patient: Patient, finding: Finding, last: date, at: datetime) -> date:
    """Without a day of its own: as long as it may be, but no longer than what was set aside before for less of the same
    reason. Its day would be lost with it."""
    grounds = all_grounds((finding,)).keys()
    rows = (row for row in aside_of(patient, today(patient, at)).rows if tuple(row.reason) == finding.reason)
    return min((last, *(row.until for row in rows if row.until is not None and row.grounds.keys() <= grounds)))


@transaction.atomic
def undo(*, row: FindingSeen, by: User, at: datetime) -> None:
    """It counts again."""
    FindingSeen.objects.create(
        patient=row.patient, rule=row.rule, reason=row.reason, grounds=row.grounds, level=row.level, title=row.title,
        answer=FindingSeen.Answer.SHOWN, knowledge=row.knowledge, by=by, at=at,
    )  # fmt: skip
    audit.write(clinic=row.patient.clinic, by=by, verb="took back override", at=at, patient=row.patient, about=row.rule)
    recheck(row.patient, at)
