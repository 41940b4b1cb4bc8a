"""Who is who in the demo, and a button to be each of them.  Elsewhere these addresses do not exist."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from althea.care.demo.build import STAFF, email, women
from althea.care.models import Outgoing, User
from althea.care.outbox import addressed

STAFF_LINES = {
    "marchetti": "her worklist, the charts, messages",
    "hale": "works there too, and sees none of Dr Marchetti's patients",
    "okoye": "nurse: the same charts, and no override",
    "whitlock": "therapist: none of the charts",
    "desk": "registers and invites; sees names and times",
    "practice": "sees who is registered, and nothing of them",
}


def only_in_the_demo() -> None:
    if not settings.ALTHEA_DEMO:
        raise Http404


@require_safe
def page(request: Any) -> HttpResponse:
    only_in_the_demo()
    staff = [{"id": key, "name": name, "line": STAFF_LINES[key]} for key, name, _, _ in STAFF]
    hers = [
        {"id": row["id"], "name": row["name"], "line": row["line"]}
        for row in women()
        if row.get("account", True) and not row.get("invited")
    ]
    invited = Outgoing.objects.filter(kind="invitation").order_by("-created_at").first()
    holds = {"staff": staff, "women": hers, "demo": True, "invitation": invited.link if invited else ""}
    return render(request, "portal/demo.html", holds)


@require_POST
def be(request: Any, who: str) -> HttpResponse:
    """Sign in as this made-up person, as after a password and a second factor."""
    only_in_the_demo()
    user = User.objects.filter(email=email(who)).first()
    if user is None:
        raise Http404
    logout(request)
    login(request, user, backend="althea.care.sign_in.Backend")
    record_authentication(request, user, method="mfa")
    return redirect("start")


@require_safe
def outbox(request: Any) -> HttpResponse:
    """What would have been mailed: neutral words, and a link."""
    only_in_the_demo()
    rows = Outgoing.objects.select_related("patient", "user").order_by("-created_at")[:50]
    lines = [{"row": row, "to": addressed(row)[0], "words": addressed(row)[1]} for row in rows]
    return render(request, "portal/demo_outbox.html", {"lines": lines, "demo": True})
