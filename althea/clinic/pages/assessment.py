"""What did she tell before the first visit, and what of it becomes her record?  One click each, by a person."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from althea.care import entries as said
from althea.care.actions import intake as acting
from althea.care.days import today, zone_of
from althea.care.entries import LONGEST
from althea.care.facts import Chart, chart_of
from althea.care.intake.proposals import Proposal, proposals
from althea.care.intake.questions import UNKNOWN, Question, questions, sections
from althea.care.intake.recorded import in_words
from althea.care.intake.said import said_in_words
from althea.care.known import knowledge
from althea.care.models import Intake, IntakeAnswer, IntakeSettled
from althea.clinic import looked_at_first
from althea.clinic.entry_form import EntryForm, may_edit
from althea.clinic.frame import frame
from althea.clinic.heading import allergies, heading

TOPICS = (
    ("medicines", "All her medicines, now and before"),
    ("conditions", "All her illnesses"),
    ("allergies", "All her allergies"),
    ("observations", "All results we know of"),
)
LONGEST_WORD = 300
FIRST, WORDS = "first", "words"


@require_safe
def page(request: Any, patient: Any) -> HttpResponse:
    """Her answers by section, each beside what it may become; those that change what is safe stand before all."""
    intake = Intake.objects.filter(patient=request.patient).order_by("-sent_at").first()
    rows = _answers(intake)
    chart, on = chart_of(request.patient), today(request.patient, timezone.now())
    parts = _parts(chart, intake, rows)
    over = intake is not None and intake.state == Intake.State.REVIEWED
    days = {timezone.localtime(line["answer"].at).date() for part in parts for line in part["lines"]}
    holds = {
        "intake": intake,
        "parts": parts,
        "waiting": sum(one["waiting"] for one in parts),
        "to_ask": 0 if over else sum(line["to_ask"] for part in parts for line in part["lines"]),
        "one_day": days.pop() if len(days) == 1 else None,
        "not_answered": looked_at_first.not_answered(rows) if rows and not over else [],
        "topics": _topics(chart),
    }
    above = heading(request, chart, on, "assessment")
    if above["allergies"][1] != "warn" and (names := _told_allergies(parts)):
        above["allergies"] = f"Told: {', '.join(names)}. Not yet in her record", "warn"
    elif "allergies" in rows and rows["allergies"].said == UNKNOWN:
        above["allergies"] = allergies(chart, "not known to her")
    return render(request, "clinic/assessment.html", above | holds)


def _told_allergies(parts: list[dict[str, Any]]) -> list[str]:
    """What she says gave her a reaction, as long as nobody has settled it."""
    may_become = [may for part in parts for line in part["lines"] for may in line["may_become"]]
    return [may["body"].text for may in may_become if isinstance(may["body"], said.Allergy) and may["settled"] is None]


def _topics(chart: Chart) -> list[tuple[str, str, date | None]]:
    """What can be gone through with her, and the day it last was."""
    days: dict[str, date] = {}
    for entry, body in chart.of(said.Looked):
        days.setdefault(body.topic, entry.on)
    return [(key, label, days.get(key)) for key, label in TOPICS]


def _answers(intake: Intake | None) -> dict[str, IntakeAnswer]:
    """The newest answer to each question."""
    return {} if intake is None else {row.question: row for row in intake.answers.order_by("at")}


def _parts(chart: Chart, intake: Intake | None, rows: dict[str, IntakeAnswer]) -> list[dict[str, Any]]:
    """What to look at first, then what she wrote in her own words, whatever she was asked, for a person reads it and
    nothing else does; then the sections, each with an answer in it. One query."""
    if not rows:
        return []
    settled = {(one.answer_id, one.part): one for one in IntakeSettled.objects.filter(answer__intake=intake)}
    zone = zone_of(chart.patient)
    first: list[dict[str, Any]] = []
    words: list[dict[str, Any]] = []
    parts: list[dict[str, Any]] = [
        {"id": FIRST, "title": "Look at these first", "lines": first},
        {"id": WORDS, "title": "In her words", "lines": words},
    ]
    for section in sections():
        lines: list[dict[str, Any]] = []
        for one in (one for one in section.questions if one.id in rows):
            line = _line(one, rows[one.id], settled, zone, chart)
            (first if line["about"] else words if line["hers"] else lines).append(line)
        parts.append({"id": section.id, "title": section.of_her or section.title, "lines": lines})
    for part in parts:
        part["waiting"] = sum(may["settled"] is None for line in part["lines"] for may in line["may_become"])
    first.sort(key=lambda line: looked_at_first.ORDER.index(line["about"]))
    return [part for part in parts if part["lines"]]


def _line(
    one: Question, row: IntakeAnswer, settled: dict[Any, IntakeSettled], zone: Any, chart: Chart
) -> dict[str, Any]:  # fmt: skip
    """An answer, what it may become, and what it is about where it is looked at first. `to_ask`: she does not know."""
    items = _items(one, row.value)
    may_become = [
        {
            "words": may.words,
            "part": may.part,
            "body": may.body,
            "settled": (done := settled.get((row.pk, may.part))),
            "other": _other(may.body, done, chart) if done is not None and done.entry_id else "",
            "may_edit": may_edit(may.body),
        }
        for may in proposals(one, row.value, row.at.astimezone(zone).date(), row.said)
    ]
    return {
        "question": one,
        "answer": row,
        "said": said_in_words(one, row),
        "hers": one.kind == "words" and bool(row.value),
        "about": looked_at_first.why_first(one, row, items["urgent"]),
        "to_ask": row.said == UNKNOWN and not any(may["settled"] for may in may_become),
        "may_become": may_become,
        **items,
    }


def _other(told: said.Body, done: IntakeSettled, chart: Chart) -> str:
    """What her record says of it now, where that is something else than she told; empty: the same."""
    stands = next((body for entry, body in chart.entries if done.entry_id in (entry.pk, entry.supersedes_id)), None)
    if stands is None:
        return "Added, and changed or taken out since"
    return "" if in_words(stands) == in_words(told) else f"In her record: {in_words(stands)}"


def _items(question: Question, value: Any) -> dict[str, list[tuple[str, str]]]:
    """Of a scale: each answer in words, and apart from them those that a person must see today."""
    if question.kind != "scale" or not isinstance(value, dict):
        told = [text for key, text in question.options if key == value and key in question.harm]
        return {"items": [], "urgent": [(text, "") for text in told]}
    scale = knowledge().scales[question.scale]
    given = [(item, value[item.id]) for item in scale.items if item.id in value]
    shown = [(item, (item.text or item.id, _choice(scale, number)), number) for item, number in given]
    urgent = [words for item, words, number in shown if item.critical_from is not None and number >= item.critical_from]
    return {"items": [words for _, words, _ in shown], "urgent": urgent}


def _choice(scale: Any, number: int) -> str:
    """The words she chose, where the scale's may be shown; its number anyway."""
    words = scale.choices[number] if 0 <= number < len(scale.choices) else ""
    return f"{words} ({number})" if words else str(number)


