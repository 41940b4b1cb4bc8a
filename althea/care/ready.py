"""What is still needed before this draft may be signed, and what exactly would be signed?

The page that is signed and the signature itself both ask here, so that one cannot say what the other does not. What is
signed is `Prepared.shown`, and its digest is what a second factor is given for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from althea.care import entries as said
from althea.care.actions.trial import live_of
from althea.care.aside import SUGGESTION
from althea.care.days import today
from althea.care.draft import Found, Reviewed, key_of, reviewed
from althea.care.facts import Chart, chart_of, facts_of
from althea.care.known import knowledge
from althea.care.models import Entry, Order, Trial, User
from althea.care.regimen import not_halved
from althea.care.schedule import A_DAY, last_day, over, replaced_by
from althea.care.signing import digest_of
from althea.fhir.cards import OVERRIDE_REASONS
from althea.knowledge.schema.evidence import Mark
from althea.knowledge.schema.medicine import AdequateTrial
from althea.knowledge.schema.rule import Monitoring

REASONS = {one["code"]: one["display"] for one in OVERRIDE_REASONS}
CHECK_ANSWERS = {"is-done": "Done, result elsewhere", "ordered": "Ordered today", "not-now": "Not now, because"}
DONE = ("ordered", "is-done")
"""Those of a check that settle it."""
NOT_NOW = "not-now"
NONE_TO_COME = "by-plan"
LONGEST_WORDS = 500
AS_IN_A_SENTENCE = re.compile(r"^for\s+", re.IGNORECASE)
"""What it is for is often written "For low mood"; the pages put the word before it themselves."""


@dataclass(frozen=True, slots=True)
class Check:
    """Something wanted before the first dose. `known`: False where nobody can say whether it was done."""

    key: str
    words: str
    known: bool
    answer: str = ""
    why: str = ""
    open: bool = True


@dataclass(frozen=True, slots=True)
class TrialPlan:
    """The trial that this signature begins. `weeks` None: how long a fair one is, the knowledge does not say."""

    problem: str
    scale: str
    weeks: int | None
    fair: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A draft as it would be signed now. `lacking`: (key, words) of what is still needed; empty: it may be signed."""

    order: Order
    chart: Chart
    on: date
    reviewed: Reviewed
    answers: dict[str, dict[str, str]]
    checks: tuple[Check, ...]
    consent: Entry | None
    begins: TrialPlan | None
    trial: Trial | None
    lacking: tuple[tuple[str, str], ...]
    shown: dict[str, Any]

    @property
    def digest(self) -> str:
        return digest_of(self.shown)


def kept(order: Order) -> dict[str, Any]:
    """What a draft keeps beside its fields: tablets, answers, the trial it is to begin."""
    return order.findings if isinstance(order.findings, dict) else {}


def prepared(order: Order, by: User, at: datetime) -> Prepared:
    """The draft as it would be signed at this moment. Four queries."""
    patient, on = order.patient, today(order.patient, at)
    chart = chart_of(patient)
    checked = reviewed(order, chart, on)
    answers = kept(order).get("answers", {})
    trial = live_of(patient, order.medicine)
    begins = _begins(order, chart, on, trial)
    consent = consent_of(chart, order.decision_id) if begins is not None else None
    checks = baseline(order, checked, answers) if begins is not None else ()
    lacking = tuple(_lacking(order, chart, on, checked, answers, begins, consent, checks))
    shown = _shown(order, by, on, checked, answers, begins, consent, checks, trial)
    return Prepared(order, chart, on, checked, answers, checks, consent, begins, trial, lacking, shown)


def answered(one: Found, answers: dict[str, dict[str, str]]) -> bool:
    """Is this finding settled by one of its own suggestions, by a check that was done or ordered, or set aside with a
    coded reason and words?"""
    given = answers.get(one.key, {})
    if given.get("how") in DONE:
        return _of_a_check(one)
    if given.get("how") == "done":
        lines = given.get("code", "").split("\n")
        return not more_than_a_tick(one) and all(line in one.finding.do for line in lines)
    return given.get("how") == "override" and given.get("code", "") in REASONS and bool(given.get("words", "").strip())


def more_than_a_tick(one: Found) -> bool:
    """Does it take another order, or a coded reason with words?  Whatever is critical about the order itself does: to
    tick "Do not combine them." below the two combined is no answer. Only a check may be said to be done or ordered."""
    return one.critical and one.finding.about_order


def without_a_reason(given: dict[str, str]) -> bool:
    """Were words written beside a finding, and no reason chosen?  They would be neither kept nor refused."""
    return not given.get("how") and bool(given.get("words", "").strip())


def _of_a_check(one: Found) -> bool:
    return isinstance(knowledge().rules[one.finding.rule], Monitoring)


def consent_of(chart: Chart, decision: Any) -> Entry | None:
    """Her agreement to this decision, the newest first."""
    found = [entry for entry, body in chart.of(said.Consent) if decision and body.decision == str(decision)]
    return found[0] if found else None


