"""Does anything speak against what anybody takes?  Going round the whole clinic, a few women at a time.

The night asks it, and a person who presses "Run again". Each woman is looked at as after any change of hers
(`recheck.py`), so the worklist and the safety page say the same. A woman who cannot be looked at is counted and named,
and the others go on. What is found becomes the latest only when everybody was looked at: stopped, killed or overtaken,
a sweep leaves nothing behind.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from althea.care import audit, panel
from althea.care.known import knowledge
from althea.care.models import Clinic, Patient, Sweep, SweepFinding, SweepWoman, User
from althea.care.recheck import recheck

log = logging.getLogger("althea.care")
BATCH = 10
"""Women in one transaction: more would make others wait for the database."""
LOST = timedelta(minutes=5)
"""A sweep that was not heard of for so long has lost its worker."""
UNDER_WAY = (Sweep.State.WAITING, Sweep.State.RUNNING)


class UnderWay(Exception):
    """One is going round already."""


@transaction.atomic
def begin(*, clinic: Clinic, by: User | None, at: datetime) -> Sweep:
    """A sweep that waits for its worker. Raises UnderWay where one is waiting or running and was heard of lately."""
    open_ = Sweep.objects.select_for_update().filter(clinic=clinic, state__in=UNDER_WAY).first()
    if open_ is not None:
        if not lost(open_, at):
            raise UnderWay
        Sweep.objects.filter(pk=open_.pk).update(state=Sweep.State.STOPPED)
    try:
        with transaction.atomic():
            return Sweep.objects.create(clinic=clinic, asked_by=by, asked_at=at, beat_at=at)
    except IntegrityError:
        raise UnderWay from None


def lost(sweep: Sweep, at: datetime) -> bool:
    """Is nobody at work on it any more?"""
    return sweep.state in UNDER_WAY and sweep.beat_at < at - LOST


def go_round(sweep_id: Any, at: datetime) -> Sweep | None:
    """Look at everybody. None: it was stopped, or is somebody else's by now; nothing of it is left."""
    women = list(Patient.objects.filter(clinic__sweeps=sweep_id).order_by("pk").values_list("pk", flat=True))
    begun = Sweep.objects.filter(pk=sweep_id, state=Sweep.State.WAITING).update(
        state=Sweep.State.RUNNING, total=len(women), beat_at=timezone.now(), knowledge=str(knowledge().stamp)
    )
    if not begun:
        return None
    sweep = Sweep.objects.select_related("clinic").get(pk=sweep_id)
    latest = Sweep.objects.filter(clinic=sweep.clinic, state=Sweep.State.DONE).first()
    for batch in _batches(women):
        if not _look_at(sweep, batch, latest, at):
            clear(sweep.clinic)
            return None
    _becomes_the_latest(sweep, at)
    clear(sweep.clinic)
    return sweep


def stop(sweep: Sweep) -> bool:
    """Nobody needs it any more. Its worker notices before its next women. False: it had ended."""
    return bool(Sweep.objects.filter(pk=sweep.pk, state__in=UNDER_WAY).update(state=Sweep.State.STOPPED))


def _batches(women: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(women), BATCH):
        yield women[start : start + BATCH]


@transaction.atomic
def _look_at(sweep: Sweep, batch: list[Any], latest: Sweep | None, at: datetime) -> bool:
    """These women. False: it was stopped meanwhile, and this batch is undone too."""
    for patient in Patient.objects.filter(pk__in=batch).select_related("clinic").order_by("pk"):
        before = panel.since(patient, (latest.pk,)) if latest is not None else {}
        woman = SweepWoman.objects.create(sweep=sweep, patient=patient, stage="not asked")
        try:
            with transaction.atomic():
                recheck(patient, at, into=(woman, before))
        except DatabaseError:
            raise
        except Exception as error:  # one record that cannot be read must not hide the others
            log.error("sweep: %s could not be looked at: %s", patient.pk, type(error).__name__)
            SweepWoman.objects.filter(pk=woman.pk).update(failed=type(error).__name__[:60])
    running = Sweep.objects.filter(pk=sweep.pk, state=Sweep.State.RUNNING)
    sweep.looked += len(batch)
    if running.update(looked=sweep.looked, beat_at=timezone.now()):
        return True
    transaction.set_rollback(True)
    return False


@transaction.atomic
def _becomes_the_latest(sweep: Sweep, at: datetime) -> None:
    Sweep.objects.filter(clinic=sweep.clinic, state=Sweep.State.DONE).update(state=Sweep.State.REPLACED)
    Sweep.objects.filter(pk=sweep.pk).update(state=Sweep.State.DONE, ended_at=timezone.now())
    audit.write(clinic=sweep.clinic, by=None, verb="re-checked everybody", at=at, about=str(sweep.looked))


def clear(clinic: Clinic) -> None:
    """Throw away what no sweep needs any more. A change that is just writing her rows is waited for."""
    for old in Sweep.objects.filter(clinic=clinic, state__in=(Sweep.State.STOPPED, Sweep.State.REPLACED)):
        with suppress(IntegrityError), transaction.atomic():  # its worker was in the middle: next time
            list(SweepWoman.objects.select_for_update().filter(sweep=old).values_list("pk"))
            SweepFinding.objects.filter(sweep=old).delete()
            SweepWoman.objects.filter(sweep=old).delete()
            old.delete()
