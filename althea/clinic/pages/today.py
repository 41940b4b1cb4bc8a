"""Who needs my judgement today, and why?  The worklist, most urgent first, and the day's visits."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, IntegerField, Value, When
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from althea.care import entries as said
from althea.care.access import hers_to_see
from althea.care.days import age, moment, today, zone_of
from althea.care.known import knowledge
from althea.care.models import Entry, Visit, WorklistItem
from althea.care.stage_words import StageChip, stage_of
from althea.clinic.frame import frame
from althea.look.chart.spark import spark
from althea.look.words import dated

SHOWN = 60
SPARK_POINTS = 8
SHAPES = {"review": ("scale", "plum"), "worse": ("trending-up", "warn"), "labs": ("flask-conical", "info"),
          "message": ("message-circle", "base")}  # fmt: skip
FILTERS = (("all", "All"), ("perinatal", "Pregnant or postpartum"), ("visit", "Visit today"))


@require_safe
def page(request: Any) -> HttpResponse:
    member, now = request.who.member, timezone.now()
    on, zone = today(member.clinic, now), zone_of(member.clinic)
    items = open_items(member)
    visits = day_visits(member, on)
    women = {item.patient_id for item in items} | {visit.patient_id for visit in visits}
    stages, scores = about(women, on)
    seen_today = {visit.patient_id for visit in visits}
    rows = [row_of(held, stages[held[0].patient_id], scores[held[0].patient_id], on) for held in by_woman(items)]
    wanted = request.GET.get("show", "all")
    tests = {
        "all": lambda row: True,
        "perinatal": lambda row: row["stage"].group in ("pregnant", "postpartum"),
        "visit": lambda row: row["patient"] in seen_today,
    }
    wanted = wanted if wanted in tests else "all"
    shown = [row for row in rows if tests[wanted](row)]
    upcoming = next((visit for visit in visits if visit.at >= now and visit.done_at is None), None)
    holds = {
        "on": on,
        "zone": zone,
        "lead": lead(rows, upcoming, zone),
        "groups": [
            (label, [row for row in shown if row["group"] == key])
            for key, label in WorklistItem.Group.choices
            if any(row["group"] == key for row in shown)
        ],
        "filters": [
            {"label": label, "url": f"?show={key}", "current": key == wanted, "count": sum(map(tests[key], rows))}
            for key, label in FILTERS
        ],
        "visits": [(visit, visit is upcoming) for visit in visits],
        "now": now,
        "past": upcoming is None,
        "day_side": f"{len(visits)} visit{'' if len(visits) == 1 else 's'}" if visits else "",
        "more": len(items) == SHOWN,
    }
    return render(request, "clinic/today.html", frame(request, "today") | holds)


def open_items(member: Any) -> list[WorklistItem]:
    """What is open of her own patients, loudest group first, then by day. One query."""
    order = Case(
        *(When(group=key, then=Value(at)) for at, key in enumerate(WorklistItem.Group.values)),
        output_field=IntegerField(),
    )
    rows = WorklistItem.objects.filter(patient__in=hers_to_see(member), closed_at__isnull=True)
    return list(rows.select_related("patient").annotate(rank=order).order_by("rank", "due_on", "opened_at")[:SHOWN])


def by_woman(items: list[WorklistItem]) -> list[list[WorklistItem]]:
    """What concerns one woman in one group is one line: she is called once, whatever speaks for it."""
    together: dict[tuple[str, Any], list[WorklistItem]] = {}
    for item in items:
        together.setdefault((item.group, item.patient_id), []).append(item)
    return list(together.values())


def day_visits(member: Any, on: date) -> list[Visit]:
    start = moment(member.clinic, on, time(0))
    rows = Visit.objects.filter(member=member, at__gte=start, at__lt=start + timedelta(days=1))
    return list(rows.select_related("patient").order_by("at"))


def about(women: set[Any], on: date) -> tuple[dict[Any, StageChip], dict[Any, dict[str, list[Any]]]]:
    """Their life stage and their scores, in one query for all of them."""
    stages: dict[Any, list[Any]] = defaultdict(list)
    scores: dict[Any, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    rows = Entry.objects.current().filter(patient_id__in=women, kind__in=("life-stage", "score"))
    for patient, kind, day, body in rows.order_by("on", "recorded_at", "pk").values_list(
        "patient_id", "kind", "on", "body"
    ):
        if kind == "life-stage":
            stages[patient].append((day, said.LifeStage(**body)))
        elif body.get("total") is not None:
            scores[patient][body["scale"]].append((day, float(body["total"])))
    return {one: stage_of(stages[one], on) for one in women}, scores


def row_of(held: list[WorklistItem], stage: StageChip, scores: dict[str, list[Any]], on: date) -> dict[str, Any]:
    """One line, as `_worklist_row.html` takes it. The first of what is held leads; the others stand below it."""
    item = held[0]
    chart = reverse("chart", kwargs={"patient": item.patient_id})
    icon, css = SHAPES.get(item.group, ("info", "info"))
    scale = max(scores, key=lambda one: len(scores[one]), default=None)
    book = knowledge().scales.get(scale or "")
    points = scores[scale][-SPARK_POINTS:] if scale is not None else []
    name = book.name if book is not None else ""
    drawn = (
        spark(name, [value for _, value in points]) if len(points) > 1 and item.group in ("review", "worse") else None
    )
    urgent = item.group == WorklistItem.Group.CANNOT_WAIT
    return {
        "patient": item.patient_id,
        "group": item.group,
        "item": item,
        "held": held,
        "name": item.patient.name,
        "url": chart,
        "why": dated(item.why, on),
        "also": [dated(one.why, on) for one in held[1:]],
        "level": "critical" if urgent else "",
        "icon": icon,
        "css": css,
        "age": age(item.patient.born_on, on),
        "stage": stage,
        "when": when(item, on),
        "score": name if drawn is not None else "",
        "spark": drawn,
        "action": {"label": item.action, "url": item.to or chart, "primary": urgent},
    }


def when(item: WorklistItem, on: date) -> str:
    """How long it is open, or when it is due."""
    if item.due_on is not None:
        days = (item.due_on - on).days
        return "Due today" if days == 0 else f"Due in {days} days" if days > 0 else f"{-days} days late"
    days = (on - item.opened_at.date()).days
    return "Since today" if days <= 0 else "Since yesterday" if days == 1 else f"Since {days} days"


def lead(rows: list[dict[str, Any]], upcoming: Visit | None, zone: Any) -> str:
    """What the day asks, in words that are true."""
    waiting = len({row["patient"] for row in rows if row["group"] == WorklistItem.Group.CANNOT_WAIT})
    words = {0: "Nothing that can't wait.", 1: "One woman can't wait."}.get(waiting, f"{waiting} women can't wait.")
    if upcoming is None:
        return f"{words} No more visits today."
    at: datetime = upcoming.at.astimezone(zone)
    return f"{words} Your next visit is {upcoming.patient.first_name} at {at:%H:%M}."
