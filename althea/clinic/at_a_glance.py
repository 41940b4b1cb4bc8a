"""What stands beside each name of the list of patients?  Her life stage, what she takes by orders signed here and how
far its trial is, and what the latest sweep found open. Three queries for all of a page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Subquery

from althea.care.dose_history import runs_on
from althea.care.known import knowledge
from althea.care.models import Clinic, Entry, Order, Sweep, SweepFinding, SweepWoman, Trial
from althea.care.schedule import in_turn
from althea.care.stage_said import STAGE_KINDS, Said, of_stage
from althea.care.stage_words import StageChip, stage_of
from althea.care.trial_words import week_in_words
from althea.engine.trial import LIVE

NAMED = {"critical": ("critical", "critical"), "warning": ("warning", "warnings")}


@dataclass(frozen=True, slots=True)
class Glance:
    """`takes`: a line for each medicine; empty: none is ordered here. `level`: the loudest finding's; empty: none."""

    stage: StageChip
    takes: tuple[str, ...]
    level: str
    findings: str


def at_a_glance(women: Collection[UUID], clinic: Clinic, on: date) -> dict[UUID, Glance]:
    """By her id."""
    stages, takes, found = stages_of(women, on), _takes(women, on), _findings(women, clinic)
    return {one: Glance(stages[one], takes.get(one, ()), *found.get(one, ("", "not looked at yet"))) for one in women}


def stages_of(women: Collection[UUID], on: date) -> dict[UUID, StageChip]:
    """Her life stage of that day, by her id. One query for all of them."""
    stages: dict[UUID, list[tuple[date, Said]]] = defaultdict(list)
    rows = Entry.objects.current().filter(patient_id__in=women, kind__in=STAGE_KINDS)
    rows = rows.order_by("-on", "-recorded_at", "-pk")
    for patient, kind, day, body in rows.values_list("patient_id", "kind", "on", "body"):
        if (stage := of_stage(kind, day, body)) is not None:
            stages[patient].append((day, stage))
    return {one: stage_of(stages[one], on) for one in women}


def _takes(women: Collection[UUID], on: date) -> dict[UUID, tuple[str, ...]]:
    """ "Sertraline, week 5 of 8", by signed orders that run today; the week is its newest trial's under way."""
    states = [one.value for one in LIVE]
    trials = Trial.objects.filter(patient=OuterRef("patient"), medicine=OuterRef("medicine"), state__in=states)
    newest = trials.order_by("-created_at")
    signed = Order.objects.filter(patient_id__in=women, signed_at__isnull=False).select_related("end")
    rows = signed.annotate(
        tried=Exists(trials),
        since=Subquery(newest.values("started_on")[:1]),
        weeks=Subquery(newest.values("weeks")[:1]),
    )
    medicines: dict[UUID, dict[str, str]] = defaultdict(dict)
    for order in in_turn(rows.order_by("signed_at")):
        if runs_on(order, on) is not None:
            name = knowledge().name_of(order.medicine)
            week = f", {week_in_words(Trial(started_on=order.since, weeks=order.weeks), on)}" if order.tried else ""
            medicines[order.patient_id][order.medicine] = f"{name[:1].upper()}{name[1:]}{week}"
    return {patient: tuple(lines.values()) for patient, lines in medicines.items()}


def _findings(women: Collection[UUID], clinic: Clinic) -> dict[UUID, tuple[str, str]]:
    """(the loudest level, "1 critical, 2 warnings") of those the latest sweep came by."""
    open_ = SweepFinding.objects.filter(sweep=OuterRef("sweep"), patient=OuterRef("patient"), aside=False).order_by()
    counts = {
        level: Subquery(open_.filter(rank=rank).values("patient").annotate(count=Count("pk")).values("count"))
        for rank, level in enumerate(SweepFinding.LEVELS)
    }
    looked = SweepWoman.objects.filter(patient_id__in=women, sweep__clinic=clinic, sweep__state=Sweep.State.DONE)
    return {
        row["patient_id"]: ("", "could not be looked at") if row["failed"] else _in_words(row)
        for row in looked.annotate(**counts).values("patient_id", "missing", "failed", *counts)
    }


def _in_words(row: dict[str, Any]) -> tuple[str, str]:
    """What is for information is counted where nothing is louder; what could not be checked is no "none"."""
    loud = [f"{row[level]} {words[row[level] > 1]}" for level, words in NAMED.items() if row[level]]
    if not loud and row["info"]:
        loud = [f"{row['info']} for information"]
    level = next((one for one in reversed(SweepFinding.LEVELS) if row[one]), "")
    return level, ", ".join(loud) or ("none found, not all could be checked" if row["missing"] else "none open")
