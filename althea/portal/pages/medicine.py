"""What am I to take, in which steps, and why?  The signed order in its own words, and what the label says of it."""

from __future__ import annotations

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
from althea.care.models import Clinic, Order
from althea.care.papers import order_plain, taper_plain
from althea.knowledge.quantity import Dose
from althea.look.calendar import Step, by_day
from althea.look.paper import order_paper, order_pdf, taper_paper, taper_pdf
from althea.portal.frame import frame
from althea.portal.leaflet import leaflet_of

BEHIND, AHEAD = 14, 14
"""Days of the calendar around today."""


@require_safe
def paper(request: Any, order: Any) -> HttpResponse:
    """Her own instructions, or her taper with its calendar, to print: of a signed order of hers."""
    rows = Order.objects.select_related("signature__signer__member", "decision")
    row = rows.filter(patient=request.patient, pk=order, signed_at__isnull=False).first()
    if row is None:
        raise Http404
    row.patient = request.patient
    chart, country = chart_of(request.patient), request.patient.clinic.country
    calls = [(f"Any time{f', {one.who}' if one.who else ''}", "call or text" if one.text else "call", one.name if
              one.name.isdecimal() else one.call) for one in lines(country)]  # fmt: skip
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
    shown = [
        one_order(order, on, decisions, signers.get(order.pk, ""), request.patient.clinic)
        for order in chart.orders
        if not (hasattr(order, "end") and order.end.on <= on)
    ]
    elsewhere = [body for _, body in chart.of(said.Medicine) if body.running]
    holds = {"orders": shown, "elsewhere": elsewhere, "on": on}
    return render(request, "portal/medicine.html", frame(request, "medicine") | holds)


def one_order(order: Order, on: date, decisions: dict[str, Any], signer: str, clinic: Clinic) -> dict[str, Any]:
    """What she reads of one order: its steps are the signed ones, its words the label's or her prescriber's."""
    book = knowledge().medicines.get(order.medicine)
    begun = [step for step in order.steps if date.fromisoformat(step["from"]) <= on]
    decision = decisions.get(str(order.decision_id))
    return {
        "pk": order.pk,
        "stops": order.stops,
        "last": date.fromisoformat(order.steps[-1]["until"]) if order.steps and order.steps[-1].get("until") else None,
        "name": knowledge().name_of(order.medicine).capitalize(),
        "now": begun[-1] if begun else None,
        "first": order.steps[0] if order.steps else None,
        "words": order.words,
        "calendar": calendar_of(order, on),
        "signed_on": order.signed_at,
        "signer": signer,
        "why": decision.reasons if decision is not None else "",
        "for_her": book.for_her if book is not None else "",
        "leaflet": leaflet_of(order.medicine, clinic),
    }


def calendar_of(order: Order, on: date) -> Any:
    """Two weeks back and two ahead, from a Monday. None: its doses cannot be laid out by day."""
    first = on - timedelta(days=BEHIND + on.weekday())
    last = on + timedelta(days=AHEAD)
    steps, units = [], set()
    for at, step in enumerate(order.steps):
        if not step.get("dose"):
            return None
        dose = Dose.parse(step["dose"])
        begins = date.fromisoformat(step["from"])
        following = (
            date.fromisoformat(order.steps[at + 1]["from"]) - timedelta(days=1) if at + 1 < len(order.steps) else last
        )
        ends = date.fromisoformat(step["until"]) if step.get("until") else following
        units.add(dose.unit)
        amount, _ = str(dose).split(" ")
        if begins <= ends:
            steps.append(Step(begins, ends, float(amount) * float(step.get("times_a_day") or 1)))
    if len(units) != 1 or not steps:
        return None
    return by_day(steps, unit=units.pop(), today=on, first=first, last=last, title="Your doses by day")
