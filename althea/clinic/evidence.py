"""What does the evidence of a trial show, in a headline, six numbers and a chart?  What is not known says so."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from althea.care import entries as said
from althea.care.actions.review import harm_item
from althea.care.facts import Chart
from althea.care.known import knowledge
from althea.care.models import Trial
from althea.care.trial_case import Case, side_effects
from althea.engine.course import Course, fair
from althea.engine.facts import plain
from althea.knowledge.schema.evidence import Mark
from althea.look.chart.drawing import Drawing
from althea.look.chart.lanes import Reached
from althea.look.chart.panel import Band, Goal, Score
from althea.look.chart.small import progress
from althea.look.words import day as day_words

HEADLINE = {
    "remission": "She is well, by her scores",
    "response": "Much better, and not well yet",
    "partial response": "Better, but not there yet",
    "no response": "Little better so far",
    "worse": "Worse, not better",
    "not known": "Not enough is known to say",
}
NO_SCORE_SINCE = "No score since the start"
SHORT = {
    "remission": ("Well", "ok", "trending-down"),
    "response": ("Response", "ok", "trending-down"),
    "partial response": ("Part response", "ok", "trending-down"),
    "no response": ("Little better", "warn", "minus"),
    "worse": ("Worse", "warn", "trending-up"),
    "not known": ("Not known yet", "line", ""),
}
BOTHER = {0: "hardly bothers her", 1: "bothers her a little", 2: "bothers her a lot", 3: "she cannot live with it"}
TINTS, QUIET_AFTER = 5, timedelta(days=7)
WIDE, HIGH, MOST_LETTERS = 336, 200, 12


def headline(course: Course) -> str:
    """The category in plain words."""
    if course.only_begun:
        return NO_SCORE_SINCE
    if course.category == "no response" and course.percent is not None and course.percent <= 0:
        return "Not better so far"
    return HEADLINE[course.category]


def chip(course: Course) -> dict[str, str]:
    """The category as a chip."""
    label, kind, icon = (NO_SCORE_SINCE, "line", "") if course.only_begun else SHORT[course.category]
    return {"label": label, "kind": kind, "icon": icon}


def lead(case: Case, chart: Chart) -> str:
    """One line under the headline: doses and side effects, as she told."""
    told, missed = case.doses.days, len(case.doses.missed)
    if case.doses.percent is None:
        doses = "How many doses she took is not known"
    elif not missed:
        doses = "She took every dose she told of"
    else:
        doses = f"She took it on {told - missed} of the {told} days she told of"
    now = [body.what.lower() for body in side_effects(case.trial, chart) if body.until is None]
    return f"{doses}; {'side effects now: ' + ', '.join(now) if now else 'no side effect told of now'}."


def stats(case: Case, chart: Chart) -> list[tuple[str, str, str]]:
    """(name, value, small words) of the six facts, the trial's scale first."""
    course, on = case.course, case.on
    found = [_of_scale(scale, case, chart) for scale in _scales(case, chart)][:2]
    found += [_self_harm(chart, on), _doses(case), _at_full_dose(course), _effects(case, chart)]
    return found


def _scales(case: Case, chart: Chart) -> list[str]:
    """The scale the trial is judged by, then the others it asks for or that were scored since it began."""
    start = case.trial.started_on
    scored = [
        body.scale for entry, body in chart.of(said.Score) if body.total is not None and start and entry.on >= start
    ]
    wanted = [case.course.scale_id or case.trial.scale, case.trial.scale, *case.trial.also, *scored]
    return list(dict.fromkeys(one for one in wanted if one in knowledge().scales))


def _of_scale(scale: str, case: Case, chart: Chart) -> tuple[str, str, str]:
    book, course, on = knowledge().scales[scale], case.course, case.on
    points = points_of(scale, case.trial, chart, on)
    if not points:
        return book.name, "Not scored", "in this trial"
    last_day, last = points[-1]
    old = f", {day_words(last_day, on)}" if last_day != on else ""
    if len(points) == 1:
        return book.name, plain(last), f"one score only{old}"
    first = points[0][1]
    small = _change(first, last)
    if course.scale_id == scale and course.baseline is not None and course.latest is not None:
        first, last = course.baseline, course.latest
        small = _change(first, last)
        small += f", response at {int(half(first))} or less"
    return book.name, f"{plain(first)} to {plain(last)}", f"{small}{old}"


