"""Who has looked at my record, and what did they do?  In her words, from the audit trail."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from althea.care import who_looked
from althea.care.access import places_today
from althea.care.actions import trusted
from althea.portal.frame import frame


@require_safe
def page(request: Any) -> HttpResponse:
    now = timezone.now()
    team = places_today().filter(patient=request.patient).select_related("member__user")
    holds = {
        "lines": who_looked.lines(request.patient, now, who_looked.TO_HER),
        "team": [place.member for place in team],
        "days": who_looked.DAYS,
        "let_in": [
            {"name": one.called or str(one.user), "last_day": trusted.last_day(one)}
            for one in trusted.current(request.patient, now)
            if one.accepted_at is not None
        ],
    }
    return render(request, "portal/who_looked.html", frame(request) | holds)
