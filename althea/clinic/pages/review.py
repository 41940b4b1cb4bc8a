"""Is this trial helping, and what next?  The evidence, the steps ranked with reasons, and what was agreed with her."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from althea.care import entries as said
from althea.care.actions import review as acting
from althea.care.actions import trial as trials
from althea.care.days import age, today
from althea.care.facts import Chart
from althea.care.known import knowledge
from althea.care.models import Entry, Role, Stale, Trial
from althea.care.trial_words import week_in_words
from althea.clinic import evidence
from althea.clinic.frame import frame
from althea.clinic.heading import allergies, stage_chip
from althea.clinic.next_steps import Step
from althea.clinic.rests_on import in_line
from althea.clinic.review_form import WHOSE, Decide, how_long, next_review
from althea.clinic.reviewed import Shown, dose_in, shown_of
from althea.clinic.score_form import EnterScore
from althea.clinic.support import CANNOT_WAIT, CONTINUES, RECOMMENDED, SHE_SAID, open_words
from althea.engine.facts import plain
from althea.engine.trial import NotAllowed, State
from althea.knowledge.quantity import Dose
from althea.look.words import day as day_words

LEANS = {
    "same": "go on as it is", "more": "a bit more", "something-else": "something else", "stop": "stopping",
    "not-sure": "not sure yet",
}  # fmt: skip
NO_SCORE = "There is no score since the last review. Ask her today, or enter one from paper, then decide together."
CHOOSE_FIRST = "Choose one of the steps first, then record it."
LOUD = (RECOMMENDED, CANNOT_WAIT, SHE_SAID)
TYPED, OF_A_STEP = ("whose", "reasons", "early_signs", "watch", "every_weeks"), ("dose", "review_on")
ON_PAPER = "There is no score since the last review. Its questions may not be shown on her phone: enter one from paper."


@require_safe
def page(request: Any, patient: Any, trial: UUID) -> HttpResponse:
    one = hers(request, trial)
    if one.started_on is None:
        return render(request, "clinic/review_not_begun.html", frame(request, "patients", within=True) | about(request))
    seen = shown_of(request.patient, one, request.GET.get("choose", ""), request.GET.get("dose", ""))
    return drawn(request, seen, code=request.GET.get("choose", ""))


def hers(request: Any, trial: UUID) -> Trial:
    """A trial of hers, else 404. `before`: those of hers that are over, by the same query."""
    rows = list(Trial.objects.filter(patient=request.patient))
    found = next((one for one in rows if one.pk == trial), None)
    if found is None:
        raise Http404
    found.patient = request.patient
    found.before = [one for one in rows if one.state == State.ENDED.value and one is not found]  # type: ignore[attr-defined]
    return found


def about(request: Any) -> dict[str, Any]:
    return {"patient": request.patient, "on": today(request.patient, timezone.now())}


def drawn(
    request: Any, seen: Shown, *, code: str, form: Decide | None = None, score: EnterScore | None = None,
    notice: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The page. `form`, `score`: as sent, where something in them is wrong; `notice`: what happened meanwhile."""
    her, trial, case = request.patient, seen.trial, seen.case
    over = State(trial.state) not in trials.LIVE
    chosen = next((one for one in seen.steps if one.code == code), None)
    words = evidence.her_words(seen.chart)
    may_decide = request.who.role == Role.PRESCRIBER and not over
    decided = decisions(seen.chart, trial)
    askable = trials.may_ask(trial.scale)
    needs_score = not seen.have and State(trial.state) is not State.REVIEWED
    holds = about(request) | {
        "age": age(her.born_on, seen.on),
        "stage": stage_chip(seen.chart, seen.on),
        "allergies": allergies(seen.chart),
        "trial": trial,
        "over": over,
        "line": opening(seen),
        "headline": evidence.headline(case.course),
        "lead": evidence.lead(case, seen.chart),
        "silent": evidence.last_told(seen.chart, seen.on),
        "stats": seen.stats,
        "drawing": evidence.drawn(case, seen.chart),
        "goals": [(goal, goal.since(trial.started_on)) for goal in seen.goals],
        "steps": seen.steps,
        "choices": open_words(case.advice, [one.support for one in seen.steps]),
        "primary": seen.steps[0].code if chosen is None and seen.steps[0].support in LOUD else "",
        "because": case.advice.because,
        "sources": in_line(case.advice.sources),
        "not_known": case.not_known,
        "words": words,
        "leaning": LEANS.get(case.leaning, ""),
        "may_decide": may_decide,
        "chosen": chosen,
        "form": shown_form(seen, chosen, form) if may_decide else None,
        "needs_score": (NO_SCORE if askable else ON_PAPER) if needs_score and not over else "",
        "askable": askable,
        "blocked": needs_score and chosen is not None and chosen.code not in acting.ASKS_FIRST,
        "whose": whose(form),
        "same_dose": code in CONTINUES and case.course.daily_mg is not None,
        "found": seen.found,
        "open": seen.open,
        "raise_to": seen.raise_to,
        "unchecked": unchecked(seen, form),
        "lower": lower_order(seen),
        "digest": seen.digest,
        "decided": decided[0] if decided else None,
        "pending": pending(seen),
        "how_long": how_long(trial, case),
        "score": score if score is not None else EnterScore(trial=trial, on=seen.on),
        "notice": notice,
        "knowledge": str(knowledge().stamp),
    }
    return render(request, "clinic/review.html", frame(request, "patients", within=True) | holds, status=status)