def half(first: Decimal) -> Decimal:
    """The score from which on it is a response."""
    return first * (100 - knowledge().numbers["response-percent"].value) / 100


def _change(first: Decimal, last: Decimal) -> str:
    if not first:
        return "no change" if first == last else "up"
    percent = round((first - last) * 100 / first)
    return "no change" if percent == 0 else f"{abs(percent)}% {'down' if percent > 0 else 'up'}"


def _self_harm(chart: Chart, on: date) -> tuple[str, str, str]:
    """From the first answer of the last two to the newest, in whichever scale asked."""
    answers = harm_answers(chart, on)
    if not answers:
        return "Self-harm question", "Not asked", "no answer on record"
    last_day, last = answers[-1]
    above = [day for day, value in answers if value > 0]
    if last > 0:
        return "Self-harm question", str(last), f"above 0 on {day_words(last_day, on)}"
    if not above:
        return "Self-harm question", "0", f"last asked {day_words(last_day, on)}"
    since = next(day for day, value in answers if day > above[-1] and value == 0)
    highest = max(value for _, value in answers)
    return "Self-harm question", f"{highest} to 0", f"0 since {day_words(since, on)}"


def harm_answers(chart: Chart, on: date) -> list[tuple[date, int]]:
    """Every answer to a question on self-harm up to this day, oldest first; the highest of a day counts."""
    found: dict[date, int] = {}
    for entry, body in reversed(chart.of(said.Score)):
        item = harm_item(body.scale)
        value = body.items.get(item) if item else None
        if isinstance(value, int) and entry.on <= on:
            found[entry.on] = max(int(value), found.get(entry.on, 0))
    return sorted(found.items())


def _doses(case: Case) -> tuple[str, str, str]:
    doses = case.doses
    missed = ", ".join(day_words(one, case.on) for one in doses.missed[:3])
    more = f" and {len(doses.missed) - 3} more" if len(doses.missed) > 3 else ""
    told = f"told of {doses.days} of {doses.of} days"
    if doses.percent is None:
        return "Doses taken", "Not known", f"missed {missed}{more}; {told}" if missed else told
    return "Doses taken", f"{doses.percent}%", f"missed {missed}{more}" if missed else f"none missed; {told}"


def _at_full_dose(course: Course) -> tuple[str, str, str]:
    """Weeks at a dose that a fair trial asks for; not known where no such dose is written."""
    dose, verified = fair_dose(course)
    wanted = f"a fair trial: {dose} or more for {plain(course.weeks_needed)} weeks"
    small = (wanted if verified else f"{wanted}, not yet verified") if dose else "no such dose is written"
    if course.dose_adequate is None:
        return "At a full trial dose", "Not known", small
    if not course.dose_adequate:
        return "At a full trial dose", "Not yet", small
    return "At a full trial dose", f"{plain(round(course.weeks, 1))} weeks", small


def fair_dose(course: Course) -> tuple[str, bool]:
    """From which dose is a trial of this medicine fair for her, and is that verified?  Empty: not written."""
    book = course.knowledge.monographs.get(course.medicine or "")
    found = fair(book, course) if book is not None else None
    if found is None or found.dose is None:
        return "", False
    return str(found.dose), found.mark is not Mark.UNVERIFIED


def _effects(case: Case, chart: Chart) -> tuple[str, str, str]:
    told = side_effects(case.trial, chart)
    now = [body for body in told if body.until is None]
    gone = [body for body in told if body.until is not None]
    before = "; ".join(
        f"{body.what.lower()} {_between(body.since, body.until, case.on)}"
        for body in gone[:2]
        if body.until is not None
    )
    if now:
        worst = max(now, key=lambda body: -1 if body.bother is None else body.bother)
        small = BOTHER.get(worst.bother, "how much is not said") if worst.bother is not None else "how much is not said"
        views = dict.fromkeys(view for body in now[:2] if (view := her_view(body)))
        return "Side effects", ", ".join(body.what for body in now[:2]), "; ".join([small, *views])
    return "Side effects", "None now", before or "none told in this trial"


def _between(first: date, last: date, on: date) -> str:
    begun = day_words(first, on)
    return begun if first == last else f"{begun} to {day_words(last, on)}"


