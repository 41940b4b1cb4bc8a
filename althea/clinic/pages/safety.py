"""What speaks against what anybody takes?  The latest look at everybody, by finding and life stage.

Only a member's own patients are counted and listed; the page says so. Dr Marchetti opens it at eight, sees what is
critical, opens one cell, and goes to one chart. At the end of the month she takes the list to a meeting.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from althea.care.actions import sweep as acting
from althea.care.days import today, zone_of
from althea.care.everyone import UNDER_WAY, UnderWay, lost
from althea.care.known import knowledge
from althea.care.models import Role, Sweep
from althea.clinic import panel
from althea.clinic.frame import frame
from althea.clinic.panel import LEVELS, STAGES, Asked
from althea.clinic.words import cited
from althea.look.levels import LEVELS as SHAPES

ON_A_PAGE = 20
ON_PAPER = 500
REASONS_SHOWN = 12
SOON = timedelta(seconds=90)
"""A worker that runs takes up a sweep well within this."""
OLD = timedelta(hours=36)
"""A nightly sweep that is older did not run last night."""
NAMES = {"critical": "Critical", "warning": "Warning", "info": "Information"}


@require_safe
def page(request: Any) -> HttpResponse:
    member, asked, now = request.who.member, Asked.of(request.GET), timezone.now()
    latest, under_way = sweeps(member.clinic)
    holds: dict[str, Any] = {
        "latest": latest,
        "zone": zone_of(member.clinic),
        "clinic": member.clinic,
        "progress": progress(under_way, now),
        "rules": f"{len(knowledge().rules):,}",
    }
    if latest is not None:
        rows = panel.findings(latest, member, asked)
        stages, heat = panel.heat(rows, asked)
        holds |= {
            "looked": panel.looked(latest, member, asked),
            "others": latest.total,
            "doubts": doubts(latest, now, runs=under_way is not None and not lost(under_way, now)),
            "filters": filters(member, asked, panel.counts(latest, member, asked)),
            "stages": [STAGES[one] for one in stages],
            "heat": heat,
            "address": asked.address(finding="", stage=""),
            **cell(request, latest, rows, heat, asked),
        }
        holds["missing"] = holds["looked"].missing[:REASONS_SHOWN]
        holds["missing_more"] = len(holds["looked"].missing) - len(holds["missing"])
    return render(request, "clinic/safety.html", frame(request, "safety") | holds)


def sweeps(clinic: Any) -> tuple[Sweep | None, Sweep | None]:
    """(the latest whole one, the one under way). One query."""
    rows = list(Sweep.objects.filter(clinic=clinic, state__in=(Sweep.State.DONE, *UNDER_WAY)))
    return (
        next((one for one in rows if one.state == Sweep.State.DONE), None),
        next((one for one in rows if one.state in UNDER_WAY), None),
    )


def progress(sweep: Sweep | None, now: Any) -> dict[str, Any] | None:
    """How far a sweep is, in words that are true of it. `ended`: nothing more will come of it."""
    if sweep is None:
        return None
    if lost(sweep, now) and sweep.state == Sweep.State.WAITING:
        return {"words": "It never began.", "more": "Nothing took it up. Is the worker running?", "ended": True}
    if lost(sweep, now):
        words = "It was interrupted" + (f" at {sweep.looked:,} of {sweep.total:,}." if sweep.total else ".")
        return {"words": words, "more": "What is shown below is the one before it. Run it again.", "ended": True}
    if sweep.state == Sweep.State.WAITING:
        late = now - sweep.asked_at > SOON
        more = "Nothing has taken it up yet. Is the worker running?" if late else "You can keep working."
        return {"words": "Waiting to begin", "more": more, "pk": sweep.pk, "looked": 0, "total": 1}
    left = _left(sweep, now)
    return {
        "words": f"Running: {sweep.looked:,} of {sweep.total:,}",
        "more": f"{left}You can keep working.",
        "pk": sweep.pk,
        "looked": sweep.looked,
        "total": max(sweep.total, 1),
    }


def doubts(latest: Sweep, now: Any, *, runs: bool) -> list[str]:
    """Why the latest sweep may not say how things are today; nothing: it does. `runs`: another is under way already."""
    found = []
    days = (now - latest.ended_at).days if latest.ended_at is not None else 0
    if latest.ended_at is not None and now - latest.ended_at > OLD:
        age = f"{days} days" if days > 1 else "more than a day"
        found.append(f"This is {age} old: the nightly sweep did not run. Ask who looks after the server.")
    if latest.knowledge != str(knowledge().stamp):
        again = "" if runs else " Run it again."
        found.append(f"It was made with knowledge {latest.knowledge}; today's is {knowledge().stamp}.{again}")
    return found


def _left(sweep: Sweep, now: Any) -> str:
    """ "About 20 seconds left. ", once it has done enough for that to be more than a guess."""
    if sweep.looked * 10 < sweep.total:
        return ""
    seconds = (now - sweep.asked_at).total_seconds() * (sweep.total - sweep.looked) / sweep.looked
    if seconds < 90:
        return f"About {max(10, round(seconds, -1)):.0f} seconds left. "
    return f"About {round(seconds / 60):.0f} minutes left. "


def filters(member: Any, asked: Asked, count: dict[str, int]) -> list[dict[str, Any]]:
    """Each a link that turns itself on or off: no script, no button."""
    shown = [
        {
            "label": NAMES[level],
            "icon": SHAPES[level].icon,
            "count": count[level],
            "current": level in asked.levels,
            "url": asked.address(levels=_toggled(asked.levels, level), finding="", stage=""),
        }
        for level in reversed(LEVELS)
    ]
    more: list[tuple[str, str, int | None]] = [
        ("open", "Not yet overridden", count["open"]),
        ("new", "New since last sweep", count["new"]),
    ]
    if member.role == Role.PRESCRIBER:
        more.insert(1, ("mine", "My panel only", None))
    return shown + [
        {
            "label": label,
            "count": number,
            "current": getattr(asked, name),
            "url": asked.address(**{name: not getattr(asked, name)}, finding="", stage=""),
        }
        for name, label, number in more
    ]


def _toggled(levels: tuple[str, ...], level: str) -> tuple[str, ...]:
    """With it or without it; the last one stays, for a page of nothing says nothing."""
    other = tuple(one for one in LEVELS if (one in levels) != (one == level))
    return other or levels


def cell(request: Any, sweep: Sweep, rows: Any, heat: list[dict[str, Any]], asked: Asked) -> dict[str, Any]:
    """The women behind one cell; without one, of the most urgent finding."""
    row = next((one for one in heat if one["key"] == asked.finding), heat[0] if heat else None)
    if row is None:
        return {"row": None}
    stage = asked.stage if row["key"] == asked.finding else ""
    rows = rows.filter(rule=row["rule"], **({"stage": stage} if stage else {}))
    number = request.GET.get("page", "1")
    at = int(number) if number.isdigit() and 0 < int(number) < 10_000 else 1
    member, on = request.who.member, today(request.who.member.clinic, timezone.now())
    found = list(panel.women(rows, on, member)[(at - 1) * ON_A_PAGE : at * ON_A_PAGE + 1])
    here = asked.address(finding=row["key"], stage=stage)
    rule = knowledge().rules.get(row["rule"])
    source = next(iter(cited(rule.sources, knowledge())), None) if rule is not None else None
    return {
        "row": row,
        "stage": f"{panel.in_full(stage)}:" if stage else "",
        "every_stage": asked.address(finding=row["key"], stage="") + "#women" if stage else "",
        "here": here,
        "count": row["by"].get(stage, 0) if stage else row["women"],
        "lines": [panel.line(one, sweep, on) for one in found[:ON_A_PAGE]],
        "more": f"{here}&page={at + 1}#women" if len(found) > ON_A_PAGE else "",
        "before": f"{here}&page={at - 1}#women" if at > 1 else "",
        "why": rule.why if rule is not None else "This rule has left the knowledge since. Run it again.",
        "source": source,
    }


@require_safe
def poll(request: Any) -> HttpResponse:
    """The progress row by itself, asked each second by the page; nothing of a person is in it."""
    latest, under_way = sweeps(request.who.member.clinic)
    holds = {"progress": progress(under_way, timezone.now()), "latest": latest, "ended": under_way is None}
    return render(request, "clinic/_sweep_progress.html", holds)


@require_POST
def run(request: Any) -> HttpResponse:
    try:
        acting.ask(clinic=request.who.member.clinic, by=request.user, at=timezone.now())
    except UnderWay:
        messages.info(request, "It is running already.")
    return redirect("safety")


@require_POST
def stop(request: Any) -> HttpResponse:
    _, under_way = sweeps(request.who.member.clinic)
    if under_way is not None and acting.stop(sweep=under_way, by=request.user, at=timezone.now()):
        messages.success(request, "Stopped. The findings of the sweep before it are shown.")
    return redirect("safety")


@require_safe
def export(request: Any) -> HttpResponse:
    """Asks first: a file of health information leaves Althea."""
    member, asked = request.who.member, Asked.of(request.GET)
    latest, _ = sweeps(member.clinic)
    count = panel.findings(latest, member, asked).count() if latest is not None else 0
    holds = {"count": count, "asked": asked, "levels": [NAMES[one].lower() for one in reversed(asked.levels)],
             "address": asked.address(finding="", stage="")}  # fmt: skip
    return render(request, "clinic/safety_export.html", frame(request, "safety", within=True) | holds)


@require_POST
def file(request: Any) -> HttpResponse:
    """The file itself, of her own patients only, with a row in the trail."""
    member, asked, now = request.who.member, Asked.of(request.POST), timezone.now()
    latest, _ = sweeps(member.clinic)
    on = today(member.clinic, now)
    lines: Iterable[dict[str, Any]] = ()
    if latest is not None:
        rows = panel.women(panel.findings(latest, member, asked), on, member)
        lines = (panel.line(row, latest, on) | {"rule": row.rule} for row in rows)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="findings-{on}.csv"'
    response.write("\ufeff")  # spreadsheets read the names right only with it
    count = write(csv.writer(response), lines, latest)
    acting.exported(clinic=member.clinic, by=request.user, lines=count, at=now)
    return response


COLUMNS = ("Name", "Age", "Life stage", "Level", "Finding", "Why", "Rule", "Since", "Her prescriber", "Status",
           "Knowledge")  # fmt: skip


def write(out: Any, lines: Iterable[dict[str, Any]], sweep: Sweep | None) -> int:
    """One line a finding. Returns how many."""
    out.writerow(COLUMNS)
    count = 0
    for one in lines:
        out.writerow(
            safe(value)
            for value in (
                one["patient"].name, one["age"], one["stage"], one["level"], one["title"], one["why"], one["rule"],
                f"{one['since']:%Y-%m-%d}", one["seen_by"], one["status"], sweep.knowledge if sweep else "",
            )
        )  # fmt: skip
        count += 1
    return count


def safe(value: Any) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip()[:1] in ("=", "+", "-", "@") or text[:1] in ("\t", "\r", "\n") else text


@require_safe
def paper(request: Any) -> HttpResponse:
    """The list for a meeting, one line a finding, to be printed."""
    member, asked = request.who.member, Asked.of(request.GET)
    latest, _ = sweeps(member.clinic)
    on = today(member.clinic, timezone.now())
    lines: list[dict[str, Any]] = []
    if latest is not None:
        found = panel.women(panel.findings(latest, member, asked), on, member)[: ON_PAPER + 1]
        lines = [panel.line(row, latest, on) for row in found]
    holds = {
        "latest": latest,
        "zone": zone_of(member.clinic),
        "clinic": member.clinic,
        "lines": lines[:ON_PAPER],
        "more": len(lines) > ON_PAPER,
        "shown": ON_PAPER,
        "back": reverse("safety") + asked.address(finding="", stage=""),
    }
    return render(request, "clinic/safety_list.html", holds)
