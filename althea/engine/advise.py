"""How is the trial going, and what comes next?

Measurement-based care as an ordered list of questions: the first that answers decides, and every answer says why in
sentences with the numbers. It advises a prescriber; it decides nothing. Every threshold is a record of the knowledge.

The order: danger now; nothing measured; side effects; doses not taken; a diagnosis in doubt; her wish to stop; then how
far she has come at which dose for how long.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from althea.engine.course import Course, course_of
from althea.engine.facts import plain
from althea.engine.told import Told
from althea.knowledge import Knowledge
from althea.knowledge.schema.evidence import Mark

MISSED = re.compile(
    r"(?<!\bno )(?<!\bnot )(?<!\bnever )(?<!\bwithout )(?<!\brarely )(?<!\bhardly ever )"
    r"\b(?:poor|partial|miss|forget|irregular|low\b|stopped|skip|erratic|half|does not take|not taking)"
)
"""Words for doses not taken, unless they are denied: "no missed doses"."""

Answer = tuple[str, tuple[str, ...], str]
"""A code, the alternatives, and why in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What comes next: a code of the contract, alternatives, why, and what it rests on."""

    recommendation: str
    alternatives: tuple[str, ...]
    because: tuple[str, ...]
    course: Course
    sources: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """The object `althea advise` prints."""
        course = self.course
        return {
            "recommendation": self.recommendation,
            "alternatives": list(self.alternatives),
            "because": list(self.because),
            "response": {
                "baseline": _number(course.baseline),
                "latest": _number(course.latest),
                "change_percent": _number(course.percent),
                "category": course.category,
            },
            "adequate": {"dose": course.dose_adequate, "weeks": _number(course.weeks)},
            "sources": list(self.sources),
        }


def advise(told: Told, knowledge: Knowledge) -> Advice:
    """The next step of this trial, and why."""
    course = course_of(told, knowledge)
    for question in (_danger, _not_measured, _side_effects, _doses_missed, _doubtful_diagnosis, _her_wish, _progress):
        answer = question(told, course, knowledge)
        if answer is not None:
            break
    assert answer is not None
    code, alternatives, why = answer
    because = [why, *course.in_words()]
    if told.not_read:
        because.append(f"Not read: {', '.join(told.not_read)}.")
    unverified = [
        one.name for one in knowledge.numbers.values() if one.mark is Mark.UNVERIFIED and one.id in course.used
    ]
    if unverified:
        because.append(f"Thresholds not yet verified in their primary document: {', '.join(sorted(unverified))}.")
    sources = tuple(dict.fromkeys(source for key in sorted(course.used) for source in knowledge.numbers[key].sources))
    return Advice(
        recommendation=code,
        alternatives=tuple(one for one in dict.fromkeys(alternatives) if one != code),
        because=tuple(because),
        course=course,
        sources=tuple(dict.fromkeys((*sources, *course.sources))),
    )


# --- before anything -------------------------------------------------------------------------------------------------


def _danger(told: Told, course: Course, knowledge: Knowledge) -> Answer | None:
    """An answer, a level or a sign that wants a person today."""
    reasons: list[str] = []
    if told.item9:
        reasons.append(f"PHQ-9 item 9 is {told.item9}: ask about suicide today")
    if told.suicide_risk in ("moderate", "high"):
        reasons.append(f"the C-SSRS says {told.suicide_risk} risk")
    level = told.lithium_level
    if level is not None and level >= course.number("lithium-toxic-level"):
        reasons.append(f"the lithium level is {plain(level)} mmol/L")
    if told.blood_pressure is not None:
        upper, lower = told.blood_pressure
        if upper >= course.number("bp-crisis-systolic") or lower >= course.number("bp-crisis-diastolic"):
            reasons.append(f"blood pressure is {upper}/{lower}")
    reasons += [f"a side effect that cannot wait: {one}" for one in course.alarming]
    mania = course.latest_of("asrm")
    if mania is not None and mania >= course.number("asrm-mania") and course.is_antidepressant:
        reasons.append(f"ASRM is {plain(mania)} while she takes an antidepressant")
    short = told.sleep_hours is not None and told.sleep_hours < course.number("short-sleep-hours")
    if short and (course.has("bipolar") or (mania is not None and mania >= course.number("asrm-mania"))):
        reasons.append(f"she sleeps {plain(told.sleep_hours)} hours, with bipolar disorder or elation in the picture")
    return ("urgent_escalation", (), _sentence(reasons)) if reasons else None


def _not_measured(told: Told, course: Course, knowledge: Knowledge) -> Answer | None:
    """Without a baseline and a fresh score there is no verdict."""
    if course.baseline is None:
        return "measure_first", (), "There is no score from the start of this trial to compare with."
    fresh = course.number("score-fresh-days")
    if course.latest_day is None or told.today - course.latest_day > fresh:
        days = told.today - (course.latest_day or 0)
        return "measure_first", (), f"The last {course.scale} is {days} days old; it is relied on for {plain(fresh)}."
    return None


def _side_effects(told: Told, course: Course, knowledge: Knowledge) -> Answer | None:
    """Can she live with it?"""
    burden = told.burden
    if burden is not None and burden >= course.number("fibser-change"):
        return (
            "address_side_effects",
            ("switch",),
            f"Side-effect burden is {burden} of 6: lower the dose, treat the effect or switch.",
        )
    if burden is not None and burden >= course.number("fibser-address"):
        return "address_side_effects", ("continue_and_recheck", "switch"), f"Side-effect burden is {burden} of 6."
    level = told.lithium_level
    if level is not None and level >= course.number("lithium-high-level"):
        return "address_side_effects", (), f"The lithium level is {plain(level)} mmol/L: lower the dose and repeat it."
    if told.blood_pressure is not None and (course.is_stimulant or course.is_snri):
        upper, lower = told.blood_pressure
        kind = "stimulant" if course.is_stimulant else "snri"
        if upper >= course.number(f"bp-hold-{kind}-systolic") or lower >= course.number(f"bp-hold-{kind}-diastolic"):
            return (
                "address_side_effects",
                ("continue_and_recheck", "switch"),
                f"Blood pressure is {upper}/{lower}: do not raise {course.drug} until it is dealt with.",
            )
    if told.heart_rate is not None and course.is_stimulant and told.heart_rate > course.number("heart-rate-hold"):
        why = f"Heart rate is {plain(told.heart_rate)}: do not raise {course.drug} until it is dealt with."
        return "address_side_effects", ("continue_and_recheck", "switch"), why
    return None


def _doses_missed(told: Told, course: Course, knowledge: Knowledge) -> Answer | None:
    """Has it been taken?  Asked unless she is well."""
    if course.category == "remission":
        return None
    wanted = course.number("adherence-adequate-percent")
    if told.adherence_percent is not None and told.adherence_percent < wanted:
        why = f"About {plain(told.adherence_percent)} of 100 doses were taken; a fair trial needs {plain(wanted)}."
        return "check_adherence", ("continue_and_recheck",), why
    if MISSED.search(told.adherence_words.lower()):
        return "check_adherence", ("continue_and_recheck",), f"Doses taken: “{told.adherence_words}”."
    return None


def _doubtful_diagnosis(told: Told, course: Course, knowledge: Knowledge) -> Answer | None:
    """Is it what we think it is?"""
    positive = told.mdq.startswith(("positive", "yes")) or (
        told.mdq.isdigit() and int(told.mdq) >= course.number("mdq-positive")
    )
    if positive and course.is_antidepressant and not course.has("bipolar"):
        return "reassess_diagnosis", ("switch",), "The MDQ is positive: think of bipolar disorder before anything else."
    alone = course.is_antidepressant and not course.has_mood_stabiliser
    if course.has("bipolar") and alone and course.category != "remission":
        return (
            "reassess_diagnosis",
            ("switch", "augment"),
            "An antidepressant is being tried alone in bipolar disorder.",
        )
    activated = [
        one for one in told.past_trials if any(w in one.lower() for w in ("hypomani", "activation", "elated", "mania "))
    ]
    if activated and course.is_antidepressant and course.category in ("no response", "worse"):
        return "reassess_diagnosis", ("switch",), f"An earlier trial ended in activation: “{activated[0]}”."
    return None


def _her_wish(told: Told, course: Course, knowledge: Knowledge) -> Answer | None:
    """She may stop when she wants; it is done slowly, and told plainly."""
    if told.wish != "stop":
        return None
    why = "She wants to stop. Plan a taper with her, say what coming back looks like, agree checks after the last dose."
    stage = told.life_stage.lower()
    if "pregnan" in stage and "not" not in stage:
        why += " She is pregnant: untreated illness is a risk too; talk about both."
    return "taper_stop", ("continue_maintain",) if course.category == "remission" else ("continue_and_recheck",), why


# --- how far, at which dose, for how long ----------------------------------------------------------------------------


def _progress(told: Told, course: Course, knowledge: Knowledge) -> Answer:
    """The table of measurement-based care."""
    if course.category == "remission":
        return _well(told, course)
    if course.has("pmdd") and course.days < course.number("pmdd-trial-cycles") * course.number("cycle-days"):
        return "continue_and_recheck", (), "PMDD is judged over at least two cycles with daily ratings."
    if course.days_at_dose < course.number("min-days-at-dose"):
        days = course.days_at_dose
        return "continue_and_recheck", (), f"{days} days at this dose is too soon to tell. Score again in 1 to 2 weeks."
    if told.wish == "change" and course.category in ("no response", "worse", "partial response"):
        return "switch", _more(course), "She wants to change, and it has not helped enough."
    if course.category == "response":
        return _better(course)
    if course.category == "partial response":
        return _partly(course)
    return _not_better(told, course)


def _well(told: Told, course: Course) -> Answer:
    return "continue_maintain", (), f"She is in remission. Keep the dose that made her well{_how_long(told, course)}."


def _how_long(told: Told, course: Course) -> str:
    """ ": 6 to 12 months, with a plan", and what would make it longer where nobody told of it."""
    if not course.has("depression"):
        return ", with a plan; how long to go on is written for depression only"
    many, long = course.number("episodes-high-risk"), plain(course.number("maintenance-months-high-risk"))
    if (told.episodes or 0) >= many or told.past_attempt:
        return f": at least {long} months, for what she has lived through, with a plan"
    months = (
        f"{plain(course.number('maintenance-months-from'))} to {plain(course.number('maintenance-months-to'))} months"
    )
    unasked = [f"she has lived through {plain(many)} episodes or more"] if told.episodes is None else []
    unasked += ["she ever attempted suicide"] if told.past_attempt is None else []
    if not unasked:
        return f": {months}, with a plan"
    return f": {months}, with a plan; at least {long} months if {' or '.join(unasked)}, which is not known"


def _better(course: Course) -> Answer:
    if course.days < course.number("full-trial-from-days"):
        return (
            "continue_and_recheck",
            _more(course),
            "She is half better or more, and it is still early: go on and score again.",
        )
    if course.of_scale("remission") is None:
        why = f"She is better, and the {course.scale} has no line for being well: keep what works."
        return "continue_maintain", (*_more(course), "continue_and_recheck"), why
    if course.room:
        return (
            "optimise_dose",
            ("augment", "add_psychotherapy", "continue_and_recheck"),
            "Better, but not there yet; the dose can rise.",
        )
    return (
        "augment",
        ("add_psychotherapy", "continue_and_recheck"),
        "Better, but not there yet; the dose cannot rise further.",
    )


def _partly(course: Course) -> Answer:
    if course.days < course.number("full-trial-from-days") and course.dose_adequate is not False:
        others = ("optimise_dose", "add_psychotherapy") if course.room else ("add_psychotherapy",)
        return "continue_and_recheck", others, "It is helping in part, before a fair trial is over."
    if course.room:
        return "optimise_dose", ("augment", "add_psychotherapy"), "It has helped in part, and the dose can rise."
    return "augment", ("add_psychotherapy", "switch"), "It has helped in part, at a dose that cannot rise further."


def _not_better(told: Told, course: Course) -> Answer:
    """Less than a quarter better, or worse."""
    early = course.percent is not None and course.percent >= course.number("early-improvement-percent")
    fair = course.weeks >= course.weeks_needed and course.dose_adequate is not False
    if told.past_effective_mg is not None and course.daily_mg is not None and course.daily_mg < told.past_effective_mg:
        mg = plain(told.past_effective_mg)
        return "optimise_dose", ("switch",), f"{mg} mg a day helped her before; she takes {plain(course.daily_mg)} mg."
    if course.has("lithium-low"):
        return "optimise_dose", ("augment",), "The lithium level is below the range of a fair trial."
    if course.has("pmdd") and told.regimen == "luteal":
        why = "Little better on luteal doses: taking it every day works better on average."
        return "optimise_dose", ("switch", "add_psychotherapy"), why
    little = "Worse, not better" if course.category == "worse" else "Little better"
    if not fair:
        if early and course.days < course.number("full-trial-from-days"):
            others = ("optimise_dose",) if course.room else ()
            return "continue_and_recheck", others, "She is a little better: go on towards a fair trial."
        if course.room:
            return (
                "optimise_dose",
                ("continue_and_recheck", "add_psychotherapy"),
                f"{little}, and the dose can rise.",
            )
        if course.weeks < course.weeks_needed and course.dose_adequate is not False and course.category != "worse":
            why = f"Little better, but a fair trial at this dose takes {plain(course.weeks_needed)} weeks."
            return "continue_and_recheck", ("add_psychotherapy", "switch"), why
    failed = course.failed_before + 1
    if course.medicine == "clozapine":
        why = "Clozapine has not helped enough: check the level and the doses taken, then add to it."
        return "augment", ("optimise_dose", "check_adherence", "add_psychotherapy"), why
    if course.has("psychosis"):
        if failed >= course.number("trd-failures"):
            return (
                "switch_to_clozapine",
                ("check_adherence",),
                f"{failed} adequate antipsychotic trials have not helped.",
            )
        return (
            "switch",
            ("check_adherence", "reassess_diagnosis"),
            "A fair trial has not helped: change the antipsychotic.",
        )
    if course.has("bipolar"):
        return "augment", ("switch", "reassess_diagnosis"), "A fair trial has not helped enough: combine."
    if failed >= course.number("trd-failures"):
        why = (
            f"{failed} fair trials have not helped: review for treatment-resistant illness before another of the same."
        )
        return "augment", ("switch", "add_psychotherapy", "reassess_diagnosis"), why
    if not fair and course.category == "worse":
        why = "She is worse, and the dose cannot rise. Check the diagnosis, then change."
        return "switch", ("reassess_diagnosis", "augment", "continue_and_recheck"), why
    why = "A fair trial has not helped. Check the diagnosis (bipolar, thyroid, substances, trauma), then change."
    return "switch", ("augment", "add_psychotherapy", "reassess_diagnosis"), why


def _more(course: Course) -> tuple[str, ...]:
    return ("optimise_dose", "add_psychotherapy") if course.room else ("add_psychotherapy",)


def _sentence(reasons: list[str]) -> str:
    words = "; ".join(reasons)
    return f"{words[:1].upper()}{words[1:]}."


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(round(value, 1))
