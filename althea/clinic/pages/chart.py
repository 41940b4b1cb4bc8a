"""How is she?  Dose, scores, side effects and life stage on one axis; her goals; what speaks against what she takes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from althea.care import entries as said
from althea.care import story
from althea.care.actions import findings as acting
from althea.care.actions import trial as trials
from althea.care.actions import worklist
from althea.care.aside import aside_of
from althea.care.choosing import medicine_of
from althea.care.days import age, today
from althea.care.doses_told import answers_of
from althea.care.facts import Chart, chart_of, facts_of
from althea.care.known import knowledge
from althea.care.models import FindingSeen, Patient, Role, Trial, WorklistItem
from althea.care.recheck import jurisdiction_of, review_today
from althea.care.stage_words import stage_of
from althea.care.trial_case import Case, case_of
from althea.care.trial_words import review_address, week_in_words, week_of
from althea.clinic import evidence
from althea.clinic.frame import frame, tabs_of
from althea.clinic.words import cited
from althea.engine.facts import plain
from althea.engine.finding import Finding
from althea.engine.review import review
from althea.fhir.cards import OVERRIDE_REASONS
from althea.look.chart.story import Band, Dose, Event, Goal, Medicine, Other, Score, Stage, Story, timeline

RANGES = (("trial", "This trial"), ("birth", "Since birth"), ("year", "1 year"), ("all", "All"))
AHEAD = timedelta(days=21)
TINTS = 5
ABOUT = {"phq-9": "depression", "gad-7": "worry", "epds": "perinatal mood"}
REASONS = [(one["code"], one["display"]) for one in OVERRIDE_REASONS]


@require_safe
def page(request: Any, patient: Any) -> HttpResponse:
    her, on = request.patient, today(request.patient, timezone.now())
    chart = chart_of(her)
    trial = trials.live(her)
    wanted = request.GET.get("show", "trial" if trial is not None else "year")
    aside = aside_of(her, on)
    facts = facts_of(chart, on)
    found = review(facts, None, knowledge(), jurisdiction=jurisdiction_of(her))
    louder = {one.reason for one in found.findings if not aside.covers(one)}
    case = case_of(trial, chart, facts, on, answers=answers_of(her)) if trial is not None and trial.started_on else None
    stage = stage_of([(entry.on, body) for entry, body in chart.of(said.LifeStage)], on)
    goals = sorted(chart.of(said.Goal), key=lambda pair: pair[1].rank)
    plans = chart.of(said.Plan)
    holds = {
        "patient": her,
        "on": on,
        "age": age(her.born_on, on),
        "stage": stage,
        "allergies": allergies(chart),
        "tabs": tabs_of(her, "chart"),
        "ranges": [(label, f"?show={key}", key == wanted) for key, label in RANGES],
        "drawing": drawn(chart, trial, on, first_day(chart, trial, wanted, on), case),
        "trial": trial_card(chart, case, on),
        "waiting": [waiting(item, her) for item in open_items(her)],
        "may_prescribe": request.who.role == Role.PRESCRIBER,
        "new_order": new_order(her, chart),
        "findings": [{**shown(one), "acts": acts(one, her)} for one in found.findings if not aside.covers(one)],
        "aside": [shown_aside(row) for reason, row in aside.items() if reason not in louder],
        "not_checked": found.not_checked,
        "notes": found.notes,
        "reasons": REASONS,
        "goals": goals,
        "plan": plans[0][1] if plans else None,
        "diagnoses": [body for _, body in chart.of(said.Condition) if body.status == "active"],
        "family": [body.text for _, body in chart.of(said.Family)],
        "safety": next(iter(chart.of(said.SafetyPlan)), None),
        "knowledge": str(knowledge().stamp),
    }
    return render(request, "clinic/chart.html", frame(request, "patients", within=True) | holds)


def open_items(her: Patient) -> list[WorklistItem]:
    """What waits for somebody and cannot be left: an answer that she gave may wait before it is in her record."""
    rows = WorklistItem.objects.filter(patient=her, closed_at__isnull=True, group=WorklistItem.Group.CANNOT_WAIT)
    return list(rows.exclude(reason__startswith="finding:").order_by("opened_at"))  # a finding stands below by itself


def waiting(item: WorklistItem, her: Patient) -> dict[str, Any]:
    """An open item as a note at the head of her chart."""
    here = reverse("chart", kwargs={"patient": her.pk})
    return {"why": item.why, "level": item.level, "opened_at": item.opened_at, "action": item.action,
            "to": item.to if item.to != here else "", "of_harm": item.reason.startswith("self-harm:")}  # fmt: skip


def new_order(her: Patient, chart: Chart) -> str:
    """Where an order begins: from her decision that waits for one, so that its trial begins with it."""
    address = reverse("new-order", kwargs={"patient": her.pk})
    entry, body = next(((e, b) for e, b in chart.of(said.Decision) if b.about == "options"), (None, None))
    ordered = {one.decision_id for one in chart.orders}
    waits = entry is not None and body is not None and medicine_of(body.chosen) and entry.pk not in ordered
    return f"{address}?decision={entry.pk}" if entry is not None and waits else address


def allergies(chart: Chart) -> tuple[str, str]:
    """(words, kind of chip). Not asked is not none."""
    rows = [body for _, body in chart.of(said.Allergy)]
    if rows:
        named = ", ".join(f"{one.text} ({one.reaction})" if one.reaction else one.text for one in rows)
        return f"Allergy: {named}", "warn"
    looked = any(body.topic == "allergies" for _, body in chart.of(said.Looked))
    return ("No known allergies", "line") if looked else ("Allergies not asked", "line")


def first_day(chart: Chart, trial: Trial | None, wanted: str, on: date) -> date:
    """Where the axis begins."""
    days = [entry.on for entry, _ in chart.entries] + [date.fromisoformat(one.steps[0]["from"]) for one in chart.orders]
    births = [date.fromisoformat(body.value) for _, body in chart.of(said.LifeStage) if body.topic == "delivery"]
    begin = {
        "trial": trial.started_on - timedelta(days=14) if trial is not None and trial.started_on else None,
        "birth": max(births) - timedelta(days=14) if births else None,
        "all": min(days, default=None),
    }.get(wanted)
    return min(begin or on - timedelta(days=365), on - timedelta(days=28))


def drawn(chart: Chart, trial: Trial | None, on: date, first: date, case: Case | None = None) -> Any:
    """The timeline, from the first day to three weeks ahead; the day of the full trial dose marked on its medicine."""
    last = max(on + AHEAD, trial.review_on if trial is not None and trial.review_on else on)
    order = [trial.scale] if trial is not None else []
    scales = story.scores(chart)
    order += [scale for scale in scales if scale not in order]
    mine = knowledge().name_of(trial.medicine).capitalize() if trial is not None else ""
    week = (on - trial.started_on).days // 7 + 1 if trial is not None and trial.started_on else None
    return timeline(
        Story(
            first=first,
            last=last,
            today=on,
            now=f"Today, week {week}" if week is not None else "Today",
            stages=tuple(Stage(one.first, one.last, one.words, one.css) for one in story.stages(chart, on)),
            medicines=tuple(
                Medicine(
                    one.name,
                    one.unit,
                    tuple(Dose(*step) for step in one.steps),
                    about=f"{one.unit} a day",
                    reached=evidence.reached(case) if case is not None and one.name == mine and not one.past else None,
                    past=one.past,
                )
                for one in story.medicines(chart, on)
            ),
            others=tuple(Other(one.words, one.first, one.last) for one in story.elsewhere(chart)),
            events=tuple(
                Event(begun, words, kind, over, count) for begun, over, words, kind, count in story.happened(chart)
            ),
            scores=tuple(score_drawn(scale, scales[scale], trial) for scale in order if scale in scales),
            marks=((trial.started_on, f"Start {trial.started_on:%-d %b}"),) if trial and trial.started_on else (),
        )
    )


def score_drawn(scale: str, points: list[tuple[date, float]], trial: Trial | None) -> Score:
    """A scale on its own range. The goal is half of the first score, where the trial's scale has one: response."""
    book = knowledge().scales[scale]
    bands = sorted(book.bands, key=lambda one: one.low)
    highest = max([float(band.high) for band in bands] or [max(value for _, value in points)])
    goal = None
    if trial is not None and trial.scale == scale and trial.started_on is not None:
        begun = [value for day, value in points if day <= trial.started_on] or [points[0][1]]
        goal = Goal(float(evidence.half(Decimal(begun[-1]))), f"half of {begun[-1]:g}: response", trial.started_on)
    named = tuple(
        Band(float(one.low), float(one.high) + 1, evidence.short(one), min(TINTS, at + 1))
        for at, one in enumerate(bands)
    )
    return Score(book.name, ABOUT.get(scale, ""), highest, tuple(points), named, goal)


