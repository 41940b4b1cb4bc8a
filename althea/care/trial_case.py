"""How is her trial going, by the clinic's own record?  The record's door to `engine.advise`.

The rows are said in the words of the contract (`as_json`) and read by the one reader (`engine.told`), so that a page
and `althea advise` judge the same woman alike. What nobody told is left out and named in `not_known`; silence about
doses is not "all taken", and a past trial of which nobody knows how it went has not failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from althea.care import entries as said
from althea.care.days import age
from althea.care.dose_history import daily_steps
from althea.care.doses_told import DosesTold, doses_told
from althea.care.facts import Chart
from althea.care.known import knowledge
from althea.care.models import CheckInAnswer, Trial
from althea.care.past_trials import Past, effective_dose, past_trials
from althea.care.stage_words import NOT_ASKED, stage_of
from althea.engine.advise import Advice, advise
from althea.engine.course import SPEAKS, Course, course_of, same
from althea.engine.facts import Facts, plain
from althea.engine.scoring import triage
from althea.engine.told import Told, read
from althea.knowledge.quantity import Dose

WISH = {"stop": "stop", "something-else": "change", "more": "continue", "same": "continue"}
"""What she leans to, as the contract says it. "Not sure" is no wish."""
COUNTS = ("confirmed", "provisional")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One trial on one day: what was told, what comes next and why, and what nobody told."""

    trial: Trial
    on: date
    told: Told
    advice: Advice
    doses: DosesTold
    leaning: str
    past: tuple[Past, ...]
    not_known: tuple[str, ...]

    @property
    def course(self) -> Course:
        """The course as it is shown: of one score no change is told."""
        return told_of(self.advice.course)


def case_of(
    trial: Trial, chart: Chart, facts: Facts, on: date, *, answers: Sequence[CheckInAnswer] = (),
    ended: Sequence[Trial] = (),
) -> Case:  # fmt: skip
    """The trial as of this day. `facts`: of that day. `ended`: her trials that are over; this one is left out."""
    past = past_trials(chart, [(one, category_at_end(one, chart)) for one in ended if one.pk != trial.pk], on)
    doses = doses_told(trial, chart, answers, on)
    leaning = _leaning(trial, answers)
    row = as_json(trial, chart, facts, on, doses=doses, leaning=leaning, past=past)
    told = read(row)
    return Case(
        trial=trial,
        on=on,
        told=told,
        advice=advise(told, knowledge()),
        doses=doses,
        leaning=leaning,
        past=past,
        not_known=tuple(_not_known(row, told, trial, chart, doses, past)),
    )


def told_of(course: Course) -> Course:
    """The course without a change and a category where no score came after the first: not known is not 0."""
    if not course.only_begun:
        return course
    return replace(course, baseline=None, percent=None, category="not known")


ENDED = {
    "remission": "She was well",
    "response": "It helped",
    "partial response": "It helped in part",
    "no response": "It did not help enough",
    "worse": "She felt worse",
    "not known": "How it went is not known.",
}


def outcome_in_words(trial: Trial, chart: Chart) -> str:
    """ "It helped in part: PHQ-9 21 to 13." """
    course = course_at_end(trial, chart)
    if course is None or course.baseline is None or course.latest is None:
        return ENDED["not known"]
    scores = f"{course.scale} {plain(course.baseline)} to {plain(course.latest)}"
    return f"{ENDED[course.category]}: {scores}."


def category_at_end(trial: Trial, chart: Chart) -> str:
    """How it stood on its last day, by its scores: a category of the course, "not known" among them."""
    course = course_at_end(trial, chart)
    return "not known" if course is None else course.category


def course_at_end(trial: Trial, chart: Chart) -> Course | None:
    """Its course on its last day; None: it never began, or is not over."""
    if trial.started_on is None or trial.ended_on is None or trial.ended_on < trial.started_on:
        return None
    row = {
        "patient": {"dx": _diagnosis(trial, chart)},
        "score_series": _scores(trial, chart, trial.ended_on),
        "dose_history": _doses(trial, chart, trial.ended_on),
        "today": (trial.ended_on - trial.started_on).days,
    }
    return told_of(course_of(read(row), knowledge()))


