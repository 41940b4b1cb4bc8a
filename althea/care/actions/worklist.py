"""Putting something before the person whose judgement it needs, once; and closing it with a word."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from althea.care import audit, outbox
from althea.care.entries import of
from althea.care.known import knowledge
from althea.care.models import Entry, Patient, Role, TeamPlace, User, WorklistItem
from althea.care.named import Unread, unread
from althea.engine.finding import Finding
from althea.knowledge.schema.rule import Monitoring

ORDER = list(WorklistItem.Group.values)
OF_HARM = ("self-harm:", "finding:suicide-risk", "call:")
"""Reasons of what tells that she may be in danger, or called from the page for it."""
LONGEST_CLOSING = 300
WHO_IS_TOLD = (Role.PRESCRIBER, Role.NURSE)
"""Those who can open the worklist that a notice leads to."""


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
) -> WorklistItem:
    """Open an item, or bring the open one with this reason up to date. `tell`: her team gets a notice at once."""
    item = WorklistItem.objects.filter(patient=patient, reason=reason, closed_at__isnull=True).first()
    values: dict[str, Any] = {"group": group, "level": level, "why": why[:300], "action": action}
    values |= {"to": to, "due_on": due_on}
    if item is None:
        item = WorklistItem.objects.create(patient=patient, reason=reason, opened_at=at, **values)
        audit.write(clinic=patient.clinic, by=None, verb="opened item", at=at, patient=patient, about=f"item {item.pk}")
    elif any(getattr(item, name) != value for name, value in values.items()):
        item.put(**values)
    if tell:
        team = TeamPlace.objects.filter(patient=patient, until__isnull=True, member__role__in=WHO_IS_TOLD)
        for place_ in team.select_related("member__user"):
            outbox.add(
                clinic=patient.clinic, kind="staff", user=place_.member.user, at=at, link="/today",
                send_key=f"staff/{place_.member_id}/{reason}/{patient.pk}",
            )  # fmt: skip
    return item


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
        reason=f"finding:{'/'.join(finding.reason)}"[:200], action=action, at=at, tell=critical, to=to,
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


@transaction.atomic
def seen(*, item: WorklistItem, by: User, at: datetime) -> None:
    """Somebody has it in hand."""
    if item.seen_at is None:
        item.put(seen_at=at, seen_by=by)
        audit.write(
            clinic=item.patient.clinic, by=by, verb="took item", at=at, patient=item.patient, about=f"item {item.pk}"
        )


class NotSaid(ValueError):
    """It may not be closed with these words; the message says what to write."""


def of_harm(item: WorklistItem) -> bool:
    """Does it tell that she may be in danger?  Then a person says what was done before it is gone."""
    return item.level == "critical" and item.reason.startswith(OF_HARM)


@transaction.atomic
def close(*, item: WorklistItem, by: User | None, words: str, at: datetime) -> None:
    """Done, and how. `by` None: what it told of is no longer so. Raises NotSaid.

    The trail holds no words of hers: it holds the digest of the closing words, so that they cannot change unseen.
    """
    if by is not None and of_harm(item) and not words:
        raise NotSaid("Write what was done, in a few words: whom you reached, and what was agreed.")
    if len(words) > LONGEST_CLOSING:
        raise NotSaid(f"That is {len(words)} characters. {LONGEST_CLOSING} can be kept here. Shorten it.")
    item.put(closed_at=at, closed_by=by, closing=words)
    closing = f", closing words {sha256(words.encode()).hexdigest()[:32]}" if words else ""
    audit.write(
        clinic=item.patient.clinic, by=by, verb="closed item", at=at, patient=item.patient,
        about=f"item {item.pk}{closing}",
    )  # fmt: skip
