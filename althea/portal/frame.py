"""What stands around every page of hers: five places, "Leave quickly", and what was just saved."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.urls import reverse

PLACES = (
    ("Home", "home", "house"),
    ("Medicine", "medicine", "pill"),
    ("Messages", "messages", "message-circle"),
    ("Progress", "progress", "chart-line"),
    ("Help now", "help", "life-buoy"),
)


def frame(request: Any, current: str = "") -> dict[str, Any]:
    """Context of `look/phone.html`. `current`: the place this page is; empty: none of the five."""
    return {
        "nav": [(label, reverse(name), icon, name == current) for label, name, icon in PLACES],
        "home": reverse("home"),
        "demo": settings.ALTHEA_DEMO,
        "demo_url": reverse("demo"),
        "demo_link": "Be somebody else",
        "toast": next(({"words": str(one)} for one in messages.get_messages(request)), None),
    }
