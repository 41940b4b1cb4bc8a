"""Putting something before the person whose judgement it needs, once; and closing it with a word."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Max

from althea.care import audit, outbox
from althea.care.access import CLINICAL, told_of
from althea.care.aside import all_grounds
from althea.care.days import not_at_night, today
from althea.care.entries import of
from althea.care.known import knowledge
from althea.care.models import AuditRow, Clinic, Entry, Outgoing, Patient, User, WorklistItem
from althea.care.named import Unread, unread
from althea.engine.finding import Finding, NotChecked
from althea.knowledge.schema.rule import Monitoring

ORDER = ("cannot-wait", "message", "review", "worse", "labs", "other")
"""Groups of the worklist, the one that is read first first: words of hers are read before anything that has a day."""
LEVELS = ("info", "warning", "critical")
OF_HARM = ("self-harm:", "finding:suicide-risk", "call:")
"""Reasons of what tells that she may be in danger, or called from the page for it."""
LONGEST_CLOSING = 300
OF_A_FINDING, OF_A_GAP = "finding:", "finding:gap/"
"""Reasons of what is found anew each night for as long as it is so."""
STILL_SO = "It would be here again tomorrow. Act on it, or have it set aside with a reason, until a day if you like."


@transaction.atomic
def place(
    *,
    patient: Patient,
    group: str,
    level: str,
    reason: str,
    why: str,
    action: str,
    at: datetime,
    to: str = "",
    due_on: date | None = None,
    tell: bool = False,
    harm: str = "",
) -> WorklistItem:
    """Open an item, or bring the open one with this reason up to date.

    `tell`: who looks after her gets a notice, for each opening and for each rise, never twice for the same. `harm`:
    what it tells of harm, in any words that are other words when it tells of another harm.
    """
    item = WorklistItem.objects.filter(patient=patient, reason=reason, closed_at__isnull=True).first()
    values: dict[str, Any] = {"group": group, "level": level, "why": why[:300], "action": action}
    values |= {"to": to, "due_on": due_on}
    quieter = item is not None and _loud(group, level) < _loud(item.group, item.level)
    if item is None:
        item = WorklistItem.objects.create(patient=patient, reason=reason, opened_at=at, **values)
        audit.write(clinic=patient.clinic, by=None, verb="opened item", at=at, patient=patient, about=f"item {item.pk}")
    elif any(getattr(item, name) != value for name, value in values.items()):
        item.put(**values)
    if tell and not quieter:
        told = sha256(f"{group}/{level}/{harm or (why if reason.startswith(OF_HARM) else '')}".encode()).hexdigest()
        _notify(item, told[:32], kind="staff", patient=patient, at=at)
    return item


def _loud(group: str, level: str) -> tuple[int, bool]:
    return LEVELS.index(level), group == WorklistItem.Group.CANNOT_WAIT


def _notify(
    item: WorklistItem, told: str, *, kind: str, patient: Patient, at: datetime, when: datetime | None = None
) -> int:
    """A neutral notice to each who looks after her. `told`: of what; nobody gets it twice. How many were made."""
    made = [
        outbox.add(
            clinic=patient.clinic, kind=kind, user=member.user, at=at, link="/today", not_before=when,
            send_key=f"{_key(item)}{member.pk}/{told}",
        )
        for member in told_of(patient)
    ]  # fmt: skip
    return sum(one is not None for one in made)


def _key(item: WorklistItem) -> str:
    return f"staff/{item.pk}/"


@transaction.atomic
def tell_again(*, clinic: Clinic, at: datetime) -> int:
    """What is critical, and nobody who treats her opened her record since it was told: once more, this morning and
    never at night. Until somebody looks it is told each morning. How many notices were made."""
    when, count = not_at_night(clinic, at), 0
    rows = WorklistItem.objects.filter(patient__clinic=clinic, level="critical", closed_at__isnull=True)
    for item in rows.select_related("patient__clinic"):
        told = Outgoing.objects.filter(send_key__startswith=_key(item)).aggregate(at=Max("created_at"))["at"]
        looks = AuditRow.objects.filter(patient=item.patient_id, role__in=CLINICAL, at__gt=told or item.opened_at)
        if not looks.exists():
            again = f"again/{today(clinic, when)}"
            count += _notify(item, again, kind="again", patient=item.patient, at=at, when=when)
    return count


def place_finding(
    *, patient: Patient, finding: Finding, at: datetime, to: str = "", worse: bool = False
) -> WorklistItem:  # fmt: skip
    """A finding as an item: the same one found again, by whatever door, is the same item. `to`: where it leads.
    `worse`: a score of hers has risen; one high score by itself is no getting worse."""
    critical = finding.level.name == "CRITICAL"
    rule = knowledge().rules.get(finding.rule)
    measured = isinstance(rule, Monitoring) and set(rule.measures) <= knowledge().measures.keys()
    group, action = WorklistItem.Group.OTHER, "Review trial" if to else "Open chart"
    if critical:
        group, action = WorklistItem.Group.CANNOT_WAIT, action if to else "See options"
    elif finding.kind == "monitoring":
        group = WorklistItem.Group.LABS
        action, to = ("Open labs", f"/patients/{patient.pk}/labs") if measured else (action, to)
    elif finding.kind == "score" and worse:
        group = WorklistItem.Group.WORSE
    return place(
        patient=patient, group=group, level=finding.level.name.lower(), due_on=finding.due_on, why=finding.title,
        reason=reason_of(finding), action=action, at=at, tell=critical, to=to,
        harm="/".join(sorted(all_grounds((finding,)))),
    )  # fmt: skip


def reason_of(finding: Finding) -> str:
    """What its item is known by."""
    return f"{OF_A_FINDING}{'/'.join(finding.reason)}"[:200]


def gap_of(medicine: str) -> str:
    """The same of days without this medicine, of which a check could not be made."""
    return f"{OF_A_GAP}{medicine}"[:200]


def place_unchecked(*, patient: Patient, medicine: str, check: NotChecked, at: datetime) -> WorklistItem:
    """She told of days without this medicine, and whether it has to begin low again could not be checked."""
    why = f"She told of days without {knowledge().name_of(medicine)}. Whether it has to begin low again could not be "
    return place(
        patient=patient, group=WorklistItem.Group.CANNOT_WAIT, level=check.could_be.name.lower(),
        why=f"{why}checked: {', '.join(check.missing)}.", reason=gap_of(medicine), action="Open chart",
        at=at, tell=check.could_be.name == "CRITICAL",
    )  # fmt: skip


def place_unread(*, entry: Entry, not_read: Unread, at: datetime) -> WorklistItem:
    """A name in her record that nothing was checked against, so that somebody puts it right."""
    return place(
        patient=entry.patient, group=WorklistItem.Group.OTHER, level="warning", reason=f"unread:{entry.pk}",
        why=not_read.for_team, action="Look at it", to=f"/patients/{entry.patient_id}/medicines", at=at, tell=True,
    )  # fmt: skip


def put_right(*, entry: Entry, by: User, at: datetime) -> None:
    """An entry was corrected: what asked for it because its name was not read is done."""
    reasons = (f"told:{entry.pk}", f"unread:{entry.pk}")
    if unread(of(entry.kind, entry.body)) is None:
        return
    for item in WorklistItem.objects.filter(patient=entry.patient, reason__in=reasons, closed_at__isnull=True):
        close(item=item, by=by, words="Put right since.", at=at)


class NotSaid(ValueError):
    """It may not be closed with these words; the message says what to write."""


def stands(item: WorklistItem) -> bool:
    """Is it found anew for as long as it is so?  Then no word of a person's closes it."""
    return item.reason.startswith(OF_A_FINDING)


