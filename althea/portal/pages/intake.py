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
from althea.care.intake.questions import (
    HOW,
    LEFT_OUT,
    NONE,
    NotRead,
    Question,
    asked,
    nothing_in,
    read,
    sections,
    way,
    ways,
)
from althea.care.intake.said import HOW as IN_WORDS
from althea.care.intake.said import said_in_words
from althea.care.intake.screens import Screen, critical, of, screen, screens
from althea.care.known import knowledge
from althea.care.models import Intake, IntakeAnswer
from althea.care.named import unread_words
from althea.portal.did_you_mean import Doubt, doubt_of
from althea.portal.frame import frame

BLANK_ROWS = 1
OPEN = (Intake.State.SENT, Intake.State.STARTED)
NAMES = ("allergy", "medicine-now", "medicine-before")
"""What an answer becomes that names medicines."""


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
        except actions.NotNow:
            return _sent(request)
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
    upcoming = next((one.slug for one in order if not one.passed(values)), None)
    open_ = intake.state in OPEN
    holds = {
        "rows": rows,
        "next": upcoming,
        "open": open_,
        "begun": bool(answers),
        "done": sum(one.passed(values) for one in order),
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
        if intake.state not in OPEN:
            return _sent(request)
        if one.slug != question:  # a scale by its name: where she was in it
            return redirect("intake-question", question=_open(of(one.question), values).slug)
        if request.GET.get("next"):
            return _after(one, values)
        return _shown(request, one, answers)
    on, now, then = today(request.patient, timezone.now()), timezone.now(), request.POST.get("then", "")
    try:
        if then == LEFT_OUT:
            actions.answer(intake=intake, question=one.key, value=None, said=LEFT_OUT, by=request.user, at=now)
            return _after(one, values | {one.key: None})
        if then == "later" and _nothing_sent(one, request.POST):
            return redirect("intake")
        row = answers.get(one.question.id)
        before = (row.value, row.said) if row is not None else (None, "")
        value, how = read_screen(one, request.POST, on, request.patient.born_on, before)
        if doubt := _doubt(one, value, request.POST, before[0]):
            return _shown(request, one, answers, "", request.POST, doubt)
    except NotRead as wrong:
        return _shown(request, one, answers, str(wrong), request.POST)
    except actions.NotNow:
        return _sent(request)
    try:
        if one.item is not None:
            if actions.answer_item(intake=intake, screen=one, value=value, by=request.user, at=now):
                return redirect(f"{reverse('help')}?from={request.path}")
        else:
            actions.answer(intake=intake, question=one.question.id, value=value, said=how, by=request.user, at=now)
            if critical(one, value):
                return redirect(f"{reverse('help')}?from={request.path}")
    except actions.NotNow:
        if critical(one, value):  # sent already, and still: the numbers first
            return redirect(f"{reverse('help')}?not-saved=1")
        return _sent(request)
    if then == "later":
        return redirect("intake")
    if then == "another":
        return redirect("intake-question", question=one.slug)
    return _after(one, values if one.item is not None else values | {one.question.id: value})


def _sent(request: Any) -> HttpResponse:
    """She sent it before: no form any more, and where to say what has changed."""
    return render(request, "portal/intake_sent.html", frame(request))


def read_screen(one: Screen, sent: Any, on: Any, born_on: Any, before: tuple[Any, str]) -> tuple[Any, str]:
    """What she sent: of a scale's item its number, of a question what `questions.read` says. Raises NotRead."""
    if one.item is None:
        return read(one.question, sent, on, born_on, before)
    value = sent.get("value", "")
    if not value.isdecimal() or not one.item.low <= int(value) <= one.item.high:
        raise NotRead("Choose one of the answers, or leave this one out.")
    return int(value), "answered"


def _doubt(one: Screen, value: Any, sent: Any, before: Any) -> Doubt | None:
    """A line with a name that is nearly one we know, which she was not asked about yet."""
    if one.question.becomes not in NAMES or not isinstance(value, list):
        return None
    earlier = [row.get("what") for row in before] if isinstance(before, list) else []
    for at, typed in enumerate(sent.getlist("what")):
        if typed.strip() and typed.strip() not in earlier:
            not_read = unread_words(typed.strip(), allergy=one.question.becomes == "allergy")
            if doubt := doubt_of(not_read, sent, "what", at):
                return doubt
    return None


def _nothing_sent(one: Screen, sent: Any) -> bool:
    return nothing_in(one.question, sent) if one.item is None else not sent.get("value")


def _open(those: list[Screen], values: dict[str, Any]) -> Screen:
    """The first she is not through with; she is with all: the first."""
    return next((one for one in those if not one.passed(values)), those[0])


def _after(one: Screen, values: dict[str, Any]) -> HttpResponse:
    """The next screen in order; after the last, the overview."""
    slugs = [each.slug for each in screens(values)]
    later = slugs[slugs.index(one.slug) + 1 :] if one.slug in slugs else []
    return redirect("intake-question", question=later[0]) if later else redirect("intake")


def _shown(
    request: Any,
    one: Screen,
    answers: dict[str, IntakeAnswer],
    wrong: str = "",
    sent: Any = None,
    doubt: Doubt | None = None,
) -> HttpResponse:
    """`wrong`: what cannot be kept of what she `sent`, and what to do. `doubt`: she is asked first what she meant."""
    order = [each.slug for each in screens({key: row.value for key, row in answers.items()})]
    at = order.index(one.slug) if one.slug in order else 0
    row = answers.get(one.question.id)
    value = row.value if row is not None else None
    how = sent.get("how", "") if sent is not None else way(one.question, value, row.said) if row is not None else ""
    holds = {
        "question": one.question,
        "section": next(section for section in sections() if section.id == one.question.section),
        "at": at + 1,
        "of": len(order),
        "before": order[at - 1] if at else None,
        "first": lines()[0],
        "critical": one.item.harm_from if one.item is not None else None,
        "wrong": wrong,
        "doubt": doubt,
        **(_item(one, value) if one.item is not None else _fields(one.question, value, how, sent)),
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


def _fields(one: Question, value: Any, how: str, sent: Any) -> dict[str, Any]:
    """What the form shows: her earlier answer, or exactly what she just sent."""
    offered = [(key, one.none if key == NONE else IN_WORDS[key]) for key in ways(one)]
    if one.kind in ("choice", "yes-no"):
        shown = sent.get("value", "") if sent is not None else f"{HOW}{how}" if how else value
        return {"options": [*one.options, *((f"{HOW}{key}", words) for key, words in offered)], "value": shown}
    return {"ways": offered, "how": how, **_answer_of(one, value, sent)}


def _answer_of(one: Question, value: Any, sent: Any) -> dict[str, Any]:
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
