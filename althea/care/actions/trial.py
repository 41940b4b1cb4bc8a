"""The steps of a trial: what the engine's table allows, written down with who, when and why.

`engine.trial.take` refuses what may not be, and its words are the page's words. She may leave at any time and needs
nothing and nobody to do so; no other step is hers to be made to take.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from django.db import transaction

from althea.care import audit
from althea.care import entries as said
from althea.care.actions import worklist
from althea.care.days import today
from althea.care.facts import chart_of
from althea.care.known import knowledge
from althea.care.models import CheckIn, Entry, Order, Patient, Trial, TrialStep, User, WorklistItem
from althea.care.trial_case import outcome_in_words
from althea.engine.trial import LIVE, Actor, State, Verb, take

WEEKLY, FORTNIGHTLY = 7, 14
LONGEST_OUTCOME = 200
MOST_CHECK_INS = 26
"""Planned ahead at most; a longer trial plans on when it comes near."""
ASKED_AFTER = 4 * WEEKLY
"""Days after the last dose in which she is still asked each week how she is: leaving a medicine is part of its trial.
How long is ours to choose; who wants to watch for longer sees her."""


@transaction.atomic
def start(
    *,
    patient: Patient,
    order: Order,
    problem: str,
    scale: str,
    by: User,
    at: datetime,
    also: Collection[str] = (),
    weeks: int | None = None,
    review_on: date | None = None,
    decision: Entry | None = None,
    have: Collection[str] = ("consent", "signed order", "baseline checks"),
) -> Trial:
    """The trial of this order's medicine begins with its first step. Raises NotAllowed when something is missing.

    `have`: what is there, in the engine's words. Her agreement is her decision; it was given when that was recorded.
    """
    first = date.fromisoformat(order.steps[0]["from"])
    trial = Trial.objects.create(
        patient=patient, medicine=order.medicine, state=State.PROPOSED.value, problem=problem, scale=scale,
        also=list(also), weeks=weeks, started_on=first, review_on=review_on, decision=decision, created_at=at,
    )  # fmt: skip
    _step(trial, Verb.AGREE, Actor.PATIENT, have, by, "Her decision", at)
    _step(trial, Verb.START, Actor.PRESCRIBER, have, by, "", at, order=order)
    rows = Entry.objects.current().filter(patient=patient, kind=said.Score.kind, on__lte=first)
    plan_check_ins(
        trial=trial, at=at, first=first_check_in(scale, first, [(row, said.Score(**row.body)) for row in rows])
    )
    return trial


def first_check_in(scale: str, first: date, scores: Iterable[tuple[Entry, said.Score]]) -> date:
    """A week after the first dose; on the day of that dose where no score says yet how she was before it."""
    asked_at_once = may_ask(scale) and not begun_from(scale, first, scores)
    return first if asked_at_once else first + timedelta(days=WEEKLY)


def begun_from(scale: str, first: date, scores: Iterable[tuple[Entry, said.Score]]) -> bool:
    """Is there a whole score of this scale, fresh on the day of the first dose, to judge the trial from?"""
    since = first - timedelta(days=int(knowledge().numbers["score-fresh-days"].value))
    return any(body.scale == scale and body.total is not None and since <= row.on <= first for row, body in scores)


@transaction.atomic
def change_dose(*, trial: Trial, order: Order, why: str, by: User, at: datetime) -> Trial:
    """The dose changes by a newly signed order; check-ins go on. The day it names to look again, if it names one, is
    the trial's from now on: it is what her paper says."""
    verb = Verb.ADJUST if State(trial.state) is State.REVIEWED else Verb.CHANGE_DOSE
    if State(trial.state) is State.STEADY:
        _step(trial, Verb.REVIEW, Actor.PRESCRIBER, ("score since last review",), by, "", at)
        verb = Verb.ADJUST
    _step(trial, verb, Actor.PRESCRIBER, ("signed order",), by, why, at, order=order)
    if order.review_on is not None and order.review_on != trial.review_on:
        trial.put(review_on=order.review_on)
        plan_check_ins(trial=trial, at=at, first=today(trial.patient, at) + timedelta(days=1))
    return trial


