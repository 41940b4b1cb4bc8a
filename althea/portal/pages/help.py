"""Help now: numbers first. Signed out, offline and with the database down it still opens (`crisis/first.py`)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from althea.care import entries as said
from althea.care.access import who
from althea.care.actions import safety
from althea.care.days import today, zone_of
from althea.care.models import Entry, Patient, WorklistItem
from althea.portal.crisis.first import plain
from althea.portal.frame import frame
from althea.portal.heard import CALL
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
                "asked": _asked(patient),
            }
    return render(request, "portal/help.html", holds)


def _asked(patient: Patient) -> dict[str, Any] | None:
    """When she last asked for a call that nobody has seen to yet. None: no call of hers waits."""
    rows = WorklistItem.objects.filter(patient=patient, reason__startswith=CALL, closed_at__isnull=True)
    at = rows.order_by("-opened_at").values_list("opened_at", flat=True).first()
    if at is None:
        return None
    there, on = at.astimezone(zone_of(patient)), today(patient, timezone.now())
    return {"clock": f"{there:%H:%M}", "on": there.date(), "today": there.date() == on}


def _back(came_from: str) -> str:
    """The question to change. Only an address of our own questions: never somewhere else."""
    ours = OF_A_CHECK_IN.match(came_from) or OF_THE_INTAKE.match(came_from)
    return came_from if ours else ""


@require_POST
def call(request: Any) -> HttpResponse:
    """She asks the clinic to call today."""
    safety.asked_for_a_call(patient=request.patient, by=request.user, at=timezone.now())
    messages.success(request, "We have told your clinic to call you.")
    back = _back(request.POST.get("from", ""))
    return redirect(f"{reverse('help')}?from={back}" if back else "help")


@require_safe
def worker(request: Any) -> HttpResponse:
    """The service worker: keeps the help page on her phone, and no page that is hers."""
    return render(request, "portal/sw.js", content_type="text/javascript")


@require_safe
def manifest(request: Any) -> HttpResponse:
    """What her phone calls this: "Notes"."""
    return render(request, "portal/manifest.webmanifest", content_type="application/manifest+json")
