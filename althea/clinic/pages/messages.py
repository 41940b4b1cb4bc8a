"""What do women write to us, and what do we answer?"""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from althea.care.access import hers_to_see
from althea.care.actions import message
from althea.care.days import today
from althea.care.entries import LONGEST
from althea.care.facts import chart_of
from althea.care.models import Message
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
        )
        .filter(wrote__isnull=False)
        .order_by("-wrote")[:SHOWN]
    )
    lines = [
        {"patient": one, "line": " ".join(one.line.split())[:LINE], "at": one.wrote, "waits": one.hers} for one in rows
    ]
    return render(request, "clinic/messages.html", frame(request, "clinic-messages") | {"lines": lines})


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
