"""Who has looked at my record, and what did they do?  In her words, from the audit trail."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from althea.care.actions import trusted
from althea.care.models import AuditRow, Proxy, TeamPlace
from althea.portal.frame import frame

DAYS = 90
ROLES = {"system": "Althea, on schedule"}
WORDS = (
    ("looked at beside", "looked at what you let them see"),
    ("accepted helper link", "followed your link"),
    ("looked at", "looked at your record"),
    ("signed", "signed an order for you"),
    ("recorded", "added to your record"),
    ("changed", "changed your record"),
    ("withdrew", "marked something in your record as an error"),
    ("wrote message", "wrote to you"),
    ("re-checked", "checked your medicines again"),
    ("opened item", "put a reminder before your care team"),
    ("closed item", "worked through a reminder about you"),
)


def in_words(verb: str) -> str:
    return next((words for start, words in WORDS if verb.startswith(start)), "worked on your record")


def named(row: AuditRow, called: dict[Any, str]) -> str:
    """ "Dr Marchetti, prescriber"; somebody she let in by the name she calls them."""
    if row.role == "helper":
        return f"{called.get(row.actor_id) or row.actor}, whom you let in"
    return f"{row.actor}, {row.role}"


@require_safe
def page(request: Any) -> HttpResponse:
    """One line a day, person and deed: forty looks on one morning are one line with a count."""
    since = timezone.now() - timedelta(days=DAYS)
    rows = AuditRow.objects.filter(patient=request.patient, at__gte=since).exclude(actor=request.user)
    lines: dict[tuple[Any, str, str], int] = {}
    called = dict(Proxy.objects.filter(patient=request.patient).values_list("user_id", "called"))
    for row in rows.select_related("actor").order_by("-at"):
        name = ROLES.get(row.role) or named(row, called)
        key = (timezone.localtime(row.at).date(), name, in_words(row.verb))
        lines[key] = lines.get(key, 0) + 1
    team = TeamPlace.objects.filter(patient=request.patient, until__isnull=True).select_related("member__user")
    holds = {
        "lines": [{"on": on, "who": who, "did": did, "times": times} for (on, who, did), times in lines.items()],
        "team": [place.member for place in team],
        "days": DAYS,
        "let_in": [
            {"name": one.called or str(one.user), "last_day": trusted.last_day(one)}
            for one in trusted.current(request.patient, timezone.now())
            if one.accepted_at is not None
        ],
    }
    return render(request, "portal/who_looked.html", frame(request) | holds)