def trial_card(chart: Chart, case: Case | None, on: date) -> dict[str, Any] | None:
    """The trial in four facts; what is not known says so. None: no trial has begun."""
    if case is None:
        return None
    trial, course = case.trial, case.course
    change = None if course.percent is None else round(course.percent)
    week, name = week_of(trial, on), knowledge().name_of(trial.medicine).capitalize()
    dose = f" {plain(course.daily_mg)} mg" if course.daily_mg else ""
    return {
        "name": f"{name}{dose}",
        "url": review_address(trial),
        "chip": evidence.chip(course),
        "problem": trial.problem,
        "week": week,
        "of": trial.weeks,
        "of_words": week_in_words(trial, on).removeprefix(f"week {week}").removeprefix("; ").strip(),
        "steps": bool(trial.weeks and week and week <= trial.weeks),
        "scale": course.scale if course.scale_id else evidence.scale_name(trial.scale),
        "change": change,
        "change_shown": abs(change) if change is not None else None,
        "from_to": (course.baseline, course.latest) if course.baseline is not None else None,
        "missed": len(case.doses.missed),
        "told": case.doses.days,
        "percent": case.doses.percent,
        "full_dose": evidence.full_dose_in_words(course),
        "effects": evidence.effects_in_words(case, chart),
        "keeping": next((plan for _, plan in chart.of(said.Maintenance) if plan.trial == str(trial.pk)), None),
        "review_on": trial.review_on,
        "state": trial.state,
    }


