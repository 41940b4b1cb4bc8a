"""Who has looked at her record, and what did they do?  In words, from the audit trail: the same list for her and for
those who look after her."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from althea.care.models import AuditRow, Patient, Proxy

DAYS = 90
SYSTEM = "Althea, on schedule"
TO_HER = {"she": "you", "her": "you", "hers": "your"}
OF_HER = {"she": "she", "her": "her", "hers": "her"}
WORDS = (
    ("looked at beside", "looked at what {she} let them see"),
    ("accepted helper link", "followed {hers} link"),
    ("looked at reach", "looked at how to reach {her}"),
    ("looked at", "looked at {hers} record"),
    ("invited", "sent {her} a link to make {hers} account"),
    ("changed how to reach", "changed how to reach {her}"),
    ("changed sign-in", "changed the email for signing in"),
    ("signed", "signed an order for {her}"),
    ("recorded", "added to {hers} record"),
    ("changed", "changed {hers} record"),
    ("withdrew", "marked something in {hers} record as an error"),
    ("wrote message", "wrote to {her}"),
    ("re-checked", "checked {hers} medicines again"),
    ("opened item", "put a reminder before {hers} care team"),
    ("closed item", "worked through a reminder about {her}"),
)


def lines(patient: Patient, now: datetime, whom: dict[str, str]) -> list[dict[str, Any]]:
    """{on, who, did, times}, the newest first: one line a day, person and deed, so that forty looks on one morning are
    one line with a count. What she did herself is not among them. `whom`: TO_HER or OF_HER. Two queries."""
    rows = AuditRow.objects.filter(patient=patient, at__gte=now - timedelta(days=DAYS))
    if patient.user_id is not None:
        rows = rows.exclude(actor=patient.user_id)
    called = dict(Proxy.objects.filter(patient=patient).values_list("user_id", "called"))
    times: dict[tuple[Any, str, str], int] = {}
    for row in rows.select_related("actor").order_by("-at"):
        key = (timezone.localtime(row.at).date(), _named(row, called, whom), in_words(row.verb, whom))
        times[key] = times.get(key, 0) + 1
    return [{"on": on, "who": who, "did": did, "times": count} for (on, who, did), count in times.items()]


def in_words(verb: str, whom: dict[str, str]) -> str:
    """What was done, by the verb of the trail."""
    words = next((words for start, words in WORDS if verb.startswith(start)), "worked on {hers} record")
    return words.format(**whom)


def _named(row: AuditRow, called: dict[Any, str], whom: dict[str, str]) -> str:
    """ "Dr Marchetti, prescriber", but "Nurse Okoye" alone; somebody she let in by the name she calls them."""
    if row.role == "system":
        return SYSTEM
    if row.role == "helper":
        return f"{called.get(row.actor_id) or row.actor}, whom {whom['she']} let in"
    name = str(row.actor)
    return name if row.role in name.lower() else f"{name}, {row.role}"
