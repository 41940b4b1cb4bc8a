"""Does every option that she was shown still stand as it was shown?  After each change of her record, and by night.

What is shared is frozen, and her choice is hers: nothing is taken from her page. Where one of the options would be held
back today, or is spoken against in a way that it was not, her page asks her to talk first, and her team is told here.
"""

from __future__ import annotations

from datetime import date, datetime

from althea.care.actions import worklist
from althea.care.choosing import in_words, talk_first
from althea.care.facts import Chart
from althea.care.models import Offer, WorklistItem

OTHERWISE = "offer-otherwise:"
"""How the reason of such an item begins; the offer's key follows."""


def look_at_offers(chart: Chart, on: date, at: datetime) -> None:
    """One item for each open offer that no longer stands as she sees it, told once for each option; it closes where
    that is no longer so. One query where she has none."""
    patient = chart.patient
    for offer in Offer.objects.filter(patient=patient, shared_at__isnull=False, closed_at__isnull=True):
        changed, reason = talk_first(offer, chart, on), f"{OTHERWISE}{offer.pk}"
        if changed:
            last = offer.replies.order_by("-at").first()
            leans = " She leans to it." if last is not None and last.leaning in changed else ""
            named = " ".join(f"{in_words(offer.options, key)}: {title}" for key, title in changed.items())
            worklist.place(
                patient=patient, group=WorklistItem.Group.OTHER, level="warning", reason=reason,
                why=f"Her open options have changed.{leans} {named}", action="Look at her options",
                to=f"/patients/{patient.pk}/options", at=at, tell=True, harm="/".join(sorted(changed)),
            )  # fmt: skip
            continue
        for item in WorklistItem.objects.filter(patient=patient, reason=reason, closed_at__isnull=True):
            worklist.close(item=item, by=None, words="No longer so.", at=at)
