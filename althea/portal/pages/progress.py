"""How am I doing?  Her scores week by week, and what it may mean to say so; never a word on what to do about it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from althea.care import entries as said
from althea.care.days import today
from althea.care.facts import chart_of
from althea.care.known import knowledge
from althea.care.models import Trial
from althea.care.response import course_of, in_words
from althea.look.chart.panel import Band, Score
from althea.look.chart.small import progress
from althea.portal.frame import frame

ABOUT = {"phq-9": "low mood", "gad-7": "worry", "epds": "low mood after birth"}
TINTS = 5


@require_safe
def page(request: Any) -> HttpResponse:
    chart, on = chart_of(request.patient), today(request.patient, timezone.now())
    trial = Trial.objects.filter(patient=request.patient).order_by("-created_at").first()
    start = trial.started_on if trial is not None else None
    scales = {body.scale for _, body in chart.of(said.Score) if body.total is not None}
    shown = [one for one in ABOUT if one in scales]
    shown.sort(key=lambda one: (trial is None or one != trial.scale, one))
    drawings = [
        {
            "title": f"How heavy {ABOUT[one]} felt",
            "words": "From your check-ins.",
            "drawing": progress(scale_drawn(one, course_of(chart, one, start).points), start or on),
        }
        for one in shown
    ]
    first = course_of(chart, shown[0], start) if shown else None
    words = [(entry, body) for entry, body in chart.of(said.Symptom) if entry.origin == "hers"]
    holds = {
        "title": title(shown[0], in_words(first.change)) if first is not None else "How I'm doing",
        "start": start,
        "on": on,
        "drawings": drawings,
        "enough": first is not None and first.change is not None,
        "words": words[0] if words else None,
        "effects": [(entry, body) for entry, body in chart.of(said.SideEffect)][:5],
    }
    return render(request, "portal/progress.html", frame(request, "progress") | holds)


def title(scale: str, words: str) -> str:
    return f"Your {ABOUT[scale]} is {words}" if words else "How I'm doing"


def scale_drawn(scale: str, points: tuple[tuple[date, Any], ...]) -> Score:
    """The scale as the chart draws it: its own range and its own names for its bands."""
    book = knowledge().scales[scale]
    bands = sorted(book.bands, key=lambda one: one.low)
    highest = max([band.high for band in bands] or [int(max((total for _, total in points), default=0))])
    drawn = tuple(
        Band(float(band.low), float(band.high) + 1, band.name, min(TINTS, at + 1)) for at, band in enumerate(bands)
    )
    return Score(
        name=book.name, about=ABOUT.get(scale, ""), highest=float(highest), bands=drawn,
        points=tuple((on, float(total)) for on, total in points),
    )  # fmt: skip
