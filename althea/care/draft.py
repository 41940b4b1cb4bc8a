"""What speaks against this draft, at each of its steps, and what is still needed before it may be signed?

The page beside the form, the page that is signed and the signature itself all ask here, so that one cannot say what
another does not. What is signed is `Prepared.shown`, and its digest is what a second factor is given for.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from althea.care import entries as said
from althea.care.days import today
from althea.care.facts import Chart, chart_of, facts_of, proposed
from althea.care.known import knowledge
from althea.care.models import Entry, Order, Patient, Trial, User
from althea.care.recheck import jurisdiction_of
from althea.care.signing import digest_of
from althea.engine.finding import Finding, NotChecked
from althea.engine.review import review
from althea.engine.trial import LIVE
from althea.fhir.cards import OVERRIDE_REASONS
from althea.knowledge.quantity import Dose
from althea.knowledge.schema.evidence import Level
from althea.knowledge.schema.medicine import AdequateTrial
from althea.knowledge.schema.rule import DoseLimit, Monitoring, Stopping, Titration

OF_THE_DOSE = (DoseLimit, Titration, Stopping)
"""Kinds of rules that a later step can newly break; rules with a dose of their own are asked again as well."""
REASONS = {one["code"]: one["display"] for one in OVERRIDE_REASONS}
CHECK_ANSWERS = {"is-done": "Done, result elsewhere", "ordered": "Ordered today", "not-now": "Not now, because"}
NONE_TO_COME = "by-plan"
LONGEST_WORDS = 500


@dataclass(frozen=True, slots=True)
class Found:
    """A finding of the draft. `step`: the number of the step it came up at, the first unless a later one brought it."""

    finding: Finding
    step: int = 1
    settled: str = ""
    """What in the plan itself answers it; empty: nothing does."""

    @property
    def key(self) -> str:
        """One concept, one answer: short enough for a field's name."""
        return key_of(self.finding.reason)

    @property
    def critical(self) -> bool:
        return self.finding.level is Level.CRITICAL


