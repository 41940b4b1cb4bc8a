"""What may somebody she trusts see?  What she chose, until the day she named, and not one word more."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from althea.care.access import DOSES, NAMES, VISITS, let_in
from althea.care.actions import trusted
from althea.care.days import today, zone_of
from althea.care.facts import chart_of
from althea.care.known import knowledge
from althea.care.left import not_now
from althea.care.models import Visit
from althea.care.schedule import courses
from althea.portal.pages.medicine import calendar_by

MOST_VISITS = 10


@require_safe
def page(request: Any, proxy: Any) -> HttpResponse:
    """Her visits (day, time, with whom) and her doses by day, each only where she ticked it.

    Nothing that anybody wrote in words is shown: not what a visit is about, not how a dose is to be taken.
    """
    one, patient, now = request.proxy, request.patient, timezone.now()
    on = today(patient, now)
    visits = []
    if VISITS in one.may:
        rows = Visit.objects.filter(patient=patient, at__gte=now, done_at__isnull=True).order_by("at")
        visits = list(rows.select_related("member__user")[:MOST_VISITS])
    holds = {
        "patient": patient,
        "may": {"visits": VISITS in one.may, "doses": DOSES in one.may},
        "visits": visits,
        "doses": doses(patient, on, named=NAMES in one.may) if DOSES in one.may else [],
        "zone": zone_of(patient),
        "last_day": trusted.last_day(one),
        "others": let_in(request.user).exclude(pk=one.pk).select_related("patient"),
        "on": on,
        "demo": settings.ALTHEA_DEMO,
        "herself": request.who.patient is not None,
    }
    return render(request, "portal/beside.html", holds)


def doses(patient: Any, on: date, *, named: bool) -> list[dict[str, Any]]:
    """What she takes by her signed orders, by day: an order and the one that takes its place are one. Without her leave
    a medicine is a number; one that she is to ask about first is not drawn, and nothing is said of why."""
    chart = chart_of(patient)
    held = not_now(chart, on)
    return [
        {
            "name": knowledge().name_of(course.orders[-1].medicine).capitalize() if named else f"Medicine {at}",
            "calendar": None if course.orders[-1].medicine in held else calendar_by(course.stretches, on),
            "as_needed": course.orders[-1].as_needed,
        }
        for at, course in enumerate(courses(chart.orders, on), 1)
    ]