def baseline(order: Order, checked: Reviewed, answers: dict[str, dict[str, str]]) -> tuple[Check, ...]:
    """What the records want looked at before the first dose of this medicine, and what was said of it."""
    name = knowledge().name_of(order.medicine)
    rows: dict[str, Check] = {}
    for one in checked.found:
        if _of_a_check(one) and one.finding.about_order:
            rows[one.key] = _check(one.key, one.finding.title, True, answers, answered(one, answers))
    for row in checked.not_checked:
        asked = knowledge().rules.get(row.rule)
        wanted = isinstance(asked, Monitoring) and asked.baseline_within_days is not None
        key = key_of((row.rule, name))
        if wanted and name in row.medicines and key not in rows:
            words = f"{row.title}: not known ({', '.join(row.missing)})"
            rows[key] = _check(key, words, False, answers, False)
    return tuple(rows.values())


def _check(key: str, words: str, known: bool, answers: dict[str, dict[str, str]], done: bool) -> Check:
    """A check and what was said of it. "Not now" needs a reason."""
    given = answers.get(key, {})
    how, why = given.get("how", ""), given.get("words", "").strip()
    closed = done or how in DONE or (how == NOT_NOW and bool(why))
    return Check(key, words, known, how, why, not closed)


def _begins(order: Order, chart: Chart, on: date, trial: Trial | None) -> TrialPlan | None:
    """Signing a first order with her decision begins a trial."""
    if order.stops or order.decision_id is None or order.replaces_id is not None or trial is not None:
        return None
    told = kept(order).get("trial", {})
    fair = fair_trial(order.medicine, chart, on)
    return TrialPlan(
        problem=AS_IN_A_SENTENCE.sub("", order.why.strip()),
        scale=told.get("scale", ""),
        weeks=None if fair is None else int(fair.weeks.to_integral_value(rounding="ROUND_CEILING")),
        fair=_fair_in_words(fair),
        sources=() if fair is None else fair.sources,
    )


def _fair_in_words(fair: AdequateTrial | None) -> str:
    if fair is None:
        return ""
    dose = f" at {fair.dose} a day" if fair.dose else ""
    return f"{fair.weeks.normalize():f} weeks{dose}{', not verified' if fair.mark is Mark.UNVERIFIED else ''}"


def fair_trial(medicine: str, chart: Chart, on: date) -> AdequateTrial | None:
    """The fair trial of this medicine for one of her diagnoses, else for any. None: the knowledge has none."""
    book = knowledge().monographs.get(medicine)
    if book is None:
        return None
    groups = {group for row in facts_of(chart, on).conditions for group in row.groups}
    longest = knowledge().numbers["max-weeks-without-remission"].value
    trials = [one for one in book.adequate_trial if one.weeks <= longest and one.regimen == "continuous"]
    fits = [one for one in trials if groups.intersection(one.indication)]
    return next(iter(fits or [one for one in trials if "any" in one.indication]), None)


def _lacking(
    order: Order,
    chart: Chart,
    on: date,
    checked: Reviewed,
    answers: dict[str, dict[str, str]],
    begins: TrialPlan | None,
    consent: Entry | None,
    checks: tuple[Check, ...],
) -> Iterable[tuple[str, str]]:
    if not order.steps:
        yield "steps", "Write at least one step."
    elif whole := not_halved(order.medicine, kept(order).get("tablets", {}), order.steps):
        yield "steps", f"{whole} Change the draft."
    elif date.fromisoformat(order.steps[0]["from"]) < on:
        yield "starts", "The first day of this draft has passed. Change it, and look again."
    open_ = [one for one in checked.found if one.critical and not one.settled and not answered(one, answers)]
    if open_:
        count = f"{len(open_)} critical finding{'' if len(open_) == 1 else 's'}"
        yield "findings", f"To sign, act on {count} or give a reason."
    if any(without_a_reason(answers.get(one.key, {})) for one in checked.found if not one.settled):
        yield "findings", "Words stand beside a finding, and no reason is chosen: choose one, or take the words out."
    old = next((one for one in chart.orders if one.pk == order.replaces_id), None)
    if order.replaces_id is not None and old is None:
        yield "replaces", "The order that this one replaces is not hers, or is not signed."
    elif old is not None and old.medicine != order.medicine:
        yield "replaces", "This order replaces one of another medicine. Plan how to stop that one, then order this."
    elif old is not None and (hasattr(old, "end") or over(old, on)):
        yield "replaces", "The order that this one replaces has ended already. Discard this draft and begin again."
    elif (beside := _runs_beside(order, chart)) is not None:
        yield "replaces", beside
    if begins is not None:
        if not begins.problem:
            yield "why", "Say what it is for: the trial is judged by it."
        if not begins.scale:
            yield "scale", "Choose the scale that will show whether it helps."
        if order.review_on is None:
            yield "review", "Give a day for the review."
        if (changed := _decided_anew(order, chart)) is not None:
            yield "decision", changed
        if consent is None:
            yield "consent", "Her consent is not recorded yet."
        waiting = sum(one.open for one in checks)
        if waiting:
            yield (
                "checks",
                f"{waiting} baseline check{'' if waiting == 1 else 's'} to answer: done, ordered, or why not.",
            )


