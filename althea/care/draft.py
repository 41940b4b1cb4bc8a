"""What speaks against this draft, at each of its steps?  The same question for the page beside the form, the page that
is signed, and the signature.

A step is asked about on the day it begins, with the steps before it taken, so that what is above a limit, or too soon,
is found where it stands. The first is asked about today too, whenever it begins: what speaks against it now is said,
but for what she will have stopped by then. And it is asked about on each day, while the draft runs, on which another
order of hers begins, changes or ends (`care/ahead.py`).
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from types import SimpleNamespace
from typing import Any

from althea.care.ahead import BEGINS, Turn, both, dated, of_the_turn, turns
from althea.care.aside import all_grounds, aside_of, grounds_of, mark_of, rests, together
from althea.care.days import today
from althea.care.dose_history import runs_on
from althea.care.facts import Chart, facts_of, proposed
from althea.care.known import jurisdiction_of, knowledge
from althea.care.models import FindingSeen, Order, Patient
from althea.care.schedule import A_DAY, Stretch, over, replaced_by, schedule_of, signed_until, stands_from
from althea.engine.facts import State
from althea.engine.finding import Finding, NotChecked
from althea.engine.review import review
from althea.knowledge.quantity import Dose
from althea.knowledge.schema.evidence import Level
from althea.knowledge.schema.rule import DoseLimit, Stopping, Titration

TAKEN = (State.RUNNING, State.ORDERED, State.PERHAPS)
OF_THE_DOSE = (DoseLimit, Titration, Stopping)
"""Kinds of rules that a later step can newly break; rules with a dose of their own are asked again as well."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding of the draft. `step`: the number of the step it came up at, the first unless a later one brought it.
    `on`: the later day it came up at; None: its first."""

    finding: Finding
    step: int = 1
    on: date | None = None
    settled: str = ""
    """What in the plan itself answers it, or that it was set aside before; empty: nothing does."""
    aside: FindingSeen | None = None
    """The answer that set it aside, where it is not about this draft: it is not asked for again."""

    @property
    def key(self) -> str:
        """One concept, one answer: an answer is to this finding and all that stands under it; once that is another, or
        louder, it is asked for anew."""
        return mark_of(self.finding)

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


def key_of(reason: Iterable[str]) -> str:
    return hashlib.sha256("/".join(reason).encode()).hexdigest()[:12]


def reviewed(order: Order, chart: Chart, on: date) -> Reviewed:
    """The draft as of today, and each step that begins later on its own day, with the steps before it taken; and on the
    days on which what she takes beside it is another."""
    if not order.medicine:
        return Reviewed(facts=_digest(chart, on))
    first, *later = list(_stages(order, chart, on)) or [_as_it_is(order, chart, on)]
    begin = _asked(*first, chart.patient)
    found = {one.reason: Found(one, 1) for one in _with_its_own_day(begin, order, chart, on)}
    for number, stage in enumerate(later, start=2):
        for one in _asked(*stage, chart.patient).findings:
            louder = one.reason not in found or found[one.reason].finding.level < one.level
            if one.about_order and louder and _of_the_dose(one):
                found[one.reason] = Found(one, min(number, len(order.steps)), stage[2])
    _with_days_to_come(found, order, chart, on)
    gentle = _goes_down(order, chart, on)
    rows = [replace(one, settled=gentle) if gentle and _stops(one) else one for one in found.values()]
    rows = _without_what_was_set_aside(rows, chart.patient, on)
    rows.sort(key=lambda one: (-one.finding.level, not one.finding.about_order, one.step))
    return Reviewed(tuple(rows), begin.not_checked, begin.notes, _digest(chart, on))


def _with_its_own_day(begin: Any, order: Order, chart: Chart, on: date) -> Iterable[Finding]:
    """What is found today; of a draft that begins later, what is found about it on its first day too.

    How far and how soon a dose rises depends on the dose before it, so of this the answer of that day takes the place
    of today's, unless it cannot be given then, or something else she takes is to begin or end before that day."""
    begins = date.fromisoformat(order.steps[0]["from"]) if order.steps else on
    if begins <= on:
        return list(begin.findings)
    then = _asked(*_on_its_first_day(order, chart, begins), chart.patient)
    rules, unsure = knowledge().rules, {row.rule for row in then.not_checked}
    alike = _beside(order, chart, on) == _beside(order, chart, begins)
    over_then = _over_by(order, chart, on, begins)
    found = {
        one.reason: one
        for one in begin.findings
        if not (one.about_order and over_then & {*one.medicines})
        and (not (alike and one.about_order and isinstance(rules[one.rule], Titration)) or one.rule in unsure)
    }
    for one in then.findings:
        if one.about_order and (one.reason not in found or found[one.reason].level < one.level):
            found[one.reason] = one
    return list(found.values())


