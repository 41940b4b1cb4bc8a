"""Something changed in her life: she says so in a few questions, and everything she takes is looked at the same day.

Her answers wait in her session until she sends them: nothing half-told is in the record. Chosen anew from the list, or
with another first answer, it is another change, and nothing said of the one before is carried into it. Nothing is
stopped by us, and no word here tells her what to take.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from althea.care import entries as said
from althea.care.actions import changes as acting
from althea.care.changes import (
    CHANGES,
    Change,
    answer,
    asked,
    before_a_birth,
    in_words,
    not_recognised,
    rather_talk,
    telling,
)
from althea.care.days import today
from althea.care.facts import chart_of, facts_for
from althea.care.intake.questions import NONE, RATHER, UNKNOWN, NotRead, Question
from althea.care.intake.said import HOW
from althea.care.known import knowledge
from althea.care.models import Entry, Order
from althea.care.named import name_of
from althea.care.schedule import courses
from althea.portal.did_you_mean import Doubt, doubt_of
from althea.portal.frame import frame

KEPT, TOLD, ANEW = "changes", "changes_told", "anew"
"""Where her answers wait, and what the page after sending says, in her session; and the list's word for beginning."""


@require_safe
def page(request: Any) -> HttpResponse:
    """What changed?  One thing at a time."""
    return render(request, "portal/changes.html", frame(request) | {"changes": CHANGES.values()})


@require_http_methods(["GET", "POST"])
def change(request: Any, what: str) -> HttpResponse:
    """Where she left off; all answered: what she said, to look over and send. From the list she begins anew."""
    one = _change(what)
    if ANEW in request.GET:
        _keep(request, what, {})
        return redirect("change", what=what)
    answers = _kept(request, what)
    takes = takes_now(request.patient) if one.id == "stopped" else []
    questions = asked(one, answers, [(key, name) for key, name, _ in takes])
    if one.id == "stopped" and not takes:
        return render(request, "portal/change_none.html", frame(request) | {"change": one})
    open_ = next((each for each in questions if each.id not in answers), None)
    if open_ is not None:
        return redirect("change-question", what=what, question=open_.id)
    taken = _taken(takes, answers)
    if request.method == "POST":
        _send(request, one, answers, taken)
        return redirect("changes-told")
    holds = {
        "change": one,
        "lines": [{"question": each, "said": in_words(each, answers[each.id])} for each in questions],
        "talk": rather_talk(one, answers),
        "stopping": stopping_words(request, taken),
        "unread": not_recognised(one, "what", answers.get("what", {}).get("value")),
        "patient": request.patient,
        "last": questions[-1].id,
    }
    return render(request, "portal/change_over.html", frame(request) | holds)


@require_http_methods(["GET", "POST"])
def question(request: Any, what: str, question: str) -> HttpResponse:
    """One question."""
    one, answers = _change(what), _kept(request, what)
    takes = takes_now(request.patient) if one.id == "stopped" else []
    questions = asked(one, answers, [(key, name) for key, name, _ in takes])
    at = next((number for number, each in enumerate(questions) if each.id == question), None)
    if at is None:
        raise Http404
    asked_ = questions[at]
    if request.method == "GET":
        return _shown(request, one, questions, at, answers.get(question), "")
    try:
        on = today(request.patient, timezone.now())
        given = answer(asked_, request.POST, on, request.patient.born_on)
        if one.id == "pregnancy" and question in ("weeks", "due"):
            born = facts_for(request.patient, on).stage.delivered_on
            if wrong_day := before_a_birth(one, question, given["value"], born, on):
                raise NotRead(wrong_day)
    except NotRead as wrong:
        return _shown(request, one, questions, at, None, str(wrong))
    if doubt := doubt_of(not_recognised(one, question, given["value"]), request.POST, "value"):
        return _shown(request, one, questions, at, None, "", doubt)
    if at == 0 and answers.get(question, given) != given:
        answers = {}  # of something else now: what was said of the one before is not said of it
    answers = _keep(request, what, {**answers, question: given})
    after = asked(one, answers)
    later = [each.id for each in after][[each.id for each in after].index(question) + 1 :]
    open_ = next((each for each in later if each not in answers), None)
    return redirect("change-question", what=what, question=open_) if open_ else redirect("change", what=what)


@require_safe
def told(request: Any) -> HttpResponse:
    """Thank you; who sees it and when; and whom to call."""
    what = request.session.get(TOLD)
    if what is None:
        return redirect("my-changes")
    return render(request, "portal/change_told.html", frame(request) | {"told": what, "patient": request.patient})


