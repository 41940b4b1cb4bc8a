"""What do women write to us, and what do we answer?"""

from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.db.models import OuterRef, QuerySet, Subquery, UUIDField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from althea.care import entries as said
from althea.care.access import hers_to_see
from althea.care.actions import message
from althea.care.days import age, today, zone_of
from althea.care.entries import LONGEST
from althea.care.facts import Chart, chart_of
from althea.care.models import CheckIn, CheckInAnswer, Message, Origin
from althea.care.stage_words import StageChip
from althea.clinic.at_a_glance import stages_of
from althea.clinic.frame import frame
from althea.clinic.heading import heading
from althea.look.words import dated

SHOWN = 50
LINE = 140
WORDS = "words:"
"""How the reason of an item begins that the words of a check-in opened."""


@require_safe
def everybody(request: Any) -> HttpResponse:
    """The women one looks after who wrote, the newest first, with the last line of each."""
    last = Message.objects.filter(patient=OuterRef("pk")).order_by("-at")
    rows = (
        hers_to_see(request.who.member)
        .annotate(
            wrote=Subquery(last.values("at")[:1]),
            line=Subquery(last.values("body")[:1]),
            hers=Subquery(last.values("from_her")[:1]),
            sender=Subquery(last.values("sender")[:1], output_field=UUIDField()),
        )
        .filter(wrote__isnull=False)
        .order_by("-wrote")[:SHOWN]
    )
    on, zone = today(request.who.member.clinic, timezone.now()), zone_of(request.who.member.clinic)
    stages = stages_of([one.pk for one in rows], on)
    shown = [_row(one, stages[one.pk], request.user, on, zone) for one in rows]
    return render(request, "clinic/messages.html", frame(request, "clinic-messages") | {"rows": shown})


def _row(one: Any, stage: StageChip, me: Any, on: date, zone: ZoneInfo) -> dict[str, Any]:
    """A woman with the last line, as `_worklist_row.html` takes it: her words in quotes, the others with who wrote."""
    words, url = " ".join(one.line.split()), reverse("messages-of", kwargs={"patient": one.pk})
    words = f"{words[:LINE].rstrip()}…" if len(words) > LINE else words
    by = "You" if one.sender == me.pk else "The clinic"
    return {
        "name": one.name,
        "url": url,
        "why": f"“{words}”" if one.hers else f"{by}: {words}",
        "icon": "message-circle",
        "css": "plum" if one.hers else "base",
        "age": age(one.born_on, on),
        "stage": stage,
        "when": f"{one.wrote.astimezone(zone):%a %-d %b, %H:%M}{', waits for an answer' if one.hers else ''}",
        "action": {"label": "Reply" if one.hers else "Open", "url": url},
    }


class Write(forms.Form):
    body = forms.CharField(
        label="Your message",
        max_length=LONGEST,
        help_text="She reads it on her phone. Her lock screen shows none of it.",
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Write a few words first."},
    )


@require_http_methods(["GET", "POST"])
def hers(request: Any, patient: Any) -> HttpResponse:
    """All that she and her team wrote to each other, and what she wrote in her check-ins. What is still open of it
    stands above the answer, which closes what is ticked there as the page showed it."""
    form = Write(request.POST or None)
    own = Message.objects.filter(patient=request.patient)
    if request.method == "POST" and form.is_valid():
        her, read = request.patient, _newest_shown(own, request.POST.get("read", ""))
        besides = _answered(request.POST.getlist("item"))
        given = {"by": request.user, "from_her": False, "at": timezone.now(), "answers": read, "besides": besides}
        message.write(patient=her, body=form.cleaned_data["body"], **given)
        again = read is not None and own.filter(from_her=True, at__gt=read.at).exists()
        again = again or (bool(besides) and message.told_elsewhere(her).filter(pk__in=besides).exists())
        messages.success(request, f"Sent to {her.first_name}.{' She wrote again meanwhile: read it.' if again else ''}")
        return redirect("messages-of", patient=her.pk)
    written = list(own.select_related("sender").order_by("-at")[:SHOWN])
    chart = chart_of(request.patient)
    lines = [{"at": one.at, "from_her": one.from_her, "body": one.body, "sender": one.sender} for one in written]
    rows = sorted([*lines, *_told(chart)], key=lambda one: one["at"], reverse=True)[:SHOWN]
    on = today(request.patient, timezone.now())
    holds = {"rows": rows, "form": form, "read": request.POST.get("read") or (written[0].pk if written else "")}
    holds["still_open"] = _still_open(request, on)
    above = heading(request, chart, on, "messages-of")
    return render(request, "clinic/messages_of.html", above | holds)


def _told(chart: Chart) -> list[dict[str, Any]]:
    """What she wrote elsewhere than in a message: the words of her check-ins, what her body noticed, and how near
    her goals are; in full."""
    rows = [(entry, body.words, "", body.sent) for entry, body in chart.of(said.Symptom)]
    rows += [(entry, body.what, "Side effect", body.sent) for entry, body in chart.of(said.SideEffect)]
    rows += [(entry, body.told, f"Her goal, {body.measure}", body.sent) for entry, body in chart.of(said.GoalTold)]
    return [
        {"at": entry.recorded_at, "from_her": True, "body": words, "what": what, "elsewhere": True,
         "unsent": sent is False}
        for entry, words, what, sent in rows
        if entry.origin == Origin.HERS
    ]  # fmt: skip


def _still_open(request: Any, on: date) -> list[dict[str, Any]]:
    """What she told elsewhere and nobody is done with, the words of a check-in whole. None is ticked beforehand: a
    message may be about something else, and what is closed by it she will not be asked about again."""
    items = list(message.told_elsewhere(request.patient))
    asked = [one for item in items if (one := _check_in_of(item)) is not None]
    mine = CheckInAnswer.objects.filter(check_in__in=asked, check_in__patient=request.patient)
    told = mine.filter(check_in__state=CheckIn.State.DONE, question="words")
    words = {f"{WORDS}{row.check_in_id}": row for row in told.select_related("check_in").order_by("at")}
    ticked, rows = request.POST.getlist("item"), []
    for item in items:
        key, row = f"{item.pk} {item.version}", words.get(item.reason)
        whole = {"day": row.check_in.due_on, "words": row.value} if row is not None else {"why": dated(item.why, on)}
        rows.append(whole | {"key": key, "ticked": key in ticked})
    return rows


def _check_in_of(item: Any) -> UUID | None:
    """The check-in whose words opened it. None: it names none, and stands there with its own line."""
    start, _, key = item.reason.partition(":")
    try:
        return UUID(key) if f"{start}:" == WORDS else None
    except ValueError:
        return None


def _answered(ticked: list[str]) -> dict[UUID, int]:
    """ "<id> 3": the items that were ticked, with the version that stood there. What is no such thing is none."""
    found = {}
    for one in ticked:
        with suppress(ValueError):
            key, version = one.split()
            found[UUID(key)] = int(version)
    return found


def _newest_shown(own: QuerySet[Message], key: str) -> Message | None:
    """The newest message that stood on the page of the answer. None: none did."""
    try:
        return own.filter(pk=UUID(key)).first()
    except ValueError:
        return None
