"""Is the dose rising faster than its schedule, or starting again too high after a gap?

A gap begins where the order ended, or where she told that she took the last dose, though the order runs on. One that
is over by what she told, and of late, counts still: she may have taken her old dose at once.
"""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace

from althea.engine.case import Case
from althea.engine.facts import Gap, State
from althea.engine.finding import Evidence
from althea.engine.rules import Hit, NotKnown
from althea.engine.taken import Taken
from althea.knowledge.quantity import Dose
from althea.knowledge.schema.evidence import Level
from althea.knowledge.schema.rule import Titration

A_DAY = timedelta(days=1)
LATELY = 14
"""A running course is asked about only where its newest step is no older: what was taken before has been taken."""


def evaluate(rule: Titration, subject: Taken | None, case: Case) -> Hit | NotKnown | None:
    """A draft against its schedule; a course that runs already and was stepped up lately warns, where all is known;
    one that she left speaks as soon as the dose of its order would be too high to begin with, and one that she took up
    again as long as it is too high for the day."""
    if subject is None or not subject.running:
        return None
    course = as_told(subject)
    today, over = case.facts.on, _taken_up_again(rule, subject, case.facts.on)
    if not subject.ordered:
        hit = None if course.running else _left(rule, subject, case)
        if hit is None and over is not None:
            return _again(rule, subject, over, case)
        return _already(rule, subject, course, case) if course.running else hit
    dose = subject.daily
    if dose is None:
        return NotKnown((f"the dose of {subject.name}",))
    begun, gap = _course(course, today)
    restarted = rule.restart_after_gap_days is not None and gap is not None and gap > rule.restart_after_gap_days
    first = None if restarted else begun  # None: it begins on this day
    if restarted:
        over = None
    elif over is not None:
        first, gap, restarted = today - _day_of(over, today) * A_DAY, over.days, True
    if begun is None and over is None and subject.daily_before is not None and rule.steps:
        return NotKnown((f"since when {subject.name} has been taken",))
    if rule.only_restart and not restarted:
        return None
    day = 0 if first is None else (today - first).days
    allowed = _allowed(rule, day)
    before = subject.daily_before
    if allowed is not None and allowed < dose and (before is None or restarted or before < dose):
        when = "on the first day" if day == 0 else f"on day {day + 1} of the course"
        words = [Evidence(f"{dose} a day is ordered {when}; the schedule allows {allowed}")]
        if restarted:
            words.append(Evidence(f"none taken for {gap} days{_by_her_word(course, subject, over)}"))
        elif begun is not None:
            words.append(Evidence(f"taken since {begun}" + (f", last {before} a day" if before else ""), begun))
        return Hit(evidence=tuple(words), fill={"dose": str(dose), "limit": str(allowed), "days": str(gap or day)})
    return None if restarted else _too_soon(rule, subject, dose, case)


def as_told(subject: Taken) -> Taken:
    """The same as far as she told that she took it: what she left ended on its last day, what was to begin after that
    never began. Itself, where she told nothing of the kind."""
    if not any(row.left_on is not None for row in subject.rows):
        return subject
    rows = [
        row if row.left_on is None else replace(row, state=State.STOPPED, ended_on=row.left_on)
        for row in subject.rows
        if row.left_on is None or row.started_on is None or row.started_on <= row.left_on
    ]
    return Taken.of(subject.id, subject.name, tuple(rows), subject.on)


def _by_her_word(course: Taken, subject: Taken, over: Gap | None) -> str:
    if over is not None:
        return f" until {over.over}, by what was told"
    return "" if course is subject else ", by what was told"


def _taken_up_again(rule: Titration, subject: Taken, today: date) -> Gap | None:
    """The longest time without it, by what was told, after which this schedule begins anew: she told of late that she
    takes it again, or told of nothing since. None: there is none."""
    if rule.restart_after_gap_days is None:
        return None
    longest: Gap | None = None
    for row in subject.rows:
        if row.state is State.STOPPED and not (
            subject.ordered and row.ended_on and (today - row.ended_on).days <= LATELY
        ):
            continue  # what was ordered since was looked at then
        for gap in row.gaps:
            late = gap.again is None or (today - gap.again).days <= LATELY
            if late and gap.days > rule.restart_after_gap_days and (longest is None or gap.days > longest.days):
                longest = gap
    return longest