def shown_form(seen: Shown, chosen: Step | None, form: Decide | None) -> Decide:
    return form if form is not None else blank(seen, "" if chosen is None else chosen.code)


def whose(form: Decide | None) -> list[dict[str, Any]]:
    """The three answers, as `look/_filters.html` takes them. Nothing is chosen beforehand."""
    sent = form["whose"].value() if form is not None else ""
    return [{"label": label, "value": key, "checked": key == sent} for key, label in WHOSE]


def unchecked(seen: Shown, form: Decide | None) -> str:
    """What is said of a dose in the field that is not the one that was checked; empty: it is that one."""
    if form is None or "dose" not in form.fields:
        return ""
    typed = " ".join(str(form["dose"].value() or "").split())[:40]
    dose = dose_in(typed)
    same = dose is not None and seen.raise_to is not None and dose.mg == seen.raise_to.mg
    if same:
        return ""
    return f"{typed} was not checked." if typed else "No dose was checked: none stands here."


def opening(seen: Shown) -> str:
    """ "Sertraline, week 5 of 8 planned. 75 mg since 28 May. Started 7 May for low mood after birth." """
    trial, course, on = seen.trial, seen.case.course, seen.on
    assert trial.started_on is not None
    name = knowledge().name_of(trial.medicine).capitalize()
    since = date.fromordinal(on.toordinal() - course.days_at_dose)
    dose = f"{plain(course.daily_mg)} mg a day" if course.daily_mg else "Dose not known"
    at_dose = f"{dose} since {day_words(since, on)}" if course.daily_mg else dose
    if trial.ended_on is not None:
        return (
            f"{name}. Started {day_words(trial.started_on, on)} for {trial.problem.lower()}, ended {day_words(on, on)}."
        )
    begun = f"Started {day_words(trial.started_on, on)} for {trial.problem.lower()}."
    return f"{name}, {week_in_words(trial, on)}. {at_dose}. {begun}"


def blank(seen: Shown, code: str, sent: Any = None, *, of_it: bool = False) -> Decide:
    """The form of a step, or of none yet, with what is proposed. `sent`: what was typed, `of_it`: of this very step."""
    first = {"chosen": code, "review_on": next_review(seen.case, code), "dose": str(seen.raise_to or "")}
    if sent is not None:
        names = (*TYPED, *(OF_A_STEP if of_it else ()))
        first |= {name: sent[name] for name in names if name in sent}
        first["talked_over"] = sent.getlist("talked_over")
    return form_of(seen, code, initial=first)


def form_of(seen: Shown, code: str, *args: Any, **named: Any) -> Decide:
    return Decide(
        *args, code=code, on=seen.on, now=seen.now, most=seen.most, strengths=list(seen.strengths),
        halves=seen.halves, times=seen.times, steps=[(one.code, one.title) for one in seen.steps], **named,
    )  # fmt: skip


