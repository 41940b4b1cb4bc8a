"""Who can see this woman's record, and who has?"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from althea.care.actions import trusted
from althea.care.models import AuditRow, TeamPlace
from althea.clinic.frame import frame

SHOWN = 100


@require_safe
def page(request: Any, patient: Any) -> HttpResponse:
    team = TeamPlace.objects.filter(patient=request.patient, until__isnull=True).select_related("member__user")
    let_in = [
        {"name": one.called or str(one.user), "may": one.may, "last_day": trusted.last_day(one)}
        for one in trusted.current(request.patient, timezone.now())
        if one.accepted_at is not None
    ]
    rows = AuditRow.objects.filter(patient=request.patient).select_related("actor").order_by("-at")[:SHOWN]
    holds = {"patient": request.patient, "team": team, "let_in": let_in, "rows": rows}
    return render(request, "clinic/who_sees.html", frame(request, "patients", within=True) | holds)
