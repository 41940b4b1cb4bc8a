"""What does the review of a trial rest on?  Everything its page shows, gathered once, and the digest of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import review as acting
from althea.care.aside import aside_of
from althea.care.days import today
from althea.care.dose_history import running_order, runs_on
from althea.care.doses_told import answers_of
from althea.care.facts import Chart, chart_of, facts_of, proposed
from althea.care.goals_told import HerGoal, goals_of
from althea.care.known import jurisdiction_of, knowledge
from althea.care.models import Order, Patient, Trial
from althea.care.ready import kept
from althea.care.regimen import NotReadable, form_said, read_dose
from althea.care.signing import digest_of
from althea.care.trial_case import Case, case_of
from althea.clinic import evidence
from althea.clinic.next_steps import Step, Told, steps_of
from althea.engine.facts import Facts, plain
from althea.engine.finding import Finding
from althea.engine.next_dose import NOT_KNOWN, next_dose
from althea.engine.options import to_switch_to
from althea.engine.review import review
from althea.fhir.readings import readings_of
from althea.knowledge.quantity import Dose
from althea.knowledge.schema.evidence import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The page's content, so that what a decision rests on is exactly what was read."""

    trial: Trial
    chart: Chart
    facts: Facts
    on: date
    case: Case
    order: Order | None
    times: int
    strengths: tuple[Dose, ...]
    halves: bool
    now: Dose | None
    raise_to: Dose | None
    most: Dose | None
    """The highest dose a day for her; None: not known."""
    found: tuple[Finding, ...]
    open: tuple[Finding, ...]
    steps: list[Step]
    stats: list[tuple[str, str, str]]
    goals: tuple[HerGoal, ...]
    have: tuple[str, ...]

    @property
    def digest(self) -> str:
        return digest_of(
            {
                "trial": str(self.trial.pk), "version": self.trial.version, "on": self.on, "stats": self.stats,
                "steps": [one.shown() for one in self.steps], "dose": str(self.raise_to),
                "found": [one.title for one in (*self.found, *self.open)], "not known": self.case.not_known,
                "leaning": self.case.leaning, "goals": [one.shown() for one in self.goals],
                "knowledge": str(knowledge().stamp),
            }
        )  # fmt: skip


def shown_of(her: Patient, trial: Trial, chosen: str, dose: str) -> Shown:
    """Everything of this trial today; of one that is over, as of its last day. `dose`: another than is proposed.

    `trial.before`, where it is there: her trials that are over.
    """
    now_on = today(her, timezone.now())
    on = min(now_on, trial.ended_on or now_on)
    chart = chart_of(her)
    facts = facts_of(chart, on)
    before: list[Trial] = getattr(trial, "before", [])
    case = case_of(trial, chart, facts, on, answers=answers_of(her), ended=before)
    order = running_order(chart.orders, trial.medicine, on)
    step = (runs_on(order, on) or order.steps[-1]) if order is not None and order.steps else {}
    times = int(step.get("times_a_day") or 1)
    strengths, halves = tablets(order, trial.medicine)
    up = next_dose(case.course, strengths, halves=halves, times_a_day=times) if order is not None else NOT_KNOWN
    raise_to = dose_in(dose) or up.daily
    aside = aside_of(her, on)
    law = jurisdiction_of(her)
    here = review(facts, None, knowledge(), jurisdiction=law)
    found, open_ = checked(chart, facts, order, raise_to, times, here.findings, law)
    others, held = to_switch_to(facts, knowledge(), jurisdiction=law)
    told = Told(
        case=case, chart=chart, facts=facts, name=knowledge().name_of(trial.medicine),
        dose=f"{plain(case.course.daily_mg)} mg{'' if times == 1 else ' a day'}" if case.course.daily_mg else "",
        next=up, raise_to=str(raise_to) if raise_to is not None else "", found=found, others=others, held=held,
        breastfeeding=facts.stage.breastfeeding,
    )  # fmt: skip
    scores = [(entry, body) for entry, body in chart.of(said.Score)]
    return Shown(
        trial=trial, chart=chart, facts=facts, on=on, case=case, order=order, times=times, strengths=strengths,
        halves=halves, now=Dose(case.course.daily_mg) if case.course.daily_mg else None, raise_to=raise_to,
        most=up.most, found=found,
        open=tuple(one for one in aside.open_of(open_) if one.level >= Level.WARNING),
        steps=steps_of(told, chosen), stats=evidence.stats(case, chart), goals=goals_of(chart, on),
        have=acting.have_of(trial, scores, acting.last_review(trial)),
    )  # fmt: skip


def tablets(order: Order | None, medicine: str) -> tuple[tuple[Dose, ...], bool]:
    """Which strengths a dose a day is made from, in the form she has, and may one be halved?  Plain tablets only.

    Where no form is said: those that work at a plain pace, where there are any. One made to work at another pace may
    be for a week, and never stands for the others.
    """
    codes = readings_of(knowledge()).codes
    rows, form = codes.strengths(medicine), form_of(order) if order is not None else ""
    hers = [row for row in rows if row[1] == form]
    rows = tuple(hers or [row for row in rows if "release" not in row[1]] or rows)
    return tuple({dose.mg: dose for dose, _ in rows}.values()), any(made_as == "oral tablet" for _, made_as in rows)


def form_of(order: Order) -> str:
    """The dose form of an order: as it was drafted, by its product's code, or in its own words. Empty: none of them."""
    product = readings_of(knowledge()).codes.by_code.get(order.rxcui)
    words = " ".join([order.product, *(step.get("take", "") for step in order.steps)])
    named = form_said(order.medicine, words)
    drafted = kept(order).get("tablets", {}).get("form", "")
    return str(drafted or (product.form if product is not None else "") or (named.name if named is not None else ""))


def dose_in(text: str) -> Dose | None:
    """A dose as typed in an address; what is none is not one."""
    try:
        return read_dose(text)
    except NotReadable:
        return None


def checked(
    chart: Chart, facts: Facts, order: Order | None, daily: Dose | None, times: int, before: tuple[Finding, ...],
    law: str,
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:  # fmt: skip
    """What a review of that dose finds: (what is new with it, what is there already). No dose: nothing is new."""
    if order is None or daily is None:
        return (), before
    steps = [
        {
            "from": facts.on.isoformat(),
            "until": None,
            "dose": str(Dose(daily.mg / times, daily.unit)),
            "times_a_day": times,
        }
    ]
    draft = Order(
        patient=chart.patient, medicine=order.medicine, product=order.product, rxcui=order.rxcui, route=order.route,
        steps=steps, replaces_id=order.pk,
    )  # fmt: skip
    asked = proposed(draft, chart, facts.on)
    if asked is None:
        return (), before
    loud = {one.reason: one.level for one in before}
    rows = review(facts, asked, knowledge(), jurisdiction=law).findings
    new = tuple(one for one in rows if one.reason not in loud or one.level > loud[one.reason])
    return new, tuple(one for one in rows if one not in new)
