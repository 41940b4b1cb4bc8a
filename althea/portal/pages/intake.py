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
from althea.care.crisis.lines import lines
from althea.care.days import today
from althea.care.intake.questions import NONE, NotRead, Question, asked, read, sections
from althea.care.intake.said import said_in_words
from althea.care.intake.screens import Screen, critical, of, screen, screens
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
    values = {key: row.value for key, row in answers.items()}
    wanted = asked(values)
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
    order = screens(values)
    upcoming = next((one.slug for one in order if not one.answered(values)), None)
    open_ = intake.state in (Intake.State.SENT, Intake.State.STARTED)
    holds = {
        "rows": rows,
        "next": upcoming,
        "open": open_,
        "begun": bool(answers),
        "done": sum(one.answered(values) for one in order),
        "of": len(order),
    }
    return render(request, "portal/intake.html", frame(request) | holds)


@require_http_methods(["GET", "POST"])
def question(request: Any, question: str) -> HttpResponse:
    """One question, or one item of a scale."""
    one = screen(question)
    intake = her_intake(request)
    if one is None:
        raise Http404
    answers = newest(intake)
    values = {key: row.value for key, row in answers.items()}
    if request.method == "GET":
        if one.slug != question:  # a scale by its name: where she was in it
            return redirect("intake-question", question=_open(of(one.question), values).slug)
        if request.GET.get("next"):
            return _after(one, values)
        row = answers.get(one.question.id)
        return _shown(request, one, answers, row.value if row else None, row.said if row else "", "")
    on, now = today(request.patient, timezone.now()), timezone.now()
    try:
        value, how = read_screen(one, request.POST, on, request.patient.born_on)
    except NotRead as wrong:
        return _shown(request, one, answers, None, request.POST.get("how", ""), str(wrong), request.POST)
    try:
        if one.item is not None:
            if actions.answer_item(intake=intake, screen=one, value=value, by=request.user, at=now):
                return redirect(f"{reverse('help')}?from={request.path}")
            return _after(one, values)
        actions.answer(intake=intake, question=one.question.id, value=value, said=how, by=request.user, at=now)
    except actions.NotNow as sorry:
        if critical(one, value):  # sent already, and still: the numbers first
            return redirect(f"{reverse('help')}?not-saved=1")
        return render(request, "portal/intake_sent.html", frame(request) | {"sorry": str(sorry)})
    if request.POST.get("then") == "another":
        return redirect("intake-question", question=one.slug)
    return _after(one, values | {one.question.id: value})


def read_screen(one: Screen, sent: Any, on: Any, born_on: Any) -> tuple[Any, str]:
    """What she sent: of a scale's item its number, of a question what `questions.read` says. Raises NotRead."""
    if one.item is None:
        return read(one.question, sent, on, born_on)
    value = sent.get("value", "")
    if not value.isdigit() or not one.item.low <= int(value) <= one.item.high:
        raise NotRead("Choose one of the answers, or leave this one out.")
    return int(value), "answered"


def _open(those: list[Screen], values: dict[str, Any]) -> Screen:
    """The first that is not answered; all are: the first."""
    return next((one for one in those if not one.answered(values)), those[0])


def _after(one: Screen, values: dict[str, Any]) -> HttpResponse:
    """The next screen in order; after the last, the overview."""
    slugs = [each.slug for each in screens(values)]
    later = slugs[slugs.index(one.slug) + 1 :] if one.slug in slugs else []
    return redirect("intake-question", question=later[0]) if later else redirect("intake")


def _shown(
    request: Any, one: Screen, answers: dict[str, IntakeAnswer], value: Any, how: str, wrong: str, sent: Any = None
) -> HttpResponse:
    order = [each.slug for each in screens({key: row.value for key, row in answers.items()})]
    at = order.index(one.slug) if one.slug in order else 0
    holds = {
        "question": one.question,
        "section": next(section for section in sections() if section.id == one.question.section),
        "at": at + 1,
        "of": len(order),
        "before": order[at - 1] if at else None,
        "here": one.slug,
        "first": lines()[0],
        "critical": one.item.critical_from if one.item is not None else None,
        "how": NONE if value == NONE else how,
        "wrong": wrong,
        **(_item(one, value) if one.item is not None else _fields(one.question, value, sent)),
    }
    return render(request, "portal/intake_question.html", frame(request) | holds)


def _item(one: Screen, value: Any) -> dict[str, Any]:
    """An item as `_choice.html` takes it."""
    scale = knowledge().scales[one.question.scale]
    given = value.get(one.item.id) if isinstance(value, dict) else None
    return {
        "item": one.item.text,
        "stem": scale.stem or "",
        "options": [(str(at), choice, "") for at, choice in enumerate(scale.choices)],
        "chosen": "" if given is None else str(given),
    }


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
    if one.kind == "order":
        ranks = {key: str(at + 1) for at, key in enumerate(value or [])}
        if sent is not None:
            ranks = {key: sent.get(key, "") for key, _ in one.options}
        return {"ranks": [(key, text, ranks.get(key, "")) for key, text in one.options]}
    if one.kind in ("choices", "methods"):
        return {"chosen": sent.getlist("value") if sent is not None else (value or [])}
    return {"value": sent.get("value", "") if sent is not None else ("" if value in (None, NONE) else value)}
