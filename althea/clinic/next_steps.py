"""Which steps may follow a review, in which order, and what speaks for and against each?

First what the rules recommend (`engine.advise`), then its alternatives, then the steps that always stand open. Every
line is a number of hers, a finding, or a record of the knowledge with its source; none is invented. How far a step is
supported is one word of `clinic/support.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from althea.care import entries as said
from althea.care.actions.trial import may_ask
from althea.care.facts import Chart
from althea.care.known import knowledge
from althea.care.trial_case import Case, side_effects
from althea.care.trial_words import week_of
from althea.clinic.evidence import fair_dose, harm_answers
from althea.clinic.rests_on import of_step
from althea.clinic.support import (
    AUGMENT,
    CONTINUES,
    LAST,
    NOT_ADVISED,
    POSSIBLE,
    RAISE,
    SHE_SAID,
    STOP,
    SWITCHES,
    THERAPY,
    Grade,
    named,
    standing,
)
from althea.engine.facts import Facts, plain
from althea.engine.finding import Finding
from althea.engine.next_dose import NextDose
from althea.knowledge.schema.evidence import Level, Mark
from althea.look.words import day as day_words

BUTTONS = {
    "optimise_dose": "Choose increase", "continue_and_recheck": "Choose continue",
    "continue_maintain": "Choose continue", "augment": "Choose a second medicine",
    "add_psychotherapy": "Choose therapy", "switch": "Choose switch", "switch_to_clozapine": "Choose switch",
    "taper_stop": "Choose stopping", "urgent_escalation": "See her today", "measure_first": "Ask her today",
    "check_adherence": "Ask about doses", "address_side_effects": "Choose this",
    "reassess_diagnosis": "Look at the diagnosis",
}  # fmt: skip
LEANS_TO = {"same": CONTINUES, "more": (RAISE,), "something-else": SWITCHES, "stop": (STOP,)}
CANNOT_LIVE_WITH = 3
MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """As `look/_ranked.html` takes it. `code`: of the contract; `words`: the reason, with the numbers."""

    code: str
    title: str
    words: str
    support: Grade
    """How far it is supported: its chip."""
    in_favour: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    source: str = ""
    button: str = ""
    on: bool = False
    leans: bool = False
    """She leans to it, as she told."""

    def shown(self) -> list[Any]:
        """What a decision remembers of it."""
        return [self.code, self.title, self.words, self.support.label, *self.in_favour, *self.against, self.source]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Everything the steps are written from."""

    case: Case
    chart: Chart
    facts: Facts
    name: str
    dose: str
    """Of the running order, a day; empty: not known."""
    next: NextDose
    raise_to: str
    """The proposed dose a day; empty: the prescriber writes it."""
    found: tuple[Finding, ...] = ()
    """What the proposed dose would newly raise."""
    others: tuple[str, ...] = ()
    """Medicines she could have instead, with no critical finding."""
    held: tuple[str, ...] = ()
    """Those that a critical finding holds back."""
    breastfeeding: bool | None = field(default=None)


def steps_of(told: Told, chosen: str = "") -> list[Step]:
    """The ranked steps; `chosen` is marked."""
    by_rules = named(told.case.advice)
    grades = dict.fromkeys(_she_said(told), SHE_SAID) | by_rules
    ranked = [_step(code, grade, told) for code, grade in grades.items()]
    others = [_standing(code, told) for code in _left_open(set(grades), told)]
    steps = [one for one in ranked if one.support not in LAST]
    taken_back = [one for one in ranked if one.support in LAST]
    steps += sorted([*taken_back, *others], key=lambda one: LAST.index(one.support))
    leans = LEANS_TO.get(told.case.leaning, ())
    return [replace(one, on=one.code == chosen, leans=one.code in leans) for one in steps]


def _left_open(already: set[str], told: Told) -> list[str]:
    """The steps that always stand open and that nothing named yet."""
    keep = "continue_maintain" if told.case.course.category == "remission" else "continue_and_recheck"
    always = ((RAISE,), (keep, *CONTINUES), (AUGMENT,), (THERAPY,), SWITCHES, (STOP,))
    return [one[0] for one in always if not already & set(one)]


