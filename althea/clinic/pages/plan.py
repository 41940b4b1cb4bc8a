"""What is it, what does she want, what was agreed, and was it talked over whether medicine is right?  Her plan.

Her prescriber writes it with her; a nurse reads it. Each part is an entry of the record: a change takes the place of
what stood there, and what was an error is taken out and stays in the record.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from althea.care import entries as said
from althea.care.actions import plan as acting
from althea.care.choosing import open_offer
from althea.care.days import age, today, zone_of
from althea.care.diagnoses import codes, search
from althea.care.facts import Chart, chart_of
from althea.care.her_plan import as_paper, her_plan, version_of
from althea.care.known import knowledge
from althea.care.models import Entry, Patient, Role, Stale
from althea.care.typed import Past
from althea.clinic.frame import frame, medicines_now, tabs_of
from althea.clinic.heading import allergies, stage_chip
from althea.clinic.plan_forms import ALWAYS_WEIGHED, ILLNESSES, Agreed, Diagnosis, Episodes, Goal, Talk
from althea.look.paper import plan_of, plan_pdf

KINDS: dict[str, tuple[str, type[Any], type[said.Body]]] = {
    "diagnosis": ("Diagnosis", Diagnosis, said.Condition),
    "episodes": ("Episodes she has lived through", Episodes, said.Episodes),
    "goal": ("A goal of hers", Goal, said.Goal),
    "agreed": ("What was agreed", Agreed, said.Plan),
    "talk": ("Is medicine the right option?", Talk, said.Talked),
}
SAVED = "Saved."


@require_safe
def page(request: Any, patient: Any) -> HttpResponse:
    her, on = request.patient, today(request.patient, timezone.now())
    chart = chart_of(her)
    agreed = her_plan(chart, on)
    weighed = agreed.talked[1].weighed if agreed.talked else []
    holds = {
        **about(chart, on),
        "plan": agreed,
        "episodes": [(entry, body.number, dict(ILLNESSES)[body.illness]) for entry, body in agreed.episodes],
        "family": [(entry, body.text) for entry, body in chart.of(said.Family)],
        "weighed": [(one, one in weighed) for one in ALWAYS_WEIGHED],
        "more": [one for one in weighed if one not in ALWAYS_WEIGHED],
        "offer": open_offer(her),
        "may_change": request.who.role == Role.PRESCRIBER,
    }
    return render(request, "clinic/plan.html", frame(request, "patients", within=True) | holds)


def about(chart: Chart, on: date) -> dict[str, Any]:
    """What stands at the head of every page of her plan."""
    her = chart.patient
    return {
        "patient": her,
        "on": on,
        "zone": zone_of(her),
        "age": age(her.born_on, on),
        "stage": stage_chip(chart, on),
        "allergies": allergies(chart),
        "tabs": tabs_of(her, "plan", medicines=medicines_now(chart, on)),
    }


@require_http_methods(["GET", "POST"])
def change(request: Any, patient: Any, what: str) -> HttpResponse:
    """One part of it: new, or in place of what stands there."""
    if what not in KINDS:
        raise Http404
    _, made_by, kind = KINDS[what]
    on = today(request.patient, timezone.now())
    named = {"on": on} if made_by in (Diagnosis, Agreed) else {}
    hers = {"patient": request.patient, "kind": kind.kind}
    if request.method == "GET":
        entry = _named(Entry.objects.current().filter(**hers), request.GET)
        if entry is None and what in ("agreed", "talk"):
            entry = acting.newest(request.patient, kind)
        initial = _as_typed(entry)
        if what == "goal" and entry is None:
            initial = {"rank": Entry.objects.current().filter(**hers).count() + 1}
        return _shown(request, what, made_by(initial=initial, **named), entry)
    entry = _named(Entry.objects.filter(**hers), request.POST)
    if request.POST.get("then") == "search":
        return _shown(request, what, made_by(initial=request.POST.dict(), **named), entry)
    form = made_by(request.POST, **named)
    if not form.is_valid():
        return _shown(request, what, form, entry)
    try:
        _written(what, request, form.body(), entry)
    except Stale as stale:
        theirs = Entry.objects.get(pk=stale.theirs.pk)
        return _shown(request, what, form, theirs, theirs=theirs, status=409)
    except (Past, acting.NotOurs, acting.OtherMeasure) as sorry:
        form.add_error(None, str(sorry))
        return _shown(request, what, form, entry)
    messages.success(request, SAVED)
    return redirect("plan", patient=request.patient.pk)


@require_POST
def withdraw(request: Any, patient: Any) -> HttpResponse:
    """It was an error: it no longer counts, and stays in the record."""
    entry = _named(Entry.objects.filter(patient=request.patient, kind__in=acting.OF_THE_PLAN), request.POST)
    if entry is None:
        raise Http404
    entry.patient = request.patient
    acting.withdraw(entry=entry, by=request.user, at=timezone.now())
    messages.success(request, "Taken out. It stays in her record as an error.")
    return redirect("plan", patient=request.patient.pk)


@require_safe
def paper(request: Any, patient: Any) -> HttpResponse:
    """Her plan on paper: the same sheet as hers."""
    return plan_paper(request.patient, str(request.user))


def plan_paper(her: Patient, by: str) -> HttpResponse:
    """The PDF. Its name says nothing of her."""
    on = today(her, timezone.now())
    told = as_paper(her_plan(chart_of(her), on), her, on, by=by, version=version_of(her))
    size: Any = "us-letter" if her.clinic.country == "US" else "a4"
    answer = HttpResponse(plan_pdf(plan_of(told), size), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="notes.pdf"'
    return answer


def _named(rows: Any, sent: Any) -> Entry | None:
    """The entry that is named, among these; none is named: None; it is not among them: 404.

    Also one that was replaced, where the rows hold it: who replaces it again is told (Stale).
    """
    key = sent.get("entry", "")
    if not key:
        return None
    try:
        found: Entry | None = rows.filter(pk=UUID(key)).first()
    except ValueError:
        raise Http404 from None
    if found is None:
        raise Http404
    return found


def _as_typed(entry: Entry | None) -> dict[str, Any]:
    """An entry as its form shows it."""
    if entry is None:
        return {}
    body = dict(entry.body)
    if entry.kind == said.Plan.kind:
        body["who_does_what"] = "\n".join(body.get("who_does_what", ()))
    if entry.kind == said.Talked.kind:
        body["more"] = "\n".join(one for one in body.get("weighed", ()) if one not in ALWAYS_WEIGHED)
    return body


def _written(what: str, request: Any, body: Any, entry: Entry | None) -> None:
    given = {"patient": request.patient, "body": body, "by": request.user, "at": timezone.now(), "instead": entry}
    match what:
        case "diagnosis":
            acting.diagnose(**given)
        case "episodes":
            acting.count_episodes(**given)
        case "goal":
            acting.aim(**given)
        case "agreed":
            acting.agree(**given)
        case _:
            acting.talk_over(**given)


def _shown(
    request: Any, what: str, form: forms.Form, entry: Entry | None, *, theirs: Any = None, status: int = 200
) -> HttpResponse:
    chart = chart_of(request.patient)
    find = request.POST.get("find", "")
    code = form["code"].value() or "" if what == "diagnosis" else ""
    found = search(find)
    chosen = [codes()[code]] if code in codes() and code not in {one.code for one in found} else []
    holds = {
        **about(chart, today(request.patient, timezone.now())),
        "what": what,
        "title": KINDS[what][0],
        "form": form,
        "entry": entry,
        "theirs": list(_in_words(theirs)) if theirs is not None else [],
        "theirs_gone": theirs is not None and theirs.withdrawn,
        "by": str(theirs.recorded_by) if theirs is not None else "",
        "find": find,
        "code": code,
        "offered": [*chosen, *found],
        "nothing": bool(find.strip()) and not found,
        "scores": _scores(chart) if what == "talk" else [],
        "tried": _tried(chart) if what == "talk" else [],
    }
    return render(request, "clinic/plan_change.html", frame(request, "patients", within=True) | holds, status=status)


def _in_words(entry: Entry) -> list[tuple[str, str]]:
    """What the other editor wrote, field by field."""
    names = {
        "text": "Diagnosis", "code": "Code", "certainty": "How sure", "since": "Since", "status": "Is it there now",
        "words": "In her words", "rank": "Place", "measure": "Measure", "now": "How near", "therapy": "Psychotherapy",
        "self_care": "Self-care", "support": "Support", "who_does_what": "Who does what",
        "if_pregnant": "If pregnant", "review_on": "Look again on", "severity": "Severity", "tried": "Tried",
        "weighed": "Weighed", "until": "Until",
        "illness": "Of what", "number": "How many times",
    }  # fmt: skip
    return [
        (names.get(key, key), "; ".join(value) if isinstance(value, list) else str(value))
        for key in said.KINDS[entry.kind].model_fields
        if key not in said.KINDS[entry.kind].keys and (value := entry.body.get(key)) not in ("", [], None)
    ]


def _scores(chart: Chart) -> list[str]:
    """The newest whole score of each scale: what severity may rest on."""
    found: dict[str, str] = {}
    for entry, body in chart.of(said.Score):
        if body.total is not None and body.scale not in found:
            book = knowledge().scales.get(body.scale)
            name = book.name if book is not None else body.scale
            found[body.scale] = f"{name} {body.total:f}{', ' + body.band if body.band else ''}, {entry.on:%-d %B %Y}"
    return list(found.values())


def _tried(chart: Chart) -> list[str]:
    """What she took before, as she told it."""
    return [
        ", ".join(filter(None, (body.text, body.reached, f"{body.weeks:f} weeks" if body.weeks else "", body.result)))
        for _, body in chart.of(said.Medicine)
        if body.running is False
    ]
