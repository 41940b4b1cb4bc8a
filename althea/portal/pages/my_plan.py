"""What did we agree, and why?  Her plan: what it is, what she wants, what was decided, who does what, and when next.

She may read the text of her agreement here, say yes, not yet, or ask first; and take her yes back at any time.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from althea.care.actions import decide as acting
from althea.care.actions.offer import NotNow
from althea.care.days import today, zone_of
from althea.care.facts import chart_of
from althea.care.her_plan import as_paper, her_plan, version_of
from althea.care.models import Entry, Offer, Patient, Role, Stale
from althea.care.typed import Text
from althea.look.paper import plan_of, plan_pdf
from althea.portal.frame import frame, offered


@require_safe
def page(request: Any) -> HttpResponse:
    her, on = request.patient, today(request.patient, timezone.now())
    agreed = her_plan(chart_of(her), on)
    now = next((one for one in agreed.decisions if one.stands), None)
    holds = {
        "patient": her,
        "on": on,
        "zone": zone_of(her),
        "plan": agreed,
        "diagnoses": [one for one in agreed.diagnoses if one.body.certainty != "ruled-out"],
        "waits": next((one for one in agreed.decisions if one.waits_for_her), None),
        "now": now,
        "earlier": [one for one in agreed.decisions if one is not now],
        "offer": offered(request),
    }
    return render(request, "portal/my_plan.html", frame(request) | holds)


@require_safe
def paper(request: Any) -> HttpResponse:
    """The sheet to take home. Its name says nothing of her."""
    her, on = request.patient, today(request.patient, timezone.now())
    told = as_paper(her_plan(chart_of(her), on), her, on, by=_prescriber(her), version=version_of(her))
    size: Any = "us-letter" if her.clinic.country == "US" else "a4"
    answer = HttpResponse(plan_pdf(plan_of(told), size), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="notes.pdf"'
    return answer


@require_http_methods(["GET", "POST"])
def agree(request: Any, decision: UUID) -> HttpResponse:
    """The text of what was decided: yes, not yet, or a question first; and the yes taken back."""
    entry = Entry.objects.filter(patient=request.patient, kind="decision", withdrawn=False, pk=decision).first()
    if entry is None:
        raise Http404
    entry.patient = request.patient
    agreed = acting.consent_to(entry)
    text = agreed.body["text"] if agreed is not None else acting.consent_text(entry, _offer(entry))
    if request.method == "GET":
        return _shown(request, entry, agreed, text)
    say, now = request.POST.get("say", ""), timezone.now()
    try:
        question = Text().clean(request.POST.get("question", ""))
        if say == "agree":
            acting.consent(decision=entry, text=text, shown=request.POST.get("shown", ""), how="on her phone",
                           by=request.user, at=now)  # fmt: skip
            messages.success(request, "Saved. You can take it back at any time.")
        elif say == "take-back":
            if agreed is not None:
                acting.take_back(agreed=agreed, by=request.user, at=now)
            messages.success(request, "Taken back. Your care team knows, and will talk with you.")
        elif say == "not-yet" or (say == "question" and question):
            acting.not_yet(decision=entry, question=question, by=request.user, at=now)
            messages.success(request, "Saved. There is no hurry." if not question else "Sent to your care team.")
        else:
            return _shown(request, entry, agreed, text, wrong="Write your question first, or choose one of the others.")
    except forms.ValidationError as wrong:
        return _shown(request, entry, agreed, text, wrong=" ".join(wrong.messages))
    except NotNow as sorry:
        return _shown(request, entry, acting.consent_to(entry), text, wrong=str(sorry), status=409)
    except Stale:
        return _shown(request, entry, None, text, wrong="It was taken back already.", status=409)
    return redirect("my-plan")


def _shown(
    request: Any, entry: Entry, agreed: Entry | None, text: str, *, wrong: str = "", status: int = 200
) -> HttpResponse:
    holds = {
        "decision": entry,
        "stands": not Entry.objects.filter(supersedes=entry).exists(),
        "agreed": agreed,
        "text": text,
        "digest": acting.text_digest(text),
        "question": request.POST.get("question", ""),
        "wrong": wrong,
    }
    return render(request, "portal/agreement.html", frame(request) | holds, status=status)


def _offer(entry: Entry) -> Offer | None:
    key = entry.body.get("offer", "")
    return Offer.objects.filter(patient_id=entry.patient_id, pk=key).first() if key else None


def _prescriber(her: Patient) -> str:
    """Who looks after her: the first prescriber of her team."""
    rows = her.team.filter(until__isnull=True, member__role=Role.PRESCRIBER).select_related("member__user")
    place = rows.order_by("since").first()
    return str(place.member) if place is not None else her.clinic.name