def _she_said(told: Told) -> list[str]:
    """What comes first because she told it, though the rules cannot read it: self-harm elsewhere than in the PHQ-9, and
    a side effect she cannot live with."""
    found = []
    answers = harm_answers(told.chart, told.case.on)
    fresh = knowledge().numbers["score-fresh-days"].value
    if answers and answers[-1][1] > 0 and (told.case.on - answers[-1][0]).days <= fresh:
        found.append("urgent_escalation")
    if _unbearable(told):
        found.append("address_side_effects")
    return [one for one in found if one != told.case.advice.recommendation]


def _unbearable(told: Told) -> list[str]:
    effects = side_effects(told.case.trial, told.chart)
    return [one.what for one in effects if one.until is None and one.bother == CANNOT_LIVE_WITH]


def _step(code: str, grade: Grade, told: Told) -> Step:
    """A step the rules name, or one she told of: the first with their reason."""
    title, words, in_favour, against, sources = WRITERS[code](told)
    advice = told.case.advice
    if code == advice.recommendation:
        words = advice.because[0]
    if code == RAISE and any(one.level is Level.CRITICAL for one in told.found):
        grade, words = NOT_ADVISED, f"{words} A critical finding speaks against {told.raise_to}."
    return Step(
        code=code, title=title, words=words, support=grade, in_favour=tuple(in_favour), against=tuple(against),
        source=of_step(code, told.case.course, sources, verified=_verified(code, told)), button=BUTTONS[code],
    )  # fmt: skip


def _standing(code: str, told: Told) -> Step:
    """A step the rules do not name: graded by what they said, and why."""
    advice, course = told.case.advice, told.case.course
    only_held = bool(told.held) and not told.others
    step = _step(code, POSSIBLE, told)
    grade, why = standing(code, advice, course, told.next, step.against, only_held=only_held)
    grade = step.support if step.support is NOT_ADVISED else grade
    return replace(step, support=grade, words=f"{why} {step.words}" if why else step.words)


def _verified(code: str, told: Told) -> bool:
    """Were the documents of the step's own lines read?"""
    if code == RAISE:
        return not told.next.unverified
    taper = _taper(told) if code == STOP else None
    return taper is None or taper.mark is not Mark.UNVERIFIED


def _taper(told: Told) -> Any:
    book = knowledge().monographs.get(told.case.trial.medicine)
    return book.taper[0] if book is not None and book.taper else None


Written = tuple[str, str, list[str], list[str], tuple[str, ...]]
"""title, reason, for, against, sources."""


def _raise(told: Told) -> Written:
    course, up = told.case.course, told.next
    title = f"Increase {told.name} to {told.raise_to}" if told.raise_to else f"Increase {told.name}"
    dose = told.dose or "an unknown dose"
    if up.most is None:
        words = f"She takes {dose}. The highest dose for her is not in our knowledge."
    elif course.room:
        words = f"She takes {dose}; room up to {up.most}."
    else:
        words = f"She takes {dose}; the highest for her is {up.most}."
    in_favour = []
    now = [one.what.lower() for one in side_effects(told.case.trial, told.chart) if one.until is None]
    if not now:
        in_favour.append("No side effect told of now")
    wanted, _ = fair_dose(course)
    if course.dose_adequate is False and wanted:
        in_favour.append(f"Below the dose a fair trial asks for ({wanted})")
    if told.breastfeeding:
        in_favour += _milk(told)
    against = [one.title for one in told.found]
    against += [f"Side effect now: {one}" for one in now]
    early = course.number("min-days-at-dose")
    if course.days_at_dose < early:
        against.append(f"{course.days_at_dose} days at {dose}: less than {plain(early)} is early to judge")
    against += _gap(told)
    if up.days_between is not None and course.days_at_dose < up.days_between:
        against.append(f"At least {up.days_between} days between two steps: {course.days_at_dose} have passed")
    if not told.raise_to:
        against.append("The next step is not in our knowledge: you write the dose")
    return title, words, in_favour, against, up.sources


