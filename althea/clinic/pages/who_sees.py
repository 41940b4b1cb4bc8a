"""Who can see this woman's record, and who has?"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from althea.care.models import AuditRow, Proxy, TeamPlace
from althea.clinic.frame import frame

SHOWN = 100


@require_safe
def page(request: Any, patient: Any) -> HttpResponse:
    team = TeamPlace.objects.filter(patient=request.patient, until__isnull=True).select_related("member__user")
    let_in = Proxy.objects.filter(
        patient=request.patient, accepted_at__isnull=False, ended_at__isnull=True, until__gt=timezone.now()
    )
    rows = AuditRow.objects.filter(patient=request.patient).select_related("actor").order_by("-at")[:SHOWN]
    holds = {"patient": request.patient, "team": team, "let_in": let_in.select_related("user"), "rows": rows}
    return render(request, "clinic/who_sees.html", frame(request, "patients", within=True) | holds)
