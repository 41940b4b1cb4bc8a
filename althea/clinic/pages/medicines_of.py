"""What does she take, what did she take, and who said so?  Signed here, from elsewhere, perhaps, and before."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from althea.care import entries as said
from althea.care.actions import changes
from althea.care.days import today
from althea.care.entries import LONGEST
from althea.care.facts import Chart, chart_of
from althea.care.known import knowledge
from althea.care.models import Entry, Order, Origin, Role
from althea.care.named import (
    LONGEST_NAME,
    NOT_OURS,
    Unread,
    checked,
    found,
    is_read,
    name_of,
    named,
    unread_words,
)
from althea.care.schedule import in_turn, last_day, never_taken, over
from althea.clinic.heading import came_of_it, heading, say, told
from althea.clinic.medicine_form import MedicineForm, a_day, filled
from althea.knowledge.quantity import Dose


@require_safe
def page(request: Any, patient: Any) -> HttpResponse:
    her, on = request.patient, today(request.patient, timezone.now())
    chart = chart_of(her)
    orders = Order.objects.filter(patient=her).select_related("end", "signature__signer", "drafted_by")
    reports = chart.of(said.Medicine)
    signed = in_turn([one for one in orders.order_by("signed_at") if one.signed_at is not None])
    signed = [one for one in signed if not never_taken(one)]
    running = [one for one in signed if not over(one, on)]
    looked = [entry.on for entry, body in chart.of(said.Looked) if body.topic == "medicines"]
    shown_orders = [ordered(one, reports, on) for one in running]
    left = {one["left"]["entry"] for one in shown_orders if one["left"]}
    holds = {
        "orders": shown_orders,
        "drafts": [one for one in orders if one.signed_at is None],
        "elsewhere": [reported(entry, body) for entry, body in reports if body.running],
        "perhaps": [reported(entry, body) for entry, body in reports if body.running is None],
        "before": [reported(entry, body) for entry, body in reports if body.running is False and entry.pk not in left]
        + [past(one) for one in signed if over(one, on)],
        "looked": max(looked, default=None),
        "not_read": [
            (entry, body.text)
            for entry, body in chart.of(said.Allergy)
            if not body.rxcui and not is_read(body.text, allergy=True)
        ],
        "longest": LONGEST_NAME,
        "came": came_of_it(request),
        "told_us": told(her),
        "prescribes": request.who.role == Role.PRESCRIBER,
    }
    for one in holds["drafts"]:
        one.name = knowledge().name_of(one.medicine).capitalize()
    return render(request, "clinic/medicines_of.html", heading(request, chart, on, "medicines-of") | holds)


def ordered(order: Order, told: list[tuple[Entry, Any]], on: date) -> dict[str, Any]:
    """A signed order, its step of today and the next one; and her word, where she said that she stopped it."""
    begun = [step for step in order.steps if date.fromisoformat(step["from"]) <= on]
    ahead = [step for step in order.steps if date.fromisoformat(step["from"]) > on]
    first = date.fromisoformat(order.steps[0]["from"]) if order.steps else on
    left = next(
        (
            (entry, body)
            for entry, body in told
            if body.medicine == order.medicine and body.running is False and (body.until or entry.on) >= first
        ),
        None,
    )
    return {
        "order": order,
        "name": knowledge().name_of(order.medicine).capitalize(),
        "now": begun[-1] if begun else None,
        "next": {**ahead[0], "on": date.fromisoformat(ahead[0]["from"])} if ahead else None,
        "since": first,
        "signer": order.signature.signer if order.signature is not None else "",
        "left": {
            "entry": left[0].pk,
            "on": left[1].until or left[0].on,
            "why": left[1].why_stopped,
            "hers": left[0].origin == Origin.HERS,
        }
        if left
        else None,
    }


OFTEN = {Decimal(1): "once", Decimal(2): "twice"}


def reported(entry: Entry, body: said.Medicine) -> dict[str, Any]:
    """A medicine from elsewhere, or a past trial, as data; what is not known says so."""
    often = body.times_a_day
    times = f", {OFTEN.get(often) or f'{often.normalize():f} times'} a day" if often is not None else ""
    return {
        "entry": entry,
        "body": body,
        "name": name_of(body)[:1].upper() + name_of(body)[1:],
        "dose": f"{body.dose}{times}" if body.dose else f"Dose not known{times}",
        "unchecked": checked(body),
        "weeks": f"{body.weeks.normalize():f}" if body.weeks is not None else "",
        "by": "Her words" if entry.origin == Origin.HERS else str(entry.recorded_by),
        "result": (body.result or "").capitalize() or "Not known",
    }


def past(order: Order) -> dict[str, Any]:
    """An order of ours that is over, beside the past trials."""
    doses = [Dose.parse(step["dose"]) for step in order.steps if step.get("dose")]
    first = date.fromisoformat(order.steps[0]["from"]) if order.steps else None
    last = last_day(order)
    weeks = str((last - first).days // 7) if last is not None and first is not None else ""
    return {
        "order": order,
        "name": knowledge().name_of(order.medicine).capitalize(),
        "reached": str(max(doses)) if doses else "",
        "weeks": weeks,
        "until": last,
        "why": order.end.why if hasattr(order, "end") else "It ended on the day it was signed to",
        "by": str(order.signature.signer) if order.signature is not None else "",
    }


@require_http_methods(["GET", "POST"])
def add(request: Any, patient: Any) -> HttpResponse:
    """A medicine from elsewhere: looked up first, then saved as it was read, or in its own words."""
    return _form(request, None)


@require_http_methods(["GET", "POST"])
def correct(request: Any, patient: Any, entry: Any) -> HttpResponse:
    """Put an entry right, or say that it was an error. The second of two editors is told."""
    if request.method == "POST" and "allergy" in request.POST:
        return _allergy(request, _entry(request, entry, "allergy"))
    row = _entry(request, entry)
    if request.method == "GET" and hasattr(row, "superseded_by"):
        messages.info(request, "That was changed since. What stands now is here.")
        return redirect("medicines-of", patient=request.patient.pk)
    if request.method == "POST" and request.POST.get("do") == "withdraw":
        came = changes.withdraw(entry=row, by=request.user, at=timezone.now())
        say(request, "Marked as an error. It no longer counts.", came)
        return redirect("medicines-of", patient=request.patient.pk)
    return _form(request, row)


def _allergy(request: Any, row: Entry) -> HttpResponse:
    """The name of what she is allergic to, put right: what was not recognised is checked from now on."""
    her, words = request.patient, request.POST["allergy"].strip()
    if not words or len(words) > LONGEST_NAME:
        messages.error(request, f"Not saved. Write what she is allergic to, in at most {LONGEST_NAME} characters.")
        return redirect("medicines-of", patient=her.pk)
    body = said.Allergy.model_validate(row.body | {"text": words, "rxcui": named(words).rxcui})
    came = changes.tell(
        patient=her, bodies=[(body, row.on)], words=f"Allergy: {words}.", origin=row.origin, by=request.user,
        at=timezone.now(), supersedes=row,
    )  # fmt: skip
    say(request, f"Saved: {words}.", came)
    return redirect("medicines-of", patient=her.pk)


def _form(request: Any, row: Entry | None) -> HttpResponse:
    her, now = request.patient, timezone.now()
    on = today(her, now)
    initial = filled(said.Medicine(**row.body)) if row is not None else None
    sent = request.POST.copy() if request.method == "POST" else None
    picked = sent.get("pick", "") if sent is not None else ""
    if sent is not None and picked:
        sent["what"] = picked
    form = MedicineForm(sent, today=on, born_on=her.born_on, initial=initial)
    looks = sent is not None and (bool(picked) or sent.get("do") == "look")
    unknown: Unread | None = None
    if sent is not None and not looks and form.is_valid():
        body = form.body()
        unknown = unread_words(body.text) if request.POST.get("as_written") != "yes" else None
        if unknown is None:
            came = changes.tell(
                patient=her, bodies=[(body, row.on if row is not None else on)], words=f"From elsewhere: {body.text}.",
                origin=row.origin if row is not None else Origin.CLINIC, by=request.user, at=now, supersedes=row,
            )  # fmt: skip
            unsaid = f", {NOT_OURS}" if checked(body) and not came.unread else ""
            say(request, f"Saved: {name_of(body)}{unsaid}.", came)
            return redirect("medicines-of", patient=her.pk)
    words = str(form["what"].value() or "")
    holds = {
        "form": form,
        "row": row,
        "looks": looks,
        "read": form.read_as if (looks or unknown is not None) else None,
        "found": found(words) if looks and not picked else [],
        "unknown": unknown,
        "not_ours": NOT_OURS,
    }
    return render(request, "clinic/medicine_form.html", heading(request, chart_of(her), on, "medicines-of") | holds)


class Stopped(forms.Form):
    """The day and the reason, in her words."""

    on = a_day(label="Last taken on", help_text="Leave empty if it is not known: then today is written.")
    why = forms.CharField(
        label="Why, in her words", max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, today: date, born_on: date | None, **named_: Any) -> None:
        super().__init__(*args, **named_)
        self.today, self.born_on = today, born_on

    def clean_on(self) -> date:
        day: date | None = self.cleaned_data["on"]
        if day is not None and day > self.today:
            raise forms.ValidationError(f"{day:%-d %B %Y} is after today. To plan a stop, use “Stop or taper”.")
        if day is not None and self.born_on is not None and day < self.born_on:
            raise forms.ValidationError(f"{day:%-d %B %Y} is before she was born. Check the year.")
        return day or self.today


@require_http_methods(["GET", "POST"])
def stopped(request: Any, patient: Any, taken: Any) -> HttpResponse:
    """She no longer takes it: an order of ours, or a medicine from elsewhere."""
    her, now = request.patient, timezone.now()
    on = today(her, now)
    order = Order.objects.filter(patient=her, pk=taken, signed_at__isnull=False).first()
    what: Order | Entry = order if order is not None else _entry(request, taken)
    form = Stopped(request.POST or None, today=on, born_on=her.born_on)
    if request.method == "POST" and form.is_valid():
        came = changes.stopped(
            patient=her, taken=what, on=form.cleaned_data["on"], why=form.cleaned_data["why"], origin=Origin.CLINIC,
            by=request.user, at=now,
        )  # fmt: skip
        say(request, "Noted that she stopped it.", came)
        return redirect("medicines-of", patient=her.pk)
    chart: Chart = chart_of(her)
    holds = {
        "form": form,
        "name": changes.name_taken(what).capitalize(),
        "order": order,
        "stopping": changes.on_stopping(her, what, now),
    }
    return render(request, "clinic/stopped.html", heading(request, chart, on, "medicines-of") | holds)


@require_POST
def through(request: Any, patient: Any) -> HttpResponse:
    """All of it was gone through with her: from today, what is not there is not so."""
    her, now = request.patient, timezone.now()
    came = changes.tell(
        patient=her, bodies=[(said.Looked(topic="medicines"), today(her, now))], words="", origin=Origin.CLINIC,
        by=request.user, at=now,
    )  # fmt: skip
    say(request, "Noted: what is not there, she does not take.", came)
    return redirect("medicines-of", patient=her.pk)


def _entry(request: Any, entry: Any, kind: str = "medicine") -> Entry:
    """Her own entry of a medicine, or of that kind, else 404. Of one that was changed since, saving tells: `Stale`."""
    row = Entry.objects.filter(patient=request.patient, kind=kind, pk=entry, withdrawn=False).first()
    if row is None:
        raise Http404
    row.patient = request.patient
    return row