def _gap(told: Told) -> list[str]:
    """The days in a row without a dose within those that count as days at this dose."""
    case = told.case
    gap = case.doses.longest_gap(case.on - timedelta(days=case.course.days_at_dose))
    if gap is None:
        return []
    first, last = (day_words(one, case.on) for one in gap)
    days = (gap[1] - gap[0]).days + 1
    return [f"{days} days in a row without a dose, {first} to {last}: the {case.course.days_at_dose} days count them"]


def _milk(told: Told) -> list[str]:
    """What the knowledge says of this medicine in milk, unverified or not."""
    book = knowledge().monographs.get(told.case.trial.medicine)
    facts = [one for one in book.facts if one.about == "breastfeeding"] if book is not None else []
    if not facts:
        return []
    verified = "" if facts[0].mark is not Mark.UNVERIFIED else " (not yet verified)"
    return [f"In milk: {facts[0].says}{verified}"]


def _continue(told: Told) -> Written:
    case, course = told.case, told.case.course
    week, weeks = week_of(case.trial, case.on), case.trial.weeks
    dose = told.dose or told.name
    title = f"Continue {dose} to week {weeks}" if weeks and week and week < weeks else f"Continue {dose}"
    words = f"{_numbers(told)} {course.days_at_dose} days at this dose."
    trend, rises = _trend(told)
    in_favour = [trend] if trend and not rises else []
    if not [one for one in side_effects(case.trial, told.chart) if one.until is None]:
        in_favour.append("No side effect told of now")
    against = [trend] if rises else []
    for key, categories in (("max-weeks-below-50", ("no response", "partial response", "worse")),
                            ("max-weeks-without-remission", ("response",))):  # fmt: skip
        most = course.number(key)
        if course.category in categories and course.days > most * 7:
            weeks = course.days // 7
            against.append(f"{weeks} weeks: longer than the {plain(most)} we keep a plan unchanged at this result")
    if course.category in ("no response", "worse"):
        against.append("It has not helped so far")
    return title, words, in_favour, against, ()


def _maintain(told: Told) -> Written:
    title = f"Keep {told.dose or told.name}, with a plan to stay well"
    trend, rises = _trend(told)
    return title, _numbers(told), [trend] if trend and not rises else [], [trend] if rises else [], ()


def _augment(told: Told) -> Written:
    course = told.case.course
    words = f"{_numbers(told)} {_fair_so_far(told)}"
    kept = course.percent is not None and course.percent > 0
    in_favour = [f"Keeps what has been gained: {plain(round(course.percent or 0))}% better"] if kept else []
    against = ["A second medicine: each is checked with what she takes before it is offered"]
    return "Add a second medicine", words, in_favour, against, ()


def _therapy(told: Told) -> Written:
    plans = told.chart.of(said.Plan)
    now = plans[0][1].therapy if plans else ""
    words = f"In her plan: {now}." if now else "No therapy stands in her plan."
    in_favour = ["No further medicine"]
    return ("Add to her therapy" if now else "Add psychotherapy"), words, in_favour, [], ()


def _switch(told: Told) -> Written:
    course = told.case.course
    in_favour, against = [], []
    if told.others:
        more = f" and {len(told.others) - MOST_NAMED} more" if len(told.others) > MOST_NAMED else ""
        named = ", ".join(one.lower() for one in told.others[:MOST_NAMED])
        in_favour.append(f"Compared for her situation, nothing critical found: {named}{more}")
    if told.held:
        against.append(f"Held back by a critical finding: {', '.join(one.lower() for one in told.held)}")
    if course.percent is not None and course.percent > 0:
        against.append(f"She is {plain(round(course.percent))}% better on this one")
    against += [f"Tried before: {one.in_words()}" for one in told.case.past[-2:]]
    return "Switch medicine", _fair_so_far(told), in_favour, against, ()


