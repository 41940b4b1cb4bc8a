"""Does anything known of her today speak against what she takes?  The same question by night, and after every change.

Findings at warning or above become items of the worklist, one a reason; an item whose finding is gone is closed. What a
prescriber set aside with a reason is left alone until its day. Nothing is ever stopped or changed here.
"""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings

from althea.care.actions import worklist
from althea.care.days import today
from althea.care.facts import facts_for
from althea.care.known import knowledge
from althea.care.models import FindingSeen, Patient, WorklistItem
from althea.engine.finding import Review
from althea.engine.review import review
from althea.knowledge.schema.evidence import Level


def jurisdiction_of(patient: Patient) -> str:
    """Whose rules warn where sources differ: those of her clinic's country."""
    return patient.clinic.country or str(settings.ALTHEA_JURISDICTION)


def review_today(patient: Patient, at: datetime) -> Review:
    """Everything that can be said of her, without a new order."""
    on = today(patient, at)
    return review(facts_for(patient, on), None, knowledge(), jurisdiction=jurisdiction_of(patient))


def recheck(patient: Patient, at: datetime) -> Review:
    """Review her, and bring her items up to date. Call it inside the transaction of the change it follows."""
    found = review_today(patient, at)
    aside = set_aside(patient, today(patient, at))
    loud = [one for one in found.findings if one.level >= Level.WARNING and one.reason not in aside]
    kept = {worklist.place_finding(patient=patient, finding=one, at=at).pk for one in loud}
    open_items = WorklistItem.objects.filter(patient=patient, reason__startswith="finding:", closed_at__isnull=True)
    for item in open_items.exclude(pk__in=kept).select_related("patient__clinic"):
        worklist.close(item=item, by=None, words="No longer so.", at=at)
    return found


def set_aside(patient: Patient, on: date) -> frozenset[tuple[str, ...]]:
    """The reasons that a prescriber overrode and that are not to be looked at again yet. The newest answer counts."""
    newest: dict[tuple[str, ...], FindingSeen] = {}
    for row in FindingSeen.objects.filter(patient=patient).order_by("at"):
        newest[tuple(row.reason)] = row
    return frozenset(
        reason
        for reason, row in newest.items()
        if row.answer == FindingSeen.Answer.OVERRIDDEN and row.until is not None and row.until >= on
    )