def as_json(
    trial: Trial, chart: Chart, facts: Facts, on: date, *, doses: DosesTold, leaning: str = "",
    past: Sequence[Past] = (),
) -> dict[str, Any]:  # fmt: skip
    """The trial as CONTRACT section 3 writes it; what is not known is not there."""
    assert trial.started_on is not None
    stage = stage_of([(entry.on, body) for entry, body in chart.of(said.LifeStage)], on).label
    patient = {
        "age": age(chart.patient.born_on, on),
        "sex": chart.patient.gender,
        "dx": _diagnosis(trial, chart),
        "life_stage": "" if stage == NOT_ASKED else stage,
    }
    percent = doses.percent
    fresh = _fresh(chart, on)
    pressure = (_measured(facts, "systolic-bp", fresh.since), _measured(facts, "diastolic-bp", fresh.since))
    dose = effective_dose(past, trial.medicine)
    other = {
        "FIBSER_burden": fresh.item("fibser", "burden"),
        # One in a hundred would be read as all of them ("1" is a share): it is said as none.
        "adherence": None if percent is None else f"{percent if percent > 1 else 0}%",
        "patient_wish": WISH.get(leaning),
        "PHQ9_item9": fresh.item("phq-9", "item 9"),
        "CSSRS": fresh.level("c-ssrs-screener") or None,
        "MDQ": _mdq(chart, on),
        "past_suicide_attempt": _attempt(facts),
        "episodes": _episodes(trial, chart),
        "past_trials": [one.in_words() for one in past] or None,
        "past_effective_dose_mg": _plain(Dose.parse(dose).mg) if dose else None,
        "lithium_level": _measured(facts, "lithium-level", _at_this_dose(trial, chart, on)),
        "eGFR": _measured(facts, "egfr", None),
        "BP": None if None in pressure else f"{round(pressure[0] or 0)}/{round(pressure[1] or 0)}",
        "HR": _measured(facts, "heart-rate", fresh.since),
        "side_effects": [body.what for body in side_effects(trial, chart) if body.until is None] or None,
    }
    return {
        "patient": {key: value for key, value in patient.items() if value not in (None, "")},
        "score_series": _scores(trial, chart, on),
        "dose_history": _doses(trial, chart, on),
        "today": (on - trial.started_on).days,
        "other": {key: value for key, value in other.items() if value is not None},
    }


def side_effects(trial: Trial, chart: Chart) -> list[said.SideEffect]:
    """Those told of this medicine, or of none in particular, since the trial began. Newest first."""
    return [
        body
        for _, body in chart.of(said.SideEffect)
        if body.medicine in ("", trial.medicine) and (trial.started_on is None or body.since >= trial.started_on)
    ]


# --- what stands in the record --------------------------------------------------------------------------------------


def _diagnosis(trial: Trial, chart: Chart) -> str:
    """The code the trial is judged under: bipolar disorder whatever else she has, else the one its scale was made for.

    Bipolar disorder comes first because it changes what is safe. Without a code that fits: the newest of the mind.
    """
    codes = [
        body.code
        for certainty in COUNTS
        for _, body in chart.of(said.Condition)
        if body.status == "active" and body.certainty == certainty and body.code.startswith(("F", "N94"))
    ]
    scale = knowledge().scales.get(trial.scale)
    name = scale.name if scale is not None else trial.scale
    wanted = ["bipolar", *(group for group, speaks in SPEAKS.items() if same(speaks, name))]
    for group in wanted:
        book = knowledge().conditions.get(group)
        groups = book.icd10cm if book is not None else ()
        found = next((code for code in codes if any(code.startswith(one) for one in groups)), None)
        if found is not None:
            return str(found)
    return str(codes[0]) if codes else ""


def _scores(trial: Trial, chart: Chart, on: date) -> list[dict[str, Any]]:
    """Every whole score up to this day, oldest first, in the scales' own names. One that was too old on the day of the
    first dose is left out: how she was a year ago is not how she was when it began."""
    assert trial.started_on is not None
    since = trial.started_on - timedelta(days=int(knowledge().numbers["score-fresh-days"].value))
    rows = []
    for entry, body in reversed(chart.of(said.Score)):
        if body.total is not None and since <= entry.on <= on:
            book = knowledge().scales.get(body.scale)
            day = (entry.on - trial.started_on).days
            rows.append({"instrument": book.name if book else body.scale, "day": day, "value": _plain(body.total)})
    return rows


def _doses(trial: Trial, chart: Chart, on: date) -> list[dict[str, Any]]:
    """Her signed orders, and what she takes from elsewhere; the medicine on trial stands last on its day."""
    assert trial.started_on is not None
    book, start = knowledge(), trial.started_on
    rows: list[dict[str, Any]] = []
    for medicine in dict.fromkeys(order.medicine for order in chart.orders if order.medicine != trial.medicine):
        for step in daily_steps(chart.orders, medicine):
            rows.append(_row(medicine, (step.on - start).days, step.mg))
    for entry, body in chart.of(said.Medicine):
        if body.running and body.medicine and entry.on <= on:
            dose = Dose.parse(body.dose).mg if body.dose and not body.as_needed else None
            daily = None if dose is None else dose * (body.times_a_day or 1)
            rows.append(_row(body.medicine, ((body.since or entry.on) - start).days, daily))
    own = [_row(trial.medicine, (step.on - start).days, step.mg) for step in daily_steps(chart.orders, trial.medicine)]
    today = (on - start).days
    rows = [row for row in rows if row["day"] <= today]
    own = [row for row in own if row["day"] <= today]
    if not own:
        own = [{"drug": book.name_of(trial.medicine), "day": 0, "daily_mg": None}]
    if any(row["day"] > own[-1]["day"] for row in rows):
        own.append({**own[-1], "day": today})  # said again, so that what was added beside it is not taken for the trial
    return sorted([*rows, *own], key=lambda row: int(row["day"]))


