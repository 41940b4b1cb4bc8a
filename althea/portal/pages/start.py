"""Signed in: where does this person begin?"""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from althea.care.access import let_in
from althea.care.models import Role


@require_safe
def page(request: Any) -> HttpResponse:
    if request.who.patient is not None:
        return redirect("home")
    if request.who.member is None:
        proxy = let_in(request.user).order_by("-accepted_at").first()
        if proxy is None:
            raise Http404
        return redirect("beside", proxy=proxy.pk)
    return redirect("today" if request.who.role in (Role.PRESCRIBER, Role.NURSE) else "patients")
