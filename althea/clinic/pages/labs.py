"""What was measured, which way does it go, and what is due?  Results by measure, and adding them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from althea.care import entries as said
from althea.care import results
from althea.care.actions import changes
from althea.care.days import today
from althea.care.facts import Chart, chart_of, facts_of
from althea.care.known import jurisdiction_of, knowledge
from althea.care.models import Entry, Origin
from althea.clinic.findings import shown
from althea.clinic.heading import came_of_it, heading, say
from althea.clinic.words import days_in_words
from althea.engine.facts import Facts
from althea.engine.review import review
from althea.knowledge.schema.rule import Monitoring
from althea.look.chart.spark import spark

ROWS = 4
"""Results that can be entered at once."""
MOST_ROWS = 20
POINTS = 8


@require_safe
def page(request: Any, patient: Any) -> HttpResponse:
    her, on = request.patient, today(request.patient, timezone.now())
    chart = chart_of(her)
    return render(request, "clinic/labs.html", _holds(request, chart, on, [Typed() for _ in range(ROWS)]))


@dataclass(slots=True)
class Typed:
    """One row of the form, as it was typed, with what is wrong with it or to be asked about it."""

    measure: str = ""
    value: str = ""
    unit: str = ""
    on: str = ""
    unreadable: bool = False
    wrong: str = ""
    doubt: str = ""

    @property
    def empty(self) -> bool:
        return not (self.measure or self.value or self.unit or self.unreadable)


@require_http_methods(["GET", "POST"])
def add(request: Any, patient: Any) -> HttpResponse:
    """Several at once: all are saved, or none and each says what is wrong with it."""
    her, now = request.patient, timezone.now()
    on = today(her, now)
    if request.method == "GET":
        return redirect("labs", patient=her.pk)
    rows = _typed(request.POST)
    bodies = [one for row in rows if (one := _read(row, her, on, request.POST.get("sure") == "yes")) is not None]
    if not bodies and all(row.empty for row in rows):
        rows[0].wrong = "Enter at least one result."
    if any(row.wrong or row.doubt for row in rows):
        rows += [Typed() for _ in range(ROWS - len(rows))]
        return render(request, "clinic/labs.html", _holds(request, chart_of(her), on, rows))
    came = changes.tell(patient=her, bodies=bodies, words="", origin=Origin.CLINIC, by=request.user, at=now)
    say(request, "1 result saved." if len(bodies) == 1 else f"{len(bodies)} results saved.", came)
    return redirect("labs", patient=her.pk)


@require_http_methods(["GET", "POST"])
def correct(request: Any, patient: Any, entry: Any) -> HttpResponse:
    """Put one result right, or say that it was an error."""
    her, now = request.patient, timezone.now()
    on = today(her, now)
    row = Entry.objects.filter(patient=her, kind="result", pk=entry, withdrawn=False).first()
    if row is None:
        raise Http404
    row.patient = her
    if request.method == "POST" and request.POST.get("do") == "withdraw":
        came = changes.withdraw(entry=row, by=request.user, at=now)
        say(request, "Marked as an error. It no longer counts.", came)
        return redirect("labs", patient=her.pk)
    body = said.Result(**row.body)
    typed = Typed(
        body.measure, f"{body.value.normalize():f}" if body.value is not None else body.said, body.unit,
        row.on.isoformat(), unreadable=body.value is None and body.said.lower() not in ("positive", "negative"),
    )  # fmt: skip
    if request.method == "POST":
        typed = _typed(request.POST)[0]
        found = _read(typed, her, on, request.POST.get("sure") == "yes")
        if typed.empty:
            typed.wrong = "Enter the value, or mark it as an error."
        if found is not None and not typed.wrong and not typed.doubt:
            came = changes.tell(
                patient=her, bodies=[found], words="", origin=Origin.CLINIC, by=request.user, at=now, supersedes=row
            )
            say(request, "Result changed.", came)
            return redirect("labs", patient=her.pk)
    holds = heading(request, chart_of(her), on, "labs") | _form([typed], on) | {"row": row}
    return render(request, "clinic/lab_correct.html", holds)


@require_POST
def through(request: Any, patient: Any) -> HttpResponse:
    """All results that are known of were entered: from today, one that is not there was not done."""
    her, now = request.patient, timezone.now()
    came = changes.tell(
        patient=her, bodies=[(said.Looked(topic="observations"), today(her, now))], words="", origin=Origin.CLINIC,
        by=request.user, at=now,
    )  # fmt: skip
    say(request, "Noted: a result that is not there was not done.", came)
    return redirect("labs", patient=her.pk)


def _typed(sent: Any) -> list[Typed]:
    """The rows with something in them; at least one."""
    columns = [sent.getlist(name) for name in ("measure", "value", "unit", "on")]
    ticked = set(sent.getlist("unreadable"))
    rows = []
    for at in range(min(max((len(one) for one in columns), default=0), MOST_ROWS)):
        measure, value, unit, on = (column[at] if at < len(column) else "" for column in columns)
        rows.append(Typed(measure, value, unit, on, unreadable=str(at) in ticked))
    return [row for row in rows if not row.empty] or [Typed()]


def _read(row: Typed, her: Any, on: date, sure: bool) -> tuple[said.Result, date] | None:
    if row.empty:
        return None
    try:
        found = results.read(row.measure, row.value, row.unit, unreadable=row.unreadable)
        day = _day(row.on, her.born_on, on)
    except results.NotRead as wrong:
        row.wrong = str(wrong)
        return None
    row.doubt = "" if sure else found.doubt
    return found.body, day


def _day(text: str, born_on: date | None, on: date) -> date:
    if not text.strip():
        return on
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise results.NotRead("Enter the day it was taken, for example 2026-04-07.") from None
    if day > on:
        raise results.NotRead(f"{day:%-d %B %Y} is after today. Enter the day it was taken.")
    if born_on is not None and day < born_on:
        raise results.NotRead(f"{day:%-d %B %Y} is before she was born. Check the year.")
    return day


def _form(rows: list[Typed], on: date) -> dict[str, Any]:
    return {
        "rows": rows,
        "measures": results.measures(),
        "units": sorted({unit for one in results.measures() for unit in results.units(one.id)[:6]}, key=str.lower),
        "doubts": [row.doubt for row in rows if row.doubt],
        "wrongs": [(at, row.wrong) for at, row in enumerate(rows) if row.wrong],
        "several": any(row.wrong or not row.empty for row in rows[1:]),
        "on": on,
    }


def _holds(request: Any, chart: Chart, on: date, rows: list[Typed]) -> dict[str, Any]:
    facts = facts_of(chart, on)
    found = review(facts, None, knowledge(), jurisdiction=jurisdiction_of(chart.patient))
    rules = knowledge().rules
    looked = [entry.on for entry, body in chart.of(said.Looked) if body.topic == "observations"]
    return heading(request, chart, on, "labs") | _form(rows, on) | {
        "due": [_due(one) for one in found.findings if one.kind == "monitoring"],
        "speaks": [shown(one) for one in found.findings if one.kind == "result"],
        "not_checked": [one for one in found.not_checked if isinstance(rules.get(one.rule), Monitoring)],
        "measured": list(_measured(chart, facts)),
        "looked": max(looked, default=None),
        "came": came_of_it(request),
    }  # fmt: skip


def _due(finding: Any) -> dict[str, Any]:
    return shown(finding) | {"facts": [(days_in_words(fact.what), "") for fact in finding.because]}


def _measured(chart: Chart, facts: Facts) -> Iterator[dict[str, Any]]:
    """Each measure with its results, the newest first, in its own unit as the checks read them."""
    read = {row.ref.rpartition("/")[2]: row for rows in facts.results.values() for row in rows}
    by_measure: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry, body in chart.of(said.Result):
        known = read.get(str(entry.pk))
        value = known.value if known is not None else None
        own = results.in_own_unit(value, body.measure) if value is not None else ""
        given = f"{body.value.normalize():f} {body.unit}".strip() if body.value is not None else body.said
        by_measure[body.measure].append({
            "entry": entry,
            "shown": own or given or "could not be read",
            "given": given if own and given.lower() != own.lower() else "",
            "why": known.said if known is not None and value is None and known.said != body.said else "",
            "number": float(value) if value is not None else None,
        })  # fmt: skip
    for measure, rows in sorted(by_measure.items()):
        book = knowledge().measures.get(measure)
        name = book.name if book is not None else measure
        points = [row["number"] for row in reversed(rows) if row["number"] is not None][-POINTS:]
        yield {
            "name": name,
            "rows": rows,
            "spark": spark(name, points) if len(points) > 1 else None,
        }
