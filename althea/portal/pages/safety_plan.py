"""Her safety plan: what helps her on a bad day, in her words, to read in a moment and to change at any time."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from althea.care.actions import safety
from althea.care.models import Origin
from althea.portal.frame import frame


@require_http_methods(["GET", "POST"])
def page(request: Any) -> HttpResponse:
    """Read it; or, with `?change`, write it: one line for each step."""
    now = timezone.now()
    entry, lines = safety.plan_of(request.patient)
    writing = request.method == "POST" or "change" in request.GET or not lines
    typed = request.POST.get("lines", "\n".join(lines))
    wrong = ""
    if request.method == "POST":
        try:
            safety.write_plan(
                patient=request.patient, lines=safety.lines_of(typed), seen=request.POST.get("seen", ""),
                origin=Origin.HERS, by=request.user, at=now,
            )  # fmt: skip
        except safety.NotKept as sorry:
            wrong = str(sorry)
        else:
            messages.success(request, "Saved. It is on your help page too.")
            return redirect("my-safety-plan")
    holds = {
        "lines": lines,
        "entry": entry,
        "typed": typed,
        "wrong": wrong,
        "writing": writing,
        "seen": request.POST.get("seen", "") if wrong else str(entry.pk) if entry is not None else "",
        "patient": request.patient,
    }
    return render(request, "portal/safety_plan.html", frame(request, "help") | holds)