def _answer(request: Any, key: object) -> tuple[IntakeAnswer, Question]:
    """An answer of hers and its question. Another woman's does not exist here."""
    found = IntakeAnswer.objects.filter(intake__patient=request.patient, pk=_uuid(key)).select_related("intake").first()
    question = questions().get(found.question) if found is not None else None
    if found is None or question is None:
        raise Http404
    found.intake.patient = request.patient
    return found, question


def _proposal(answer: IntakeAnswer, question: Question, part: str) -> Proposal:
    day = answer.at.astimezone(zone_of(answer.intake.patient)).date()
    may = next((one for one in proposals(question, answer.value, day, answer.said) if one.part == part), None)
    if may is None:
        raise Http404
    return may


@require_POST
def settle(request: Any, patient: Any) -> HttpResponse:
    """One part of one answer: into the record, or aside with a word."""
    answer, question = _answer(request, request.POST.get("answer"))
    part, now = request.POST.get("part", ""), timezone.now()
    may = _proposal(answer, question, part)
    try:
        if request.POST.get("how") == "aside":
            why = request.POST.get("why", "").strip()
            if len(why) > LONGEST_WORD:
                return render(request, "clinic/assessment_aside.html", _aside(request, answer, may, question, why))
            acting.set_aside(answer=answer, part=part, why=why or "Not for the record", by=request.user, at=now)
        else:
            acting.settle(answer=answer, part=part, body=may.body, on=may.on, by=request.user, at=now)
            messages.success(request, f"Added: {may.words}.")
    except acting.NotNow as sorry:
        messages.error(request, str(sorry))
    return redirect("assessment", patient=request.patient.pk)


