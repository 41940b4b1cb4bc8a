"""The questions before her first visit: one a screen, saved as she goes, sent when she is ready."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from althea.care.actions import intake as actions
from althea.care.actions import safety
from althea.care.days import today
from althea.care.intake.questions import NONE, NotRead, Question, asked, questions, read, sections
from althea.care.intake.said import said_in_words
from althea.care.known import knowledge
from althea.care.models import Intake, IntakeAnswer
from althea.portal.frame import frame

BLANK_ROWS = 1


def her_intake(request: Any) -> Intake:
    """The one she is to fill in. There is none: 404."""
    found = Intake.objects.filter(patient=request.patient).order_by("-sent_at").first()
    if found is None:
        raise Http404
    found.patient = request.patient
    return found


def newest(intake: Intake) -> dict[str, IntakeAnswer]:
    """Her answers as they stand, by question. One query."""
    return {row.question: row for row in intake.answers.order_by("at")}


@require_http_methods(["GET", "POST"])
def page(request: Any) -> HttpResponse:
    """The overview: what is answered, what is open, and the button to send."""
    intake = her_intake(request)
    if request.method == "POST":
        try:
            actions.submit(intake=intake, by=request.user, at=timezone.now())
        except actions.NotNow as sorry:
            return render(request, "portal/intake_sent.html", frame(request) | {"sorry": str(sorry)})
        messages.success(request, "Sent. Thank you for telling us.")
        return redirect("intake")
    answers = newest(intake)
    wanted = asked({key: row.value for key, row in answers.items()})
    rows: list[dict[str, Any]] = [
        {
            "section": section,
            "lines": [
                {"question": one, "said": said_in_words(one, answers[one.id]) if one.id in answers else ""}
                for one in section.questions
                if one in wanted
            ],
        }
        for section in sections()
    ]
    for row in rows:
        row["done"] = sum(bool(line["said"]) for line in row["lines"])
    upcoming = next((one for one in wanted if one.id not in answers), None)
    open_ = intake.state in (Intake.State.SENT, Intake.State.STARTED)
    holds = {"rows": rows, "intake": intake, "next": upcoming, "open": open_, "begun": bool(answers)}
    return render(request, "portal/intake.html", frame(request) | holds)


@require_http_methods(["GET", "POST"])
def question(request: Any, question: str) -> HttpResponse:
    """One question."""
    one = questions().get(question)
    intake = her_intake(request)
    if one is None:
        raise Http404
    answers = newest(intake)
    if request.method == "GET":
        row = answers.get(one.id)
        return _shown(request, one, answers, row.value if row else None, row.said if row else "", "")
    try:
        value, how = read(one, request.POST, today(request.patient, timezone.now()), request.patient.born_on)
    except NotRead as wrong:
        return _shown(request, one, answers, None, request.POST.get("how", ""), str(wrong), request.POST)
    try:
        kept = actions.answer(intake=intake, question=one.id, value=value, said=how, by=request.user, at=timezone.now())
    except actions.NotNow as sorry:
        return render(request, "portal/intake_sent.html", frame(request) | {"sorry": str(sorry)})
    if danger := _self_harm(one, value):
        source = f"intake {intake.pk}"
        safety.told(
            patient=request.patient, source=source, question=danger[0], value=danger[1], by=request.user, at=kept.at
        )
        return redirect(reverse("help") + "?from=intake")
    if request.POST.get("then") == "another":
        return redirect("intake-question", question=one.id)
    values = {key: row.value for key, row in answers.items()} | {one.id: value}
    order = [each.id for each in asked(values)]
    after = order[order.index(one.id) + 1 :]
    return redirect("intake-question", question=after[0]) if after else redirect("intake")


def _self_harm(one: Question, value: Any) -> tuple[str, int] | None:
    """The scale's own critical item, answered above its line."""
    if one.kind != "scale" or not value:
        return None
    for item in knowledge().scales[one.scale].items:
        if item.critical_from is not None and value.get(item.id, 0) >= item.critical_from:
            return f"{one.scale}/{item.id}", value[item.id]
    return None


def _shown(
    request: Any, one: Question, answers: dict[str, IntakeAnswer], value: Any, how: str, wrong: str, sent: Any = None
) -> HttpResponse:
    order = [each.id for each in asked({key: row.value for key, row in answers.items()})]
    at = order.index(one.id) if one.id in order else 0
    holds = {
        "question": one,
        "section": next(section for section in sections() if section.id == one.section),
        "at": at + 1,
        "of": len(order),
        "before": order[at - 1] if at else None,
        "how": NONE if value == NONE else how,
        "wrong": wrong,
        **_fields(one, value, sent),
    }
    return render(request, "portal/intake_question.html", frame(request) | holds)


def _fields(one: Question, value: Any, sent: Any) -> dict[str, Any]:
    """What the form shows: her earlier answer, or exactly what she just sent."""
    if one.kind == "rows":
        rows = value if isinstance(value, list) else []
        if sent is not None:
            columns = {column.id: sent.getlist(column.id) for column in one.columns}
            count = max((len(cells) for cells in columns.values()), default=0)
            rows = [
                {key: (cells[at] if at < len(cells) else "") for key, cells in columns.items()} for at in range(count)
            ]
        rows = [row for row in rows if any(row.values())] + [{}] * BLANK_ROWS
        return {
            "lines": [
                {"at": at + 1, "cells": [(column, row.get(column.id, "")) for column in one.columns]}
                for at, row in enumerate(rows)
            ]
        }
    if one.kind == "scale":
        scale = knowledge().scales[one.scale]
        given = {item.id: sent.get(item.id, "") for item in scale.items} if sent is not None else (value or {})
        items = [(item, str(given.get(item.id, ""))) for item in scale.items]
        return {"scale": scale, "items": items, "choices": list(enumerate(scale.choices))}
    if one.kind == "order":
        ranks = {key: str(at + 1) for at, key in enumerate(value or [])}
        if sent is not None:
            ranks = {key: sent.get(key, "") for key, _ in one.options}
        return {"ranks": [(key, text, ranks.get(key, "")) for key, text in one.options]}
    if one.kind in ("choices", "methods"):
        return {"chosen": sent.getlist("value") if sent is not None else (value or [])}
    return {"value": sent.get("value", "") if sent is not None else ("" if value in (None, NONE) else value)}
