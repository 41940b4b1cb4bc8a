"""Who is who in the demo, a walk through it from both sides, and a button to be each of them.

Elsewhere these addresses do not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from althea.care.demo.build import STAFF, THEMES, email, women
from althea.care.models import Order, Outgoing, Patient, Trial, User
from althea.care.outbox import addressed

STAFF_LINES = {
    "marchetti": "Psychiatrist: her worklist, her charts, her messages",
    "hale": "Psychiatric nurse practitioner: a panel of her own, and none of Dr Marchetti's",
    "okoye": "Nurse: charts of both panels, and no override",
    "whitlock": "Psychotherapist: measures and progress, and no chart",
    "desk": "Registers and invites; sees names and times",
    "practice": "Sees who is registered, and nothing of them",
}
LATEST = 5


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the walk: as whom (nobody: signed out), where to, and what to look at there."""

    who: str
    page: str
    label: str
    words: str
    of: str = ""
    """Whose record the address names, where it names one."""


WALK = (
    Step("maya", "check-in-now", "Be Maya, and tell how the week was",
         "One question a screen. To the ninth say “several days”, and see what comes first. Then go on."),
    Step("maya", "medicine", "Still Maya: what am I taking, and why?",
         "Her own reason stands on top, the steps are those that were signed, and no title names the medicine."),
    Step("maya", "my-changes", "Still Maya: something has changed",
         "Say that a doctor gave her sumatriptan for migraine, and it is checked against what she takes at once."),
    Step("", "demo-outbox", "What her phone would show", "Every notice in neutral words, and nothing is really sent."),
    Step("marchetti", "today", "Be Dr Marchetti, and see who needs you",
         "Joanna can't wait, and so does Maya if you said “several days”. Her review is due today."),
    Step("marchetti", "chart", "Maya's chart: dose, scores and side effects on one axis",
         "Open a finding: from which facts, by which source, and what to do about it.", of="maya"),
    Step("marchetti", "review", "Review her trial, and decide with her",
         "What the evidence shows, the next steps with their reasons, and her wish. Raise the dose, sign.", of="maya"),
    Step("maya", "medicine", "Be Maya again: what was agreed?", "The new steps by day, as they were signed."),
    Step("maya", "who-looked", "Who looked at my record?", "Dr Marchetti did, when and at what. So did you."),
    Step("yuki", "options", "Be Yuki, and think about what to try",
         "What Dr Marchetti shared with her, in people of 100, in the order of what matters to her."),
    Step("marchetti", "order", "Priya's order, half written",
         "It starts at twice the label's dose and her pill halves the level. Try to sign it as it is.", of="priya"),
    Step("hale", "today", "Be Dr Hale, on another panel",
         "Three women take valproate without protection; a fourth was set aside, with a reason you can read."),
    Step("marchetti", "safety", "Everyone at once", "The same checks over the whole clinic."),
    Step("", "help", "The help page, signed out", "Numbers first. It opens with the database down, and offline."),
)  # fmt: skip


def only_in_the_demo() -> None:
    if not settings.ALTHEA_DEMO:
        raise Http404


@require_safe
def page(request: Any) -> HttpResponse:
    only_in_the_demo()
    names = {key: name for key, name, _, _ in STAFF}
    themes = [
        (label, [person(row, names) for row in women() if row["theme"] == theme]) for theme, label in THEMES.items()
    ]
    invited = Outgoing.objects.filter(kind="invitation", patient__email=email("amara")).first()
    holds = {
        "walk": walk(names | {row["id"]: row["name"] for row in women()}),
        "themes": themes,
        "staff": [{"id": key, "name": name, "line": STAFF_LINES[key]} for key, name, _, _ in STAFF],
        "lines": latest(LATEST),
        "demo": True,
        "now": timezone.now(),
        "invitation": invited.link if invited else "",
    }
    return render(request, "portal/demo.html", holds)


def person(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """One woman of the list. Who has no account is seen from the clinic only."""
    account = row.get("account", True) and not row.get("invited")
    return {
        "id": row["id"],
        "name": row["name"],
        "line": row["line"],
        "seen_by": names[row["team"][0]],
        "account": account,
    }


def walk(names: dict[str, str]) -> list[dict[str, Any]]:
    """The steps that can still be walked."""
    return [
        {"number": at, "step": step, "name": names.get(step.who, ""), "url": "" if step.who else reverse(step.page)}
        for at, step in enumerate(filter(still_there, WALK))
    ]


def still_there(step: Step) -> bool:
    """Is there what it names?  A draft that somebody signed is one no more."""
    return address(step) != ""


def address(step: Step) -> str:
    """Where a step leads. Empty: what it names is not there any more."""
    if not step.of:
        return reverse(step.page)
    patient = Patient.objects.filter(email=email(step.of)).first()
    if patient is None:
        return ""
    given: dict[str, Any] = {"patient": patient.pk}
    if step.page == "review":
        trial = Trial.objects.filter(patient=patient).order_by("-created_at").first()
        given["trial"] = trial.pk if trial is not None else patient.pk
    if step.page == "order":
        draft = Order.objects.filter(patient=patient, signed_at__isnull=True).first()
        if draft is None:
            return ""
        given["order"] = draft.pk
    return reverse(step.page, kwargs=given)


@require_POST
def be(request: Any, who: str) -> HttpResponse:
    """Sign in as this made-up person, as after a password and a second factor; with a `step`, go where it leads."""
    only_in_the_demo()
    user = User.objects.filter(email=email(who)).first()
    if user is None:
        raise Http404
    logout(request)
    login(request, user, backend="althea.care.sign_in.Backend")
    record_authentication(request, user, method="mfa")
    steps = list(filter(still_there, WALK))
    wanted = request.GET.get("step", "")
    step = steps[int(wanted)] if wanted.isdecimal() and int(wanted) < len(steps) else None
    return redirect(address(step) if step is not None and step.who == who else "start")


def latest(count: int) -> list[dict[str, Any]]:
    """What would have been mailed last: to whom, in which words."""
    rows = Outgoing.objects.select_related("patient", "user").order_by("-created_at")[:count]
    return [{"row": row, "to": addressed(row)[0], "words": addressed(row)[1]} for row in rows]


@require_safe
def outbox(request: Any) -> HttpResponse:
    """What would have been mailed: neutral words, and a link."""
    only_in_the_demo()
    return render(request, "portal/demo_outbox.html", {"lines": latest(50), "demo": True})
