"""What stands in a line of the worklist: why it is there, since when, and what is to be done?

Medicine, week, scores and results come from two queries for all the women of the list. Where they say no more than
the item itself does, the item's own words stand.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse

from althea.care import entries as said
from althea.care.actions.worklist import may_set_aside, of_harm, stands
from althea.care.days import age
from althea.care.known import knowledge
from althea.care.models import Entry, Origin, Trial, Visit, WorklistItem
from althea.care.stage_said import STAGE_KINDS, Said, of_stage
from althea.care.stage_words import StageChip, stage_of
from althea.care.trial_case import told_of
from althea.care.trial_words import week_in_words
from althea.clinic.evidence import headline
from althea.clinic.words import span, unit
from althea.engine.course import Course, course_of
from althea.engine.facts import plain
from althea.engine.told import read
from althea.engine.trial import LIVE
from althea.knowledge.schema.rule import Monitoring
from althea.look.chart.spark import spark
from althea.look.words import WEEKDAYS, dated
from althea.look.words import day as day_words

SPARK_POINTS = 8
SHAPES = {"review": ("scale", "plum"), "worse": ("trending-up", "warn"), "labs": ("flask-conical", "info"),
          "message": ("message-circle", "base")}  # fmt: skip
SCORED = (WorklistItem.Group.REVIEW, WorklistItem.Group.WORSE)
WEEK = 7
RISEN = "finding:score-worse"


@dataclass(slots=True)
class Her:
    """What a line says of one woman. `scores`: by scale, `results`: by measure, the oldest first."""

    stage: StageChip
    scores: dict[str, list[tuple[date, float]]] = field(default_factory=lambda: defaultdict(list))
    results: dict[str, list[tuple[date, said.Result]]] = field(default_factory=lambda: defaultdict(list))
    trials: list[Trial] = field(default_factory=list)
    answered: set[datetime] = field(default_factory=set)
    """When a score came that she filled in herself."""


def about(women: set[Any], on: date, *, labs: set[Any]) -> dict[Any, Her]:
    """Their life stage, scores and trials, and the results of those in `labs`. Two queries for all of them."""
    rows = Entry.objects.current().filter(
        Q(patient_id__in=women, kind__in=(*STAGE_KINDS, "score")) | Q(patient_id__in=labs, kind="result")
    )
    stages: dict[Any, list[tuple[date, Said]]] = defaultdict(list)
    entries: list[tuple[Any, ...]] = []
    for row in rows.order_by("on", "recorded_at", "pk").values_list(
        "patient_id", "kind", "on", "body", "recorded_at", "origin"
    ):
        if row[1] in STAGE_KINDS:
            if (stage := of_stage(*row[1:4])) is not None:
                stages[row[0]].append((row[2], stage))
        else:
            entries.append(row)
    found = {one: Her(stage_of(reversed(stages[one]), on)) for one in women}
    states = [one.value for one in LIVE]
    for trial in Trial.objects.filter(patient_id__in=women, state__in=states).order_by("created_at"):
        found[trial.patient_id].trials.append(trial)
    for patient, kind, day, body, recorded_at, origin in entries:
        if kind == "result":
            found[patient].results[body["measure"]].append((day, said.Result(**body)))
        else:
            if origin == Origin.HERS:
                found[patient].answered.add(recorded_at)
            if body.get("total") is not None:
                found[patient].scores[body["scale"]].append((day, float(body["total"])))
    return found


def row_of(
    held: list[WorklistItem], her: Her, visit: Visit | None, now: datetime, on: date, zone: ZoneInfo
) -> dict[str, Any]:
    """One line, as `_worklist_row.html` takes it. The first of what is held leads; the others stand below it."""
    held = sorted(held, key=lambda one: not one.reason.startswith((RISEN, "self-harm:")))
    item = held[0]
    chart = reverse("chart", kwargs={"patient": item.patient_id})
    icon, css = SHAPES.get(item.group, ("info", "info"))
    trial = trial_of(item, her)
    scale = trial.scale if trial is not None and item.group == WorklistItem.Group.REVIEW else risen(item, her)
    points = her.scores[scale][-SPARK_POINTS:] if scale and item.group in SCORED else []
    drawn = spark(name_of_scale(scale), [value for _, value in points]) if len(points) > 1 else None
    urgent = item.group == WorklistItem.Group.CANNOT_WAIT
    done = [one for one in held if not stands(one)]
    why, *also = lines(held, her, on, zone)
    return {
        "patient": item.patient_id,
        "group": item.group,
        "item": item,
        "done": done,
        "stands": [(one, may_set_aside(one)) for one in held if stands(one)],
        "of_harm": any(of_harm(one) for one in done),
        "name": item.patient.name,
        "url": chart,
        "why": why,
        "also": also,
        "level": "critical" if urgent else "",
        "icon": icon,
        "css": css,
        "age": age(item.patient.born_on, on),
        "stage": her.stage,
        "when": when(item, her, visit, now, on, zone),
        "score": name_of_scale(scale) if drawn is not None else "",
        "spark": drawn,
        "action": {"label": item.action, "url": item.to or chart, "primary": urgent},
    }


# --- why ------------------------------------------------------------------------------------------------------------


def lines(held: list[WorklistItem], her: Her, on: date, zone: ZoneInfo) -> list[str]:
    """The reasons. What one answer on self-harm brought is told once: her answer, the finding of it and her call."""
    told = next((one for one in held if one.reason.startswith("self-harm:")), None)
    said_so: list[str] = []
    called = ""
    for one in held:
        if told is not None and one.reason.startswith("call:"):
            called = " She asked for a call."
        elif told is None or not _same_answer(one, told, zone):
            said_so.append(why(one, her, on))
    return [said_so[0] + called, *said_so[1:]]


def _same_answer(item: WorklistItem, told: WorklistItem, zone: ZoneInfo) -> bool:
    """Is this the finding of the answer that `told` tells of?  The finding names the day of its score."""
    day = told.opened_at.astimezone(zone).date()
    return item.reason.startswith("finding:suicide-risk") and day.isoformat() in item.why


def why(item: WorklistItem, her: Her, on: date) -> str:
    """One reason, with what is known beside it."""
    trial = trial_of(item, her)
    scale = risen(item, her)
    if item.group == WorklistItem.Group.REVIEW and trial is not None:
        return f"{of_trial(trial, on)} {so_far(trial, her, on)}"
    if scale:
        (before, low), (after, high) = her.scores[scale][-2:]
        days = span((after - before).days)
        rise = f"{name_of_scale(scale)} {plain(low)} to {plain(high)} in {days}: worse by more than chance."
        return rise if trial is None else f"{rise} {of_trial(trial, on)}"
    if item.group == WorklistItem.Group.LABS:
        return f"{dated(item.why, on)}{last_seen(item, her, on)}"
    return dated(item.why, on)


def trial_of(item: WorklistItem, her: Her) -> Trial | None:
    """The trial this is about; without one named, the newest under way."""
    if item.reason.startswith("review:"):
        return next((one for one in her.trials if f"review:{one.pk}" == item.reason), None)
    return her.trials[-1] if her.trials else None


def of_trial(trial: Trial, on: date) -> str:
    """ "Sertraline week 5 of 8." """
    name, week = knowledge().name_of(trial.medicine), week_in_words(trial, on)
    return f"{name[:1].upper()}{name[1:]} {week.removesuffix(' planned') if ' of ' in week else week}."


def so_far(trial: Trial, her: Her, on: date) -> str:
    """ "PHQ-9 21 to 13, down 38%. Better, but not there yet." """
    points, name = her.scores[trial.scale], name_of_scale(trial.scale)
    if not points:
        return f"No {name} on record."
    course = _course(trial, points, on)
    well = "In remission" if course.category == "remission" else headline(course)
    if course.baseline is None or course.latest is None or course.percent is None:
        return f"{name} {plain(points[-1][1])}. {well}."
    percent = round(course.percent)
    change = f"down {percent}%" if percent > 0 else f"up {-percent}%" if percent < 0 else "unchanged"
    return f"{name} {plain(course.baseline)} to {plain(course.latest)}, {change}. {well}."


def _course(trial: Trial, points: list[tuple[date, float]], on: date) -> Course:
    """How far she has come by the scale of the trial; of doses this line says nothing."""
    start = trial.started_on or on
    scores = [
        {"instrument": name_of_scale(trial.scale), "day": (day - start).days, "value": value}
        for day, value in points
        if day <= on
    ]
    row = {"patient": {}, "score_series": scores, "dose_history": [], "today": (on - start).days}
    return told_of(course_of(read(row), knowledge()))


def risen(item: WorklistItem, her: Her) -> str:
    """The scale that this tells to have risen, with its two newest scores at hand; empty: it tells of none."""
    if not item.reason.startswith(RISEN):
        return ""
    return next(
        (
            scale
            for scale, points in her.scores.items()
            if item.why.startswith(name_of_scale(scale)) and len(points) > 1 and points[-1][1] > points[-2][1]
        ),
        "",
    )


def last_seen(item: WorklistItem, her: Her, on: date) -> str:
    """ " Last 0.52 mmol/L on 21 April."; empty: this is no measure, or its last result could not be read."""
    rules = [rule for rule in knowledge().rules.values() if isinstance(rule, Monitoring)]
    measures = {measure for rule in rules if item.reason == f"finding:{_about(rule)}" for measure in rule.measures}
    if not measures or not measures <= knowledge().measures.keys():
        return ""
    seen = [row for measure in measures for row in her.results[measure]]
    if not seen:
        return " None on record."
    day, body = max(seen, key=lambda row: row[0])
    if body.value is None:
        return ""
    own = body.unit == knowledge().measures[body.measure].unit
    words = f"{plain(body.value)} {unit(body.measure, knowledge()) if own else body.unit}".strip()
    return f" Last {words} on {day_words(day, on)}."


def _about(rule: Monitoring) -> str:
    """What a finding of this rule is about, as the engine's reason says it."""
    return rule.concept or f"due {' '.join(sorted(rule.measures))}"


def name_of_scale(scale: str) -> str:
    book = knowledge().scales.get(scale)
    return book.name if book is not None else scale


# --- since when -----------------------------------------------------------------------------------------------------


def when(item: WorklistItem, her: Her, visit: Visit | None, now: datetime, on: date, zone: ZoneInfo) -> str:
    """When she comes about it, when it is due, when she told of it, or how long it is open."""
    if item.due_on is not None:
        days = (item.due_on - on).days
        if days == 0:
            return f"Visit {visit.at.astimezone(zone):%H:%M}" if visit is not None else "Due today"
        count = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
        return f"Due in {count}" if days > 0 else f"{count} late"
    opened = item.opened_at.astimezone(zone)
    days = (on - opened.date()).days
    if item.reason.startswith("self-harm:check-in") or item.opened_at in her.answered:
        if now - opened < timedelta(days=1):
            return f"Check-in {opened:%H:%M}"
        return f"Check-in {WEEKDAYS[opened.weekday()] if days < WEEK else day_words(opened.date(), on)}"
    if days <= 0:
        return "New today"
    since = WEEKDAYS[opened.weekday()] if days < WEEK else day_words(opened.date(), on)
    return f"Since {'yesterday' if days == 1 else since}"