def _aside(request: Any, answer: IntakeAnswer, may: Proposal, question: Question, why: str) -> dict[str, Any]:
    holds = {"patient": request.patient, "answer": answer, "may": may, "question": question, "why": why}
    return frame(request, "patients", within=True) | holds


@require_http_methods(["GET", "POST"])
def edit(request: Any, patient: Any, answer: Any) -> HttpResponse:
    """The proposed entry in a form: look it over, put it right, then add it."""
    row, question = _answer(request, answer)
    part = request.POST.get("part", "") if request.method == "POST" else request.GET.get("part", "")
    may = _proposal(row, question, part)
    if not may_edit(may.body):
        raise Http404
    form = EntryForm(may.body, may.on, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        on, now = form.cleaned_data["on"], timezone.now()
        try:
            acting.settle(answer=row, part=part, body=form.body, on=on, by=request.user, at=now)
            messages.success(request, "Added, as you put it.")
        except acting.NotNow as sorry:
            messages.error(request, str(sorry))
        return redirect("assessment", patient=request.patient.pk)
    holds = {
        "patient": request.patient,
        "form": form,
        "part": part,
        "question": question,
        "said": said_in_words(question, row),
        "words": may.words,
    }
    return render(request, "clinic/assessment_edit.html", frame(request, "patients", within=True) | holds)


@require_POST
def settle_section(request: Any, patient: Any) -> HttpResponse:
    """Everything of one section that is not settled yet, with one click; what is looked at first is added by itself."""
    intake = Intake.objects.filter(patient=request.patient).order_by("-sent_at").first()
    section = next((one for one in sections() if one.id == request.POST.get("section")), None)
    if intake is None or section is None:
        raise Http404
    intake.patient = request.patient
    rows = _answers(intake)
    zone, wanted = zone_of(request.patient), []
    for question in section.questions:
        answer = rows.get(question.id)
        if answer is not None and not _waits_apart(question, answer):
            answer.intake = intake
            day = answer.at.astimezone(zone).date()
            told = proposals(question, answer.value, day, answer.said)
            wanted += [(answer, may.part, may.body, may.on) for may in told]
    done = acting.settle_all(wanted=wanted, by=request.user, at=timezone.now())
    messages.success(
        request, f"Added: {done} of “{section.of_her or section.title}”." if done else "All of it was settled already."
    )
    return redirect("assessment", patient=request.patient.pk)


def _waits_apart(question: Question, answer: IntakeAnswer) -> bool:
    return bool(looked_at_first.why_first(question, answer, _items(question, answer.value)["urgent"]))


@require_POST
def ask(request: Any, patient: Any) -> HttpResponse:
    """Ask her about an answer, as a message to her."""
    answer, question = _answer(request, request.POST.get("answer"))
    words = request.POST.get("words", "").strip()
    if not words or len(words) > LONGEST:
        wrong = "Write what you want to ask." if not words else f"That is {len(words):,} characters of {LONGEST:,}."
        holds = {"patient": request.patient, "answer": answer, "question": question, "words": words, "wrong": wrong}
        return render(request, "clinic/assessment_ask.html", frame(request, "patients", within=True) | holds)
    acting.ask(answer=answer, asked=question.text, words=words, by=request.user, at=timezone.now())
    messages.success(request, "Sent to her. Her answer comes to your messages.")
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


def _uuid(text: object) -> Any:
    try:
        return text if isinstance(text, UUID) else UUID(str(text or ""))
    except ValueError:
        raise Http404 from None
