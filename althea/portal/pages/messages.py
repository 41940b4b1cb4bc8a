"""What did we write to each other?  She writes to her care team here."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from althea.care.actions import message
from althea.care.entries import LONGEST
from althea.care.models import Message
from althea.portal.frame import frame

SHOWN = 50
BEGUN = {
    "goal": "My goal has changed: ",
    "side-effect": "My body has noticed something: ",
    "visit": "A question for my visit: ",
}
"""How a message begins that she comes to write from another page."""
NOTHING_YET = "Write a few words first."


class Write(forms.Form):
    body = forms.CharField(
        label="Your message",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": NOTHING_YET},
    )

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if f"{body} " in BEGUN.values():
            raise forms.ValidationError(NOTHING_YET)
        return body


@require_http_methods(["GET", "POST"])
def page(request: Any) -> HttpResponse:
    form = Write(request.POST or None, initial={"body": BEGUN.get(request.GET.get("about", ""), "")})
    if request.method == "POST" and form.is_valid():
        message.write(
            patient=request.patient, body=form.cleaned_data["body"], by=request.user, from_her=True, at=timezone.now()
        )
        messages.success(request, "Sent to your care team.")
        return redirect("messages")
    rows = Message.objects.filter(patient=request.patient).select_related("sender").order_by("-at")[:SHOWN]
    holds = {"rows": rows, "form": form, "hours": request.patient.clinic.hours}
    return render(request, "portal/messages.html", frame(request) | holds)
