"""Did she tell that she left what an order of hers still says?  In words, for those who order it again or end it, and
for herself, before she takes it up again.

The checks count a dose to begin with from that day (`Medicine.left_on`), and all that meets it as taken: whether she
has taken it up again nobody knows. What is said here is read from those facts, so that no page says another day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from althea.care import entries as said
from althea.care.aside import aside_of
from althea.care.days import today
from althea.care.dose_history import runs_on
from althea.care.facts import Chart, facts_of, proposed
from althea.care.known import jurisdiction_of, knowledge
from althea.care.models import Entry, Order, Origin
from althea.care.schedule import Course, courses
from althea.care.ticks import A_DAY, Word, days_without, over, ticks_of, word_on
from althea.engine.finding import Finding, NotChecked, Review
from althea.engine.review import review
from althea.engine.rules.titration import LATELY
from althea.knowledge.schema.evidence import Level
from althea.knowledge.schema.rule import Rule, Titration


@dataclass(frozen=True, slots=True)
class Left:
    """`on`: the last day she took it. `words`: who told it, when. `why`: her reason, where she gave one."""

    on: date
    words: str
    why: str = ""

    @property
    def free(self) -> date:
        """The first day without it."""
        return self.on + A_DAY


@dataclass(frozen=True, slots=True)
class NotNow:
    """What her order says is not what she may take now. `told`: her own word. `low`: after such a gap it has to begin
    low again, or it could not be checked whether it has (`sure` False); `why`: what the rule that says so says to her,
    empty where it has no words for her. `begins`: the first day of steps to come that hold after such days."""

    told: str
    low: bool
    why: str = ""
    sure: bool = True
    begins: date | None = None


def left_of(chart: Chart, medicine: str, on: date) -> Left | None:
    """None: she told of nothing of the kind, or an order was signed since."""
    last = _last_taken(chart, on).get(medicine)
    if last is None:
        return None
    entry = _word_of(chart, medicine, last)
    if entry is None:
        return Left(last, f"She told us of each day since {_day(last + A_DAY, on)} that she took no dose.")
    who = "She told us" if entry.origin == Origin.HERS else "It was noted"
    told_on = _day(today(chart.patient, entry.recorded_at), on)
    return Left(
        last, f"{who} on {told_on} that she stopped {_on_that_day(entry, last, on)}.", entry.body["why_stopped"]
    )


def not_now(chart: Chart, on: date) -> dict[str, NotNow]:
    """By medicine: which of her orders must she not follow as they stand, before she has asked?  Those that she said
    she stopped; and those that begin low again after the days of which she told that she took none, whether she has
    taken it since or not. What her prescriber set aside with a reason holds her up no longer.

    One query, and that only where she told of something of the kind.
    """
    if not anything_told(chart, on):
        return {}
    checked = review(facts_of(chart, on), None, knowledge(), jurisdiction=jurisdiction_of(chart.patient))
    low = {one.medicines[0]: one.for_her for one in _to_begin_low(chart, on, checked.findings)}
    unsure = unsure_to_begin_low(chart, on, checked)
    found = {}
    for medicine in {*_last_taken(chart, on), *low, *unsure}:
        last = _last_taken(chart, on).get(medicine)
        told = _told_her(chart, medicine, last, on) if last is not None else ""
        stands = bool(told)
        if not told and medicine not in low and medicine not in unsure:
            continue  # a day or two without a dose: the leaflet says what to do
        told = told or _without(chart, medicine, on)
        stops = any(one.stops and one.medicine == medicine and runs_on(one, on) is not None for one in chart.orders)
        is_low = not stops and (medicine in low or medicine in unsure)
        begins = None if stands else _begins(chart, medicine, on)  # all that is signed was signed before her word
        found[medicine] = NotNow(told, is_low, low.get(medicine, "") if is_low else "", medicine in low, begins)
    return found


def offered(rows: Iterable[Course], held: dict[str, NotNow]) -> Iterator[Course]:
    """Her courses as her own pages may say them: where steps to come hold after she left it, those, and not the dose
    that she is to take none of until then."""
    for course in rows:
        first = held.get(course.orders[-1].medicine)
        shown = course if first is None or first.begins is None else course.since(first.begins)
        if shown is not None:
            yield shown


def unsure_to_begin_low(chart: Chart, on: date, checked: Review) -> dict[str, NotChecked]:
    """Of which medicine that she left, or had left, could it not be checked whether it has to begin low again?  The
    gravest such check by medicine: never silence, for the harm is hers."""
    rows = {row.name: row.id for row in facts_of(chart, on).medicines if row.id and (row.left_on or row.gaps)}
    found: dict[str, NotChecked] = {}
    for one in checked.not_checked:
        medicine = rows.get(one.medicines[0]) if one.medicines else None
        if medicine and _of_a_gap(knowledge().rules[one.rule]) and one.could_be >= Level.WARNING:
            found.setdefault(medicine, one)
    return found


def _begins(chart: Chart, medicine: str, on: date) -> date | None:
    """The first day of the order that takes the place of what she left, where its first dose is one to begin with after
    such days. None: there is none, or it was signed for somebody who goes on taking it."""
    of_it = [one for one in courses(chart.orders, on) if one.orders[-1].medicine == medicine]
    if len(of_it) != 1:
        return None
    for one in of_it[0].ahead(on):
        if one.step and not one.order.stops and one.first.isoformat() == one.order.steps[0]["from"]:
            return one.first if _holds(one.order, chart, on) else None
    return None


def _holds(order: Order, chart: Chart, on: date) -> bool:
    """May it begin as it is signed, after the days without it?  No, where that could not be checked."""
    checked = review(
        facts_of(chart, on), proposed(order, chart, on), knowledge(), jurisdiction=jurisdiction_of(chart.patient)
    )
    about = [one for row in checked.findings for one in (row, *row.also) if one.about_order]
    loud = {one.rule for one in about if one.level >= Level.WARNING}
    unsure = {one.rule for one in checked.not_checked if one.could_be >= Level.WARNING}
    return not any(_of_a_gap(knowledge().rules[rule]) for rule in loud | unsure)


def _told_her(chart: Chart, medicine: str, last: date, on: date) -> str:
    """Her word that she stopped it, as she reads it. Empty: she told of single days only."""
    entry = _word_of(chart, medicine, last)
    if entry is None:
        return ""
    who = "You told us" if entry.origin == Origin.HERS else "We have noted"
    return f"{who} that you stopped this {_on_that_day(entry, last, on)}."


def _on_that_day(entry: Entry, last: date, on: date) -> str:
    """ "on 10 November; a dose of 22 November was told before": the day that was named, and what counts."""
    named = date.fromisoformat(entry.body["until"])
    of_a_dose = f"; a dose of {_day(last, on)} was told before" if last != named else ""
    return f"on {_day(named, on)}{of_a_dose}"


def _without(chart: Chart, medicine: str, on: date) -> str:
    """The days without it, as she reads them: up to now, or over."""
    rows = [row for row in facts_of(chart, on).medicines if row.id == medicine]
    last = max((row.left_on for row in rows if row.left_on is not None), default=None)
    if last is not None:
        return f"You told us of each day since {_day(last + A_DAY, on)} that you took none."
    gap = max((gap for row in rows for gap in row.gaps), key=lambda one: one.days, default=None)
    if gap is None:
        return ""
    first, end = gap.last + A_DAY, gap.over - A_DAY
    days = f"on {_day(end, on)}" if first == end else f"from {_day(first, on)} to {_day(end, on)}"
    return f"By what was told you took none of it {days}."


def _last_taken(chart: Chart, on: date) -> dict[str, date]:
    """The last day she took each medicine that she left, by what was told."""
    found: dict[str, date] = {}
    for row in facts_of(chart, on).medicines:
        if row.id is not None and row.left_on is not None:
            found[row.id] = max(row.left_on, found.get(row.id, row.left_on))
    return found


def _word_of(chart: Chart, medicine: str, last: date) -> Entry | None:
    """Where it was said that she stopped it on that day. None: it is told by days without a dose."""
    for entry, word in _words(chart):
        if entry.body["medicine"] == medicine and word.again is None and word.last == last:
            return entry
    return None


def _words(chart: Chart) -> Iterator[tuple[Entry, Word]]:
    ticks, signed = ticks_of(chart.entries), chart.signed()
    for entry, body in chart.of(said.Medicine):
        if (word := word_on(entry, body, ticks, signed, chart.patient)) is not None:
            yield entry, word


def anything_told(chart: Chart, on: date, medicine: str = "") -> bool:
    """Did she tell that she left what is ordered here, or of days without it: up to now, of late, or nothing since?
    `medicine`: of this one."""
    if any(medicine in ("", entry.body["medicine"]) for entry, _ in _words(chart)):
        return True
    ticks, medicines = ticks_of(chart.entries), {medicine} if medicine else {order.medicine for order in chart.orders}
    told = [ticks[one] for one in medicines if one in ticks]
    return any(days_without(days, on) or next(over(days, on, lately=LATELY), None) for days in told)


def _to_begin_low(chart: Chart, on: date, found: Sequence[Finding]) -> Iterator[Finding]:
    """Findings that a medicine she left, or had left, has to begin low again, unless set aside; the loudest last."""
    rules = knowledge().rules
    of_gaps = [one for one in found if any(_of_a_gap(rules[each.rule]) for each in (one, *one.also))]
    for finding in reversed(aside_of(chart.patient, on).open_of(of_gaps) if of_gaps else ()):
        for one in (*finding.also, finding):
            if _of_a_gap(rules[one.rule]) and one.level >= Level.WARNING:
                yield one


def _of_a_gap(rule: Rule) -> bool:
    return isinstance(rule, Titration) and rule.restart_after_gap_days is not None


def _day(day: date, on: date) -> str:
    return f"{day:%-d %B}" if day.year == on.year else f"{day:%-d %B %Y}"