@transaction.atomic
def review(*, trial: Trial, have: Collection[str], why: str, by: User, at: datetime) -> Trial:
    """It is reviewed with her. Needs a score since the last review."""
    _step(trial, Verb.REVIEW, Actor.PRESCRIBER, have, by, why, at)
    for item in WorklistItem.objects.filter(patient=trial.patient, reason=f"review:{trial.pk}", closed_at__isnull=True):
        worklist.close(item=item, by=by, words="reviewed", at=at)
    return trial


@transaction.atomic
def go_on(
    *, trial: Trial, review_on: date, why: str, by: User, at: datetime, every_days: int = WEEKLY
) -> Trial:  # fmt: skip
    """After a review: the same medicine, the same dose, and a day to look again. She is asked every so many days."""
    _step(trial, Verb.CONTINUE, Actor.PRESCRIBER, (), by, why, at)
    trial.put(review_on=review_on)
    plan_check_ins(trial=trial, at=at, every_days=every_days, first=today(trial.patient, at) + timedelta(days=1))
    return trial


@transaction.atomic
def stop(
    *, trial: Trial, why: str, by: User, at: datetime, outcome: str = "", last_dose: date | None = None
) -> Trial:  # fmt: skip
    """It ends, with a plan for stopping. `outcome`: how it went, in words; empty: as its scores say, and why.
    `last_dose`: the last day of the plan; without one she takes none from today on."""
    _step(trial, Verb.STOP, Actor.PRESCRIBER, ("stopping plan",), by, why, at)
    _ended(trial, outcome, why, at, last_dose)
    return trial


@transaction.atomic
def leave(*, trial: Trial, words: str, by: User, at: datetime) -> Trial:
    """She leaves it. Her team is told, and it is never held against her."""
    _step(trial, Verb.LEAVE, Actor.PATIENT, (), by, words, at)
    _ended(trial, "", "She left it.", at)
    worklist.place(
        patient=trial.patient, group=WorklistItem.Group.CANNOT_WAIT, level="warning", reason=f"left:{trial.pk}",
        why=f"She stopped it herself{f': “{words[:120]}”' if words else '.'}", action="Call her", at=at, tell=True,
    )  # fmt: skip
    return trial


def live(patient: Patient) -> Trial | None:
    """The trial that is under way, the newest first; None: none is."""
    states = [state.value for state in LIVE]
    return Trial.objects.filter(patient=patient, state__in=states).order_by("-created_at").first()


def live_and_ended(patient: Patient, on: date) -> tuple[Trial | None, list[Trial]]:
    """The trial that is under way, and those that are over, the newest first. One query."""
    rows, states = list(Trial.objects.filter(patient=patient).order_by("-created_at")), [state.value for state in LIVE]
    return (
        next((one for one in rows if one.state in states), None),
        [one for one in rows if one.ended_on is not None and one.ended_on <= on],
    )


def live_of(patient: Patient, medicine: str) -> Trial | None:
    """The trial of this medicine that is under way; None: none is."""
    states = [state.value for state in LIVE]
    return Trial.objects.filter(patient=patient, medicine=medicine, state__in=states).order_by("-created_at").first()


def plan_check_ins(*, trial: Trial, at: datetime, every_days: int = WEEKLY, first: date | None = None) -> int:
    """Every week (or so many days) until its review, and on the review day. Never two on one day. Returns how many.

    Days count from the trial's first day while it is asked weekly, else from today. `first`: none before this day.
    """
    if trial.started_on is None or trial.review_on is None:
        return 0
    on, last = today(trial.patient, at), trial.review_on
    begin, origin = max(trial.started_on, on, min(first or on, last)), trial.started_on if every_days == WEEKLY else on
    before_last = [day for day in spaced(origin, begin, last, every_days) if day < last][: MOST_CHECK_INS - 1]
    return ask_on_days(trial, [*before_last, *([last] if last >= begin else [])])


