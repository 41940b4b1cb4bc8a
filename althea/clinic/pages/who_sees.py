"""Who can see this woman's record, and who has looked?  The list she reads herself (`care/who_looked.py`)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from althea.care import who_looked
from althea.care.actions import trusted
from althea.care.days import today
from althea.care.facts import chart_of
from althea.care.models import TeamPlace
from althea.clinic.heading import heading


@require_safe
def page(request: Any, patient: Any) -> HttpResponse:
    now = timezone.now()
    team = TeamPlace.objects.filter(patient=request.patient, until__isnull=True).select_related("member__user")
    let_in = [
        {"name": one.called or str(one.user), "may": one.may, "last_day": trusted.last_day(one)}
        for one in trusted.current(request.patient, now)
        if one.accepted_at is not None
    ]
    above = heading(request, chart_of(request.patient), today(request.patient, now), "who-sees")
    holds = {
        "team": team,
        "let_in": let_in,
        "lines": who_looked.lines(request.patient, now, who_looked.OF_HER),
        "days": who_looked.DAYS,
    }
    return render(request, "clinic/who_sees.html", above | holds)
