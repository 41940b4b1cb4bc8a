"""What stands around every page of the clinic: where one may go, who is signed in, what was just done."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.urls import reverse

from althea.care import entries as said
from althea.care.facts import Chart
from althea.care.models import Patient, Role
from althea.care.schedule import courses

PLACES = (
    ("Today", "today", "list-checks", (Role.PRESCRIBER, Role.NURSE)),
    ("Patients", "patients", "users", tuple(Role)),
    ("Safety", "safety", "shield-check", (Role.PRESCRIBER, Role.NURSE)),
    ("Messages", "clinic-messages", "message-circle", (Role.PRESCRIBER, Role.NURSE)),
    ("Sources", "rules", "book-open", tuple(Role)),
)

OF_HER_RECORD = (
    ("Chart", "chart"), ("Assessment", "assessment"), ("Plan", "plan"), ("Medicines", "medicines-of"),
    ("Labs", "labs"), ("Progress", "progress-of"), ("Messages", "messages-of"), ("Safety plan", "safety-plan"),
    ("Who can see this", "who-sees"),
)  # fmt: skip


def tabs_of(patient: Patient, current: str, *, medicines: int | None = None) -> list[tuple[str, str, bool]]:
    """The pages of her record, for `look/_tabs.html`. `current`: the name of the page this is, or belongs to.

    `medicines`: how many she takes, where the page knows it without a query more.
    """
    at, counts = {"patient": patient.pk}, {"medicines-of": medicines}
    return [
        (f"{label} {counts[name]}" if counts.get(name) else label, reverse(name, kwargs=at), name == current)
        for label, name in OF_HER_RECORD
    ]


def medicines_now(chart: Chart, on: date) -> int:
    """How many medicines does she take, or is to take: by our orders, and from elsewhere?"""
    return len(courses(chart.orders, on)) + sum(body.running is True for _, body in chart.of(said.Medicine))


def frame(request: Any, current: str, *, within: bool = False) -> dict[str, Any]:
    """Context of `look/clinic.html`. `current`: the name of the place this page is, or (`within`) lies in."""
    role = request.who.role
    return {
        "nav": [
            (label, reverse(name), icon, ("true" if within else True) if name == current else False)
            for label, name, icon, roles in PLACES
            if role in roles
        ],
        "who": {"name": str(request.user), "url": reverse("mfa_index")},
        "home": reverse("today") if role in (Role.PRESCRIBER, Role.NURSE) else reverse("patients"),
        "demo": settings.ALTHEA_DEMO,
        "demo_url": reverse("demo"),
        "demo_link": "Be somebody else",
        "toast": next(({"words": str(one)} for one in messages.get_messages(request)), None),
    }
