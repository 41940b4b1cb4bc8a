"""What does she do on a bad day?  Her safety plan in her words, gone over and written with her."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from althea.care.actions import safety
from althea.care.days import today
from althea.care.facts import chart_of
from althea.care.models import AuditRow, Origin
from althea.clinic.heading import heading


@require_http_methods(["GET", "POST"])
def page(request: Any, patient: Any) -> HttpResponse:
    her, now = request.patient, timezone.now()
    entry, lines = safety.plan_of(her)
    typed, wrong = request.POST.get("lines", "\n".join(lines)), ""
    if request.method == "POST":
        again = request.POST.get("do") == "again"
        try:
            safety.write_plan(
                patient=her, lines=lines if again and lines else safety.lines_of(typed),
                seen=request.POST.get("seen", ""), origin=Origin.CLINIC, by=request.user, at=now,
            )  # fmt: skip
        except safety.NotKept as sorry:
            wrong = str(sorry)
        else:
            messages.success(
                request, "Noted: gone over with her today." if again else "Saved. She sees it on her phone."
            )
            return redirect("safety-plan", patient=her.pk)
    read = AuditRow.objects.filter(patient=her, actor_id=her.user_id, verb="looked at my-safety-plan")
    holds = {
        "lines": lines,
        "entry": entry,
        "typed": typed,
        "wrong": wrong,
        "seen": request.POST.get("seen", "") if wrong else str(entry.pk) if entry is not None else "",
        "read": read.order_by("-at").values_list("at", flat=True).first() if her.user_id else None,
    }
    return render(
        request, "clinic/safety_plan.html", heading(request, chart_of(her), today(her, now), "safety-plan") | holds
    )
