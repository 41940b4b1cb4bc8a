"""What can I choose between?  Her options, in the order of what matters to her; and what she thinks so far.

Nothing is chosen beforehand and nothing starts here. What she taps and writes is saved for her visit, on as many
evenings as she likes; what she wrote before is there again. Every word and number is of the offer as it was shared.
"""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from althea.care.actions import offer as acting
from althea.care.actions.decide import decision_of
from althea.care.choosing import in_words, talk_first
from althea.care.days import today, zone_of
from althea.care.facts import chart_of
from althea.care.models import Entry, Offer, OfferReply, Patient, Visit
from althea.care.typed import Text
from althea.engine.options_order import in_order_of, topics_of
from althea.look.comparison import laid_out
from althea.portal.frame import frame

UNSURE = "unsure"
SAVED = "Saved for your visit. You can change it any evening."
NOTHING_YET = "Nothing is chosen yet, and that is fine. Come back any evening."
TALK_FIRST = "Something changed since this was prepared. Talk with us before you choose it."
CLOSED = "These options are closed now. What you wrote is below. Bring it to your visit, or send it as a message."


@require_http_methods(["GET", "POST"])
def page(request: Any) -> HttpResponse:
    offered, is_open = _hers(request.patient)
    request.open_offer = offered if is_open else None  # the tabs need not ask again
    if offered is None:
        return render(request, "portal/options_none.html", frame(request, "options"))
    replies = list(offered.replies.order_by("-at"))
    if request.method == "GET":
        last = replies[0] if replies else None
        values = last.values if last is not None else offered.options.get("values", [])
        leaning = "" if last is None else last.leaning or UNSURE
        questions = last.questions if last is not None else ""
        return _shown(request, offered, is_open, replies, values=values, leaning=leaning, questions=questions)
    sent = request.POST
    typed: dict[str, Any] = {
        "values": sent.getlist("value"), "leaning": sent.get("leaning", ""), "questions": sent.get("questions", ""),
    }  # fmt: skip
    if not is_open or sent.get("offer", "") != str(offered.pk):
        return _shown(request, offered, is_open, replies, wrong=CLOSED, status=409, **typed)
    if "toggle" in sent:
        typed["values"] = _tapped(typed["values"], sent["toggle"], topics_of(offered.options))
        return _shown(request, offered, is_open, replies, not_saved=True, **typed)
    try:
        questions = Text().clean(typed["questions"])
        leaning = "" if typed["leaning"] == UNSURE else typed["leaning"]
        given = {"values": typed["values"], "leaning": leaning, "questions": questions}
        acting.reply(offer=offered, by=request.user, at=timezone.now(), **given)
    except forms.ValidationError as wrong:
        return _shown(request, offered, is_open, replies, wrong=" ".join(wrong.messages), **typed)
    except acting.NotNow as sorry:
        return _shown(request, offered, is_open, replies, wrong=str(sorry), **typed)
    chose = given["values"] or questions or sent.get("leaning")
    messages.success(request, SAVED if chose else NOTHING_YET)
    return redirect("options")


def _hers(patient: Patient) -> tuple[Offer | None, bool]:
    """(the newest she was shown, is it open). An open one stands before a closed one."""
    rows = Offer.objects.filter(patient=patient, shared_at__isnull=False).select_related("prepared_by")
    found = list(rows.order_by("-shared_at")[:1])
    if not found:
        return None, False
    found[0].patient = patient
    return found[0], found[0].closed_at is None


def _tapped(values: list[str], one: str, there: dict[str, str]) -> list[str]:
    """Tapped: it comes last; tapped again: it goes. What is no topic changes nothing."""
    kept = [value for value in dict.fromkeys(values) if value in there]
    if one not in there:
        return kept
    return [value for value in kept if value != one] if one in kept else [*kept, one]


def _said(last: OfferReply, offered: Offer, zone: tzinfo) -> str:
    """What she saved last, in one breath, beside the way to it."""
    on = last.at.astimezone(zone)
    option = in_words(offered.options, last.leaning) if last.leaning else ""
    return f"On {on.day} {on:%B} you {f'leaned towards {option}' if option else 'were not sure yet'}."


def _shown(
    request: Any, offered: Offer, is_open: bool, replies: list[OfferReply], *, values: list[str], leaning: str,
    questions: str, wrong: str = "", not_saved: bool = False, status: int = 200,
) -> HttpResponse:  # fmt: skip
    now, patient = timezone.now(), request.patient
    talk = talk_first(offered, chart_of(patient), today(patient, now)) if is_open else {}
    there = topics_of(offered.options)
    ranked = [one for one in dict.fromkeys(values) if one in there]
    comparison = laid_out(in_order_of(offered.options, ranked))
    visit = Visit.objects.filter(patient=patient, at__gte=now, done_at__isnull=True).order_by("at")
    decision: Entry | None = None if is_open else decision_of(offered)
    names = [
        (one["id"], one["name"], TALK_FIRST if one["id"] in talk else one["because"][0] if one["because"] else "")
        for one in comparison.options
    ]
    holds = {
        "offer": offered,
        "open": is_open,
        "comparison": comparison,
        "matters": [
            *((one, there[one], rank) for rank, one in enumerate(ranked, 1)),
            *((one, name, 0) for one, name in there.items() if one not in ranked),
        ],
        "said": _said(replies[0], offered, zone_of(patient)) if replies else "",
        "values": ranked,
        "leaning": leaning,
        "leanings": [*names, (UNSURE, "I'm not sure yet", "")],
        "questions": questions,
        "earlier": [one for one in replies[1:] if one.questions],
        "visit": visit.select_related("member__user").first(),
        "zone": zone_of(patient),
        "prescriber": offered.prepared_by,
        "decided": decision,
        "wrong": wrong,
        "not_saved": not_saved,
        "talk": talk,
        "talk_first": TALK_FIRST,
        "held": len(offered.options.get("not_without_a_talk", ())),
    }
    return render(request, "portal/options.html", frame(request, "options") | holds, status=status)
