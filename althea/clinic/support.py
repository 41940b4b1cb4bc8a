"""How far is a step of a review supported?  One of a few words, from what the rules said and what her numbers are.

`engine.advise` names one step and its alternatives. Every other step stands open too, and this says of it only what
follows from the engine's own reasons: what must come first, what is still too early, what speaks against it, or what is
not known. No threshold stands here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from althea.engine.advise import Advice
from althea.engine.course import Course
from althea.engine.next_dose import NextDose

CONTINUES = ("continue_and_recheck", "continue_maintain")
SWITCHES = ("switch", "switch_to_clozapine")
RAISE, AUGMENT, THERAPY, STOP = "optimise_dose", "augment", "add_psychotherapy", "taper_stop"


@dataclass(frozen=True, slots=True)
class Grade:
    """As `look/_ranked.html` takes its chip."""

    label: str
    kind: str
    icon: str


CANNOT_WAIT = Grade("Cannot wait", "crit", "octagon-alert")
SHE_SAID = Grade("She told this", "warn", "triangle-alert")
RECOMMENDED = Grade("Recommended", "ok", "badge-check")
SOME = Grade("Some support", "info", "info")
POSSIBLE = Grade("Possible", "line", "")
NOT_KNOWN = Grade("Not known", "line", "")
NOT_YET = Grade("Not yet", "warn", "clock")
NOT_ADVISED = Grade("Not advised now", "", "circle-stop")
LAST = (POSSIBLE, NOT_KNOWN, NOT_YET, NOT_ADVISED)
"""The order of the steps the rules do not name."""

FIRST = {
    "urgent_escalation": "See her today first.",
    "measure_first": "A fresh score comes first.",
    "check_adherence": "Whether it was taken comes first.",
    "address_side_effects": "Side effects come first.",
    "reassess_diagnosis": "The diagnosis comes first.",
}
"""What the rules name before any change of the medicine."""
BETTER = ("response", "partial response")
HER_WISH = frozenset((RAISE, AUGMENT, THERAPY, STOP, "address_side_effects", *CONTINUES, *SWITCHES))
NUMBERS = ("no", "one", "two", "three", "four", "five")


def named(advice: Advice) -> dict[str, Grade]:
    """The grade of every step the rules name, the best supported first."""
    first = advice.recommendation
    grades = {first: CANNOT_WAIT if first == "urgent_escalation" else RECOMMENDED}
    return grades | dict.fromkeys(advice.alternatives, SOME)


def open_words(advice: Advice, shown: Sequence[Grade]) -> str:
    """ "The first three stand open. Let her wish decide." Empty: the rules name one, or what comes before her wish.

    `shown`: the grades of the steps, in their order; one that a finding took back does not stand open.
    """
    count = next((at for at, grade in enumerate(shown) if grade not in (RECOMMENDED, SOME)), len(shown))
    if count < 2 or shown[0] is not RECOMMENDED or advice.recommendation not in HER_WISH:
        return ""
    return f"The first {NUMBERS[min(len(NUMBERS) - 1, count)]} stand open. Let her wish decide."


def standing(
    code: str, advice: Advice, course: Course, up: NextDose, against: Sequence[str], *, only_held: bool
) -> tuple[Grade, str]:
    """The grade of a step the rules do not name, and why where its own lines do not say it.

    `course`: as it is shown. `against`: what speaks against the step on its card. `only_held`: every other medicine is
    held back by a critical finding.
    """
    first = advice.recommendation
    if first in FIRST and code not in (THERAPY, STOP, *CONTINUES):
        return (NOT_ADVISED if first == "address_side_effects" and code == RAISE else NOT_YET), FIRST[first]
    if first == "urgent_escalation":
        return NOT_YET, FIRST[first]
    if code == THERAPY:
        return POSSIBLE, ""
    if code == STOP:
        return _stop(course)
    if code in CONTINUES:
        return (NOT_ADVISED if against else POSSIBLE), ""
    if first == STOP:
        return NOT_ADVISED, "She leans towards stopping."
    if course.category == "remission":
        return NOT_ADVISED, "She is well on this dose: keep what works."
    if code == RAISE:
        return _raise(course, up)
    return _other(code, course, only_held)


def _stop(course: Course) -> tuple[Grade, str]:
    """She may stop when she wants; where it helps, that speaks against it."""
    if course.category == "remission":
        return NOT_ADVISED, "She is well on this dose."
    if course.category in BETTER:
        return NOT_ADVISED, "It is helping."
    return POSSIBLE, ""


def _raise(course: Course, up: NextDose) -> tuple[Grade, str]:
    """Known how far it may rise, room, and time enough at this dose?"""
    if up.most is None:
        return NOT_KNOWN, ""
    if not course.room:
        return NOT_ADVISED, ""
    early = course.days_at_dose < course.number("min-days-at-dose")
    too_soon = up.days_between is not None and course.days_at_dose < up.days_between
    return (NOT_YET if early or too_soon or _cycles_left(course) else POSSIBLE), _cycles(course)


def _other(code: str, course: Course, only_held: bool) -> tuple[Grade, str]:
    """Another medicine, beside this one or in its place: once this one had a fair trial."""
    if not tried_fairly(course):
        return NOT_YET, _cycles(course)
    if course.dose_adequate is None:
        return NOT_KNOWN, ""
    days = course.number("full-trial-from-days")
    if course.days < days:
        return NOT_YET, f"{course.days} of {days:f} days: it is still early."
    if code in SWITCHES and (course.category in BETTER or only_held):
        return NOT_ADVISED, ""
    return POSSIBLE, ""


def tried_fairly(course: Course) -> bool:
    """Long enough, at a dose that is not known to be too low, as the rules ask it."""
    return course.weeks >= course.weeks_needed and course.dose_adequate is not False


def _cycles_left(course: Course) -> bool:
    return course.has("pmdd") and course.days < course.number("pmdd-trial-cycles") * course.number("cycle-days")


def _cycles(course: Course) -> str:
    return "PMDD is judged over at least two cycles." if _cycles_left(course) else ""
