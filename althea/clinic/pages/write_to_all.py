"""The same words to every woman of one cell: each gets a message of her own, and sees nobody else's.

A nurse finds ten women whose lithium level is due. She reads their names, unticks the one she spoke to this morning,
writes three lines, and sends. Only women who are hers to see are offered, and only those who can read it. Where the
finding tells of self-harm a message is not what she needs first: the page gives her number, and no words in advance.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from althea.care.actions import message
from althea.care.days import today
from althea.care.entries import LONGEST
from althea.care.known import knowledge
from althea.care.models import Member, Sweep
from althea.clinic import panel
from althea.clinic.frame import frame
from althea.clinic.pages.safety import sweeps
from althea.clinic.panel import Asked, key_of

MOST = 100
"""Women who are written to at once; more is a smaller cell to choose."""
CHANGED = "Somebody you ticked is no longer in this list. Nothing was sent. Look through it again."


class Write(forms.Form):
    """Who, and what."""

    to = forms.MultipleChoiceField(
        label="To", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one woman.", "invalid_choice": CHANGED},
    )  # fmt: skip
    body = forms.CharField(
        label="Your message",
        max_length=LONGEST,
        help_text="Each reads it as a message to her alone. Her lock screen shows none of it.",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Write a few words first."},
    )

    def __init__(self, *args: Any, women: list[Any], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["to"].choices = [(str(one["patient"].pk), one["patient"].name) for one in women]  # type: ignore[attr-defined]
        if len(women) == 1:
            self.fields["body"].help_text = "Her lock screen shows none of it."


@require_http_methods(["GET", "POST"])
def page(request: Any) -> HttpResponse:
    """Shows the women of the cell with a form, or sends."""
    sent = request.POST if request.method == "POST" else request.GET
    member, asked, now = request.who.member, Asked.of(sent), timezone.now()
    latest, _ = sweeps(member.clinic)
    rule = _rule(asked)
    lines = _lines(latest, member, asked, rule, today(member.clinic, now)) if latest is not None and rule else []
    may = [one for one in lines[:MOST] if one["patient"].user_id is not None]
    ticked = [str(one["patient"].pk) for one in may if one["status"] not in ("Overridden", "Message sent")]
    book = knowledge().rules.get(rule or "")
    of_harm = book is not None and book.concept == "suicide-risk"
    initial = {"to": ticked, "body": book.for_her if book is not None and not of_harm else ""}
    form = Write(request.POST if request.method == "POST" else None, women=may, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = set(form.cleaned_data["to"])
        women = [one["patient"] for one in may if str(one["patient"].pk) in chosen]
        message.write_to_each(patients=women, body=form.cleaned_data["body"], by=request.user, at=now)
        count = len(women)
        to = women[0].first_name if count == 1 else f"{count} women, to each by herself"
        messages.success(request, f"Sent to {to}.")
        return redirect(reverse("safety") + _back(asked))
    holds = {
        "form": form,
        "asked": asked,
        "title": panel.in_general(rule) if rule else "",
        "gone": not rule,
        "stage": panel.in_full(asked.stage) if asked.stage else "",
        "lines": may,
        "to": form["to"].value() or [],
        "cannot": [one for one in lines[:MOST] if one["patient"].user_id is None],
        "more": len(lines) > MOST,
        "most": MOST,
        "of_the_rule": bool(initial["body"]),
        "call": [one["patient"] for one in lines[:MOST]] if of_harm else [],
        "one": len(may) == 1,
        "back": reverse("safety") + _back(asked),
    }
    return render(request, "clinic/write_to_all.html", frame(request, "safety", within=True) | holds)


def _lines(latest: Sweep, member: Member, asked: Asked, rule: str, on: date) -> list[dict[str, Any]]:
    """Each woman of the cell once, though a rule may speak of two of her medicines; one more than we write to."""
    rows = panel.findings(latest, member, asked).filter(rule=rule, **({"stage": asked.stage} if asked.stage else {}))
    lines = [panel.line(row, latest, on) for row in panel.women(rows, on, member)[: 2 * MOST]]
    once = {one["patient"].pk: one for one in reversed(lines)}
    return list(once.values())[::-1][: MOST + 1]


def _rule(asked: Asked) -> str | None:
    """The rule of the cell: an address names it by its key."""
    return next((one for one in knowledge().rules if key_of(one) == asked.finding), None)


def _back(asked: Asked) -> str:
    return asked.address() + "#women"
