"""How is she reached?  Her number, her email, and the link with which she makes her account.

Nothing of her record stands here, so that the front desk can put it right: the email has a typing error, the link is
two weeks old, she has a new number. The email of an account opens that account: her own team changes it, at her word.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from althea.care.actions import patient as patients
from althea.care.actions import people
from althea.care.models import Invitation, Patient, Role
from althea.care.typed import Phone
from althea.clinic.frame import frame

SIGNS_IN = "She signs in with it. Be sure that it is she who asks, and that nobody else reads it."
OLD_TOLD = "The address before gets a neutral note that it was changed."
NONE_TOLD = "She wants no notices, so the address before is not told that it was changed."
NOT_AT_THE_DESK = "She signs in with it, so her prescriber or nurse changes it, when she asks."


class Reach(forms.Form):
    phone = Phone(
        label="Phone", help_text="So that somebody can call her when it cannot wait. She can change it herself."
    )
    email = forms.EmailField(label="Email", error_messages={"required": "Enter her email address."})

    def __init__(self, *args: Any, patient: Patient, may_sign_in: bool, **named: Any) -> None:
        """`may_sign_in`: may the email be changed, though she signs in with it?"""
        named["initial"] = {"phone": patient.phone, "email": patient.email}
        super().__init__(*args, **named)
        self.patient = patient
        email = self.fields["email"]
        if patient.user_id is None:
            email.help_text = "At another address she gets a new invitation. The one before opens nothing any more."
        elif may_sign_in:
            email.help_text = f"{SIGNS_IN} {NONE_TOLD if patient.notices == 'none' else OLD_TOLD}"
        else:
            email.disabled, email.help_text = True, NOT_AT_THE_DESK

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        others = Patient.objects.filter(clinic=self.patient.clinic_id, email__iexact=email).exclude(pk=self.patient.pk)
        if others.exists():
            raise forms.ValidationError(
                "Somebody of this clinic is registered with this email, and one email invites one woman only."
            )
        return email


@require_http_methods(["GET", "POST"])
def page(request: Any, patient: Any) -> HttpResponse:
    """Shows how she is reached, keeps what is changed, or sends her a new link."""
    her, at_desk = request.patient, request.who.role == Role.FRONT_DESK
    if request.method == "POST" and request.POST.get("do") == "invite":
        return _invited(request, her)
    form = Reach(request.POST or None, patient=her, may_sign_in=not at_desk)
    if request.method == "POST" and form.is_valid() and (said := _kept(request, her, form)):
        messages.success(request, said)
        return redirect("reach", patient=her.pk)
    newest = Invitation.objects.filter(patient=her).order_by("-sent_at").first() if her.user_id is None else None
    holds = {
        "patient": her,
        "form": form,
        "invitation": newest,
        "too_old": newest is not None and newest.expires_at < timezone.now(),
        "at_desk": at_desk,
    }
    return render(request, "clinic/reach.html", frame(request, "patients", within=True) | holds)


def _kept(request: Any, her: Patient, form: Reach) -> str:
    """What was changed, in words. Empty: it cannot be kept, and the form says why."""
    now, given = timezone.now(), form.cleaned_data
    try:
        moved = patients.address(patient=her, email=given["email"], by=request.user, at=now)
    except patients.NotHers as sorry:
        form.add_error("email", str(sorry))
        return ""
    phone = given["phone"] if "phone" in request.POST else her.phone  # a form without the field empties nothing
    called = patients.reach(patient=her, phone=phone, by=request.user, at=now)
    if moved:
        return f"Saved. {'She signs in with it from now on' if her.user_id else 'A new invitation is on its way'}."
    return "Saved." if called else "Nothing was changed."


def _invited(request: Any, her: Patient) -> HttpResponse:
    try:
        people.invite(patient=her, by=request.user, at=timezone.now())
        messages.success(request, f"A new invitation is on its way to {her.email}. The one before opens no more.")
    except people.NotAnInvitation as sorry:
        messages.error(request, str(sorry))
    return redirect("reach", patient=her.pk)
