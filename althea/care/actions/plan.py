"""Her plan: what it is, what she wants, what was agreed, and whether medicine was talked over at all.

A change takes the place of what stood there; of two editors the second is told. A diagnosis is read by the checks, so
she is looked at again in the transaction that changes it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from althea.care import entries as said
from althea.care.actions import record, worklist
from althea.care.days import today
from althea.care.diagnoses import codes
from althea.care.goals_told import same_measure
from althea.care.models import Entry, Origin, Patient, Stale, User, WorklistItem
from althea.care.recheck import recheck
from althea.care.typed import Past

DUE = "plan-review"
AHEAD = timedelta(days=2)
"""A day to look again comes before her prescriber this long before it."""
OF_THE_PLAN = ("condition", "family", "episodes", "goal", "plan", "talked")


class OtherMeasure(ValueError):
    """How near it is was written by a measure that is another now; its words are the page's."""


class NotOurs(ValueError):
    """A code that stands in no list of ours; its words are the page's."""


@transaction.atomic
def diagnose(
    *, patient: Patient, body: said.Condition, by: User, at: datetime, instead: Entry | None = None
) -> Entry:  # fmt: skip
    """A diagnosis, with how sure it is. Her orders are checked against it before this returns."""
    if body.code and body.code not in codes():
        raise NotOurs(f"{body.code} is not in the list of codes. Search for it, or leave the code empty.")
    entry = _write(patient, body, Origin.CLINIC, by, at, instead)
    recheck(patient, at)
    return entry


@transaction.atomic
def count_episodes(
    *, patient: Patient, body: said.Episodes, by: User, at: datetime, instead: Entry | None = None
) -> Entry:  # fmt: skip
    """How often she has lived through it. How long to go on once she is well depends on it."""
    return _write(patient, body, Origin.CLINIC, by, at, instead)


@transaction.atomic
def aim(*, patient: Patient, body: said.Goal, by: User, at: datetime, instead: Entry | None = None) -> Entry:
    """What she wants, in her words. A new wording is the same goal: what she told of it stays with it, and how near it
    was keeps its day where nobody changed it. Raises OtherMeasure."""
    if instead is not None:
        before = said.Goal.model_validate(instead.body)
        if before.measure and body.now and body.now == before.now and not same_measure(before.measure, body.measure):
            raise OtherMeasure(
                "How near it is was written by the measure before. Write it by the new one, or empty it."
            )
        now_on = (before.now_on or instead.on) if body.now and body.now == before.now else None
        body = body.model_copy(update={"first": before.first or str(instead.pk), "now_on": now_on})
    return _write(patient, body, Origin.HERS, by, at, instead)


@transaction.atomic
def agree(*, patient: Patient, body: said.Plan, by: User, at: datetime, instead: Entry | None = None) -> Entry:
    """What was agreed, medicine apart. Its day to look again is today or later; an earlier one that was due is done."""
    on = today(patient, at)
    if body.review_on is not None and body.review_on < on:
        raise Past(on)
    entry = _write(patient, body, Origin.CLINIC, by, at, instead)
    for item in WorklistItem.objects.filter(patient=patient, reason__startswith=DUE, closed_at__isnull=True):
        worklist.close(item=item, by=by, words="The plan was gone through.", at=at)
    return entry


@transaction.atomic
def talk_over(*, patient: Patient, body: said.Talked, by: User, at: datetime, instead: Entry | None = None) -> Entry:
    """Whether medicine is right was talked over with her, and what was weighed."""
    return _write(patient, body, Origin.CLINIC, by, at, instead)


@transaction.atomic
def withdraw(*, entry: Entry, by: User, at: datetime) -> None:
    """It was an error. It stays in the record, and no longer counts. Raises Stale where somebody changed it first."""
    try:
        with transaction.atomic():
            record.withdraw(entry=entry, by=by, at=at)
    except IntegrityError:
        raise Stale(Entry.objects.get(supersedes=entry)) from None
    if entry.kind == said.Condition.kind:
        recheck(entry.patient, at)


def newest(patient: Patient, kind: type[said.Body]) -> Entry | None:
    """The entry of this kind that stands now, the newest where there are several."""
    rows = Entry.objects.current().filter(patient=patient, kind=kind.kind)
    found: Entry | None = rows.order_by("-on", "-recorded_at", "-pk").first()
    return found


def due(plan: Entry, day: date, at: datetime) -> WorklistItem:
    """The plan's own day has come: look again with her."""
    body = said.Plan(**plan.body)
    assert body.review_on is not None
    late = (day - body.review_on).days
    when = {0: "Due today", -1: "Due tomorrow", 1: "1 day late"}.get(late) or (
        f"Due in {-late} days" if late < 0 else f"{late} days late"
    )
    return worklist.place(
        patient=plan.patient, group=WorklistItem.Group.REVIEW, level="info", reason=f"{DUE}:{plan.pk}",
        why=f"{when}: look again at the plan with her.", action="Open plan", due_on=body.review_on,
        to=f"/patients/{plan.patient_id}/plan", at=at,
    )  # fmt: skip


def _write(
    patient: Patient, body: said.Body, origin: Origin, by: User, at: datetime, instead: Entry | None
) -> Entry:  # fmt: skip
    if instead is not None and (instead.patient_id, instead.kind) != (patient.pk, body.kind):
        raise ValueError("An entry takes the place of one of hers, of its own kind.")
    if instead is not None and instead.withdrawn:
        raise Stale(instead)
    return record.add(
        patient=patient, body=body, on=today(patient, at), origin=origin, by=by, at=at, supersedes=instead
    )