def takes_now(patient: Any) -> list[tuple[str, str, Order | Entry]]:
    """(key, name, which) of what she takes or may still take: by her signed orders, then what comes from elsewhere. An
    order and the one that is to take its place are one, by the one that holds today."""
    chart, on = chart_of(patient), today(patient, timezone.now())
    found: list[tuple[str, str, Order | Entry]] = []
    for course in courses(chart.orders, on):
        begun = course.now(on)
        order = begun.order if begun is not None else course.orders[0]
        found.append((str(order.pk), knowledge().name_of(order.medicine).capitalize(), order))
    found += [
        (str(entry.pk), name_of(body).capitalize(), entry)
        for entry, body in chart.of(said.Medicine)
        if body.running is not False
    ]
    return found


def stopping_words(request: Any, taken: Order | Entry | None) -> list[dict[str, str]]:
    """What the label or guideline says of stopping this at once, in words for her, with the source."""
    if taken is None:
        return []
    found = acting.on_stopping(request.patient, taken, timezone.now())
    return [{"words": one.for_her, "source": _source(one.sources)} for one in found]


def _source(sources: tuple[str, ...]) -> str:
    titles = [knowledge().sources[key.partition("#")[0]].title for key in sources[:1]]
    return titles[0] if titles else ""


def _send(request: Any, one: Change, answers: dict[str, Any], taken: Order | Entry | None) -> None:
    """One action, and what the next page says of it."""
    patient, at = request.patient, timezone.now()
    on = today(patient, at)
    critical, look, unread = False, False, list[str]()
    if rather_talk(one, answers) and not one.gone:
        acting.asked_to_talk(patient=patient, about=one.about, by=request.user, at=at, tell=one.talk_soon)
    elif taken is not None:
        since = answers["since"]["value"]
        why = answers["why"]["value"]
        came = acting.stopped(
            patient=patient, taken=taken, on=date.fromisoformat(since) if since else on,
            why=why if why and why != NONE else "", origin="hers", by=request.user, at=at,
        )  # fmt: skip
        critical, look = came.critical, bool(came.new)
    else:
        what = telling(one, answers, on)
        came = acting.tell(
            patient=patient, bodies=what.bodies, words=what.words, origin="hers", by=request.user, at=at,
            to=what.to or one.to, now=what.now, action=what.action,
        )  # fmt: skip
        critical, look = came.critical or came.possibly_pregnant, bool(came.new)
        unread = [each.words for each in came.unread]
    _keep(request, one.id, {})
    request.session[TOLD] = {
        "what": one.id,
        "lost": answers.get("status", {}).get("value") == "lost",
        "call": critical,
        "look": look and not critical,
        "unread": unread,
        "stopping": stopping_words(request, taken) if taken is not None else [],
    }


def _change(what: str) -> Change:
    found = CHANGES.get(what)
    if found is None:
        raise Http404
    return found


def _kept(request: Any, what: str) -> dict[str, Any]:
    found: dict[str, Any] = request.session.get(KEPT, {}).get(what, {})
    return found


def _keep(request: Any, what: str, answers: dict[str, Any]) -> dict[str, Any]:
    request.session[KEPT] = request.session.get(KEPT, {}) | {what: answers}
    return answers


def _taken(takes: list[tuple[str, str, Order | Entry]], answers: dict[str, Any]) -> Order | Entry | None:
    wanted = answers.get("which", {}).get("value")
    return next((one for key, _, one in takes if key == wanted), None)


def _shown(
    request: Any,
    one: Change,
    questions: list[Question],
    at: int,
    given: dict[str, Any] | None,
    wrong: str,
    doubt: Doubt | None = None,
) -> HttpResponse:
    """`wrong`: why what she sent cannot be kept. `doubt`: it can, and she is asked first what she meant."""
    asked_ = questions[at]
    sent = request.POST if wrong or doubt else None
    value = given["value"] if given is not None else None
    if sent is not None:
        value = sent.getlist("value") if asked_.kind == "methods" else sent.get("value", "")
    how = sent.get("how", "") if sent is not None else (given or {}).get("said", "")
    hows = [
        *([(NONE, asked_.none)] if asked_.none else []),
        *([(key, HOW[key]) for key, may in ((UNKNOWN, asked_.unknown), (RATHER, asked_.rather)) if may]),
    ]
    holds = {
        "change": one,
        "question": asked_,
        "at": at + 1,
        "of": len(questions),
        "before": reverse("change-question", kwargs={"what": one.id, "question": questions[at - 1].id})
        if at
        else reverse("my-changes"),
        "wrong": wrong,
        "doubt": doubt,
        "hows": hows,
        "how": NONE if value == NONE else how,
        "chosen": value or [],
        "value": "" if value in (None, NONE) else value,
    }
    return render(request, "portal/change_question.html", frame(request) | holds)
