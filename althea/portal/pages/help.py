"""Help now: numbers first. Signed out, offline and with the database down it still opens (`crisis/first.py`)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from althea.care import entries as said
from althea.care.access import who
from althea.care.actions import safety
from althea.care.days import today
from althea.care.models import Entry
from althea.portal.crisis.first import plain
from althea.portal.frame import frame
from althea.portal.questions import OF_A_CHECK_IN, OF_THE_INTAKE


@require_safe
def page(request: Any) -> HttpResponse:
    """The lines for everybody; hers (her person, her plan, a call from the clinic) where she is signed in."""
    holds = plain(request.GET.get("not-saved", ""))
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        patient = who(request.user).patient
        if patient is not None:
            row = (
                Entry.objects.current()
                .filter(patient=patient, kind="safety-plan")
                .order_by("-on", "-recorded_at", "-pk")
                .first()
            )
            holds |= frame(request, "help") | {
                "patient": patient,
                "plan": said.of(row.kind, row.body) if row is not None else None,
                "plan_on": row.on if row is not None else None,
                "on": today(patient, timezone.now()),
                "told": bool(request.GET.get("from")),
                "back": _back(request.GET.get("from", "")),
                "of_the_intake": request.GET.get("from", "").startswith("/intake/"),
                "hours": patient.clinic.hours,
            }
    return render(request, "portal/help.html", holds)


def _back(came_from: str) -> str:
    """The question to change. Only an address of our own questions: never somewhere else."""
    ours = OF_A_CHECK_IN.match(came_from) or OF_THE_INTAKE.match(came_from)
    return came_from if ours else ""


@require_POST
def call(request: Any) -> HttpResponse:
    """She asks the clinic to call today."""
    safety.asked_for_a_call(patient=request.patient, by=request.user, at=timezone.now())
    messages.success(request, "We have told your clinic to call you.")
    return redirect("help")


@require_safe
def worker(request: Any) -> HttpResponse:
    """The service worker: keeps the help page on her phone, and no page that is hers."""
    return render(request, "portal/sw.js", content_type="text/javascript")


@require_safe
def manifest(request: Any) -> HttpResponse:
    """What her phone calls this: "Notes"."""
    return render(request, "portal/manifest.webmanifest", content_type="application/manifest+json")