def effects_in_words(case: Case, chart: Chart) -> str:
    """ "Nausea gone since 20 May; she thinks sertraline." """
    lines = [
        f"{body.what} gone since {day_words(body.until, case.on)}"
        if body.until is not None
        else f"{body.what} since {day_words(body.since, case.on)}{f', {BOTHER[body.bother]}' if body.bother else ''}"
        for body in side_effects(case.trial, chart)[:3]
    ]
    views = (her_view(body) for body in side_effects(case.trial, chart))
    lines = [f"{line}; {view}." if view else f"{line}." for line, view in zip(lines, views, strict=False)]
    return " ".join(lines) or "No side effect told of."


def her_view(body: said.SideEffect) -> str:
    """ "she thinks sertraline": of which medicine it comes, as she sees it, and never as a fact. Empty: she did not
    say."""
    if body.thinks == said.NOT_KNOWN:
        return "she does not know from which"
    named = knowledge().name_of(body.thinks or body.medicine)
    if body.thinks or (body.medicine and body.thinks_so):
        return f"she thinks {named}"
    return f"she thinks not {named}" if body.medicine and body.thinks_so is False else ""


def full_dose_in_words(course: Course) -> str:
    """ "Full trial dose (50 mg) reached in week 2." """
    dose, verified = fair_dose(course)
    named = f"({dose}{'' if verified else ', source unverified'})" if dose else ""
    if course.dose_adequate is None:
        return "Whether the dose is that of a full trial is not known."
    if not course.dose_adequate:
        return f"Full trial dose {named} not reached."
    return f"Full trial dose {named} reached in week {_day_reached(course) // 7 + 1}."


def _day_reached(course: Course) -> int:
    """The day of the trial on which the dose became a full one."""
    return course.days - round(course.weeks * 7)


def reached(case: Case) -> Reached | None:
    """The day of the full trial dose, marked on the timeline. None: not reached, or not known."""
    course, start = case.course, case.trial.started_on
    if not course.dose_adequate or start is None:
        return None
    day = _day_reached(course)
    return Reached(start + timedelta(days=day), ("Full trial dose", f"reached, week {day // 7 + 1}"))


def scale_name(scale: str) -> str:
    book = knowledge().scales.get(scale)
    return book.name if book is not None else scale


def points_of(scale: str, trial: Trial, chart: Chart, on: date) -> list[tuple[date, Decimal]]:
    """Whole scores from the one it began with, oldest first."""
    rows = [
        (entry.on, body.total)
        for entry, body in reversed(chart.of(said.Score))
        if body.scale == scale and body.total is not None and entry.on <= on
    ]
    before = [row for row in rows if trial.started_on is not None and row[0] <= trial.started_on]
    return [*before[-1:], *(row for row in rows if row not in before)]


def drawn(case: Case, chart: Chart) -> Drawing | None:
    """The trial's scale from its first score on, with its bands and the line of a response."""
    scale = case.course.scale_id or case.trial.scale
    points, book = points_of(scale, case.trial, chart, case.on), knowledge().scales.get(scale)
    if not points or book is None or case.trial.started_on is None:
        return None
    bands = sorted(book.bands, key=lambda one: one.low)
    highest = max([one.high for one in bands] or [int(max(total for _, total in points))])
    goal, begun = None, case.advice.course.baseline  # the one score it began with is drawn too
    if begun:
        goal = Goal(float(half(begun)), "half: response")
    score = Score(
        name=book.name, about="", highest=float(highest), goal=goal,
        points=tuple((on, float(total)) for on, total in points),
        bands=tuple(
            Band(float(one.low), float(one.high) + 1, short(one), min(TINTS, at + 1))
            for at, one in enumerate(bands)
        ),
    )  # fmt: skip
    return progress(score, case.trial.started_on, week="wk", wide=WIDE, high=HIGH, name="evidence")


def short(band: Any) -> str:
    """A band's name where there is little room: a long one by its numbers."""
    name = str(band.name).replace("moderately", "mod.")
    return name if len(name) <= MOST_LETTERS else f"{band.low} to {band.high}"


def last_told(chart: Chart, on: date) -> str:
    """ "Nothing told since 28 May." when she was silent for a week; empty: she was not. Silence is not a state."""
    days = [entry.on for entry, _ in chart.entries if entry.origin == "hers" and entry.on <= on]
    if not days:
        return "Nothing told by her yet."
    last = max(days)
    return f"Nothing told since {day_words(last, on)}." if on - last > QUIET_AFTER else ""


def her_words(chart: Chart) -> tuple[Any, said.Symptom] | None:
    """Her newest line."""
    return next(((entry, body) for entry, body in chart.of(said.Symptom) if entry.origin == "hers"), None)
