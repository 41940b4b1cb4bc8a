"""Whom does she trust, with what, until when?  She invites, she chooses, and she ends it at once."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from althea.care.access import DOSES, NAMES, VISITS, let_in
from althea.care.actions import trusted
from althea.care.days import moment, today
from althea.care.models import Proxy
from althea.portal.frame import frame

WORDS = {
    VISITS: ("When my visits are", "The day, the time and with whom. Not what they are about."),
    DOSES: ("My calendar of doses", "How much on which day, without the name of the medicine."),
    NAMES: ("The names of my medicines", "Only if you want to. They are hidden without this."),
}
MONTHS = timedelta(days=91)


class Invite(forms.Form):
    """One person, and what they may see: nothing is ticked beforehand."""

    called = forms.CharField(
        label="What do you call this person?", max_length=100, error_messages={"required": "Write a name, such as Sam."}
    )
    email = forms.EmailField(
        label="Their email",
        help_text="They get a link that says “You have a new message.” and nothing of you or of us.",
        error_messages={
            "required": "Write their email address.",
            "invalid": "Write an address such as sam@example.org.",
        },
    )
    may = forms.MultipleChoiceField(
        label="What may they see?",
        choices=[(key, f"{label}. {about}") for key, (label, about) in WORDS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one thing they may see."},
    )
    until = forms.DateField(
        label="Until when?",
        help_text="It ends by itself on this day. You can end it sooner, at once.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose a day.", "invalid": "Enter a day, for example 2026-12-24."},
    )

    def clean_may(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["may"]
        if chosen == [NAMES]:
            raise forms.ValidationError("Names alone show nothing. Tick the calendar of doses as well.")
        return chosen


@require_http_methods(["GET", "POST"])
def page(request: Any) -> HttpResponse:
    """Those she let in, those she let in before, and a form for one more."""
    patient, now = request.patient, timezone.now()
    on = today(patient, now)
    form = Invite(request.POST or None, initial={"until": on + MONTHS})
    if request.method == "POST" and form.is_valid():
        until: date = form.cleaned_data.pop("until")
        try:
            trusted.invite(
                patient=patient, until=moment(patient, until + timedelta(days=1), time(0)), by=request.user, at=now,
                **form.cleaned_data,
            )  # fmt: skip
        except trusted.NotLetIn as sorry:
            form.add_error(None, str(sorry))
        else:
            messages.success(request, "The link is on its way. Nothing is seen before they follow it.")
            return redirect("my-people")
    rows = list(Proxy.objects.filter(patient=patient).select_related("user", "patient__clinic").order_by("-invited_at"))
    holds = {
        "form": form,
        "open": [shown(one, now) for one in rows if one.ended_at is None and one.until > now and _lives(one, now)],
        "over": [one for one in rows if one.accepted_at and (one.ended_at is not None or one.until <= now)][:10],
        "others": let_in(request.user).select_related("patient"),
        "patient": patient,
    }
    return render(request, "portal/people.html", frame(request) | holds)


def _lives(one: Proxy, now: Any) -> bool:
    return one.accepted_at is not None or trusted.waits(one, now)


def shown(one: Proxy, now: Any) -> dict[str, Any]:
    return {
        "proxy": one,
        "name": one.called or str(one.user),
        "may": [WORDS[key][0] for key in one.may if key in WORDS],
        "last_day": trusted.last_day(one),
        "waits": trusted.waits(one, now),
    }


@require_POST
def end(request: Any, proxy: Any) -> HttpResponse:
    """At once. Ended twice is ended once."""
    row = Proxy.objects.filter(patient=request.patient, pk=proxy).first()
    if row is None:
        raise Http404
    row.patient = request.patient
    if trusted.let_go(proxy=row, by=request.user, at=timezone.now()):
        messages.success(request, "Ended. They see nothing from now on, and nobody tells them why.")
    else:
        messages.success(request, "It had ended already.")
    return redirect("my-people")