def _again(rule: Titration, subject: Taken, gap: Gap, case: Case) -> Hit | NotKnown | None:
    """She took none for some time, and may have taken it up again: is the dose of her order too high for the day?"""
    dose, allowed = subject.daily, _allowed(rule, _day_of(gap, case.facts.on))
    if dose is None:
        return NotKnown((f"the dose of {subject.name}",))
    if allowed is None or not allowed < dose:
        return None
    since = f"taken again on {gap.again}" if gap.again is not None else "nothing told since"
    words = (
        f"none taken from {gap.last + A_DAY} to {gap.over - A_DAY}, by what was told, {since}; her order says {dose} "
        f"a day, and after such a gap the schedule allows {allowed}"
    )
    fill = {"dose": str(dose), "limit": str(allowed), "days": str(gap.days)}
    # that nothing is told since is no news
    news = f"again {gap.again}" if gap.again is not None else f"last taken {gap.last}"
    return Hit(evidence=(Evidence(words, gap.again, news=news),), fill=fill)


def _day_of(gap: Gap, today: date) -> int:
    """Of the course that begins after it, counted from the first dose that was told: 0 where nobody knows whether it
    began."""
    return 0 if gap.again is None else (today - gap.again).days


def _left(rule: Titration, subject: Taken, case: Case) -> Hit | NotKnown | None:
    """She left it, and its order runs on: would the dose that it says be too high to begin with again?"""
    today, last = case.facts.on, max(row.left_on for row in subject.rows if row.left_on is not None)
    gap = (today - last).days
    if rule.restart_after_gap_days is None or gap <= rule.restart_after_gap_days:
        return None
    dose, allowed = subject.daily, _allowed(rule, 0)
    if dose is None:
        return NotKnown((f"the dose of {subject.name}",))
    if allowed is None or not allowed < dose:
        return None
    words = f"her order says {dose} a day; after such a gap the schedule allows {allowed}"
    fill = {"dose": str(dose), "limit": str(allowed), "days": str(gap)}
    return Hit(evidence=(Evidence(words, news=f"last taken {last}"),), fill=fill)


def _already(rule: Titration, subject: Taken, course: Taken, case: Case) -> Hit | None:
    """Was the newest step, signed elsewhere, above what its day allowed?"""
    newest = max((row.started_on for row in course.now if row.started_on is not None), default=None)
    begun, dose = course.since, subject.daily
    if newest is None or begun is None or dose is None or "medicines" in case.blind:
        return None
    allowed = _allowed(rule, (case.facts.on - begun).days)
    if rule.only_restart or allowed is None or not allowed < dose or (case.facts.on - newest).days > LATELY:
        return None
    words = Evidence(f"{dose} a day since {newest}; day {(case.facts.on - begun).days + 1} allows {allowed}", newest)
    fill = {"dose": str(dose), "limit": str(allowed), "days": str((case.facts.on - begun).days)}
    return Hit(evidence=(words,), fill=fill, level=min(rule.level, Level.WARNING))


def _too_soon(rule: Titration, subject: Taken, dose: Dose, case: Case) -> Hit | NotKnown | None:
    before = subject.daily_before
    if before is None or not before < dose:
        return None
    rise = Dose(dose.mg - before.mg, dose.unit)
    counts = rule.max_step_above is None or rule.max_step_above < dose
    if rule.max_step is not None and counts and rule.max_step < rise:
        words = Evidence(f"from {before} to {dose} a day in one step; at most {rule.max_step}")
        return Hit(evidence=(words,), fill={"dose": str(dose), "limit": str(rule.max_step), "days": "0"})
    if rule.min_days_between_steps is not None:
        last = max(
            (row.started_on for row in subject.rows if row.state is State.REPLACED and row.started_on), default=None
        )
        if last is None:
            return NotKnown((f"since when {subject.name} has been at {before}",))
        days = (case.facts.on - last).days
        if days < rule.min_days_between_steps:
            words = Evidence(f"at {before} a day for {days} days", last)
            return Hit(
                evidence=(words,),
                fill={"dose": str(dose), "limit": str(rule.min_days_between_steps), "days": str(days)},
            )
    return None


def _allowed(rule: Titration, day: int) -> Dose | None:
    open_now = [step.max_daily for step in rule.steps if step.from_day <= day]
    if not rule.steps:
        return None
    return max(open_now) if open_now else rule.steps[0].max_daily


def _course(subject: Taken, today: date) -> tuple[date | None, int | None]:
    """(first day of the present course, days without it before today). No gap while it is taken."""
    if any(row.state in (State.REPLACED, State.RUNNING, State.PERHAPS) for row in subject.rows):
        return subject.since, None
    ended = [row.ended_on for row in subject.rows if row.state is State.STOPPED and row.ended_on is not None]
    if not ended:
        return None, None
    gap = (today - max(ended)).days
    return subject.since, gap