def may_set_aside(item: WorklistItem) -> bool:
    """Is it a finding? A check that could not be made is none: it is answered and not set aside."""
    return stands(item) and not item.reason.startswith(OF_A_GAP)


def of_harm(item: WorklistItem) -> bool:
    """Does it tell that she may be in danger?  Then a person says what was done before it is gone."""
    return item.level == "critical" and item.reason.startswith(OF_HARM)


@transaction.atomic
def close(*, item: WorklistItem, by: User | None, words: str, at: datetime, seen: int | None = None) -> None:
    """Done, and how. `by` None: what it told of is no longer so. `seen`: the version that was on the page; raises Stale
    where it tells of something else since, and NotSaid: of a finding too, that nobody closes but what settles it.

    The trail holds no words of hers: it holds the digest of the closing words, so that they cannot change unseen.
    """
    if by is not None and stands(item):
        raise NotSaid(STILL_SO)
    if by is not None and of_harm(item) and not words:
        raise NotSaid("Write what was done, in a few words: whom you reached, and what was agreed.")
    if len(words) > LONGEST_CLOSING:
        raise NotSaid(f"That is {len(words)} characters. {LONGEST_CLOSING} can be kept here. Shorten it.")
    item.put(seen=seen, closed_at=at, closed_by=by, closing=words)
    closing = f", closing words {sha256(words.encode()).hexdigest()[:32]}" if words else ""
    audit.write(
        clinic=item.patient.clinic, by=by, verb="closed item", at=at, patient=item.patient,
        about=f"item {item.pk}{closing}",
    )  # fmt: skip
