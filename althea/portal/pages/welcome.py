"""She follows her invitation and makes her own account."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django import forms
from django.contrib.auth import login
from django.contrib.auth.password_validation import validate_password
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from althea.care.actions import people
from althea.care.models import User


class Welcome(forms.Form):
    """A password of her own, and nothing else: the rest is known or not needed."""

    password = forms.CharField(
        label="Choose a password",
        help_text="12 characters or more. Three or four words you can remember are good.",
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, patient: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.patient = patient

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.patient.email, name=self.patient.name))
        return password


@require_http_methods(["GET", "POST"])
def page(request: Any, token: str) -> HttpResponse:
    try:
        patient = people.invitation(token, timezone.now()).patient
    except people.NotAnInvitation as not_one:
        return render(request, "portal/welcome.html", {"sorry": str(not_one)}, status=404)
    form = Welcome(request.POST or None, patient=patient)
    if request.method == "POST" and form.is_valid():
        try:
            user = people.accept(token=token, password=form.cleaned_data["password"], at=timezone.now())
        except people.NotAnInvitation as not_one:
            return render(request, "portal/welcome.html", {"sorry": str(not_one)}, status=404)
        login(request, user, backend="althea.care.sign_in.Backend")
        record_authentication(request, user, method="password")
        return redirect("home")
    return render(request, "portal/welcome.html", {"form": form, "patient": patient})
