"""Somebody a woman trusts follows the link she had sent: with an account they have, or one they make here."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from althea.care.actions import trusted
from althea.care.models import Proxy, User
from althea.portal.new_password import NewPassword


@require_http_methods(["GET", "POST"])
def page(request: Any, token: str) -> HttpResponse:
    now = timezone.now()
    try:
        row = trusted.invitation(token, now)
        here = request.user if request.user.is_authenticated else None
        if here is not None and here.email.lower() == row.email:
            if request.method == "POST":
                trusted.accept(token=token, at=now, user=here)
                return redirect("beside", proxy=row.pk)
            return _shown(request, {"proxy": row, "here": here})
        if here is not None or User.objects.filter(email=row.email).exists():
            return _shown(request, {"proxy": row, "sign_in": True, "other": here})
        form = NewPassword(request.POST or None, email=row.email, name=row.called)
        if request.method == "POST" and form.is_valid():
            return _let_in(request, trusted.accept(token=token, at=now, password=form.cleaned_data["password"]))
        return _shown(request, {"proxy": row, "form": form})
    except trusted.NotALink as sorry:
        again = trusted.just_made(token, request.POST.get("password", ""), now)
        if again is not None:
            return _let_in(request, again)
        return _shown(request, {"sorry": str(sorry)}, status=404)


def _let_in(request: Any, row: Proxy) -> HttpResponse:
    login(request, row.user, backend="althea.care.sign_in.Backend")
    record_authentication(request, row.user, method="password")
    return redirect("beside", proxy=row.pk)


def _shown(request: Any, holds: dict[str, Any], status: int = 200) -> HttpResponse:
    if "proxy" in holds:
        holds["last_day"] = trusted.last_day(holds["proxy"])
    response = render(request, "portal/let_in.html", holds, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