def decisions(chart: Chart, trial: Trial) -> list[tuple[Entry, said.Decision]]:
    """What was decided at reviews since this trial began, newest first."""
    rows = [(entry, body) for entry, body in chart.of(said.Decision) if body.about == "review"]
    return [(entry, body) for entry, body in rows if trial.started_on is None or entry.on >= trial.started_on]


def pending(seen: Shown) -> tuple[str, str] | None:
    """What was agreed and is still to be done on another page: (words, address)."""
    rows = decisions(seen.chart, seen.trial)
    if State(seen.trial.state) is not State.REVIEWED or not rows:
        return None
    entry, body = rows[0]
    return body.chosen_words, onwards(seen, body.chosen, entry, raised=body.dose)


def onwards(seen: Shown, code: str, entry: Entry, *, raised: str = "") -> str:
    """Where this decision is carried out. No address names a medicine."""
    at = {"patient": seen.trial.patient_id}
    if code == "optimise_dose":
        query = {
            "replaces": seen.order.pk if seen.order else "",
            "trial": seen.trial.pk,
            "dose": raised,
            "decision": entry.pk,
        }
        return f"{reverse('new-order', kwargs=at)}?{urlencode({key: value for key, value in query.items() if value})}"
    if code in ("switch", "switch_to_clozapine", "augment", "add_psychotherapy"):
        return reverse("offer", kwargs=at)
    if code == "taper_stop" and seen.order is not None:
        query = {"trial": seen.trial.pk, "decision": entry.pk}
        return f"{reverse('stop-order', kwargs=at | {'order': seen.order.pk})}?{urlencode(query)}"
    name = {"reassess_diagnosis": "plan", "urgent_escalation": "safety-plan"}.get(code, "chart")
    return reverse(name, kwargs=at)


def lower_order(seen: Shown) -> str:
    """Where a lower dose is written."""
    query = {"replaces": seen.order.pk if seen.order else "", "trial": seen.trial.pk}
    return f"{reverse('new-order', kwargs={'patient': seen.trial.patient_id})}?{urlencode(query)}"


@require_POST
def decide(request: Any, patient: Any, trial: UUID) -> HttpResponse:
    """What was agreed becomes her decision and the trial's next step; then on to where it is carried out."""
    one, sent = hers(request, trial), request.POST
    if one.started_on is None:
        raise Http404
    code = sent.get("chosen", "")
    same, check = sent.get("drawn_for", code) == code, "check" in sent
    seen = shown_of(request.patient, one, code, sent.get("dose" if check else "shown_dose", "") if same else "")
    if State(one.state) not in trials.LIVE:
        return drawn(request, seen, code="", notice="This trial is over. Nothing more happens to it.", status=409)
    chosen = next((step for step in seen.steps if step.code == code), None)
    if chosen is None:
        form = blank(seen, "", sent)
        return drawn(request, seen, code="", form=form, notice=CHOOSE_FIRST, status=400)
    if check or not same:
        notice = "" if check else f"{chosen.title}: look over what belongs to it below, then record it."
        form = blank(seen, code, sent, of_it=same)
        return drawn(request, seen, code=code, form=form, notice=notice)
    form = form_of(seen, code, sent)
    if sent.get("seen") != seen.digest:
        return drawn(request, seen, code=code, form=form, notice=meanwhile(seen), status=409)
    valid, given = form.is_valid(), form.cleaned_data
    dose = given.get("dose", "")
    if not valid:
        asked = shown_of(request.patient, one, code, dose) if dose else seen  # what is said is of the dose typed
        return drawn(request, asked, code=code, form=form_of(asked, code, sent))
    if dose and (seen.raise_to is None or Dose.parse(dose).mg != seen.raise_to.mg):
        again = shown_of(request.patient, one, code, dose)
        notice = f"Checked again at {dose}. Read what it says beside the form, then record it."
        return drawn(request, again, code=code, form=form_of(again, code, sent), notice=notice)
    try:
        entry = record_it(request, seen, chosen, given, form)
    except NotAllowed:
        return drawn(request, seen, code=code, form=form, notice=NO_SCORE)
    except acting.NoMore as sorry:
        return drawn(request, seen, code=code, form=form, notice=str(sorry))
    except Stale:
        fresh = shown_of(request.patient, hers(request, trial), code, sent.get("shown_dose", ""))
        return drawn(request, fresh, code=code, form=form, notice=meanwhile(fresh), status=409)
    messages.success(request, said_of(code, given))
    return redirect(onwards(seen, code, entry, raised=at_one_time(dose, seen.times)))


