"""How am I doing?  Her scores week by week, what changed, what was agreed; never a word on what to do about it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from althea.care import entries as said
from althea.care.actions import effect
from althea.care.days import today, zone_of
from althea.care.doses_told import answers_of, doses_told
from althea.care.facts import Chart, chart_of
from althea.care.goals_told import goals_of
from althea.care.known import knowledge
from althea.care.models import Entry, Trial, Visit
from althea.care.response import WORSE, Course, course_of, in_words
from althea.engine.course import BASELINE_DAYS
from althea.look.chart.panel import Band, Goal, Score
from althea.look.chart.small import progress
from althea.look.words import day as day_words
from althea.portal import changed
from althea.portal.agreed import agreed, newest
from althea.portal.frame import frame
from althea.portal.pages.home import soonest

ABOUT = {"phq-9": "low mood", "gad-7": "worry", "epds": "low mood after birth"}
TITLES = {
    "phq-9": "How heavy low mood felt",
    "gad-7": "How heavy worry felt",
    "epds": "Mood around the birth",
}
BANDS = {"minimal": "few signs", "mild": "mild", "moderate": "medium", "moderately severe": "strong",
         "severe": "very strong"}  # fmt: skip
"""A scale's own name for a band, in words of ours for her. A scale with another name: only its two ends are named."""
ENDS = ("lighter", "heavier")
TINTS = 5


@require_safe
def page(request: Any) -> HttpResponse:
    her, now = request.patient, timezone.now()
    chart, on = chart_of(her), today(her, now)
    trial = newest(list(Trial.objects.filter(patient=her)))
    start = trial.started_on if trial is not None else None
    scales = {body.scale for _, body in chart.of(said.Score) if body.total is not None}
    shown = [one for one in ABOUT if one in scales]
    shown.sort(key=lambda one: (trial is None or one != trial.scale, one))
    courses = {one: course_of(chart, one, start) for one in shown}
    first = courses[shown[0]] if shown else None
    effects = changed.effects(chart, trial, on)
    words = [(entry, body) for entry, body in chart.of(said.Symptom) if entry.origin == "hers"]
    visit = Visit.objects.filter(patient=her, at__gte=now, done_at__isnull=True).select_related("member__user")
    holds = {
        "title": title(shown[0], in_words(first.change)) if first is not None else "How I'm doing",
        "since": since(first, start, on) if first is not None else "",
        "on": on,
        "drawings": [
            {
                "title": TITLES[one],
                "words": asked_at(chart, one),
                "drawing": progress(scale_drawn(one, course, one == shown[0]), start or on, name=f"progress-{one}"),
            }
            for one, course in courses.items()
        ],
        "enough": first is not None and first.change is not None,
        "worse": first is not None and in_words(first.change) == WORSE,
        "hours": her.clinic.hours,
        "changed": changed.answers(chart, shown[0], start) if shown else [],
        "goals": [goal for goal in goals_of(chart) if goal.now],
        "gone": [body for _, body in effects if body.until],
        "effects": [(entry, body) for entry, body in effects if not body.until],
        "doses": changed.doses_in_words(doses_told(trial, chart, answers_of(her), on)) if trial is not None else "",
        "words": words[0] if words else None,
        "agreed": agreed(chart, trial, on),
        "visit": soonest(visit, now.astimezone(zone_of(her))),
    }
    return render(request, "portal/progress.html", frame(request, "progress") | holds)


def title(scale: str, words: str) -> str:
    return f"Your {ABOUT[scale]} is {words}" if words else "How I'm doing"


def asked_at(chart: Chart, scale: str) -> str:
    """Where the answers come from: hers between visits, or the clinic's."""
    origins = {entry.origin for entry, body in chart.of(said.Score) if body.scale == scale and body.total is not None}
    if origins == {"hers"}:
        return "From your check-ins."
    return "From your check-ins and your visits." if "hers" in origins else "From your visits."


def since(course: Course, start: date | None, on: date) -> str:
    """Since when, and whether it eased every time. Said of the first answer where that came long after the start."""
    first = course.first
    if first is None:
        return ""
    if start is None or first[0] > start + timedelta(days=BASELINE_DAYS):
        begun = f"Since your first answer on {day_words(first[0], on)}."
    else:
        begun = f"Since you started on {day_words(start, on)}."
    totals = [total for day, total in course.points if day >= first[0]]
    eased = len(totals) > 2 and all(after < before for before, after in pairwise(totals))
    return f"{begun} It has eased every time." if eased else begun


def scale_drawn(scale: str, course: Course, with_goal: bool) -> Score:
    """The scale as the chart draws it: its own range, bands in words of hers, and half of the first score as a goal."""
    book = knowledge().scales[scale]
    bands = sorted(book.bands, key=lambda one: one.low)
    points = [point for point in course.points if course.first is None or point[0] >= course.first[0]]
    highest = max([band.high for band in bands] or [int(max((total for _, total in points), default=0))])
    goal = None
    if with_goal and course.first is not None and course.first[1]:
        part = knowledge().numbers["response-percent"].value
        goal = Goal(float(course.first[1] * (100 - part) / 100), "first goal: half as heavy")
    drawn = tuple(
        Band(float(band.low), float(band.high) + 1, name, min(TINTS, at + 1))
        for at, (band, name) in enumerate(zip(bands, _names([band.name for band in bands]), strict=True))
    )
    return Score(
        name=book.name, about=ABOUT.get(scale, ""), highest=float(highest), bands=drawn, goal=goal,
        points=tuple((on, float(total)) for on, total in points),
    )  # fmt: skip


def _names(bands: list[str]) -> list[str]:
    """What stands beside the bands, lightest first. No "likely depression" for a woman alone with her phone."""
    if all(name in BANDS for name in bands):
        return [BANDS[name] for name in bands]
    return [ENDS[0], *("" for _ in bands[2:]), ENDS[1]][: len(bands)]


@require_POST
def still_there(request: Any) -> HttpResponse:
    """She says of something her body noticed that it is gone, or still there."""
    try:
        wanted = UUID(request.POST.get("effect", ""))
    except ValueError:
        raise Http404 from None
    row = Entry.objects.filter(patient=request.patient, kind="side-effect", pk=wanted).first()
    if row is None:
        raise Http404
    row.patient = request.patient
    gone = request.POST.get("still") == "no"
    effect.say(entry=row, gone=gone, by=request.user, at=timezone.now())
    messages.success(request, "Saved. Good that it's gone." if gone else "Saved. Thank you for telling us.")
    return redirect("progress")
