"""What is in the plan she takes home?  Her goals first, then what was agreed, who does what, and whom to call."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from ..words import day
from .press import Size, press
from .sheet import Advice, Call, HerWords, Made, Section, heading, her_words
from .steps import Step, as_list


@dataclass(frozen=True)
class Goal:
    """What she wants, in her words, how she and her clinician will see that it comes, and how it stands now."""

    said: HerWords
    measure: str
    now: str = ""


@dataclass(frozen=True)
class Medicine:
    """One medicine of the plan: what it is for, when it is taken, and its steps in tablets."""

    name: str
    what_for: str
    when: str
    steps: tuple[Step, ...]
    note: str = ""


@dataclass(frozen=True)
class Task:
    """Who does what, and by when in words ("every 2 weeks", "before 14 July")."""

    who: str
    what: str
    when: str = ""


@dataclass(frozen=True)
class PlanPaper:
    """A plan as it is printed.

    `therapy` and `agreed` are the clinic's and her sections in their order; `advice` is what holds for more women than
    her.  `treating` are the words for her diagnoses that she and her clinician use.  `call_when` is what to call about.
    """

    made: Made
    goals: tuple[Goal, ...]
    treating: str
    medicines: tuple[Medicine, ...] = ()
    agreed: tuple[Section, ...] = ()
    therapy: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()
    dates: tuple[tuple[str, date | str], ...] = ()
    advice: tuple[Advice, ...] = ()
    call_when: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()
    signed_by: tuple[str, ...] = ()


def plan_pdf(plan: PlanPaper, size: Size = "a4") -> bytes:
    """What is the plan's PDF?  The same bytes for the same plan, tagged for screen readers, called "Notes"."""
    return press("plan.typ", _words(plan), size)


def _words(plan: PlanPaper) -> dict[str, Any]:
    return {
        **heading(plan.made),
        "goals": [{**her_words(goal.said), "measure": goal.measure, "now": goal.now} for goal in plan.goals],
        "treating": plan.treating,
        "medicines": [{**asdict(medicine), "steps": as_list(medicine.steps)} for medicine in plan.medicines],
        "agreed": [asdict(one) for one in plan.agreed],
        "therapy": plan.therapy,
        "tasks": [asdict(task) for task in plan.tasks],
        "dates": [[what, day(when) if isinstance(when, date) else when] for what, when in plan.dates],
        "advice": [asdict(one) for one in plan.advice],
        "call_when": plan.call_when,
        "calls": [asdict(call) for call in plan.calls],
        "signed_by": plan.signed_by,
    }


def plan_of(told: dict[str, Any]) -> PlanPaper:
    """The paper of a plan told in plain values, as the record tells it: a field that is not named keeps its default."""
    medicines = [
        Medicine(**{**one, "steps": tuple(Step(**step) for step in one["steps"])}) for one in told.get("medicines", ())
    ]
    in_words = (_in_words(one) for one in medicines if not one.steps)
    return PlanPaper(
        made=Made(**told["made"]),
        goals=tuple(
            Goal(HerWords(one["words"], one.get("said_on")), one.get("measure", ""), one.get("now", ""))
            for one in told.get("goals", ())
        ),
        treating=told["treating"],
        medicines=tuple(one for one in medicines if one.steps),
        agreed=(*(Section(**one) for one in told.get("agreed", ())), *in_words),
        therapy=tuple(told.get("therapy", ())),
        tasks=tuple(Task(**one) for one in told.get("tasks", ())),
        dates=tuple(told.get("dates", ())),
        calls=tuple(Call(**one) for one in told.get("calls", ())),
        signed_by=tuple(told.get("signed_by", ())),
    )


def _in_words(medicine: Medicine) -> Section:
    """A medicine whose doses cannot be laid out as steps still stands on the sheet."""
    return Section(heading=f"My medicine: {medicine.name}", words=medicine.note or medicine.what_for or "As agreed.")