def at_one_time(daily: str, times: int) -> str:
    """A daily dose as an order writes it: how much at one time."""
    if not daily:
        return ""
    dose = Dose.parse(daily)
    return str(Dose(dose.mg / times, dose.unit))


def record_it(request: Any, seen: Shown, chosen: Step, given: dict[str, Any], form: Decide) -> Entry:
    """The decision, its maintenance plan, a check-in for today or the end of a trial of which nothing runs."""
    now, trial, code = timezone.now(), seen.trial, chosen.code
    dose = given.get("dose", "")
    body = said.Decision(
        about="review", seen=seen.digest, options=[step.code for step in seen.steps], chosen=code,
        chosen_words=chosen.title, reasons=given["reasons"], whose=given["whose"], talked_over=given["talked_over"],
        knowledge=str(knowledge().stamp), dose=at_one_time(dose, seen.times),
    )  # fmt: skip
    maintenance = None
    if code == "continue_maintain":
        maintenance = said.Maintenance(
            trial=str(trial.pk), early_signs=given["early_signs"], watch=given["watch"],
            how_long=how_long(trial, seen.case), every_weeks=given["every_weeks"], review_on=given["review_on"],
        )  # fmt: skip
    if code in ("measure_first", "check_adherence"):
        acting.ask_today(trial=trial, by=request.user, at=now)
    entry = acting.decide(
        trial=trial, decision=body, seen=trial.version, have=seen.have, review_on=given.get("review_on"),
        by=request.user, at=now, maintenance=maintenance,
    )  # fmt: skip
    if code == "taper_stop" and seen.order is None:
        trials.stop(trial=trial, why=chosen.title, by=request.user, at=now)
    return entry


def said_of(code: str, given: dict[str, Any]) -> str:
    if code in ("measure_first", "check_adherence"):
        return "Recorded. A check-in waits for her today."
    review_on = given.get("review_on")
    return f"Recorded. Next review {day_words(review_on)}." if review_on else "Recorded."


def meanwhile(seen: Shown) -> str:
    """What changed since the page was shown."""
    newest = next(iter(decisions(seen.chart, seen.trial)), None)
    kept = "Yours is not saved; what you typed is still here."
    if newest is not None and newest[0].on == seen.on:
        entry, body = newest
        return (
            f"{entry.recorded_by} recorded a decision on this trial: “{body.chosen_words}”. {kept} Read theirs first."
        )
    return f"Something in her record changed since this page was shown. {kept} Read the page again, then record it."


@require_POST
def ask(request: Any, patient: Any, trial: UUID) -> HttpResponse:
    """A check-in for her today."""
    one = hers(request, trial)
    if State(one.state) not in trials.LIVE:
        messages.error(request, "This trial is over: nothing is asked for it any more.")
        return redirect("chart", patient=request.patient.pk)
    try:
        acting.ask_today(trial=one, by=request.user, at=timezone.now())
    except acting.NoMore as sorry:
        messages.error(request, str(sorry))
    else:
        messages.success(request, "A check-in waits for her today.")
    return redirect("review", patient=request.patient.pk, trial=one.pk)


@require_POST
def score(request: Any, patient: Any, trial: UUID) -> HttpResponse:
    """A score from paper."""
    one = hers(request, trial)
    if one.started_on is None:
        raise Http404
    form = EnterScore(request.POST, trial=one, on=today(request.patient, timezone.now()))
    if not form.is_valid():
        return drawn(request, shown_of(request.patient, one, "", ""), code="", score=form)
    acting.enter_score(patient=request.patient, by=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(request, "Entered.")
    return redirect("review", patient=request.patient.pk, trial=one.pk)
