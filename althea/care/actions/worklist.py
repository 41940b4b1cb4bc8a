"""Putting something before the person whose judgement it needs, once; and closing it with a word."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from althea.care import audit, outbox
from althea.care.models import Patient, Role, TeamPlace, User, WorklistItem
from althea.engine.finding import Finding

GROUP_OF_KIND = {
    "monitoring": WorklistItem.Group.LABS,
    "result": WorklistItem.Group.LABS,
    "score": WorklistItem.Group.WORSE,
}
ORDER = list(WorklistItem.Group.values)
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


def place_finding(*, patient: Patient, finding: Finding, at: datetime, to: str = "") -> WorklistItem:
    """A finding as an item: the same one found again, by whatever door, is the same item. `to`: where it leads."""
    reason = f"finding:{'/'.join(finding.reason)}"[:200]
    critical = finding.level.name == "CRITICAL"
    group = WorklistItem.Group.CANNOT_WAIT if critical else GROUP_OF_KIND.get(finding.kind, WorklistItem.Group.OTHER)
    return place(
        patient=patient, group=group, level=finding.level.name.lower(), reason=reason,
        why=finding.title, action="Review trial" if to else "See options" if critical else "Open chart", at=at,
        tell=critical, to=to,
    )  # fmt: skip


@transaction.atomic
def seen(*, item: WorklistItem, by: User, at: datetime) -> None:
    """Somebody has it in hand."""
    if item.seen_at is None:
        item.put(seen_at=at, seen_by=by)
        audit.write(
            clinic=item.patient.clinic, by=by, verb="took item", at=at, patient=item.patient, about=f"item {item.pk}"
        )


@transaction.atomic
def close(*, item: WorklistItem, by: User | None, words: str, at: datetime) -> None:
    """Done, and how. `by` None: what it told of is no longer so."""
    item.put(closed_at=at, closed_by=by, closing=words[:300])
    audit.write(
        clinic=item.patient.clinic, by=by, verb="closed item", at=at, patient=item.patient, about=f"item {item.pk}"
    )
