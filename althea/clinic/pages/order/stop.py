"""How does she stop it?  By the record's steps, by their own, or after a last dose: a draft of each, to be signed.

Where the knowledge has no steps for this medicine the page says so, and the prescriber writes them. A plan begins from
what she takes now and takes the place of all that is signed to follow: a dose that has not begun never stands in it,
from whichever of its orders the page was opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from althea.care import entries as said
from althea.care.actions import order as acting
from althea.care.days import today
from althea.care.draft import step_now, taken_now
from althea.care.facts import Chart, chart_of
from althea.care.known import knowledge
from althea.care.left import left_of
from althea.care.models import Order
from althea.care.regimen import MOST_STEPS, Row, forms_of, lay_out, length_in_words, often_of
from althea.care.schedule import Stretch, courses, newest_of
from althea.clinic.pages.order import beside, form
from althea.clinic.pages.order.form import Typed
from althea.clinic.pages.order.signed import of_hers, runs, stopping
from althea.clinic.words import cited
from althea.engine.calendar import taper_steps
from althea.knowledge.schema.medicine import Taper

HOW = ("taper", "own", "last")
A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Plan:
    """The record's steps for her, or why there are none."""

    rows: tuple[Row, ...] = ()
    why_not: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Any, patient: Any, order: Any) -> HttpResponse:
    her, on = request.patient, today(request.patient, timezone.now())
    row, chart = of_hers(her, order), chart_of(her)
    if row.signed_at is not None:
        row = newest_of(row, chart.orders)
        row.patient = her
    if row.signed_at is None or row.stops or not runs(row, on):
        messages.error(request, why_none(row, on))
        return redirect("order", patient=her.pk, order=row.pk)
    now = step_now(draft_like(row), chart, on)
    if now is None:
        begins = date.fromisoformat(row.steps[0]["from"])
        messages.error(request, f"She takes none of it before {begins:%-d %B}: nothing is there to stop. Withdraw it.")
        return redirect("end-order", patient=her.pk, order=row.pk)
    ahead = to_come(row, chart, on)
    typed = typed_of(request, row, now, on)
    plan = taper_of(row, typed, chart, on)
    how = request.POST.get("how", "")
    if request.method == "POST" and request.POST.get("do") == "draft":
        answer = drafted(request, row, chart, typed, plan, how, ahead, on)
        if answer is not None:
            return answer
    rows, first_day = led(plan.rows, typed, ahead, on)
    laid = lay_out(rows, first_day, typed.tablets, ends=True)
    record = record_of(row)
    source = next(iter(cited(record.sources, knowledge())), None) if record is not None else None
    made = typed.made_as
    holds = {
        **beside.her_head(request, her, chart, on), "order": row, "in_words": beside.order_in_words(row),
        "name": knowledge().name_of(row.medicine), "typed": typed, "errors": typed.errors, "how": how,
        "plan": plan, "steps": laid.steps, "days": [date.fromisoformat(one["from"]) for one in laid.steps],
        "record": record, "source": source, "now": taken_now(draft_like(row), chart, on), "made": made,
        "ahead": ahead, "left": left_of(chart, row.medicine, on), "goes_on": not hasattr(row, "end"),
        "forms": forms_of(row.medicine),
        "strengths": [(str(one), str(one) in typed.strengths) for one in made.strengths] if made and made.thing else [],
        "may_halve": made is not None and made.thing == "tablet" and not made.kept_whole, **stopping(row, chart, on),
        "address": reverse("stop-order", kwargs={"patient": her.pk, "order": row.pk}),
        "decision": typed.decision,
    }  # fmt: skip
    holds["preview"] = list(zip(holds["days"], laid.steps, strict=True))
    last = laid.steps[-1]["until"] if laid.steps else None
    holds["none_from"] = date.fromisoformat(last) + timedelta(days=1) if last else None
    return render(request, "clinic/order/stop.html", holds)


def why_none(row: Order, on: date) -> str:
    """Why there is nothing to plan: it is a draft, a plan to stop, or over."""
    if row.signed_at is None:
        return "This order is a draft."
    return "A plan to stop is signed already." if runs(row, on) else "Nothing of this order is left to stop."


def to_come(row: Order, chart: Chart, on: date) -> tuple[Stretch, ...]:
    """The doses that are signed and have not begun, by this order and those before it."""
    course = next((one for one in courses(chart.orders, on) if row in one.orders), None)
    return tuple(one for one in course.ahead(on) if one.step) if course is not None else ()


def typed_of(request: Any, row: Order, now: Stretch, on: date) -> Typed:
    """Opened: the tablets she has by the order that she takes from now. Sent: as ticked."""
    decision = form.decision_of(request.patient, (request.POST or request.GET).get("decision", ""))
    typed = Typed(medicine=row.medicine, replaces=now.order, stops=True, starts=on.isoformat(), decision=decision)
    form.from_old(typed, on)
    typed.replaces = row
    typed.rows = [Row(now.step.get("dose", ""), often_of(now.step), "")]
    typed.why = decision.body.get("reasons", "") if decision is not None else ""
    if request.method == "POST":
        typed.form = request.POST.get("made_as", typed.form)
        typed.strengths = tuple(request.POST.getlist("strength"))
        typed.halves = "halves" in request.POST
        typed.starts = request.POST.get("starts", "")
        typed.why = request.POST.get("why", "")
    return typed