def shown(one: Finding) -> dict[str, Any]:
    """A finding as `_finding.html` takes it."""
    source = next(iter(cited(one.sources, knowledge())), None)
    place = f", {', '.join(source['places'])}" if source and source["places"] else ""
    return {
        "level": one.level.name.lower(),
        "title": one.title,
        "facts": [(fact.what, f"{fact.on:%-d %b %Y}" if fact.on else "") for fact in one.because],
        "words": [one.why, *one.said, *one.do],
        "source": f"{source['title']}{place}" if source else "",
        "url": source["url"] if source else "",
        "rule": one.rule,
        "rule_url": reverse("rule", kwargs={"rule_id": one.rule}),
        "may_override": one.level.name != "INFO",
    }


def acts(one: Finding, her: Patient) -> list[tuple[str, str]]:
    """What can be done about it from here, before it is set aside: (words, where)."""
    if one.level.name == "INFO":
        return []
    at = {"patient": her.pk}
    rule = knowledge().rules.get(one.rule)
    if rule is not None and rule.concept == "suicide-risk":
        call = [(f"Call {her.first_name}: {her.phone}", f"tel:{her.phone}")] if her.phone else []
        return [*call, ("Make a safety plan", reverse("safety-plan", kwargs=at))]
    return [("Her medicines", reverse("medicines-of", kwargs=at))] if one.medicines else []


def shown_aside(row: FindingSeen) -> dict[str, Any]:
    reason = dict(REASONS).get(row.code, row.code)
    return {
        "pk": row.pk,
        "finding": {
            "level": "overridden",
            "title": row.title,
            "by": f"{row.by}, {row.at:%-d %B}",
            "reason": f"{reason}. {row.words}".strip(),
        },
    }


@require_POST
def override(request: Any, patient: Any) -> HttpResponse:
    """Set a finding aside, with a reason."""
    now, rule = timezone.now(), request.POST.get("rule", "")
    found = next((one for one in review_today(request.patient, now).findings if one.rule == rule), None)
    code, words = request.POST.get("code", ""), request.POST.get("words", "").strip()
    if found is None:
        messages.error(request, "That finding is no longer there. Nothing was set aside.")
        return redirect("chart", patient=request.patient.pk)
    if code not in dict(REASONS) or not words or len(words) > 500:
        holds = {"patient": request.patient, "finding": shown(found), "reasons": REASONS, "code": code, "words": words}
        return render(request, "clinic/override.html", frame(request, "patients", within=True) | holds)
    acting.override(patient=request.patient, finding=found, code=code, words=words, by=request.user, at=now)
    messages.success(request, "Set aside. It is looked at again in 90 days.")
    return redirect("chart", patient=request.patient.pk)


@require_POST
def undo(request: Any, patient: Any) -> HttpResponse:
    row = FindingSeen.objects.filter(patient=request.patient, pk=request.POST.get("seen")).first()
    if row is None:
        raise Http404
    acting.undo(row=row, by=request.user, at=timezone.now())
    messages.success(request, "It counts again.")
    return redirect("chart", patient=request.patient.pk)


@require_POST
def done(request: Any, patient: Any, item: Any) -> HttpResponse:
    """An item of the worklist is worked through, and those of hers that stood on the same line (`item` in the form).
    Without the words that one of them asks for none is closed, and the page asks for them."""
    try:
        wanted = {UUID(one) for one in request.POST.getlist("item")} | {item}
    except ValueError:
        raise Http404 from None
    rows = WorklistItem.objects.filter(patient=request.patient, pk__in=wanted)
    if len(rows) != len(wanted):
        raise Http404
    words, wait = request.POST.get("words", "").strip(), [row for row in rows if row.closed_at is None]
    try:
        with transaction.atomic():
            for row in wait:
                row.patient = request.patient
                worklist.close(item=row, by=request.user, words=words, at=timezone.now())
    except worklist.NotSaid as wrong:
        holds = {"patient": request.patient, "item": item, "held": wait, "words": words, "wrong": str(wrong)}
        return render(request, "clinic/item_done.html", frame(request, "today", within=True) | holds)
    if wait:
        messages.success(request, "Done.")
    return redirect("today")
