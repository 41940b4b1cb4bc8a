"""What do women write to us, and what do we answer?"""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.db.models import OuterRef, Subquery, UUIDField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from althea.care.access import hers_to_see
from althea.care.actions import message
from althea.care.days import age, today, zone_of
from althea.care.entries import LONGEST
from althea.care.facts import chart_of
from althea.care.models import Message
from althea.care.stage_words import StageChip
from althea.clinic.at_a_glance import stages_of
from althea.clinic.frame import frame
from althea.clinic.heading import heading

SHOWN = 50
LINE = 140


@require_safe
def everybody(request: Any) -> HttpResponse:
    """The women one looks after who wrote, the newest first, with the last line of each."""
    last = Message.objects.filter(patient=OuterRef("pk")).order_by("-at")
    rows = (
        hers_to_see(request.who.member)
        .annotate(
            wrote=Subquery(last.values("at")[:1]),
            line=Subquery(last.values("body")[:1]),
            hers=Subquery(last.values("from_her")[:1]),
            sender=Subquery(last.values("sender")[:1], output_field=UUIDField()),
        )
        .filter(wrote__isnull=False)
        .order_by("-wrote")[:SHOWN]
    )
    on, zone = today(request.who.member.clinic, timezone.now()), zone_of(request.who.member.clinic)
    stages = stages_of([one.pk for one in rows], on)
    shown = [_row(one, stages[one.pk], request.user, on, zone) for one in rows]
    return render(request, "clinic/messages.html", frame(request, "clinic-messages") | {"rows": shown})


def _row(one: Any, stage: StageChip, me: Any, on: date, zone: ZoneInfo) -> dict[str, Any]:
    """A woman with the last line, as `_worklist_row.html` takes it: her words in quotes, the others with who wrote."""
    words, url = " ".join(one.line.split()), reverse("messages-of", kwargs={"patient": one.pk})
    words = f"{words[:LINE].rstrip()}…" if len(words) > LINE else words
    by = "You" if one.sender == me.pk else "The clinic"
    return {
        "name": one.name,
        "url": url,
        "why": f"“{words}”" if one.hers else f"{by}: {words}",
        "icon": "message-circle",
        "css": "plum" if one.hers else "base",
        "age": age(one.born_on, on),
        "stage": stage,
        "when": f"{one.wrote.astimezone(zone):%a %-d %b, %H:%M}{', waits for an answer' if one.hers else ''}",
        "action": {"label": "Reply" if one.hers else "Open", "url": url},
    }


class Write(forms.Form):
    body = forms.CharField(
        label="Your message",
        max_length=LONGEST,
        help_text="She reads it on her phone. Her lock screen shows none of it.",
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Write a few words first."},
    )


@require_http_methods(["GET", "POST"])
def hers(request: Any, patient: Any) -> HttpResponse:
    """All that she and her team wrote to each other."""
    form = Write(request.POST or None)
    if request.method == "POST" and form.is_valid():
        message.write(
            patient=request.patient, body=form.cleaned_data["body"], by=request.user, from_her=False, at=timezone.now()
        )
        messages.success(request, f"Sent to {request.patient.first_name}.")
        return redirect("messages-of", patient=request.patient.pk)
    rows = Message.objects.filter(patient=request.patient).select_related("sender").order_by("-at")[:SHOWN]
    above = heading(request, chart_of(request.patient), today(request.patient, timezone.now()), "messages-of")
    return render(request, "clinic/messages_of.html", above | {"rows": rows, "form": form})