def record_of(row: Order) -> Taper | None:
    """What the knowledge says of stopping it."""
    book = knowledge().monographs.get(row.medicine)
    return book.taper[0] if book is not None and book.taper else None


def draft_like(row: Order) -> Order:
    """A plan that would replace it, as far as the checks ask."""
    return Order(patient=row.patient, medicine=row.medicine, replaces=row, stops=True)


def taper_of(row: Order, typed: Typed, chart: Chart, on: date) -> Plan:
    """The record's share and pace, in tablets she has: the first lower dose on the first day, none after the last."""
    record, tablets = record_of(row), typed.tablets
    now = taken_now(draft_like(row), chart, on)
    if record is None:
        return Plan(why_not="The knowledge has nothing on how to stop this medicine. Write the steps yourself.")
    if record.step_days is None or (record.step_percent is None and record.max_step is None):
        least = f" It asks for at least {record.min_days} days." if record.min_days else ""
        return Plan(why_not=f"The record names no steps.{least} Write the steps yourself.")
    if tablets is None or now is None:
        return Plan(why_not="Her doses cannot be worked out in tablets. Write the steps yourself.")
    steps = taper_steps(
        now, tablets.strengths, percent=record.step_percent, every_days=record.step_days, most=record.max_step,
        halves=tablets.split,
    )  # fmt: skip
    going = [step for step in steps[1:] if step.daily.mg > 0]
    if not going:
        then = f"{tablets.whole} Tick smaller ones." if tablets.whole else "Tick smaller ones, or halves."
        return Plan(why_not=f"With these tablets no lower dose can be made. {then}")
    if len(going) > MOST_STEPS:
        return Plan(
            why_not=f"That would be {len(going)} steps, more than one plan holds. Write the first part yourself."
        )
    often = typed.rows[0].often
    return Plan(tuple(Row(str(step.daily), often, length_in_words(record.step_days)) for step in going))


def led(rows: Sequence[Row], typed: Typed, ahead: Sequence[Stretch], on: date) -> tuple[tuple[Row, ...], date | None]:
    """(the rows, their first day). Where a dose that has not begun would begin before the plan, the plan takes its
    place from today: as she takes it now, until the first day that was asked for."""
    starts, now = form.a_day(typed.starts), typed.rows[0]
    if starts is None or not rows or not any(one.first < starts for one in ahead):
        return tuple(rows), starts
    return (Row(now.dose, now.often, length_in_words((starts - on).days)), *rows), on


def rows_of_plan(
    how: str, typed: Typed, plan: Plan, ahead: Sequence[Stretch], on: date
) -> tuple[tuple[Row, ...], date | None]:
    """(the rows of the plan chosen, their first day); the day None: none that can be read."""
    now, starts = typed.rows[0], form.a_day(typed.starts)
    days = (starts - on).days if starts is not None else 0
    if how == "taper":
        return led(plan.rows, typed, ahead, on)
    if how == "last":
        return (Row(now.dose, now.often, length_in_words(max(days, 0) + 1)),), on if days >= 0 and starts else starts
    early = any(starts is not None and one.first < starts for one in ahead)
    return (Row(now.dose, now.often, length_in_words(A_WEEK + (days if early else 0))),), on if early else starts


def ticked_today(row: Order, chart: Chart, on: date) -> bool:
    """Did she say that she took today's dose?"""
    ticks = ((entry.on, body) for entry, body in chart.of(said.DoseTaken) if body.medicine == row.medicine)
    return any(day == on and body.taken for day, body in ticks)


def drafted(
    request: Any, row: Order, chart: Chart, typed: Typed, plan: Plan, how: str, ahead: Sequence[Stretch], on: date
) -> HttpResponse | None:
    """A draft of the plan chosen, or None with what is missing."""
    if how not in HOW or (how == "taper" and not plan.rows):
        typed.errors["how"] = "Choose how she stops."
    as_typed = typed.rows, typed.starts
    rows, first_day = rows_of_plan(how, typed, plan, ahead, on)
    if how == "taper" and first_day == on and rows[:1] == plan.rows[:1] and ticked_today(row, chart, on):
        tomorrow = on + timedelta(days=1)
        typed.errors["starts"] = f"She has ticked today's dose. Begin the lower one on {tomorrow:%-d %B}, or later."
    typed.rows = list(rows)
    typed.starts = first_day.isoformat() if first_day is not None else typed.starts
    asked, _ = form.read(typed, chart, on)
    typed.rows, typed.starts = as_typed
    if typed.errors:
        return None
    try:
        draft = acting.draft(patient=request.patient, asked=asked, by=request.user, at=timezone.now())
    except acting.NotNow as sorry:
        messages.error(request, str(sorry))
        return redirect("order", patient=request.patient.pk, order=row.pk)
    return redirect("order", patient=request.patient.pk, order=draft.pk)