def _over_by(order: Order, chart: Chart, on: date, begins: date) -> set[str]:
    """What she takes today, and will not have taken for a day or more when the draft begins: the two never meet. How
    long it must be over first is asked on that day."""
    now, then = (
        {one.id for one in facts_of(chart, day).medicines if one.state in TAKEN and one.id} for day in (on, begins)
    )
    return now - then - {order.medicine}


def _with_days_to_come(found: dict[tuple[str, ...], Found], order: Order, chart: Chart, on: date) -> None:
    """What comes up on a later day, because another order begins on it, or changes or ends while the draft runs."""
    if not order.steps:
        return
    begins = max(on, date.fromisoformat(order.steps[0]["from"]))
    older = {order.pk, *(one.pk for one in replaced_by(order, chart.orders))}
    others = [one for one in chart.orders if one.pk not in older and one.medicine != order.medicine]
    known = all_grounds(one.finding for one in found.values())
    for day, here in turns(others, begins).items():
        for stage in _stages_of_the_day(order, chart, day, here):
            for one in _asked(*stage, chart.patient).findings:
                for part in (one, *one.also):
                    ours = part.about_order and order.medicine in part.medicines
                    too_soon = part.kind == "washout" and part.medicines[:1] == (
                        order.medicine,
                    )  # it has begun by then
                    brings = of_the_turn(part, here) if ours and not too_soon else []
                    if not brings or rests(grounds_of(part), known):
                        continue
                    known = together((known, grounds_of(part)))
                    new, before = dated(part, brings, one.reason), found.get(one.reason)
                    found[one.reason] = (
                        Found(new, _step_on(order, day) + 1, day)
                        if before is None
                        else replace(before, finding=both(before.finding, new))
                    )


def _stages_of_the_day(order: Order, chart: Chart, day: date, here: list[Turn]) -> Iterable[tuple[Any, Chart, date]]:
    """The draft's own step beside what has turned; and each medicine that begins, beside the draft or after its end."""
    at, last = _step_on(order, day), signed_until(order)
    step = order.steps[at]
    taken = at if date.fromisoformat(step["from"]) == day else at + 1
    if last is None or day <= last:
        yield _line(order, [step | {"from": day.isoformat()}], "step before"), _before(order, chart, day, taken), day
    others = [row for row in _before(order, chart, day, 1).orders if row.pk != "step before"]
    for one in here:
        if one.what == BEGINS:
            rest = [row for row in others if row.pk != one.order.pk]
            beside = chart.with_orders([*rest, *_unrolled(order, day, None)])
            yield _line(one.order, one.order.steps[:1], None), beside, day


def _step_on(order: Order, day: date) -> int:
    """Which of its steps is in force that day?  The first is 0."""
    return max(0, sum(date.fromisoformat(step["from"]) <= day for step in order.steps) - 1)


def in_the_record(one: Found, order: Order, chart: Chart, on: date) -> list[Finding]:
    """What her record will say for the same reason, no louder, once this draft is signed: of what runs other rules may
    speak than of what is ordered. `chart`: with the order signed."""
    first = max(on, date.fromisoformat(order.steps[0]["from"]))
    days = {one.on or first}
    if _of_the_dose(one.finding):
        days |= {max(first, date.fromisoformat(step["from"])) for step in order.steps}
    found = []
    for day in sorted(days):
        rows = review(facts_of(chart, day), None, knowledge(), jurisdiction=jurisdiction_of(chart.patient)).findings
        found += [part for row in rows if row.reason == one.finding.reason for part in (row, *row.also)]
    return [part for part in found if part.level <= one.finding.level]


def _beside(order: Order, chart: Chart, on: date) -> set[Any]:
    """Her orders of other medicines that run that day."""
    return {one.pk for one in chart.orders if one.medicine != order.medicine and runs_on(one, on) is not None}


def _without_what_was_set_aside(rows: list[Found], patient: Patient, on: date) -> list[Found]:
    """What stands in her record without this draft, and was answered there, is not asked for once more."""
    if not any(_of_the_record(one) for one in rows):
        return rows
    aside = aside_of(patient, on)
    found = []
    for one in rows:
        left = aside.open(one.finding) if _of_the_record(one) else one.finding
        row = aside.row_of(one.finding) if left is None else None
        if left is not None or row is None:
            found.append(replace(one, finding=left or one.finding))
        else:
            found.append(replace(one, settled=_in_words(row, patient), aside=row))
    return found


def _of_the_record(one: Found) -> bool:
    return not one.finding.about_order and one.finding.level is not Level.INFO


