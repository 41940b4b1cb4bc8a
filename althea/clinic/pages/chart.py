"""How is she?  Dose, scores, side effects and life stage on one axis; her goals; what speaks against what she takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from althea.care import entries as said
from althea.care.actions import findings as acting
from althea.care.actions import trial as trials
from althea.care.actions import worklist
from althea.care.aside import aside_of, mark_of
from althea.care.days import age, today
from althea.care.doses_told import answers_of
from althea.care.facts import Chart, chart_of, facts_of
from althea.care.goals_told import goals_of
from althea.care.her_plan import waiting_for_an_order
from althea.care.known import knowledge
from althea.care.models import FindingSeen, Patient, Role, Stale, WorklistItem
from althea.care.recheck import NO_LONGER, looked_at, review_today, still_so
from althea.care.trial_case import Case, case_of
from althea.care.trial_words import review_address, week_in_words, week_of
from althea.clinic import evidence
from althea.clinic.findings import REASONS, acts, brief, shown, shown_aside, signed_to_do
from althea.clinic.frame import frame, medicines_now, tabs_of
from althea.clinic.heading import allergies, stage_chip
from althea.clinic.her_story import HerStory
from althea.clinic.record import methods
from althea.clinic.told_before import ALLERGIES, HARM, STAGE, in_words, told_before
from althea.engine.facts import Facts, plain
from althea.engine.finding import Finding
from althea.knowledge.schema.evidence import Level
from althea.look.words import day

MOST_WORDS = 500
INTAKE, NEVER = "intake:", "Not asked"


@require_safe
def page(request: Any, patient: Any) -> HttpResponse:
    her, on = request.patient, today(request.patient, timezone.now())
    chart = chart_of(her)
    trial, ended = trials.live_and_ended(her, on)
    aside = aside_of(her, on)
    facts = facts_of(chart, on)
    found = looked_at(chart, on)
    open_ = aside.open_of(found.findings)
    louder = {(one.rule, one.reason) for one in open_}
    case = case_of(trial, chart, facts, on, answers=answers_of(her)) if trial is not None and trial.started_on else None
    stage = stage_chip(chart, on)
    items = open_items(her)
    told = told_before(her) if trial is None or any(one.reason.startswith(INTAKE) for one in items) else {}
    if stage.group == "not asked" and (words := in_words(STAGE, told, on)):
        stage = replace(stage, label=f"{STAGE} {words}")
    story = HerStory(chart, on, trial, case, ended, warned_of(found.findings), request.GET.get("show", ""))
    holds = {
        "patient": her,
        "on": on,
        "age": age(her.born_on, on),
        "stage": stage,
        "allergies": allergies(chart, in_words(ALLERGIES, told, on)),
        "tabs": tabs_of(her, "chart", medicines=medicines_now(chart, on)),
        "ranges": story.ranges,
        "drawing": story.drawing(),
        "before": story.before(),
        "undated": story.undated,
        "trial": trial_card(chart, case, on),
        "waiting": [waiting(item, her) for item in items if item.group == WorklistItem.Group.CANNOT_WAIT],
        "told": bool(told),
        "may_prescribe": request.who.role == Role.PRESCRIBER,
        "new_order": new_order(her, chart),
        "findings": [
            {**signed_to_do(brief(one, on), aside.signed_for(one), her, on), "acts": acts(one, her)} for one in open_
        ],
        "loud": sum(one.level is Level.CRITICAL for one in open_),
        "aside": [shown_aside(row, her, on) for row in aside.rows if (row.rule, tuple(row.reason)) not in louder],
        "not_checked": found.not_checked,
        "goals": goals_of(chart, on),
        "plan": plan_card(chart, facts, on, in_words(HARM, told, on)),
        "knowledge": str(knowledge().stamp),
    }
    return render(request, "clinic/chart.html", frame(request, "patients", within=True) | holds)


def warned_of(findings: Sequence[Finding]) -> frozenset[str]:
    """The medicines that a warning is about."""
    return frozenset(medicine for one in findings if one.level >= Level.WARNING for medicine in one.medicines)


def open_items(her: Patient) -> list[WorklistItem]:
    """What waits for somebody and cannot be left, and an intake that nobody has looked over: an answer that she gave
    may wait before it is in her record."""
    wanted = Q(group=WorklistItem.Group.CANNOT_WAIT) | Q(reason__startswith=INTAKE)
    rows = WorklistItem.objects.filter(wanted, patient=her, closed_at__isnull=True)
    return list(rows.exclude(reason__startswith="finding:").order_by("opened_at"))  # a finding stands below by itself


def waiting(item: WorklistItem, her: Patient) -> dict[str, Any]:
    """An open item as a note at the head of her chart."""
    here = reverse("chart", kwargs={"patient": her.pk})
    return {"why": item.why, "level": item.level, "opened_at": item.opened_at, "action": item.action,
            "to": item.to if item.to != here else "", "of_harm": item.reason.startswith("self-harm:")}  # fmt: skip


def new_order(her: Patient, chart: Chart) -> str:
    """Where an order begins: from her decision that waits for one, so that its trial begins with it."""
    address = reverse("new-order", kwargs={"patient": her.pk})
    waits = waiting_for_an_order(chart)
    return f"{address}?decision={waits.pk}" if waits is not None else address


def trial_card(chart: Chart, case: Case | None, on: date) -> dict[str, Any] | None:
    """The trial in four facts; what is not known says so. None: no trial has begun."""
    if case is None:
        return None
    trial, course = case.trial, case.course
    change = None if course.percent is None else round(course.percent)
    week, name = week_of(trial, on), knowledge().name_of(trial.medicine).capitalize()
    dose = f" {plain(course.daily_mg)} mg a day" if course.daily_mg else ""
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


def plan_card(chart: Chart, facts: Facts, on: date, told: str = "") -> list[tuple[str, list[str]]]:
    """(name, lines) of what was agreed and what is known for it. What nobody wrote down or asked says so. `told`: when
    she answered the question on self-harm, where that is not in her record yet."""
    diagnoses = [
        f"{body.text}{f' ({body.code})' if body.code else ''}"
        + (f", {body.certainty}" if body.certainty != "confirmed" else "")
        for _, body in chart.of(said.Condition)
        if body.status == "active"
    ]
    rows = [("Diagnosis", diagnoses or ["None recorded"])]
    rows.append(("In her family", [body.text for _, body in chart.of(said.Family)]))
    plan = next((body for _, body in chart.of(said.Plan)), None)
    if plan is None:
        rows.append(("Plan", ["Not written yet"]))
    else:
        rows += [("Therapy", [plan.therapy]), ("Support", [plan.support]), ("Self-care", [plan.self_care])]
    safety = next((entry for entry, _ in chart.of(said.SafetyPlan)), None)
    rows.append(("Safety plan", [f"Made {day(safety.on, on)}" if safety is not None else "None"]))
    harm = harm_in_words(chart, on)
    rows.append((HARM, [capfirst(told) if told and harm == NEVER else harm]))
    mdq = next((pair for pair in chart.of(said.Score) if pair[1].scale == "mdq" and pair[1].band), None)
    rows.append(("Bipolar screen", [f"MDQ {mdq[1].band}, {day(mdq[0].on, on)}"] if mdq is not None else []))
    if facts.stage.methods is not None:
        told = f", told {day(facts.stage.methods_on, on)}" if facts.stage.methods_on else ""
        rows.append(("Contraception", [f"{capfirst(methods(facts, knowledge())) or 'None'}{told}"]))
    rows.append(("If pregnant", [plan.if_pregnant if plan is not None else ""]))
    return [(name, [one for one in lines if one]) for name, lines in rows if any(lines)]


def harm_in_words(chart: Chart, on: date) -> str:
    """ "1 on 5 May, 0 on 4 June": the highest answer that came before, and the newest."""
    answers = evidence.harm_answers(chart, on)
    if not answers:
        return NEVER
    newest = f"{answers[-1][1]} on {day(answers[-1][0], on)}"
    highest = max(answers[:-1], key=lambda one: one[1], default=answers[-1])
    if highest[1] <= answers[-1][1]:
        return newest
    return f"{highest[1]} on {day(highest[0], on)}, {newest}"


@require_http_methods(["GET", "POST"])
def override(request: Any, patient: Any) -> HttpResponse:
    """Set a finding aside, with a reason: the very one that was read, of which a rule may have several. `item`: that of
    the worklist from which it is asked for, and to which one comes back."""
    now, sent, sets = timezone.now(), request.POST or request.GET, request.method == "POST"
    rule, mark, item = sent.get("rule", ""), sent.get("finding", ""), sent.get("item", "")
    open_ = aside_of(request.patient, today(request.patient, now)).open_of(review_today(request.patient, now).findings)
    if sets:
        found = next((one for one in open_ if mark_of(one) == mark), None)
    else:
        reason = _reason(request.patient, item)
        found = next((one for one in open_ if worklist.reason_of(one) == reason), None)
    changed = sets and found is None
    found = found or next((one for one in open_ if changed and one.rule == rule), None)
    code, words, day_ = sent.get("code", ""), sent.get("words", "").strip(), sent.get("again", "").strip()
    if found is None:
        if sets or item:
            messages.error(request, "That finding is no longer there. Nothing was set aside.")
        return redirect("chart", patient=request.patient.pk)
    wrong, again = override_wrong(code, words), _day(day_)
    if day_ and again is None:
        wrong["again"] = "Enter a day, for example 2026-07-01, or leave it empty."
    if sets and not wrong and not changed:
        how = {"code": code, "words": words, "again": again, "by": request.user, "at": now}
        try:
            acting.override(patient=request.patient, finding=found, **how)
        except acting.NotThen as sorry:
            wrong["again"] = str(sorry)
        else:
            until = f"on {again:%-d %B %Y}" if again is not None else "in 90 days"
            messages.success(request, f"Set aside. It is looked at again {until}.")
            return redirect("today") if item else redirect("chart", patient=request.patient.pk)
    first, last = acting.again_on(request.patient, now)
    holds = {
        "patient": request.patient,
        "finding": {**shown(found), "acts": acts(found, request.patient)},
        "reasons": REASONS,
        "code": code,
        "words": words,
        "again": day_,
        "first": first,
        "last": last,
        "item": item,
        "wrong": wrong if {"code", "words"} & sent.keys() else {},
        "changed": changed,
    }
    status = 409 if changed else 200
    return render(request, "clinic/override.html", frame(request, "patients", within=True) | holds, status=status)


def _reason(patient: Patient, item: str) -> str:
    """Of an open item of hers; empty: there is none."""
    try:
        row = WorklistItem.objects.filter(patient=patient, pk=UUID(item), closed_at__isnull=True).first()
    except ValueError:
        return ""
    return row.reason if row is not None else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def override_wrong(code: str, words: str) -> dict[str, str]:
    """What is missing of the reason, by the field it is asked in; empty: nothing."""
    wrong = {} if code in dict(REASONS) else {"code": "Choose the reason that fits best."}
    if not words:
        wrong["words"] = "Write in a line or two why this is right for her."
    elif len(words) > MOST_WORDS:
        wrong["words"] = f"Make it shorter: {len(words)} characters, and up to {MOST_WORDS} are kept."
    return wrong


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
    """An item of the worklist is worked through, and those of hers that stood on the same line (`item` in the form,
    each with its version: "<id> 3"). Without the words that one of them asks for none is closed, nor where one tells of
    something else since, or of a finding that still stands: the page asks again, with what stands there now."""
    try:
        seen = {UUID(one[0]): int(one[1]) if one[1:] else None for one in map(str.split, request.POST.getlist("item"))}
    except (ValueError, IndexError):
        raise Http404 from None
    seen.setdefault(item, None)
    rows = WorklistItem.objects.filter(patient=request.patient, pk__in=seen)
    if len(rows) != len(seen):
        raise Http404
    words, wait = request.POST.get("words", "").strip(), [row for row in rows if row.closed_at is None]
    changed = [row for row in wait if row.version != seen[row.pk]]
    still = still_so(request.patient, timezone.now()) if any(map(worklist.stands, wait)) else set()
    if stay := [] if changed else [row for row in wait if row.reason in still]:
        rest, named = [row for row in wait if row not in stay], [(row, worklist.may_set_aside(row)) for row in stay]
        return _done_again(request, item, rest, words=words, stay=named)
    try:
        with transaction.atomic():
            for row in [] if changed else wait:
                row.patient = request.patient
                by, how = (None, NO_LONGER) if worklist.stands(row) else (request.user, words)
                worklist.close(item=row, by=by, words=how, at=timezone.now(), seen=seen[row.pk])
    except worklist.NotSaid as wrong:
        return _done_again(request, item, wait, words=words, wrong=str(wrong))
    except Stale:
        changed = wait = list(WorklistItem.objects.filter(pk__in=[row.pk for row in wait], closed_at__isnull=True))
    if changed:
        return _done_again(request, item, wait, words=words, changed=changed, status=409)
    if wait:
        messages.success(request, "Done.")
    return redirect("today")


def _done_again(request: Any, item: Any, held: list[WorklistItem], *, status: int = 200, **holds: Any) -> HttpResponse:
    """What is still open as it stands now, with the words that were typed. `stay`: what no word closes."""
    holds |= {"patient": request.patient, "item": item, "held": held, "still_so": worklist.STILL_SO}
    holds["must"] = any(worklist.of_harm(one) for one in held)
    holds["may_prescribe"] = request.who.role == Role.PRESCRIBER
    return render(request, "clinic/item_done.html", frame(request, "today", within=True) | holds, status=status)
