"""She follows her invitation and makes her own account."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from althea.care.actions import people
from althea.care.models import User
from althea.portal.new_password import NewPassword


@require_http_methods(["GET", "POST"])
def page(request: Any, token: str) -> HttpResponse:
    try:
        patient = people.invitation(token, timezone.now()).patient
    except people.NotAnInvitation as not_one:
        again = people.just_made(token, request.POST.get("password", ""), timezone.now())
        if again is not None:
            return signed_in(request, again)
        return render(request, "portal/welcome.html", {"sorry": str(not_one)}, status=404)
    form = NewPassword(request.POST or None, email=patient.email, name=patient.name)
    if request.method == "POST" and form.is_valid():
        try:
            user = people.accept(token=token, password=form.cleaned_data["password"], at=timezone.now())
        except people.NotAnInvitation as not_one:
            return render(request, "portal/welcome.html", {"sorry": str(not_one)}, status=404)
        return signed_in(request, user)
    return render(request, "portal/welcome.html", {"form": form, "patient": patient})


def signed_in(request: Any, user: User) -> HttpResponse:
    login(request, user, backend="althea.care.sign_in.Backend")
    record_authentication(request, user, method="password")
    return redirect("home")
