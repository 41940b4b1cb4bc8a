"""What reaches her phone, in which words and when; where she is called; how she signs in; and the way out."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from althea.care.actions import notices
from althea.care.actions.patient import reach
from althea.care.outbox import WORDS
from althea.care.typed import Phone
from althea.portal.frame import frame


class Notices(forms.Form):
    """Her own choice of what others may see on her lock screen."""

    notices = forms.ChoiceField(
        label="Send me notices",
        choices=[("email", "Yes, by email"), ("none", "No, none at all")],
        widget=forms.RadioSelect,
    )
    notice_words = forms.CharField(
        label="The words you want to see",
        help_text=f"Under 40 characters. Without yours, it says “{WORDS['message']}”",
        max_length=40,
        required=False,
    )
    quiet_from = forms.TimeField(
        label="Never after", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label="And not before", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )


class Number(forms.Form):
    """Where somebody of her clinic reaches her by voice."""

    phone = Phone(label="My phone number", help_text="Your care team calls it when something can't wait.")


@require_http_methods(["GET", "POST"])
def page(request: Any) -> HttpResponse:
    patient = request.patient
    now = {name: getattr(patient, name) for name in Notices.base_fields}
    called = request.POST.get("do") == "phone"
    form = Notices(None if called else request.POST or None, initial=now)
    number = Number(request.POST if called else None, initial={"phone": patient.phone})
    if called and number.is_valid():
        reach(patient=patient, phone=number.cleaned_data["phone"], by=request.user, at=timezone.now())
        messages.success(request, "Saved.")
        return redirect("account")
    if request.method == "POST" and not called and form.is_valid():
        notices.choose(patient=patient, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("account")
    return render(request, "portal/account.html", frame(request) | {"form": form, "number": number})
