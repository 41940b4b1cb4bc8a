"""She told of a side effect: her team sees it the same day. And is it still there?  What she says of it later."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from althea.care import entries as said
from althea.care.actions import record, worklist
from althea.care.days import today
from althea.care.models import Entry, Origin, User, WorklistItem
from althea.care.recheck import recheck

LOUD = 3
"""She cannot live with it."""
BOTHERS = ("hardly bothers her", "bothers her a little", "bothers her a lot", "she cannot live with it")
LEVELS = ("info", "info", "warning", "warning")
"""By how much it bothers her. Not said is not little."""
SHOWN = 160


def put_before_team(*, entry: Entry, at: datetime) -> WorklistItem | None:
    """One item for each effect. None: she told of it before, it is not over, and bothers her no more than then."""
    patient, told = entry.patient, said.SideEffect.model_validate(entry.body)
    rows = Entry.objects.current().filter(patient=patient, kind=entry.kind).exclude(pk=entry.pk)
    before = [one for row in rows if _same(one := said.SideEffect.model_validate(row.body), told) and one.until is None]
    if before and max(_bother(one) for one in before) >= _bother(told):
        return None
    level = "warning" if told.bother is None else LEVELS[told.bother]
    how = "how much it bothers her is not said" if told.bother is None else BOTHERS[told.bother]
    what = told.what if len(told.what) <= SHOWN else f"{told.what[: SHOWN - 1]}…"
    loud = told.bother == LOUD
    digest = sha256(_plain(told.what).encode()).hexdigest()[:32]
    return worklist.place(
        patient=patient, group=WorklistItem.Group.CANNOT_WAIT if loud else WorklistItem.Group.OTHER, level=level,
        reason=f"effect:{digest}", why=f"New side effect, in her words: “{what}”. {how[:1].upper()}{how[1:]}.",
        action="Call her" if loud else "Look at it", to=f"/patients/{patient.pk}/progress", at=at,
        tell=level == "warning",
    )  # fmt: skip


def _same(one: said.SideEffect, other: said.SideEffect) -> bool:
    return one.medicine == other.medicine and _plain(one.what) == _plain(other.what)


def _plain(what: str) -> str:
    return " ".join(what.casefold().split())


def _bother(one: said.SideEffect) -> int:
    """Not said counts as a lot."""
    return 2 if one.bother is None else one.bother


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
