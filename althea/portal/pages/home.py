"""What is the one thing today?  Her home: one main action, today's dose, what comes, and her goal."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from althea.care import entries as said
from althea.care.actions import dose as recording
from althea.care.days import today, zone_of
from althea.care.dose_history import runs_on
from althea.care.facts import Chart, chart_of
from althea.care.goals_told import may_ask
from althea.care.her_plan import waiting_for_her
from althea.care.known import knowledge
from althea.care.left import not_now
from althea.care.models import CheckIn, Entry, Intake, Trial, Visit
from althea.care.response import course_of, in_words
from althea.care.ticks import NOTHING_TOLD, ticks_of
from althea.look.words import moment
from althea.portal.agreed import agreed, newest
from althea.portal.frame import frame, offered
from althea.portal.heard import heard, open_for
from althea.portal.pages.check_in import due_now
from althea.portal.questions import of

TIMES = {"morning": "This morning", "breakfast": "This morning", "noon": "This afternoon", "lunch": "This afternoon",
         "evening": "This evening", "dinner": "This evening", "bedtime": "Tonight", "night": "Tonight"}  # fmt: skip
WORD = re.compile(r"[a-z]+")
"""A time of the day is a word of its own: a fortnight is no night."""


@require_safe
def page(request: Any) -> HttpResponse:
    patient, now = request.patient, timezone.now()
    on, chart = today(patient, now), chart_of(patient)
    visit = Visit.objects.filter(patient=patient, at__gte=now, done_at__isnull=True).select_related("member__user")
    goals = sorted(chart.of(said.Goal), key=lambda pair: pair[1].rank)
    here, doses = now.astimezone(zone_of(patient)), doses_today(chart, on)
    low = any(one["ask_first"] is not None and one["ask_first"].low for one in doses)
    holds = {
        "patient": patient,
        "greeting": greeting(here),
        "on": on,
        "one": one_thing(patient, on, offered(request), waiting_for_her(chart), goals=may_ask(goals)),
        "doses": doses,
        "time": time_of(doses),
        "visit": soonest(visit, here),
        "offer": offered(request),
        "so_far": so_far(chart),
        "goal": goals[0] if goals else None,
        # what was agreed of a dose no longer holds where it has to begin low again
        "agreed": None if low else agreed(chart, newest(list(Trial.objects.filter(patient=patient))), on),
    }
    return render(request, "portal/home.html", frame(request, "home") | holds)


def greeting(here: datetime) -> str:
    if here.hour < 12:
        return "Good morning"
    return "Good afternoon" if here.hour < 18 else "Good evening"


def one_thing(
    patient: Any, on: date, offer: Any = None, waits: Entry | None = None, *, goals: bool = False
) -> dict[str, Any]:
    """A check-in that is due; else options, a decision to read, an intake; else what waits for us; else nothing."""
    due = due_now(patient)
    if due is not None:
        count = len(of(due, on, goals=goals))
        begun = due.state == CheckIn.State.STARTED
        return {
            "title": "Tell us how your week was",
            "words": f"{count} short questions, saved as you go.",
            "label": "Go on with my check-in" if begun else "Start check-in",
            "url": reverse("check-in", kwargs={"check_in": due.pk}),
        }
    if offer is not None and not offer.answered:
        return {
            "title": "Your options are ready",
            "words": "Look at them when it suits you. There is no wrong choice, and nothing starts by itself.",
            "label": "See my options",
            "url": reverse("options"),
        }
    if waits is not None:
        return {
            "title": "Read what was decided",
            "words": "Say yes, not yet, or ask something first. There is no hurry.",
            "label": "Read it",
            "url": reverse("my-agreement", kwargs={"decision": waits.pk}),
        }
    found = open_for(patient)
    begun = Intake.State.STARTED.value in found
    if begun or Intake.State.SENT.value in found:
        return {
            "title": "Tell us about you",
            "words": "Before your first visit. Take two evenings if you like: every answer is saved.",
            "label": "Go on where I was" if begun else "Begin",
            "url": reverse("intake"),
        }
    return heard(patient, found, on) or {
        "title": "Nothing to do today",
        "words": "Your next check-in comes when it is time.",
        "calm": True,
    }


def doses_today(chart: Chart, on: date) -> list[dict[str, Any]]:
    """What her signed orders say for today, whether she ticked it, and what she must ask first. A tick is about a day
    of the medicine, however many orders or times a day (`many`): the page then asks about all of it."""
    ask_first = not_now(chart, on)
    ticks = ticks_of(chart.entries)
    rows: dict[str, dict[str, Any]] = {}
    for order in chart.orders:
        step = runs_on(order, on)
        if step is None:
            continue
        told = ticks.get(order.medicine, NOTHING_TOLD)
        row = rows.setdefault(order.medicine, {
            "medicine": order.medicine,
            "name": knowledge().name_of(order.medicine).capitalize(),
            "doses": [],
            "takes": [],
            "many": False,
            "as_needed": False,
            "taken": told.get(on),
            "ticked": on in told,
            "ask_first": ask_first.get(order.medicine),
        })  # fmt: skip
        row["as_needed"] |= order.as_needed
        row["many"] |= bool(row["takes"]) or float(step.get("times_a_day") or 1) > 1
        row["doses"].append(step.get("dose", ""))
        row["takes"].append(step.get("take") or step.get("when") or order.words or "As your prescriber wrote")
    return [row | {"many": row["many"] and not row["as_needed"]} for row in rows.values()]


def so_far(chart: Chart) -> str:
    """One line on how it goes, where two scores say so."""
    start = min((date.fromisoformat(order.steps[0]["from"]) for order in chart.orders if order.steps), default=None)
    words = in_words(course_of(chart, "phq-9", start).change)
    return (
        f"Low mood is {words} than at the start."
        if words.endswith("lighter")
        else f"Low mood is {words}."
        if words
        else ""
    )


def time_of(doses: list[dict[str, Any]]) -> str:
    """When is it to be taken?  Only where the signed words of each of them name one time of the day, the same one."""
    takes = [take for row in doses for take in row["takes"]]
    named = {frozenset(TIMES[word] for word in WORD.findall(take.lower()) if word in TIMES) for take in takes}
    times = next(iter(named)) if len(named) == 1 else ()
    return next(iter(times)) if len(times) == 1 else "Today"


def soonest(visits: Any, here: datetime) -> Any:
    """Her next visit, with its day and time as she would say them. None: nothing is planned."""
    visit = visits.order_by("at").first()
    if visit is not None:
        visit.when = moment(visit.at.astimezone(here.tzinfo), here.date())
    return visit


@require_POST
def dose(request: Any) -> HttpResponse:
    """She ticks today's dose: taken, or not today. Ticked again, the newer answer takes the place of the older."""
    patient, now = request.patient, timezone.now()
    on = today(patient, now)
    wanted = {row["medicine"] for row in doses_today(chart_of(patient), on)}
    medicine = request.POST.get("medicine", "")
    if medicine not in wanted:
        messages.error(request, "That is not among today's doses. Nothing was saved.")
        return redirect_unsaved(request)
    taken = request.POST.get("taken") == "yes"
    recording.told(patient=patient, medicine=medicine, taken=taken, on=on, by=request.user, at=now)
    messages.success(request, "Saved." if taken else "Saved. Some days are like that.")
    return redirect("home")


def redirect_unsaved(request: Any) -> HttpResponse:
    """The page again, with what went wrong: nothing was changed."""
    return render(request, "portal/not_saved.html", frame(request, "home"), status=400)
