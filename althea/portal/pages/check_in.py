"""How was your week?  One question a screen, each answer saved on its own; a finished check-in becomes the record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from althea.care.actions import checkin
from althea.care.actions.safety import harm_from
from althea.care.crisis.lines import lines
from althea.care.days import today
from althea.care.doses_told import asked_of
from althea.care.entries import LONGEST, NOT_KNOWN
from althea.care.goals_told import HerGoal, has_measure
from althea.care.goals_told import asked_of as goals_of
from althea.care.known import knowledge
from althea.care.models import CheckIn
from althea.portal import goals_asked
from althea.portal.frame import frame
from althea.portal.leaflet import leaflet_of
from althea.portal.questions import LEANING, Asked, NotRead, asks_leaning, needs_help, of

FIELDS = ("value", "what", "bother", "thinks", "leaning")
"""Where an answer may stand. All empty: she wrote and chose nothing."""
TAKEN_BACK = ("goals", "side-effects", "words")
"""Kinds of which an empty answer takes back what was there."""
BOTHER = (("0", "Hardly", ""), ("1", "A little", ""), ("2", "A lot", ""), ("3", "I cannot live with it", ""))

NOT_SAID = ("", "Not said", "")
"""Without script a choice once made cannot be unmade: it takes another."""


def hers(request: Any, check_in: UUID) -> Any:
    """Her own check-in, else 404: another woman's does not exist for her. `asks_goals`: has a goal of hers a measure?
    By the same query."""
    rows = CheckIn.objects.select_related("trial").annotate(asks_goals=has_measure())
    found = rows.filter(patient=request.patient, pk=check_in).first()
    if found is None:
        raise Http404
    found.patient = request.patient
    return found


@require_http_methods(["GET", "POST"])
def page(request: Any, check_in: UUID) -> HttpResponse:
    """Where she left off; all answered: what she said, to look over and send."""
    one = hers(request, check_in)
    if request.method == "POST":
        try:
            checkin.complete(check_in=one, by=request.user, at=timezone.now())
        except checkin.Finished:
            return redirect("home")
        messages.success(request, "Sent. Thank you for telling us.")
        return redirect("check-in", check_in=one.pk) if effect_told(one) else redirect("progress")
    if one.state in (CheckIn.State.DONE, CheckIn.State.PASSED):
        holds = {"check_in": one, "effect": effect_told(one), "clinic": request.patient.clinic}
        if one.trial is not None and holds["effect"]:
            holds["same_day"] = bool(leaflet_of(one.trial.medicine, request.patient.clinic).same_day)
        return render(request, "portal/check_in_done.html", frame(request) | holds)
    given, questions = checkin.newest(one), of(one, today(request.patient, timezone.now()), goals=one.asks_goals)
    open_ = next((asked for asked in questions if asked.key not in given), None)
    if open_ is not None and not request.GET.get("look-over"):
        return redirect("check-in-question", check_in=one.pk, question=open_.slug)
    lines = [{"asked": asked, "said": _in_words(asked, given)} for asked in questions]
    holds = {"check_in": one, "lines": lines, "open": [line for line in lines if not line["said"]]}
    return render(request, "portal/check_in_over.html", frame(request) | holds)


def effect_told(check_in: CheckIn) -> str:
    """What her body noticed, as she told it in a check-in that she sent. Empty: nothing, or it was not sent."""
    if check_in.state != CheckIn.State.DONE:
        return ""
    return str((checkin.newest(check_in).get("side-effects") or {}).get("what") or "")


@require_http_methods(["GET", "POST"])
def question(request: Any, check_in: UUID, question: str) -> HttpResponse:
    """One question."""
    one, on = hers(request, check_in), today(request.patient, timezone.now())
    still = question == checkin.GOALS and request.method == "POST"  # they may all be gone since her page was drawn
    questions = of(one, on, goals=one.asks_goals or still)
    at = next((number for number, asked in enumerate(questions) if asked.slug == question), None)
    if at is None:
        raise Http404
    asked = questions[at]
    goals = goals_of(request.patient) if asked.kind == "goals" else ()
    if request.method == "GET":
        if one.state in (CheckIn.State.DONE, CheckIn.State.PASSED):
            return redirect("check-in", check_in=one.pk)
        if request.GET.get("next"):
            return redirect(_after(one, questions, at))
        return _shown(request, one, questions, at, goals, checkin.newest(one).get(asked.key), "")
    later = request.POST.get("then") == "later"
    kept = later and asked.kind in TAKEN_BACK and checkin.newest(one).get(asked.key)
    if later and not (kept or goals_asked.typed(request.POST) or _typed(request.POST)):
        return redirect("home")
    try:
        value = _read(asked, request.POST, one, on, goals)
    except NotRead as wrong:
        return _shown(request, one, questions, at, goals, _as_sent(asked, request.POST, goals), str(wrong))
    try:
        urgent = checkin.answer(check_in=one, question=asked.key, value=value, by=request.user, at=timezone.now())
        if asked.kind == "words" and request.POST.get("leaning", "") in dict(LEANING):
            leans = request.POST["leaning"]
            checkin.answer(check_in=one, question="leaning", value=leans, by=request.user, at=timezone.now())
    except checkin.Finished:
        if needs_help(request.path, request.POST):  # finished already, and still: the numbers first
            return redirect(f"{reverse('help')}?not-saved=1")
        return redirect("check-in", check_in=one.pk)
    if urgent:
        return redirect(f"{reverse('help')}?from={request.path}")
    return redirect("home" if later else _after(one, questions, at))


@require_safe
def now(request: Any) -> HttpResponse:
    """The check-in that is due; without one, home."""
    due = due_now(request.patient)
    return redirect("check-in", check_in=due.pk) if due is not None else redirect("home")


def due_now(patient: Any) -> CheckIn | None:
    """The newest that waits for her today."""
    waiting = (CheckIn.State.WAITING, CheckIn.State.STARTED)
    rows = CheckIn.objects.filter(patient=patient, state__in=waiting, due_on__lte=today(patient, timezone.now()))
    return rows.order_by("-due_on").first()


def _after(one: CheckIn, questions: list[Asked], at: int) -> str:
    if at + 1 < len(questions):
        return reverse("check-in-question", kwargs={"check_in": one.pk, "question": questions[at + 1].slug})
    return reverse("check-in", kwargs={"check_in": one.pk}) + "?look-over=1"


def _typed(sent: Any) -> bool:
    return any(text.strip() for name in FIELDS for text in sent.getlist(name))


def _read(asked: Asked, sent: Any, one: CheckIn, on: date, goals: Sequence[HerGoal]) -> Any:
    if asked.kind == "item":
        value = sent.get("value", "")
        if value not in {key for key, _, _ in asked.options}:
            raise NotRead("Choose one of the answers, or save and finish later.")
        return int(value)
    if asked.kind == "doses":
        return _doses(sent.getlist("value"), [day.isoformat() for day in asked_of(one.trial, on)])
    if asked.kind == "goals":
        return goals_asked.told(goals, sent, one.patient, checkin.newest(one).get(asked.key) or ())
    text = sent.get("what" if asked.kind == "side-effects" else "value", "").strip()
    if len(text) > LONGEST:
        raise NotRead(f"That is {len(text):,} characters. We can keep {LONGEST:,}. Shorten it a little.")
    if asked.kind == "words":
        return text
    bother, thinks = sent.get("bother", ""), sent.get("thinks", "")
    if (bother or thinks) and not text:
        raise NotRead("Write what it is that bothers you. A word is enough.")
    if thinks and thinks not in dict(_causes(one, on)):
        raise NotRead("Your medicines were changed since you opened this page. Look at it again, then go on.")
    value = {"what": text, "bother": int(bother) if bother in {key for key, _, _ in BOTHER} else None}
    return value | ({"thinks": thinks} if thinks else {})


def _causes(one: CheckIn, on: date) -> list[tuple[str, str]]:
    """What she may think it comes from; empty: there is nothing to choose between."""
    found = checkin.may_come_from(one, on)
    named = [(medicine, knowledge().name_of(medicine).capitalize()) for medicine in found]
    return [*named, (NOT_KNOWN, "I don't know")] if named else []


def _doses(chosen: list[str], days: list[str]) -> list[str]:
    """The days she ticked, or that none was missed. No tick is neither."""
    if not chosen:
        raise NotRead("Tick the days without a dose, or “No dose was missed”.")
    if "none" in chosen and len(chosen) > 1:
        raise NotRead("You ticked days, and “No dose was missed” as well. Keep one of them.")
    if not set(chosen) <= {"none", *days}:  # left open overnight
        raise NotRead("It is another day than when you opened this page. Tick the days again.")
    return chosen


def _as_sent(asked: Asked, sent: Any, goals: Sequence[HerGoal]) -> Any:
    if asked.kind == "side-effects":
        return {name: sent.get(name, "") for name in ("what", "bother", "thinks")}
    if asked.kind == "goals":
        return goals_asked.as_sent(goals, sent)
    return sent.getlist("value") if asked.kind == "doses" else sent.get("value", "")


def _as_she_names_them(days: list[date], on: date) -> list[tuple[str, str, date]]:
    names = {0: "Today", 1: "Yesterday"}
    return [(day.isoformat(), names.get((on - day).days, f"{day:%A}"), day) for day in days]


def _shown(
    request: Any, one: CheckIn, questions: list[Asked], at: int, goals: Sequence[HerGoal], value: Any, wrong: str
) -> HttpResponse:
    asked = questions[at]
    on = today(request.patient, timezone.now())
    holds: dict[str, Any] = {
        "check_in": one,
        "on": on,
        "asked": asked,
        "at": at + 1,
        "of": len(questions),
        "before": questions[at - 1].slug if at else None,
        "wrong": wrong,
        "chosen": str(value) if asked.kind == "item" and value is not None else "",
        "value": value,
        "days": _as_she_names_them(asked_of(one.trial, on), on) if asked.kind == "doses" else [],
        "bother": (*BOTHER, NOT_SAID) if isinstance(value, dict) and value.get("bother") not in (None, "") else BOTHER,
        "first": lines()[0],
        "critical": harm_from(asked.key),
    }
    if asked.kind == "goals":
        holds["goals"] = goals_asked.fields(goals, value)
    if asked.kind == "side-effects" and (causes := _causes(one, on)):
        holds["causes"] = [*causes, *([NOT_SAID[:2]] if isinstance(value, dict) and value.get("thinks") else [])]
    if asked.kind == "words" and asks_leaning(one, on):
        holds["leanings"] = LEANING
        holds["leaning"] = request.POST.get("leaning") or checkin.newest(one).get("leaning", "")
    return render(request, "portal/check_in.html", frame(request) | holds)


def _in_words(asked: Asked, given: dict[str, Any]) -> str:
    if asked.key not in given:
        return ""
    value = given[asked.key]
    if asked.kind == "item":
        return next((label for key, label, _ in asked.options if key == str(value)), "")
    if asked.kind == "doses":
        missed = len([one for one in value if one != "none"])
        return "None missed" if not missed else f"{missed} missed"
    if asked.kind == "side-effects":
        return f"{value.get('what') or 'Nothing new'}{_thinks(value.get('thinks', ''))}"
    if asked.kind == "goals":
        return goals_asked.in_words(value)
    leans = dict(LEANING).get(given.get("leaning", ""), "")
    return f"{value or 'Nothing more'}{f'. You lean towards: {leans[:1].lower()}{leans[1:]}' if leans else ''}"


def _thinks(medicine: str) -> str:
    if not medicine:
        return ""
    if medicine == NOT_KNOWN:
        return ". You don't know what it comes from"
    return f". You think it comes from {knowledge().name_of(medicine)}"