@dataclass(frozen=True, slots=True)
class Reviewed:
    """All that the checks say of a draft today."""

    found: tuple[Found, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()
    notes: tuple[str, ...] = ()
    facts: str = ""
    """The digest of the facts they rest on."""


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


# --- the review -----------------------------------------------------------------------------------------------------


def key_of(reason: Iterable[str]) -> str:
    return hashlib.sha256("/".join(reason).encode()).hexdigest()[:12]


def reviewed(order: Order, chart: Chart, on: date) -> Reviewed:
    """The draft as of today, and each later step on the day it begins, with the steps before it taken."""
    if not order.medicine:
        return Reviewed(facts=_digest(chart, on))
    first, *later = list(_stages(order, chart, on)) or [_as_it_is(order, chart, on)]
    begin = _asked(*first, chart.patient)
    found = {one.reason: Found(one, 1) for one in begin.findings}
    for number, stage in enumerate(later, start=2):
        for one in _asked(*stage, chart.patient).findings:
            louder = one.reason not in found or found[one.reason].finding.level < one.level
            if one.about_order and louder and _of_the_dose(one):
                found[one.reason] = Found(one, min(number, len(order.steps)))
    gentle = _goes_down(order, chart, on)
    rows = [replace(one, settled=gentle) if gentle and _stops(one) else one for one in found.values()]
    rows.sort(key=lambda one: (-one.finding.level, not one.finding.about_order, one.step))
    return Reviewed(tuple(rows), begin.not_checked, begin.notes, _digest(chart, on))


def _asked(draft: Any, chart: Chart, on: date, patient: Patient) -> Any:
    jurisdiction = jurisdiction_of(patient)
    return review(facts_of(chart, on), proposed(draft, chart, on), knowledge(), jurisdiction=jurisdiction)


def _digest(chart: Chart, on: date) -> str:
    """Of everything the record says today: whatever is added, a signature for the day before it does not hold."""
    return hashlib.sha256(repr(facts_of(chart, on)).encode()).hexdigest()


def _of_the_dose(finding: Finding) -> bool:
    rule = knowledge().rules[finding.rule]
    return isinstance(rule, OF_THE_DOSE) or rule.dose_from is not None or rule.dose_to is not None


def _stops(one: Found) -> bool:
    """Is it answered by going slowly?  Not where it is critical, not where the knowledge says from which last dose on
    it counts, and not where it is about a state of hers, such as a pregnancy."""
    rule = knowledge().rules[one.finding.rule]
    of_her = replace(rule.who, taking=(), not_taking=()) != type(rule.who)()
    return isinstance(rule, Stopping) and not one.critical and rule.dose_from is None and not of_her


def _stages(order: Order, chart: Chart, on: date) -> Iterable[tuple[Any, Chart, date]]:
    """(draft, chart, day) of each step; of an order that stops, of the end after the last one too."""
    steps = order.steps
    for at, step in enumerate(steps):
        day = on if at == 0 else max(on, date.fromisoformat(step["from"]))
        before = _before(order, chart, day, at)
        named = str(order.replaces_id) if at == 0 and order.replaces_id else "step before" if at else None
        yield _line(order, [step | {"from": day.isoformat()}], named), before, day
    if order.stops and steps:
        last = steps[-1].get("until") or steps[-1]["from"]
        day = max(on, date.fromisoformat(last) + timedelta(days=1))
        yield _line(order, [], None, stops=True), _before(order, chart, day, len(steps)), day


def _as_it_is(order: Order, chart: Chart, on: date) -> tuple[Any, Chart, date]:
    """Without a step there is a medicine, and no dose: what needs one is not checked, and says so."""
    return _line(order, [{}], str(order.replaces_id) if order.replaces_id else None), chart, on


def _before(order: Order, chart: Chart, on: date, at: int) -> Chart:
    """Her chart on that day, had the first `at` steps been taken. Her orders of this medicine step by step, so that a
    dose that was raised two days ago is two days old, whenever its order began."""
    first = date.fromisoformat(order.steps[0]["from"])
    lines: list[Any] = []
    for one in chart.orders:
        if one.medicine != order.medicine:
            lines.append(one)
        elif one.pk != order.pk:
            replaced = at > 0 and (order.replaces_id is None or one.pk == order.replaces_id)
            lines += _unrolled(one, on, first if replaced else None)
    for number in range(at):
        step = order.steps[number]
        newest = number + 1 == at
        line = _line(order, [step | {"until": None}], None, pk="step before" if newest else f"step {number}")
        if not newest:
            line.end = SimpleNamespace(on=date.fromisoformat(order.steps[number + 1]["from"]))
        lines.append(line)
    return Chart(chart.patient, chart.entries, cast(Any, tuple(lines)))


def _unrolled(order: Order, on: date, replaced_from: date | None) -> list[Any]:
    """A signed order as one line a step; the one in force that day keeps the order's id."""
    begun = [at for at, step in enumerate(order.steps) if date.fromisoformat(step["from"]) <= on]
    ends = [one for one in (order.end.on if hasattr(order, "end") else None, replaced_from) if one is not None]
    lines = []
    for at in begun:
        step = order.steps[at]
        newest = at == begun[-1]
        over = list(ends)
        if not newest:
            over.append(date.fromisoformat(order.steps[at + 1]["from"]))
        elif order.stops and step.get("until") and at + 1 == len(order.steps):
            over.append(date.fromisoformat(step["until"]) + timedelta(days=1))
        line = _line(order, [step | {"until": None}], None, pk=str(order.pk) if newest else f"{order.pk} {at}")
        if over:
            line.end = SimpleNamespace(on=min(over))
            if line.end.on <= date.fromisoformat(step["from"]):
                continue
        lines.append(line)
    return lines


def _line(
    order: Order, steps: list[dict[str, Any]], replaces: str | None, *, stops: bool = False, pk: str = "draft"
) -> Any:
    """What `care/facts.py` reads of an order, for one step of it."""
    return SimpleNamespace(
        pk=pk, medicine=order.medicine, product=order.product, rxcui=order.rxcui, route=order.route,
        as_needed=order.as_needed, steps=steps, stops=stops, replaces_id=replaces,
    )  # fmt: skip


def _goes_down(order: Order, chart: Chart, on: date) -> str:
    """How a plan to stop answers "taper it": in words, or nothing where it does not go down."""
    if not order.stops or not order.steps:
        return ""
    doses = [Dose.parse(step["dose"]).mg for step in order.steps]
    now = taken_now(order, chart, on)
    falls = all(b < a for a, b in itertools.pairwise(doses))
    if not falls or now is None or doses[0] > now.mg or (len(doses) == 1 and doses[0] >= now.mg):
        return ""
    first, last = (date.fromisoformat(order.steps[at][key]) for at, key in ((0, "from"), (-1, "until")))
    count = len(doses)
    return f"This plan goes down in {count} step{'' if count == 1 else 's'} over {(last - first).days + 1} days."


def taken_now(order: Order, chart: Chart, on: date) -> Dose | None:
    """The dose at one time of the order that this one replaces, as of that day; None: nothing of it is known."""
    old = next((one for one in chart.orders if one.pk == order.replaces_id), None)
    begun = [step for step in old.steps if date.fromisoformat(step["from"]) <= on] if old is not None else []
    step = begun[-1] if begun else old.steps[0] if old is not None and old.steps else None
    return Dose.parse(step["dose"]) if step is not None and step.get("dose") else None


# --- before it is signed --------------------------------------------------------------------------------------------


def kept(order: Order) -> dict[str, Any]:
    """What a draft keeps beside its fields: tablets, answers, the trial it is to begin."""
    return order.findings if isinstance(order.findings, dict) else {}


def prepared(order: Order, by: User, at: datetime) -> Prepared:
    """The draft as it would be signed at this moment. Four queries."""
    patient, on = order.patient, today(order.patient, at)
    chart = chart_of(patient)
    checked = reviewed(order, chart, on)
    answers = kept(order).get("answers", {})
    trial = Trial.objects.filter(
        patient=patient, medicine=order.medicine, state__in=[one.value for one in LIVE]
    ).first()  # fmt: skip
    begins = _begins(order, chart, on, trial)
    consent = consent_of(chart, order.decision_id) if begins is not None else None
    checks = baseline(order, checked, answers) if begins is not None else ()
    lacking = tuple(_lacking(order, chart, on, checked, answers, begins, consent, checks))
    shown = _shown(order, by, on, checked, answers, begins, consent, checks, trial)
    return Prepared(order, chart, on, checked, answers, checks, consent, begins, trial, lacking, shown)


def answered(one: Found, answers: dict[str, dict[str, str]]) -> bool:
    """Is this finding settled by one of its own suggestions, or set aside with a coded reason and words?"""
    given = answers.get(one.key, {})
    if given.get("how") in ("is-done", "ordered"):
        return isinstance(knowledge().rules[one.finding.rule], Monitoring)
    if given.get("how") == "done":
        return given.get("code", "") in one.finding.do
    return given.get("how") == "override" and given.get("code", "") in REASONS and bool(given.get("words", "").strip())


def consent_of(chart: Chart, decision: Any) -> Entry | None:
    """Her agreement to this decision, the newest first."""
    found = [entry for entry, body in chart.of(said.Consent) if decision and body.decision == str(decision)]
    return found[0] if found else None


def baseline(order: Order, checked: Reviewed, answers: dict[str, dict[str, str]]) -> tuple[Check, ...]:
    """What the records want looked at before the first dose of this medicine, and what was said of it."""
    name = knowledge().name_of(order.medicine)
    found: dict[str, tuple[str, bool]] = {}
    for one in checked.found:
        rule = knowledge().rules[one.finding.rule]
        if isinstance(rule, Monitoring) and one.finding.about_order:
            found[one.key] = (one.finding.title, True)
    for row in checked.not_checked:
        asked = knowledge().rules.get(row.rule)
        wanted = isinstance(asked, Monitoring) and asked.baseline_within_days is not None
        if wanted and name in row.medicines:
            found.setdefault(key_of((row.rule, name)), (f"{row.title}: not known ({', '.join(row.missing)})", False))
    return tuple(_check(key, words, known, answers.get(key, {})) for key, (words, known) in found.items())


def _check(key: str, words: str, known: bool, given: dict[str, str]) -> Check:
    how, why = given.get("how", ""), given.get("words", "").strip()
    closed = how in ("is-done", "ordered") or (how == "not-now" and why) or (how in ("done", "override") and why)
    return Check(key, words, known, how, why, not closed)


def _begins(order: Order, chart: Chart, on: date, trial: Trial | None) -> TrialPlan | None:
    """Signing a first order with her decision begins a trial."""
    if order.stops or order.decision_id is None or order.replaces_id is not None or trial is not None:
        return None
    told = kept(order).get("trial", {})
    fair = fair_trial(order.medicine, chart, on)
    return TrialPlan(
        problem=order.why.strip(),
        scale=told.get("scale", ""),
        weeks=None if fair is None else int(fair.weeks.to_integral_value(rounding="ROUND_CEILING")),
        fair=""
        if fair is None
        else f"{fair.weeks.normalize():f} weeks" + (f" at {fair.dose} a day" if fair.dose else ""),
        sources=() if fair is None else fair.sources,
    )


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
    elif date.fromisoformat(order.steps[0]["from"]) < on:
        yield "starts", "The first day of this draft has passed. Change it, and look again."
    open_ = [one for one in checked.found if one.critical and not one.settled and not answered(one, answers)]
    if open_:
        count = f"{len(open_)} critical finding{'' if len(open_) == 1 else 's'}"
        yield "findings", f"To sign, act on {count} or give a reason."
    old = next((one for one in chart.orders if one.pk == order.replaces_id), None)
    if order.replaces_id is not None and old is None:
        yield "replaces", "The order that this one replaces is not hers, or is not signed."
    elif old is not None and old.medicine != order.medicine:
        yield "replaces", "This order replaces one of another medicine. Plan how to stop that one, then order this."
    elif old is not None and hasattr(old, "end"):
        yield "replaces", "The order that this one replaces has ended already. Discard this draft and begin again."
    if begins is not None:
        if not begins.problem:
            yield "why", "Say what it is for: the trial is judged by it."
        if not begins.scale:
            yield "scale", "Choose the scale that will show whether it helps."
        if order.review_on is None:
            yield "review", "Give a day for the review."
        if consent is None:
            yield "consent", "Her consent is not recorded yet."
        waiting = sum(one.open for one in checks)
        if waiting:
            yield (
                "checks",
                f"{waiting} baseline check{'' if waiting == 1 else 's'} to answer: done, ordered, or why not.",
            )


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
        "do": list(finding.do), "said": list(finding.said), "sources": list(finding.sources),
        "mark": finding.mark.value, "knowledge": finding.knowledge, "step": one.step,
    }  # fmt: skip
    if one.settled:
        return row | {"answer": "settled", "code": NONE_TO_COME, "words": one.settled}
    if given.get("how") in ("done", "override") and answered(one, answers):
        if given["how"] == "done":
            words = " ".join(filter(None, (given["code"], given.get("words", ""))))
            return row | {"answer": "settled", "code": "suggestion", "words": words}
        return row | {"answer": "overridden", "code": given["code"], "words": given.get("words", "")}
    if given.get("how") in CHECK_ANSWERS:
        how = "overridden" if given["how"] == "not-now" else "settled"
        return row | {"answer": how, "code": given["how"], "words": given.get("words", "")}
    return row | {"answer": "shown", "code": "", "words": ""}
