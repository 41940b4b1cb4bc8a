"""What was ordered, by whom was it signed, what was shown then, and does it still run?  Read-only once signed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from althea.care.actions import order as acting
from althea.care.aside import SUGGESTION
from althea.care.days import today, zone_of
from althea.care.draft import reviewed, step_now
from althea.care.facts import Chart, chart_of
from althea.care.known import knowledge
from althea.care.left import left_of
from althea.care.models import Order, Patient, Role
from althea.care.ready import CHECK_ANSWERS, REASONS, kept
from althea.care.schedule import Stretch, never_taken, newest_of, of_these, over
from althea.clinic.findings import shown
from althea.clinic.pages.order import beside, composer, form
from althea.clinic.words import cited
from althea.knowledge.schema.rule import Stopping

METHODS = {
    "totp": "with a one-time code", "passkey": "with a passkey",
    "demo": "in the story of the demo, without a second factor",
}  # fmt: skip
LONGEST = 500


@require_safe
def page(request: Any, patient: Any, order: Any) -> HttpResponse:
    """A signed order; a draft opens in the composer for those who prescribe, and only to read for others."""
    her, on = request.patient, today(request.patient, timezone.now())
    row = of_hers(her, order)
    chart = chart_of(her)
    row = of_these(row, chart.orders)
    if row.signed_at is None and request.who.role == Role.PRESCRIBER:
        return composer.shown(request, her, chart, on, form.of_order(row, chart), row)
    then_shown = kept(row).get("shown", {})
    holds = {
        **beside.her_head(request, her, chart, on),
        "order": row,
        "in_words": beside.order_in_words(row),
        "end": getattr(row, "end", None),
        "runs": runs(row, on),
        "never": never_taken(row),
        "method": METHODS.get(row.signature.method, row.signature.method) if row.signature else "",
        "findings": [then(one) for one in then_shown.get("findings", ())],
        "kept": bool(then_shown),
        "not_checked": then_shown.get("not_checked", ()),
        "checks": [
            {**one, "answer": CHECK_ANSWERS.get(one["answer"], "Answered with its finding")}
            for one in then_shown.get("checks", ())
        ],
        "replaced_by": row.replaced_by.filter(signed_at__isnull=False).first(),
        "drafts": drafts_of(her, row),
        "prescriber": request.who.role == Role.PRESCRIBER,
        "can": can_be_done(row, chart, on),
        "left": left_of(chart, row.medicine, on) if row.signed_at is not None and runs(row, on) else None,
        "about": about(row),
    }
    return render(request, "clinic/order/signed.html", holds)


def about(order: Order) -> str:
    """One line under her name: who signed it and when, and on which decision of hers it stands."""
    if order.signed_at is None or order.signature is None:
        return ""
    on = order.signed_at.astimezone(zone_of(order.patient))
    decided = f" It stands on her decision of {order.decision.on:%-d %B %Y}." if order.decision is not None else ""
    return f"Signed by {order.signature.signer} on {on:%-d %B %Y}.{decided}"


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Any, patient: Any, order: Any) -> HttpResponse:
    """Record that it no longer runs: she finished it, or stopped it herself. Stopping by a plan is signed instead.

    What is signed to take its place later ends with it, so it is asked about there; one of which she takes nothing yet
    is withdrawn."""
    her, now = request.patient, timezone.now()
    row, on = of_hers(her, order), today(request.patient, timezone.now())
    chart = chart_of(her)
    if row.signed_at is not None and hasattr(row, "end") and row.end.on > on:
        row = newest_of(row, chart.orders)
        row.patient = her
    if row.signed_at is None or hasattr(row, "end") or not runs(row, on):
        messages.error(request, "This order is a draft." if row.signed_at is None else "This order has ended already.")
        return redirect("order", patient=her.pk, order=row.pk)
    takes = taken_of(row, chart, on)
    left = left_of(chart, row.medicine, on) if takes is not None else None
    given = {"on": on.isoformat(), "why": "", "how": ""}
    if left is not None and takes is not None:  # not before what she takes began, and not ahead
        day = min(max(left.free, date.fromisoformat(takes.order.steps[0]["from"])), on)
        given = {"on": day.isoformat(), "why": left.why, "how": "herself"}
    typed = {name: request.POST.get(name, value).strip() for name, value in given.items()}
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = ended_wrong(typed, row, takes, on)
        if not errors:
            try:
                acting.end(
                    order=row, on=date.fromisoformat(typed["on"]), why=typed["why"], herself=typed["how"] == "herself",
                    by=request.user, at=now,
                )  # fmt: skip
                done = "It has ended." if takes is not None else "It is withdrawn: nothing of it is taken."
                messages.success(request, f"{done} Everything else was looked at again.")
            except acting.NotNow as sorry:
                messages.error(request, str(sorry))
            return redirect("order", patient=her.pk, order=row.pk)
    holds = {
        **beside.her_head(request, her, chart, on), "order": row, "in_words": beside.order_in_words(row),
        "takes": takes, "begins": date.fromisoformat(row.steps[0]["from"]) if row.steps else on,
        "typed": typed, "errors": errors, "left": left, "address": "", **stopping(row, chart, on),
    }  # fmt: skip
    return render(request, "clinic/order/end.html", holds)


def taken_of(order: Order, chart: Chart, on: date) -> Stretch | None:
    """What she takes that day by this order, or by the one that it is to take the place of. None: nothing."""
    return step_now(Order(patient=order.patient, medicine=order.medicine, replaces=order), chart, on)


def can_be_done(order: Order, chart: Chart, on: date) -> dict[str, bool]:
    """What its page offers: to end, to withdraw, to change the dose, and to plan how to stop. A plan that is opened
    from an order with another to follow takes the place of both."""
    if order.signed_at is None or not runs(order, on):
        return {}
    takes, last = taken_of(order, chart, on) is not None, newest_of(order, chart.orders)
    goes_on = not hasattr(order, "end")
    stops = takes and not last.stops and runs(last, on)
    return {"end": takes and goes_on, "withdraw": not takes and goes_on, "change": goes_on and not order.stops,
            "stop": stops}  # fmt: skip


def ended_wrong(typed: dict[str, str], order: Order, takes: Stretch | None, on: date) -> dict[str, str]:
    """What is wrong with an end: before its beginning, ahead of today, without a reason. `takes`: what she takes now,
    which began before it where it has not begun itself."""
    day, errors = form.a_day(typed["on"]), {}
    begun = date.fromisoformat(takes.order.steps[0]["from"]) if takes is not None else None
    if begun is None and order.signed_at is not None:
        begun = today(order.patient, order.signed_at)
    if day is None:
        errors["on"] = f"Give a day, for example {on.isoformat()}."
    elif begun is not None and day < begun:
        was = "it began" if takes is not None else "it was signed"
        errors["on"] = f"This is before {was}. Pick {begun:%-d %B %Y} or later."
    elif day > on:
        errors["on"] = "This lies ahead. To stop later, plan the stopping; it is signed like an order."
    if typed["how"] not in ("herself", "over"):
        errors["how"] = "Say whether she stopped it herself, or it is over."
    if not typed["why"]:
        errors["why"] = "Say why: it stays with the record."
    elif len(typed["why"]) > LONGEST:
        errors["why"] = f"That is {len(typed['why'])} characters. Keep it to {LONGEST}."
    return errors


def stopping(order: Order, chart: Chart, on: date) -> dict[str, Any]:
    """What the checks say of taking none from today on."""
    now = taken_of(order, chart, on)
    if now is None:
        return {"found": []}
    plan = Order(
        patient=order.patient, medicine=order.medicine, product=order.product, rxcui=order.rxcui, route=order.route,
        stops=True, replaces=order, steps=[{**now.step, "from": on.isoformat(), "until": on.isoformat()}],
    )  # fmt: skip
    rules = knowledge().rules
    found = [one.finding for one in reviewed(plan, chart, on).found if isinstance(rules[one.finding.rule], Stopping)]
    return {"found": [shown(one) for one in found]}


def of_hers(her: Patient, order: Any) -> Order:
    rows = Order.objects.select_related("signature__signer", "end__by", "decision", "replaces", "drafted_by")
    row = rows.filter(patient=her, pk=order).first()
    if row is None:
        raise Http404
    row.patient = her
    return row


def runs(order: Order, on: date) -> bool:
    """Is it in force, or still to begin?"""
    return not over(order, on)


def drafts_of(her: Patient, order: Order) -> list[Order]:
    """Drafts that would replace it: seen here, so that nobody begins a second one unknowing."""
    return list(Order.objects.filter(patient=her, replaces=order, signed_at__isnull=True).order_by("-drafted_at")[:3])


def then(one: dict[str, Any]) -> dict[str, Any]:
    """A finding as it was shown at the signature, for `_finding.html`: what was done about it first."""
    source = next(iter(cited(one["sources"], knowledge())), None)
    lines, done = [one["why"], *one.get("said", ())], done_about(one)
    return {
        "level": "overridden" if one["answer"] == "overridden" else one["level"],
        "title": one["title"],
        "facts": [(what, f"{date.fromisoformat(day):%-d %b %Y}" if day else "") for what, day in one["because"]],
        "words": [done] if done else lines,
        "more": lines if done else [],
        "source": source["title"] if source else "",
        "rule": one["rule"],
    }


def done_about(one: dict[str, Any]) -> str:
    """ "We will do this: order a level." Empty: it was shown, and nothing was said of it."""
    if one["answer"] == "shown":
        return ""
    if one["code"] == SUGGESTION:
        return f"We will do this: {one['words']}"
    reason = ". ".join(filter(None, (REASONS.get(one["code"], CHECK_ANSWERS.get(one["code"], "")), one["words"])))
    return f"{'Settled' if one['answer'] == 'settled' else 'Overridden'}: {reason}"
