"""How is she doing, for whoever treats her?  Scores, goals, therapy and sessions.

What a therapist does not need is not here, and the page says so: no medicine, no order, no finding, no message, no
answer of her intake, nothing of her reproductive life. A prescriber and a nurse see the same page beside the chart.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from althea.care import entries as said
from althea.care.actions import review as acting
from althea.care.actions import trial as trials
from althea.care.days import age, today, zone_of
from althea.care.facts import chart_of
from althea.care.goals_told import her_goals
from althea.care.known import knowledge
from althea.care.models import Entry, Origin, Patient, Role, Trial, Visit
from althea.clinic.evidence import scale_name, short
from althea.clinic.frame import frame
from althea.clinic.heading import heading
from althea.look.chart.story import Band, Score, Story, timeline

KINDS = ("score", "goal", "goal-told", "plan")
ABOUT = {"phq-9": "depression", "gad-7": "worry", "epds": "perinatal mood", "phq-2": "low mood", "isi": "sleep"}
LEFT_OUT = (
    "Her medicines, orders and findings, her messages, what she answered before her first visit, and her reproductive "
    "life are not on this page. Ask her, or her prescriber."
)
BACK, TINTS = timedelta(days=182), 5
Bodies = list[tuple[Entry, Any]]


@require_safe
def page(request: Any, patient: Any) -> HttpResponse:
    her, now = request.patient, timezone.now()
    on = today(her, now)
    bodies = entries_of(her)
    scores = [(entry, body) for entry, body in bodies if isinstance(body, said.Score) and body.total is not None]
    goals = [(entry, body) for entry, body in bodies if isinstance(body, said.Goal)]
    told = [(entry, body) for entry, body in bodies if isinstance(body, said.GoalTold)]
    clinical = request.who.role in (Role.PRESCRIBER, Role.NURSE)
    above = frame(request, "patients", within=True) | {"patient": her, "on": on, "age": age(her.born_on, on)}
    if clinical:  # her life stage and her allergies are not a therapist's to see
        above = heading(request, chart_of(her), on, "progress-of")
    order = in_order(scores, trials.live(her))
    holds = {
        "lines": lines(scores, on, order),
        "entered": entered(scores) if request.who.role == Role.PRESCRIBER else [],
        "drawing": drawn(scores, on, order) if scores else None,
        "goals": her_goals(goals, told),
        "plan": next((body for _, body in bodies if isinstance(body, said.Plan)), None),
        "sessions": sessions(her, request.who.member, now),
        "zone": zone_of(her),
        "left_out": "" if clinical else LEFT_OUT,
    }
    return render(request, "clinic/progress_of.html", above | holds)


def entries_of(her: Patient) -> Bodies:
    """Her scores, goals with what she told of them, and plan, newest first, and nothing else: what is not asked for
    cannot be shown. One query."""
    rows = Entry.objects.current().filter(patient=her, kind__in=KINDS).select_related("recorded_by")
    rows = rows.order_by("-on", "-recorded_at", "-pk")
    return [(row, said.of(row.kind, row.body)) for row in rows]


def in_order(scores: Bodies, trial: Trial | None) -> list[str]:
    """Her scales as her chart has them: the one of her trial, then the one that was asked first."""
    asked = list(dict.fromkeys(body.scale for _, body in reversed(scores)))
    return sorted(asked, key=lambda scale: trial is None or scale != trial.scale)


def lines(scores: Bodies, on: date, order: list[str]) -> list[dict[str, Any]]:
    """Of each scale: the newest whole score, its band, the one before, the highest, and the answer about self-harm."""
    found: list[dict[str, Any]] = []
    for scale in order:
        own = [(entry, body) for entry, body in scores if body.scale == scale]
        entry, body = own[0]
        book = knowledge().scales.get(scale)
        band = body.band or next((b.name for b in (book.bands if book else ()) if b.low <= body.total <= b.high), "")
        before = own[1] if len(own) > 1 else None
        most = max(own, key=lambda pair: (pair[1].total, pair[0].on))
        item = next((one.id for one in book.items if one.harm_from is not None), "") if book else ""
        harm = body.items.get(item) if item else None
        found.append(
            {
                "name": book.name if book else scale,
                "about": ABOUT.get(scale, ""),
                "total": body.total,
                "band": band.split(" (")[0],
                "on": entry.on,
                "before": (before[1].total, before[0].on) if before is not None else None,
                "most": (most[1].total, most[0].on) if most[0] is not entry and most != before else None,
                "asks": bool(item),
                "harm": harm,
                "old": (on - entry.on).days > int(knowledge().numbers["score-fresh-days"].value),
            }
        )
    return found


def entered(scores: Bodies) -> list[dict[str, Any]]:
    """Scores that were entered at the clinic, newest first. What she answered herself stays hers."""
    return [
        {"entry": entry, "name": scale_name(body.scale), "total": body.total, "by": str(entry.recorded_by)}
        for entry, body in scores
        if entry.origin == Origin.CLINIC
    ]


def drawn(scores: Bodies, on: date, order: list[str]) -> Any:
    """The scores of half a year on one axis, nothing beside them."""
    first = min(max(min(entry.on for entry, _ in scores), on - BACK), on - timedelta(days=28))
    panels: dict[str, list[tuple[date, float]]] = {scale: [] for scale in order}
    for entry, body in reversed(scores):
        panels[body.scale].append((entry.on, float(body.total)))
    drawings = tuple(_panel(scale, points) for scale, points in panels.items())
    return timeline(Story(first=first, last=on + timedelta(days=7), today=on, now="Today", scores=drawings))


def _panel(scale: str, points: list[tuple[date, float]]) -> Score:
    book = knowledge().scales.get(scale)
    bands = sorted(book.bands, key=lambda one: one.low) if book is not None else []
    highest = max([float(one.high) for one in bands] or [max(value for _, value in points)])
    named = tuple(
        Band(float(one.low), float(one.high) + 1, short(one), min(TINTS, at + 1)) for at, one in enumerate(bands)
    )
    return Score(book.name if book else scale, ABOUT.get(scale, ""), highest, tuple(points), named, None)


def sessions(her: Patient, member: Any, now: Any) -> dict[str, Any]:
    """Sessions with this member of the clinic: how many were held, and the next."""
    rows = list(Visit.objects.filter(patient=her, member=member).order_by("at"))
    coming = next((one for one in rows if one.at >= now and one.done_at is None), None)
    return {"held": sum(one.done_at is not None for one in rows), "next": coming, "who": str(member)}


@require_POST
def withdraw(request: Any, patient: Any, entry: Any) -> HttpResponse:
    """A score that was entered here was an error: it stays to be read in the record, and no trial counts it. Where
    somebody changed it first, the gate says so."""
    row = Entry.objects.filter(patient=request.patient, pk=entry, kind="score", origin=Origin.CLINIC).first()
    if row is None or row.withdrawn:
        raise Http404
    row.patient = request.patient
    acting.take_out_score(entry=row, by=request.user, at=timezone.now())
    messages.success(request, "Taken out. It stays in her record as an error, and no trial counts it.")
    return redirect("progress-of", patient=request.patient.pk)