def _runs_beside(order: Order, chart: Chart) -> str | None:
    """Would another order of this medicine run on beside it?  Two of one medicine are never both meant unsaid."""
    first = date.fromisoformat(order.steps[0]["from"]) if order.steps else None
    before = {one.pk for one in replaced_by(order, chart.orders)}  # they end with the one that it replaces
    for one in chart.orders:
        if first is None or (one.medicine, one.route) != (order.medicine, order.route) or one.pk in before:
            continue
        last = last_day(one)
        if last is None:
            return "Another order of this medicine runs. Discard this draft, and change that one."
        if last >= first:
            free = last + A_DAY
            return f"Another order of this medicine runs until {free:%-d %B}. Begin on that day, or end it first."
    return None


def _decided_anew(order: Order, chart: Chart) -> str | None:
    """Is her decision still the one this draft stands on?  She may change her mind until it is signed, and after."""
    rows = [(entry, body) for entry, body in chart.of(said.Decision) if body.about == "options"]
    if not any(entry.pk == order.decision_id for entry, _ in rows):
        return "Her decision was changed since. Discard this draft, and begin from what she decided."
    on_it = next(body for entry, body in rows if entry.pk == order.decision_id)
    if on_it.chosen != order.medicine:
        name = knowledge().name_of(order.medicine)
        return (
            f"She decided otherwise: “{on_it.chosen_words}”. This draft is of {name}: begin it without that decision, "
            "or record what she decided since."
        )
    newest, body = rows[0]
    if newest.pk != order.decision_id:
        return (
            f"She decided anew on {newest.on:%-d %B}: “{body.chosen_words}”. This draft stands on what she said before."
        )
    return None


def _shown(
    order: Order,
    by: User,
    on: date,
    checked: Reviewed,
    answers: dict[str, dict[str, str]],
    begins: TrialPlan | None,
    consent: Entry | None,
    checks: tuple[Check, ...],
    trial: Trial | None,
) -> dict[str, Any]:
    """Exactly what is signed: the page lays out this and nothing else."""
    return {
        "on": on.isoformat(),
        "signer": str(by.pk),
        "draft": str(order.pk),
        "patient": {"id": str(order.patient_id), "name": order.patient.name},
        "medicine": order.medicine,
        "name": knowledge().name_of(order.medicine),
        "product": order.product,
        "rxcui": order.rxcui,
        "route": order.route,
        "as_needed": order.as_needed,
        "stops": order.stops,
        "steps": order.steps,
        "why": order.why,
        "words": order.words,
        "review_on": order.review_on.isoformat() if order.review_on else None,
        "decision": str(order.decision_id) if order.decision_id else None,
        "replaces": str(order.replaces_id) if order.replaces_id else None,
        "findings": [finding_shown(one, answers) for one in checked.found],
        "not_checked": [{"title": one.title, "missing": list(one.missing), "error": one.error}
                        for one in checked.not_checked],
        "notes": list(checked.notes),
        "checks": [{"words": one.words, "answer": one.answer, "why": one.why} for one in checks],
        "consent": str(consent.pk) if consent is not None else None,
        "begins": None if begins is None else {
            "problem": begins.problem, "scale": begins.scale, "weeks": begins.weeks,
        },
        "trial": str(trial.pk) if trial is not None else None,
        "facts": checked.facts,
        "knowledge": str(knowledge().stamp),
    }  # fmt: skip


def finding_shown(one: Found, answers: dict[str, dict[str, str]]) -> dict[str, Any]:
    """A finding as it is kept with the signature, with what was done about it."""
    finding, given = one.finding, answers.get(one.key, {})
    row: dict[str, Any] = {
        "rule": finding.rule, "reason": list(finding.reason), "level": finding.level.word, "title": finding.title,
        "why": finding.why,
        "because": [[fact.what, fact.on.isoformat() if fact.on else ""] for fact in finding.because],
        "do": list(finding.do), "said": [*finding.beside, *finding.said], "sources": list(finding.sources),
        "mark": finding.mark.value, "knowledge": finding.knowledge, "step": one.step,
    }  # fmt: skip
    if one.aside is not None:
        return row | {"answer": "overridden", "code": one.aside.code, "words": one.settled}
    if one.settled:
        return row | {"answer": "settled", "code": NONE_TO_COME, "words": one.settled}
    ticked = [] if more_than_a_tick(one) else given.get("do", "").split("\n")
    beside = " ".join(filter(None, (given.get("words", ""), *(line for line in ticked if line in finding.do))))
    if given.get("how") in ("done", "override") and answered(one, answers):
        if given["how"] == "done":
            words = " ".join(filter(None, (*given["code"].split("\n"), given.get("words", ""))))
            return row | {"answer": "settled", "code": SUGGESTION, "words": words}
        return row | {"answer": "overridden", "code": given["code"], "words": beside}
    if given.get("how") in CHECK_ANSWERS and _of_a_check(one):
        how = "overridden" if given["how"] == NOT_NOW else "settled"
        return row | {"answer": how, "code": given["how"], "words": beside}
    return row | {"answer": "shown", "code": "", "words": ""}
