"""What did she tell before the first visit, and what of it becomes her record?  One click each, by a person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from althea.care.actions import intake as acting
from althea.care.days import today, zone_of
from althea.care.intake.proposals import proposals
from althea.care.intake.questions import questions, sections
from althea.care.intake.said import said_in_words
from althea.care.models import Intake, IntakeAnswer, IntakeSettled
from althea.clinic.frame import frame

TOPICS = (
    ("medicines", "All her medicines, now and before"),
    ("conditions", "All her illnesses"),
    ("allergies", "All her allergies"),
    ("observations", "All results we know of"),
)


@require_safe
def page(request: Any, patient: Any) -> HttpResponse:
    """Her answers by section, each beside what it may become."""
    intake = Intake.objects.filter(patient=request.patient).order_by("-sent_at").first()
    rows = {row.question: row for row in intake.answers.order_by("at")} if intake is not None else {}
    settled = {(one.answer_id, one.part): one for one in IntakeSettled.objects.filter(answer__intake=intake)}
    zone = zone_of(request.patient)
    parts = [
        {
            "title": section.title,
            "lines": [
                {
                    "question": one,
                    "answer": rows[one.id],
                    "said": said_in_words(one, rows[one.id]),
                    "may_become": [
                        {"words": may.words, "part": may.part, "settled": settled.get((rows[one.id].pk, may.part))}
                        for may in proposals(one, rows[one.id].value, rows[one.id].at.astimezone(zone).date())
                    ],
                }
                for one in section.questions
                if one.id in rows
            ],
        }
        for section in sections()
    ]
    holds = {
        "patient": request.patient,
        "intake": intake,
        "parts": [one for one in parts if one["lines"]],
        "topics": TOPICS,
    }
    return render(request, "clinic/assessment.html", frame(request, "patients", within=True) | holds)


@require_POST
def settle(request: Any, patient: Any) -> HttpResponse:
    """One part of one answer: into the record, or aside with a word."""
    answer = IntakeAnswer.objects.filter(intake__patient=request.patient, pk=_uuid(request.POST.get("answer"))).first()
    question = questions().get(answer.question) if answer is not None else None
    if answer is None or question is None:
        raise Http404
    answer.intake.patient = request.patient
    day, part, now = answer.at.astimezone(zone_of(request.patient)).date(), request.POST.get("part", ""), timezone.now()
    may = next((one for one in proposals(question, answer.value, day) if one.part == part), None)
    if may is None:
        raise Http404
    try:
        if request.POST.get("how") == "aside":
            why = request.POST.get("why", "").strip()[:300] or "Not for the record"
            acting.set_aside(answer=answer, part=part, why=why, by=request.user, at=now)
        else:
            acting.settle(answer=answer, part=part, body=may.body, on=may.on, by=request.user, at=now)
            messages.success(request, f"Added: {may.words}.")
    except acting.NotNow as sorry:
        messages.error(request, str(sorry))
    return redirect("assessment", patient=request.patient.pk)


@require_POST
def gone_through(request: Any, patient: Any) -> HttpResponse:
    """A topic was gone through whole with her; or the whole intake is read."""
    now, topic = timezone.now(), request.POST.get("topic", "")
    if topic in dict(TOPICS):
        acting.went_through(
            patient=request.patient, topic=topic, on=today(request.patient, now), by=request.user, at=now
        )
        messages.success(request, "Noted: what is not there is not so.")
        return redirect("assessment", patient=request.patient.pk)
    intake = Intake.objects.filter(patient=request.patient).order_by("-sent_at").first()
    if intake is None:
        raise Http404
    intake.patient = request.patient
    try:
        acting.reviewed(intake=intake, by=request.user, at=now)
    except acting.NotNow as sorry:
        messages.error(request, str(sorry))
    return redirect("assessment", patient=request.patient.pk)


def _uuid(text: str | None) -> Any:
    from uuid import UUID

    try:
        return UUID(text or "")
    except ValueError:
        raise Http404 from None
