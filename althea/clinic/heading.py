"""What stands above every page of her record, and what came of the change that was just made?"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Q

from althea.care import entries as said
from althea.care.actions.changes import CameOfIt
from althea.care.days import age
from althea.care.facts import Chart, facts_of
from althea.care.models import Patient, WorklistItem
from althea.care.stage_words import StageChip, stage_of
from althea.clinic.findings import shown
from althea.clinic.frame import frame, medicines_now, tabs_of

CAME = "came_of_it"


def heading(request: Any, chart: Chart, on: date, tab: str) -> dict[str, Any]:
    """Context of `clinic/her_record.html`. `tab`: the page of her record that this is, or belongs to."""
    return frame(request, "patients", within=True) | {
        "patient": chart.patient,
        "on": on,
        "age": age(chart.patient.born_on, on),
        "stage": stage_chip(chart, on),
        "allergies": allergies(chart),
        "tabs": tabs_of(chart.patient, tab, medicines=medicines_now(chart, on)),
    }


def stage_chip(chart: Chart, on: date) -> StageChip:
    """Her life stage beside her name. Whether a pregnancy is impossible stands among her illnesses too: they are read
    only where something would be asked."""
    rows = [(entry.on, body) for entry, body in chart.of(said.LifeStage)]
    chip = stage_of(rows, on)
    return stage_of(rows, on, cannot=True) if chip.open and facts_of(chart, on).stage.cannot else chip


def told(patient: Patient) -> list[WorklistItem]:
    """What she told or asked, and nobody has worked through yet. One query."""
    asked = Q()
    for start in ("told:", "left:", "talk:"):
        asked |= Q(reason__startswith=start)
    return list(WorklistItem.objects.filter(asked, patient=patient, closed_at__isnull=True).order_by("-opened_at"))


def say(request: Any, words: str, came: CameOfIt) -> None:
    """Tell it on the next page, with the findings that came of it: some speak of this day and of none after."""
    messages.success(request, f"{words} {came.words}")
    if came.new:
        request.session[CAME] = {"patient": str(request.patient.pk), "findings": [shown(one) for one in came.new]}


def came_of_it(request: Any) -> list[dict[str, Any]]:
    """The findings that the last change brought, once, as `_finding.html` takes them."""
    if CAME not in request.session:
        return []
    kept = request.session.pop(CAME)
    found: list[dict[str, Any]] = kept["findings"] if kept["patient"] == str(request.patient.pk) else []
    return found


def allergies(chart: Chart, told: str = "") -> tuple[str, str]:
    """(words, kind of chip). Not asked is not none. `told`: when she answered, where that is not in her record yet."""
    rows = [body for _, body in chart.of(said.Allergy)]
    if rows:
        named = ", ".join(f"{one.text} ({one.reaction})" if one.reaction else one.text for one in rows)
        return f"Allergy: {named}", "warn"
    looked = any(body.topic == "allergies" for _, body in chart.of(said.Looked))
    return ("No known allergies" if looked else f"Allergies {told or 'not asked'}"), "line"
