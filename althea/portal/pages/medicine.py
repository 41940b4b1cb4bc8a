"""What am I to take, in which steps, and why?  The signed order in its own words, and what the label says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from althea.care import entries as said
from althea.care.crisis.lines import lines
from althea.care.days import today
from althea.care.facts import chart_of
from althea.care.known import knowledge
from althea.care.left import not_now, offered
from althea.care.models import Order, Trial
from althea.care.papers import order_plain, taper_plain
from althea.care.schedule import Course, Stretch, alike, courses
from althea.engine.trial import LIVE
from althea.knowledge.quantity import Dose
from althea.look.calendar import Step, by_day
from althea.look.paper import order_paper, order_pdf, taper_paper, taper_pdf
from althea.look.words import day
from althea.portal.frame import frame
from althea.portal.leaflet import leaflet_of

BEHIND, AHEAD = 14, 13
"""Days of the calendar around today, in whole weeks: four of them, from a Monday to a Sunday."""
SOON = 6
"""Steps ahead that stand in the open; all after them behind a fold, to the last one."""


@require_safe
def paper(request: Any, order: Any) -> HttpResponse:
    """Her own instructions, or her taper with its calendar, to print: of a signed order of hers."""
    rows = Order.objects.select_related("signature__signer__member", "decision", "end")
    row = rows.filter(patient=request.patient, pk=order, signed_at__isnull=False).first()
    if row is None:
        raise Http404
    row.patient = request.patient
    chart, country = chart_of(request.patient), request.patient.clinic.country
    calls = [(f"Any time{f', {one.who}' if one.who else ''}", "call or text" if one.text else "call", one.call)
             for one in lines(country)]  # fmt: skip
    size: Any = "us-letter" if country in ("US", "CA") else "a4"
    if row.stops:
        pdf = taper_pdf(taper_paper(taper_plain(row, chart, calls)), size)
    else:
        pdf = order_pdf(order_paper(order_plain(row, chart, calls, only_hers=True)), size)
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="notes.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def page(request: Any) -> HttpResponse:
    chart, on = chart_of(request.patient), today(request.patient, timezone.now())
    decisions = {str(entry.pk): body for entry, body in chart.of(said.Decision)}
    signers = dict(
        Order.objects.filter(patient=request.patient, signed_at__isnull=False).values_list(
            "pk", "signature__signer__name"
        )
    )
    planned = next((body.review_on for _, body in chart.of(said.Plan)), None)
    live = Trial.objects.filter(patient=request.patient, state__in=[one.value for one in LIVE])
    reviews = {one.medicine: one.review_on for one in live}
    ask_first = not_now(chart, on)
    hers = offered(courses(chart.orders, on), ask_first)
    shown = [one_course(course, on, decisions, signers, (planned, reviews)) for course in hers]
    for one in shown:
        first = ask_first.get(one["medicine"])
        one |= {"ask_first": first, "held": first is not None and first.begins is None}
    # What a leaflet says of a medicine stands once, however many orders of it there are.
    leaflets = {one["medicine"]: one["pk"] for one in reversed(shown)}
    for one in shown:
        if leaflets[one["medicine"]] == one["pk"]:
            one["leaflet"] = leaflet_of(one["medicine"], request.patient.clinic)
    elsewhere = [body for _, body in chart.of(said.Medicine) if body.running]
    alone = len(shown) == 1
    holds = {"orders": shown, "elsewhere": elsewhere, "on": on, "alone": alone, "h": "h2" if alone else "h3",
             "soon": SOON, "clinic": request.patient.clinic}  # fmt: skip
    return render(request, "portal/medicine.html", frame(request, "medicine") | holds)


def one_course(
    course: Course, on: date, decisions: dict[str, Any], signers: dict[Any, str],
    again: tuple[date | None, dict[str, date | None]],
) -> dict[str, Any]:  # fmt: skip
    """What she reads of one medicine: its steps are the signed ones, its words the label's or her prescriber's.
    `again`: the day to look again of her plan, and of each medicine on trial, whose day moves and its order's does
    not."""
    order, (planned, reviews) = course.orders[-1], again
    days = (reviews.get(order.medicine) or order.review_on, planned)
    book = knowledge().medicines.get(order.medicine)
    reasons = [decisions[key].reasons for one in course.orders if (key := str(one.decision_id)) in decisions]
    steps = replace(course, stretches=tuple(alike(course.stretches)))
    return {
        "pk": order.pk,
        "medicine": order.medicine,
        "orders": [{"order": one, "signer": signers.get(one.pk, ""), "last": course.last_of(one)}
                   for one in reversed(course.orders)],
        "last": course.last_dose,
        "name": knowledge().name_of(order.medicine).capitalize(),
        "now": steps.now(on),
        "ahead": [(days_of(one, on), one.step) for one in steps.ahead(on)],
        "again": min((when for when in days if when is not None and when >= on), default=None),
        "calendar": calendar_by(course.stretches, on),
        "why": reasons[-1] if reasons else "",
        "for_her": book.for_her if book is not None else "",
    }  # fmt: skip


def days_of(stretch: Stretch, on: date) -> str:
    """ "15 June to 12 July"; "From 5 October", where it goes on."""
    first = day(stretch.first, on)
    if stretch.last is None:
        return f"From {first}"
    return first if stretch.last == stretch.first else f"{first} to {day(stretch.last, on)}"


def calendar_by(stretches: Sequence[Stretch], on: date) -> Any:
    """Two weeks before this one, this one and the next. None: its doses cannot be laid out by day."""
    first = on - timedelta(days=BEHIND + on.weekday())
    last = on + timedelta(days=AHEAD - on.weekday())
    steps, units = [], set()
    for one in stretches:
        amount = 0.0
        if one.step:
            times = float(one.step.get("times_a_day") or 1)
            if not one.step.get("dose") or times < 1:  # every other day: on which is not known
                return None
            dose = Dose.parse(one.step["dose"])
            units.add(dose.unit)
            amount = float(str(dose).split(" ")[0]) * times
        ends = last if one.last is None else one.last
        if one.first <= ends:
            steps.append(Step(one.first, ends, amount))
    if len(units) != 1 or not steps:
        return None
    return by_day(steps, unit=units.pop(), today=on, first=first, last=last, title="Your doses by day")