def _in_words(row: FindingSeen, patient: Patient) -> str:
    until = f", until {row.until:%-d %B}" if row.until is not None else ""
    return f"Set aside on {today(patient, row.at):%-d %B} by {row.by}{until}: “{row.words}”"


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
        named = _named(order, chart, day) if at == 0 else "step before"
        yield _line(order, [step | {"from": day.isoformat()}], named), before, day
    last = signed_until(order) or (date.fromisoformat(steps[-1]["from"]) if order.stops and steps else None)
    if last is not None:
        day = max(on, last + A_DAY)
        yield _line(order, [], None, stops=True), _before(order, chart, day, len(steps)), day


def _on_its_first_day(order: Order, chart: Chart, begins: date) -> tuple[Any, Chart, date]:
    """The first step on a day to come, in the place of what she takes on the day before it: of what it replaces, no
    change that was to begin on that very day, and no end."""
    older = replaced_by(order, chart.orders)
    lines: list[Any] = []
    for one in chart.orders:
        if one.medicine != order.medicine:
            lines.append(one)
        elif one in older:
            for line in _unrolled(one, begins - A_DAY, None):
                if hasattr(line, "end") and line.end.on >= begins:
                    del line.end
                lines.append(line)
        elif one.pk != order.pk:
            lines += _unrolled(one, begins, None)
    named = _named(order, chart, begins - A_DAY)
    return _line(order, order.steps[:1], named), chart.with_orders(lines), begins


def _as_it_is(order: Order, chart: Chart, on: date) -> tuple[Any, Chart, date]:
    """Without a step there is a medicine, and no dose: what needs one is not checked, and says so."""
    return _line(order, [{}], _named(order, chart, on)), chart, on


def _named(order: Order, chart: Chart, on: date) -> str | None:
    """The order in whose place this one stands that day: the one it replaces, or, where that has not begun, what runs
    until then. None: it takes no place."""
    older = replaced_by(order, chart.orders)
    begun = next((one for one in older if one.steps and date.fromisoformat(one.steps[0]["from"]) <= on), None)
    return str(begun.pk if begun is not None else order.replaces_id) if order.replaces_id else None


def _before(order: Order, chart: Chart, on: date, at: int) -> Chart:
    """Her chart on that day, had the first `at` steps been taken. Her orders of this medicine step by step, so that a
    dose that was raised two days ago is two days old, whenever its order began."""
    first = date.fromisoformat(order.steps[0]["from"])
    lines: list[Any] = []
    older = replaced_by(order, chart.orders)
    for one in chart.orders:
        if one.medicine != order.medicine:
            lines.append(one)
        elif one.pk != order.pk:
            replaced = at > 0 and (order.replaces_id is None or one in older)
            lines += _unrolled(one, on, first if replaced else None)
    for number in range(at):
        step = order.steps[number]
        newest = number + 1 == at
        line = _line(order, [step | {"until": None}], None, pk="step before" if newest else f"step {number}")
        if not newest:
            line.end = SimpleNamespace(on=date.fromisoformat(order.steps[number + 1]["from"]))
        lines.append(line)
    return chart.with_orders(lines)


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
        elif at + 1 == len(order.steps) and (last := signed_until(order)) is not None:
            over.append(last + A_DAY)
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
        stands_from=stands_from(order) if order.steps else None,
    )  # fmt: skip


def _goes_down(order: Order, chart: Chart, on: date) -> str:
    """How a plan to stop answers "taper it": in words, or nothing where it does not go down."""
    ends = signed_until(order)
    if ends is None:
        return ""
    doses = [Dose.parse(step["dose"]).mg for step in order.steps]
    now = taken_now(order, chart, max(on, date.fromisoformat(order.steps[0]["from"]) - A_DAY))
    falls = all(b < a for a, b in itertools.pairwise(doses))
    if not falls or now is None or doses[0] > now.mg or (len(doses) == 1 and doses[0] >= now.mg):
        return ""
    days, count = (ends - date.fromisoformat(order.steps[0]["from"])).days + 1, len(doses)
    return f"This plan goes down in {count} step{'' if count == 1 else 's'} over {days} days."


def taken_now(order: Order, chart: Chart, on: date) -> Dose | None:
    """The dose at one time of what this order takes the place of, as of that day; None: nothing of it is known."""
    now = step_now(order, chart, on)
    return Dose.parse(now.step["dose"]) if now is not None and now.step.get("dose") else None


def step_now(order: Order, chart: Chart, on: date) -> Stretch | None:
    """What she takes that day of the order that this one replaces, or, where that has not begun, of the one that runs
    until then. None: she takes none of it."""
    older = [one for one in replaced_by(order, chart.orders) if not over(one, on)]
    begun = [part for one in reversed(older) for part in schedule_of(one) if part.step and part.first <= on]
    return begun[-1] if begun else None