def spaced(origin: date, begin: date, last: date, every_days: int = WEEKLY) -> list[date]:
    """The days from `begin` to `last`, both included, that lie so many days apart, counted from `origin`."""
    steps = range(max(0, (last - origin).days // every_days + 1))
    return [day for step in steps if (day := origin + timedelta(days=every_days * step)) >= begin]


def ask_on_days(trial: Trial, days: Collection[date]) -> int:
    """A check-in on each of these days. Where she is asked something that day already, and has not begun it, the scales
    of this trial are asked beside: two trials are told apart by their scales. Returns how many days are new or grew."""
    there = {one.due_on: one for one in CheckIn.objects.filter(patient=trial.patient, due_on__in=days)}
    asked = 0
    for day in days:
        wanted, one = scales_on(trial, day), there.get(day)
        if one is None:
            CheckIn.objects.create(patient=trial.patient, trial=trial, due_on=day, scales=wanted)
        elif one.state == CheckIn.State.WAITING and not set(wanted) <= set(one.scales):
            one.put(scales=list(dict.fromkeys([*one.scales, *wanted])))
        else:
            continue
        asked += 1
    return asked


def keep_asking(*, trial: Trial, on: date) -> CheckIn | None:
    """Its review is late: the week's check-in is offered all the same. None: not today, or there is one."""
    late = trial.started_on is not None and trial.review_on is not None and trial.review_on < on
    if not late or (on - (trial.started_on or on)).days % WEEKLY:
        return None
    return CheckIn.objects.get(patient=trial.patient, due_on=on) if ask_on_days(trial, [on]) else None


def scales_on(trial: Trial, day: date) -> list[str]:
    """Which scales a check-in of this day asks: the trial's own each time, the others every second week.

    A scale whose text may not be shown asks nothing on her phone: its score is entered at the clinic.
    """
    second = trial.started_on is not None and (day - trial.started_on).days % FORTNIGHTLY < WEEKLY
    return [trial.scale, *(one for one in trial.also if second and one != trial.scale and may_ask(one))]


def may_ask(scale: str) -> bool:
    """May its questions be shown on her phone?"""
    book = knowledge().scales.get(scale)
    return book is not None and any(item.text for item in book.items)


def _ended(trial: Trial, outcome: str, why: str, at: datetime, last_dose: date | None = None) -> None:
    """Over since today. How it went comes from its scores; without two of them it is said to be not known. She is asked
    on while the dose goes down, and for some weeks after the last."""
    on = trial.ended_on = today(trial.patient, at)
    if not outcome:
        outcome = f"{outcome_in_words(trial, chart_of(trial.patient))} {why}".strip()
    trial.put(ended_on=trial.ended_on, outcome=outcome if len(outcome) <= LONGEST_OUTCOME else f"{outcome[:199]}…")
    until = (last_dose or on) + timedelta(days=ASKED_AFTER)
    for check_in in CheckIn.objects.filter(trial=trial, state=CheckIn.State.WAITING, due_on__gt=until):
        check_in.put(state=CheckIn.State.PASSED)
    if trial.started_on is not None and trial.started_on <= on:
        ask_on_days(trial, spaced(trial.started_on, on + timedelta(days=1), until))


def _step(
    trial: Trial, verb: Verb, actor: Actor, have: Collection[str], by: User, why: str, at: datetime,
    order: Order | None = None,
) -> None:  # fmt: skip
    came_from = State(trial.state)
    to = take(came_from, verb, by=actor, have=have)
    trial.put(state=to.value)
    TrialStep.objects.create(
        trial=trial, came_from=came_from.value, to=to.value, verb=verb.value, by=by, why=why, order=order, at=at
    )
    audit.write(
        clinic=trial.patient.clinic, by=by, verb=f"trial: {verb.value}", at=at, patient=trial.patient,
        about=f"trial {trial.pk}",
    )  # fmt: skip