def _clozapine(told: Told) -> Written:
    _, words, in_favour, against, sources = _switch(told)
    return "Switch to clozapine", words, in_favour, against, sources


def _stop(told: Told) -> Written:
    wish = told.case.leaning == "stop"
    words = "She leans towards stopping." if wish else "She has not said that she wants to stop."
    taper = _taper(told)
    against = [f"Not at once. {taper.advice}" if taper is not None else "How it is stopped is not in our knowledge"]
    return "Stop with a taper", words, ["She may stop at any time"], against, taper.sources if taper else ()


def _urgent(told: Told) -> Written:
    answers = harm_answers(told.chart, told.case.on)
    on = f" on {day_words(answers[-1][0], told.case.on)}" if answers else ""
    words = f"She answered above 0 to a question on self-harm{on}: speak with her today."
    return "See her today, before anything else", words, [], [], ()


def _measure(told: Told) -> Written:
    if not may_ask(told.case.trial.scale):
        how = "Its questions may not be shown on her phone: enter a score from paper"
        return "Measure first", "There is no fresh score.", [how], [], ()
    return "Measure first", "A check-in for today asks her.", ["Without a score nobody can say how it goes"], [], ()


def _adherence(told: Told) -> Written:
    case = told.case
    words = f"She told of {case.doses.days} of {case.doses.of} days, {len(case.doses.missed)} of them without a dose."
    return "Ask about the doses", words, [], [], ()


def _effects(told: Told) -> Written:
    named = ", ".join(_unbearable(told))
    words = f"She cannot live with: {named}." if named else "Side effects come before the dose."
    lower = ["Treat it, lower the dose, or switch: a lower dose is a new order"]
    return "Deal with the side effects first", words, lower, [], ()


def _diagnosis(told: Told) -> Written:
    words = "Look at the diagnosis again before the medicine."
    return "Look at the diagnosis again", words, [], [], ()


WRITERS = {
    "optimise_dose": _raise, "continue_and_recheck": _continue, "continue_maintain": _maintain, "augment": _augment,
    "add_psychotherapy": _therapy, "switch": _switch, "switch_to_clozapine": _clozapine, "taper_stop": _stop,
    "urgent_escalation": _urgent, "measure_first": _measure, "check_adherence": _adherence,
    "address_side_effects": _effects, "reassess_diagnosis": _diagnosis,
}  # fmt: skip


def _numbers(told: Told) -> str:
    """Her scores in one sentence; empty: there are not two."""
    course = told.case.course
    if course.baseline is None or course.latest is None or course.percent is None:
        return "There are not two scores to compare."
    way = "better" if course.percent >= 0 else "worse"
    percent = plain(round(abs(course.percent)))
    return f"{course.scale} {plain(course.baseline)} to {plain(course.latest)}: {percent}% {way}."


def _trend(told: Told) -> tuple[str, bool]:
    """From the score before to the newest, and does it rise?  Empty: there are not two."""
    rows = [
        row for row in told.case.told.scores if row.scale == told.case.course.scale and row.day <= told.case.told.today
    ]
    if len(rows) < 2:
        return "", False
    before, now = rows[-2], rows[-1]
    same = now.value == before.value
    words = f"still {plain(now.value)}" if same else f"{plain(before.value)} to {plain(now.value)}"
    days = now.day - before.day
    over = "on one day" if days == 0 else "in 1 day" if days == 1 else f"in {days} days"
    return f"{told.case.course.scale} {words} {over}", now.value > before.value


def _fair_so_far(told: Told) -> str:
    """How far is it a fair trial?"""
    course = told.case.course
    if course.dose_adequate is None:
        return "Whether the dose is that of a fair trial is not known."
    if not course.dose_adequate:
        return f"Not a fair trial yet: the dose is below {fair_dose(course)[0]}."
    weeks, needed = plain(round(course.weeks, 1)), plain(course.weeks_needed)
    done = course.weeks >= course.weeks_needed
    return f"{'A fair trial' if done else 'Not a fair trial yet'}: {weeks} of {needed} weeks at a full dose."
