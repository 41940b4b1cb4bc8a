"""Who can see this woman's record, and who has looked?  The list she reads herself (`care/who_looked.py`)."""

from datetime import date
from itertools import accumulate, groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from althea.care import who_looked
from althea.care.access import places_today
from althea.care.actions import trusted
from althea.care.days import today
from althea.care.facts import chart_of
from althea.clinic.heading import heading

Days = list[tuple[date, list[dict[str, Any]]]]
IN_SIGHT = 10
"""Lines of who has looked, before the rest folds."""


@require_safe
def page(request: Any, patient: Any) -> HttpResponse:
    now = timezone.now()
    team = places_today().filter(patient=request.patient).select_related("member__user")
    let_in = [
        {"name": one.called or str(one.user), "may": one.may, "last_day": trusted.last_day(one)}
        for one in trusted.current(request.patient, now)
        if one.accepted_at is not None
    ]
    above = heading(request, chart_of(request.patient), today(request.patient, now), "who-sees")
    holds = {
        "team": team,
        "let_in": let_in,
        "looks": split(by_day(who_looked.lines(request.patient, now, who_looked.OF_HER))),
        "days": who_looked.DAYS,
    }
    return render(request, "clinic/who_sees.html", above | holds)


def by_day(lines: list[dict[str, Any]]) -> Days:
    """What was done on each day, the newest day first."""
    return [(on, list(of)) for on, of in groupby(lines, key=lambda line: line["on"])]


def split(days: Days) -> tuple[Days, Days]:
    """(the days in sight, the days behind a fold): whole days, until ten lines stand there."""
    counted = list(accumulate(len(lines) for _, lines in days))
    at = next((at for at, count in enumerate(counted, 1) if count >= IN_SIGHT), len(days))
    return days[:at], days[at:]
