"""Who needs my judgement today, and why?  The worklist, most urgent first, and the day's visits."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from althea.care.access import hers_to_see, without_a_team
from althea.care.actions import people
from althea.care.actions.worklist import ORDER
from althea.care.days import moment, today, zone_of
from althea.care.models import CheckIn, Role, Visit, WorklistItem
from althea.clinic.frame import frame
from althea.clinic.sign_off import not_finished
from althea.clinic.worklist_rows import about, row_of

SHOWN = 60
"""Lines of one group at most: sixty overdue labs hide no message. How many there are in all is said."""
FILTERS = (("all", "All"), ("perinatal", "Pregnant or postpartum"), ("visit", "Visit today"))
COUNTED = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


@require_safe
def page(request: Any) -> HttpResponse:
    member, now = request.who.member, timezone.now()
    on, zone = today(member.clinic, now), zone_of(member.clinic)
    items = open_items(member)
    cut = {item.group: item.of for item in items if item.of > SHOWN}
    visits = day_visits(member, on)
    labs = {item.patient_id for item in items if item.group == WorklistItem.Group.LABS}
    known = about({item.patient_id for item in items}, on, labs=labs)
    seen_today = {visit.patient_id for visit in visits}
    comes = {visit.patient_id: visit for visit in reversed(visits) if visit.done_at is None}
    rows = [
        row_of(held, known[her], comes.get(her), now, on, zone)
        for held in by_woman(items)
        for her in (held[0].patient_id,)
    ]
    wanted = request.GET.get("show", "all")
    tests = {
        "all": lambda row: True,
        "perinatal": lambda row: row["stage"].group in ("pregnant", "postpartum"),
        "visit": lambda row: row["patient"] in seen_today,
    }
    wanted = wanted if wanted in tests else "all"
    shown = [row for row in rows if tests[wanted](row)]
    upcoming = next((visit for visit in visits if visit.at >= now and visit.done_at is None), None)
    begun, others = not_finished(member)
    holds = {
        "on": on,
        "zone": zone,
        "lead": lead(rows, upcoming, zone, decides=member.role == Role.PRESCRIBER),
        "groups": [
            (label, [row for row in shown if row["group"] == key], cut.get(key, 0))
            for key, label in ((one, WorklistItem.Group(one).label) for one in ORDER)
            if any(row["group"] == key for row in shown)
        ],
        "filters": [
            {
                "label": label,
                "url": f"?show={key}",
                "current": key == wanted,
                "count": f"{sum(map(tests[key], rows))}{'+' if cut else ''}",
            }
            for key, label in FILTERS
        ],
        "visits": [(visit, visit is upcoming, words) for visit, words in said_of(visits, upcoming, items)],
        "now": now,
        "past": upcoming is None,
        "day_side": f"{len(visits)} visit{'' if len(visits) == 1 else 's'}" if visits else "",
        "nobody": nobody_looks_after(member),
        "begun": begun,
        "others": others,
        "may_prescribe": member.role == Role.PRESCRIBER,
    }
    return render(request, "clinic/today.html", frame(request, "today") | holds)


def nobody_looks_after(member: Any) -> list[Any]:
    """Women of the clinic without a team, for those who are told of them then, the loudest first; `waits`: how much is
    open of each, `loud`: how much of it cannot wait."""
    if member.role != Role.PRESCRIBER:
        return []
    open_ = Q(worklist__closed_at__isnull=True)
    loud = open_ & Q(worklist__group=WorklistItem.Group.CANNOT_WAIT)
    rows = without_a_team(member.clinic).annotate(
        waits=Count("worklist", filter=open_), loud=Count("worklist", filter=loud)
    )
    return list(rows.order_by("-loud", "-waits", "name", "pk")[:SHOWN])


@require_POST
def look_after(request: Any, her: Any) -> HttpResponse:
    """One of these is mine from now on. Where a colleague was sooner she is theirs, and nothing happens."""
    found = without_a_team(request.who.member.clinic).filter(pk=her).first()
    if found is None:
        messages.error(request, "Somebody looks after her by now. Nothing was changed.")
        return redirect("today")
    people.join_team(patient=found, member=request.who.member, by=request.user, at=timezone.now())
    messages.success(request, f"You look after {found.first_name} now.")
    return redirect("chart", patient=found.pk)


def open_items(member: Any) -> list[Any]:
    """What is open of her own patients, loudest group first, then by day; `of`: how many there are in its group. One
    query."""
    order = Case(
        *(When(group=key, then=Value(at)) for at, key in enumerate(ORDER)),
        output_field=IntegerField(),
    )
    rows = WorklistItem.objects.filter(patient__in=hers_to_see(member), closed_at__isnull=True)
    by = F("group")
    place = Window(RowNumber(), partition_by=by, order_by=("due_on", "opened_at", "pk"))
    rows = rows.annotate(rank=order, of=Window(Count("pk"), partition_by=by), place=place).filter(place__lte=SHOWN)
    return list(rows.select_related("patient").order_by("rank", "due_on", "opened_at", "pk"))


def by_woman(items: list[WorklistItem]) -> list[list[WorklistItem]]:
    """What concerns one woman in one group is one line: she is called once, whatever speaks for it."""
    together: dict[tuple[str, Any], list[WorklistItem]] = {}
    for item in items:
        together.setdefault((item.group, item.patient_id), []).append(item)
    return list(together.values())


def day_visits(member: Any, on: date) -> list[Any]:
    """The visits of a day; `checked`: she sent a check-in on it."""
    start = moment(member.clinic, on, time(0))
    end = start + timedelta(days=1)
    sent = CheckIn.objects.filter(patient=OuterRef("patient"), done_at__gte=start, done_at__lt=end)
    rows = Visit.objects.filter(member=member, at__gte=start, at__lt=end).annotate(checked=Exists(sent))
    return list(rows.select_related("patient").order_by("at"))


def said_of(visits: list[Any], upcoming: Any, items: list[WorklistItem]) -> list[tuple[Visit, str]]:
    """What each visit is for; of those to come, what she did for it: her check-in of today, her words that wait."""
    wrote = {item.patient_id for item in items if item.reason == "message"}
    told = []
    for visit in visits:
        lasts = visit is upcoming and " min" not in visit.what
        words = f"{visit.what}, {visit.minutes} min" if lasts else visit.what
        if visit.done_at is None:
            words += ". Check-in done today" if visit.checked else ""
            words += ". Her message waits" if visit.patient_id in wrote else ""
            words += "." if words.count(". ") else ""
        told.append((visit, words))
    return told


def lead(rows: list[dict[str, Any]], upcoming: Visit | None, zone: Any, *, decides: bool) -> str:
    """What the day asks, in words that are true: who does not prescribe decides on no medicine."""
    waiting = len({row["patient"] for row in rows if row["group"] == WorklistItem.Group.CANNOT_WAIT})
    count = COUNTED[waiting] if waiting < len(COUNTED) else str(waiting)
    who, what = "woman needs" if waiting == 1 else "women need", "a decision from you" if decides else "you"
    words = f"{count} {who} {what} today." if waiting else "Nothing that can't wait."
    if upcoming is None:
        return f"{words} No more visits today."
    at: datetime = upcoming.at.astimezone(zone)
    return f"{words} Your next visit is {upcoming.patient.first_name} at {at:%H:%M}."
