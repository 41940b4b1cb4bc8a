"""What did she tell us that still waits for us?  So that her home never says "Nothing to do" over a call she asked for.

Joanna answered "several days" last night and asked for a call. This morning her home says that we were told, when we
see it, and where a number is. It is said until somebody of her team has closed it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse

from althea.care.days import zone_of
from althea.care.models import Intake, Patient, WorklistItem
from althea.look.words import day

CALL, HARM, MESSAGE = "call:", "self-harm:", "message"


def open_for(patient: Patient) -> dict[str, datetime]:
    """The state of an intake that is open, and the reasons that wait for her team, with since when. One query."""
    intakes = Intake.objects.filter(patient=patient, state__in=(Intake.State.SENT, Intake.State.STARTED))
    hers = Q(reason__startswith=CALL) | Q(reason__startswith=HARM) | Q(reason=MESSAGE)
    items = WorklistItem.objects.filter(hers, patient=patient, closed_at__isnull=True)
    # Both have a name and a moment, and her home may ask no more often than it does: asked for together.
    rows = intakes.order_by().values_list("state", "sent_at")
    return dict(rows.union(items.order_by().values_list("reason", "opened_at"), all=True))


def heard(patient: Patient, found: dict[str, datetime], on: date) -> dict[str, Any] | None:
    """What is said of it on her home: the most pressing one. None: nothing of hers waits for us."""
    hours = patient.clinic.hours or "in working hours"
    pressing = ((CALL, "You asked us to call", "asked"), (HARM, "Thank you for telling us", "told us"))
    for begins, title, asked in pressing:
        since = max((at for reason, at in found.items() if reason.startswith(begins)), default=None)
        if since is not None:
            words = f"You {asked} on {_day(patient, since, on)}. We have told your care team: they see it {hours}."
            return {
                "title": title,
                "words": f"{words} If it can't wait, please use a number.",
                "label": "Help now",
                "url": reverse("help"),
                "calm": True,
            }
    if MESSAGE in found:
        return {
            "title": "We have your message",
            "words": f"You wrote on {_day(patient, found[MESSAGE], on)}. Your care team reads messages {hours}.",
            "label": "See my messages",
            "url": reverse("messages"),
            "calm": True,
        }
    return None


def _day(patient: Patient, at: datetime, on: date) -> str:
    return day(at.astimezone(zone_of(patient)).date(), on)