def _row(medicine: str, day: int, mg: Decimal | None) -> dict[str, Any]:
    record = knowledge().medicines.get(medicine)
    row = {"drug": record.name if record else medicine, "rxcui": record.rxcui if record else "", "day": day}
    return row | {"daily_mg": None if mg is None else _plain(mg)}


@dataclass(frozen=True, slots=True)
class _Recent:
    """Answers to scales young enough to be relied on."""

    rows: tuple[said.Score, ...]
    since: date

    def item(self, scale: str, item: str) -> int | None:
        """The newest answer to one question; None: not asked, or not lately."""
        for body in self.rows:
            value = body.items.get(item) if body.scale == scale else None
            if value is not None and not isinstance(value, str):
                return int(value)
            if body.scale == scale == "fibser" and body.total is not None:
                return int(body.total)
        return None

    def level(self, scale: str) -> str:
        for body in self.rows:
            if body.scale == scale:
                return triage(knowledge().scales[scale], body.items) or body.band
        return ""


def _fresh(chart: Chart, on: date) -> _Recent:
    days = int(knowledge().numbers["score-fresh-days"].value)
    rows = [(entry.on, body) for entry, body in chart.of(said.Score) if 0 <= (on - entry.on).days <= days]
    return _Recent(tuple(body for _, body in rows), date.fromordinal(on.toordinal() - days))


def _measured(facts: Facts, measure: str, since: date | None) -> int | float | None:
    """The newest readable result, if it is not older than `since`."""
    found = facts.latest(measure)
    if found is None or found.value is None or (since is not None and found.on < since):
        return None
    return _plain(found.value)


def _at_this_dose(trial: Trial, chart: Chart, on: date) -> date | None:
    """Since when is the dose what it is?  A level from before says nothing of it."""
    steps = [step for step in daily_steps(chart.orders, trial.medicine) if step.on <= on]
    return steps[-1].on if steps else trial.started_on


def _mdq(chart: Chart, on: date) -> str | None:
    """ "positive" or "negative", as the scale's own rule said it; None: not filled in whole."""
    for entry, body in chart.of(said.Score):
        if body.scale == "mdq" and entry.on <= on:
            word = body.band.split(" ")[0].lower()
            return word if word in ("positive", "negative") else None
    return None


def _episodes(trial: Trial, chart: Chart) -> int | None:
    """How often she has lived through what this trial is for; None: nobody wrote it down."""
    code = _diagnosis(trial, chart)
    for _, body in chart.of(said.Episodes):
        group = knowledge().conditions[body.illness]
        if code.startswith(group.icd10cm) and not code.startswith(group.not_icd10cm):
            return body.number
    return None


def _attempt(facts: Facts) -> bool | None:
    if any("suicide-attempt" in row.groups for row in facts.conditions):
        return True
    return False if facts.looked("conditions").whole else None


def _leaning(trial: Trial, answers: Sequence[CheckInAnswer]) -> str:
    """What she leaned to in her newest finished check-in of this trial that asked; empty: she did not say."""
    own = [row for row in answers if row.question == "leaning" and row.check_in.trial_id == trial.pk]
    return str(own[-1].value or "") if own else ""


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


# --- what does not ---------------------------------------------------------------------------------------------------


def _not_known(
    row: dict[str, Any], told: Told, trial: Trial, chart: Chart, doses: DosesTold, past: Sequence[Past]
) -> list[str]:
    """What the advice would have looked at, in words a prescriber can act on."""
    book, other = knowledge(), row["other"]
    missing: list[str] = []
    lately = f"in the last {knowledge().numbers['score-fresh-days'].value} days"
    if told.age is None:
        missing.append("Her age: the highest dose may depend on it.")
    if not told.dx:
        missing.append("A coded diagnosis: it is judged without one.")
    if not told.life_stage:
        missing.append("Her life stage: nobody asked.")
    if doses.percent is None:
        of = f"she told of {doses.days} of {doses.of} days" if doses.days else "she told of none"
        missing.append(f"How many doses were taken: {of}.")
    if "PHQ9_item9" not in other and "CSSRS" not in other:
        missing.append(f"The self-harm question: not answered {lately}.")
    if "FIBSER_burden" not in other:
        missing.append("How much of a burden side effects are: the FIBSER was not filled in.")
    antidepressant = trial.medicine in book.classes.get("antidepressant", frozenset())
    if antidepressant and "MDQ" not in other and not told.dx.startswith("F31"):
        missing.append("Whether she was ever elated: no MDQ is on record.")
    gated = any(trial.medicine in book.classes.get(name, frozenset()) for name in ("snri", "stimulant"))
    if gated and "BP" not in other:
        missing.append(f"Blood pressure: none {lately}.")
    if trial.weeks is None:
        missing.append("How long a fair trial is: not written for it.")
    missing += [f"How {one.name} went before." for one in past if one.outcome == "not known"]
    if "episodes" not in other:
        missing.append("How many episodes she has lived through: nobody asked.")
    return missing
