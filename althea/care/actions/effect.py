"""She told of a side effect: her team sees it the same day. And is it still there?  What she says of it later."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from althea.care import entries as said
from althea.care.actions import record, worklist
from althea.care.days import today
from althea.care.models import Entry, Origin, Patient, User, WorklistItem
from althea.care.recheck import recheck
from althea.engine.finding import Review

A_LOT = 2
LOUD = 3
"""She cannot live with it."""
BOTHERS = ("hardly bothers her", "bothers her a little", "bothers her a lot", "she cannot live with it")
LEVELS = ("info", "info", "warning", "warning")
"""By how much it bothers her. Not said is not little."""
SHOWN = 160


def put_before_team(
    *, patient: Patient, told: said.SideEffect, at: datetime, entry: Entry | None = None, found: Review | None = None
) -> WorklistItem | None:
    """One item for each effect, as loud as it bothers her or as what was found for it, whichever is louder; they are
    words of hers, and a person reads them today. None: she told of it before, it is not over, and bothers her no more.

    `entry`: what it became in her record; None: she has not sent it yet. `found`: the review of her with it.
    """
    before = _told_before(patient, told.what, but=entry)
    if before is not None and _bother(before) >= _bother(told):
        return None
    level = _level(told, entry, found)
    return worklist.place(
        patient=patient, group=_group(told, level), level=level, reason=_reason(told.what), why=_why(told),
        action="Call her" if told.bother == LOUD else "Look at it",
        to=f"/patients/{patient.pk}/messages", at=at, tell=True, harm=str(_bother(told)),
    )  # fmt: skip


@transaction.atomic
def answered(
    *, patient: Patient, told: said.SideEffect | None, earlier: said.SideEffect | None, since: datetime, at: datetime
) -> None:  # fmt: skip
    """Her answer of now, before she sends it: what bothers her a lot does not wait for that. `earlier`: what stood
    there before. Where it no longer does, an item that it opened (`since`: when she began to answer) closes."""
    if told is not None and earlier is not None and (told.what, told.bother) == (earlier.what, earlier.bother):
        return
    if earlier is not None and (told is None or _plain(told.what) != _plain(earlier.what) or not _at_once(told)):
        _taken_back(patient, earlier, since, at)
    if told is not None and _at_once(told):
        put_before_team(patient=patient, told=told, at=at)


def sent(*, entry: Entry, since: datetime | None, found: Review, at: datetime) -> WorklistItem | None:
    """She sent it. `since`: when she began to answer; what was put before her team and closed since is not opened
    again by the sending of it."""
    patient, told = entry.patient, said.SideEffect.model_validate(entry.body)
    rows = WorklistItem.objects.filter(patient=patient, reason=_reason(told.what), opened_at__gte=since or at)
    if _at_once(told) and rows.exists() and not rows.filter(closed_at__isnull=True).exists():
        return None
    return put_before_team(patient=patient, told=told, at=at, entry=entry, found=found)


def _at_once(told: said.SideEffect) -> bool:
    return _bother(told) >= A_LOT


def _taken_back(patient: Patient, earlier: said.SideEffect, since: datetime, at: datetime) -> None:
    """Only an item that is open: what somebody worked through stays so. One that was open before she answered is as her
    record makes it."""
    item = WorklistItem.objects.filter(patient=patient, reason=_reason(earlier.what), closed_at__isnull=True).first()
    if item is None:
        return
    item.patient, kept = patient, _told_before(patient, earlier.what)
    if kept is None or item.opened_at >= since:
        worklist.close(item=item, by=None, words="She changed her answer before she sent it.", at=at)
    elif item.why != _why(kept):
        item.put(group=_group(kept, _level(kept)), level=_level(kept), why=_why(kept))


def _told_before(patient: Patient, what: str, but: Entry | None = None) -> said.SideEffect | None:
    """The same effect as her record has it, where it is not over: as it bothered her most."""
    rows = Entry.objects.current().filter(patient=patient, kind=said.SideEffect.kind)
    told = [said.SideEffect.model_validate(row.body) for row in rows if but is None or row.pk != but.pk]
    same = [one for one in told if _plain(one.what) == _plain(what) and one.until is None]
    return max(same, key=_bother, default=None)


def _group(told: said.SideEffect, level: str) -> str:
    urgent = told.bother == LOUD or level == "critical"
    return WorklistItem.Group.CANNOT_WAIT if urgent else WorklistItem.Group.MESSAGE


def _level(told: said.SideEffect, entry: Entry | None = None, found: Review | None = None) -> str:
    """By how much it bothers her, or the loudest finding that rests on these words of hers."""
    level = "warning" if told.bother is None else LEVELS[told.bother]
    if entry is None or found is None:
        return level
    rests = (one for one in found.findings if any(str(entry.pk) in fact.ref for fact in one.because))
    return max((level, *(one.level.name.lower() for one in rests)), key=worklist.LEVELS.index)


def _why(told: said.SideEffect) -> str:
    how = "how much it bothers her is not said" if told.bother is None else BOTHERS[told.bother]
    what = told.what if len(told.what) <= SHOWN else f"{told.what[: SHOWN - 1]}…"
    return f"New side effect, in her words: “{what}”. {how[:1].upper()}{how[1:]}."


def _reason(what: str) -> str:
    return f"effect:{sha256(_plain(what).encode()).hexdigest()[:32]}"


def _plain(what: str) -> str:
    return " ".join(what.casefold().split())


def _bother(one: said.SideEffect) -> int:
    """Not said counts as a lot."""
    return A_LOT if one.bother is None else one.bother


@transaction.atomic
def say(*, entry: Entry, gone: bool, by: User, at: datetime) -> Entry:
    """It is gone since today, or still there today. Raises Stale where that entry was answered for already."""
    patient, on = entry.patient, today(entry.patient, at)
    told = said.SideEffect.model_validate(entry.body)
    until = max(on, told.since) if gone else None
    body = told.model_copy(update={"until": until, "sent": None})  # of what she did not send she tells here
    made = record.add(patient=patient, body=body, on=on, origin=Origin.HERS, by=by, at=at, supersedes=entry)
    recheck(patient, at)
    return made
