"""What stands around every page of hers: five places, "Leave quickly", and what was just saved."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.urls import reverse

from althea.care.models import Offer, OfferReply

PLACES = (
    ("Home", "home", "house"),
    ("Medicine", "medicine", "pill"),
    ("Messages", "messages", "message-circle"),
    ("Progress", "progress", "chart-line"),
    ("Help now", "help", "life-buoy"),
)
CHOOSING = ("Options", "options", "scale")
"""In the place of messages while there is something to choose; they are on her home then, as always."""


def frame(request: Any, current: str = "") -> dict[str, Any]:
    """Context of `look/phone.html`. `current`: the place this page is; empty: none of the five."""

    @cache
    def nav() -> list[tuple[str, str, str, bool]]:
        """Asked for by the template, so that a page without tabs asks nothing."""
        places = [CHOOSING if place[1] == "messages" and offered(request) else place for place in PLACES]
        return [(label, reverse(name), icon, name == current) for label, name, icon in places]

    return {
        "nav": nav,
        "home": reverse("home"),
        "demo": settings.ALTHEA_DEMO,
        "demo_url": reverse("demo"),
        "demo_link": "Be somebody else",
        "toast": next(({"words": str(one)} for one in messages.get_messages(request)), None),
    }


def offered(request: Any) -> Offer | None:
    """The options that are open for her, without their text; `answered` says whether she wrote anything. One query."""
    if not hasattr(request, "open_offer"):
        patient = getattr(request, "patient", None) or getattr(request.user, "patient", None)
        replies = OfferReply.objects.filter(offer=OuterRef("pk"))
        rows = Offer.objects.filter(patient=patient, shared_at__isnull=False, closed_at__isnull=True)
        found = rows.annotate(answered=Exists(replies)).defer("options").order_by("-shared_at").first()
        request.open_offer = found if patient is not None else None
    kept: Offer | None = request.open_offer
    return kept
