"""Which answers of an intake are looked at before all others, and which of those questions has she not answered yet?

Self-harm, a suicide attempt, safety at home, times of being elated, pregnancy, allergies: each changes what is safe
before anything is ordered. An answer she would rather give at the visit counts as one to look at: silence is not a no.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from althea.care.intake.questions import LEFT_OUT, RATHER, UNKNOWN, Question, questions
from althea.care.known import knowledge
from althea.care.models import IntakeAnswer

OPEN = frozenset((UNKNOWN, RATHER, LEFT_OUT))
SELF_HARM, ATTEMPT = "Self-harm", "Suicide attempt"
TICKED = "suicide-attempt"
"""As it stands in answers from the time when it was ticked among diagnoses."""
CALM: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "ever-tried": (ATTEMPT, lambda value: bool(value == "no")),
    "safe-at-home": ("Safety at home", lambda value: bool(value == "yes")),
    "pregnant": ("Pregnancy", lambda value: bool(value == "not pregnant")),
    "high-times": ("Times of being elated", lambda value: bool(value == "no")),
    "allergies": ("Allergies", lambda value: not value),
}
"""Each question, what it is about, and which answer to it needs no look before the others."""
ORDER = (SELF_HARM, *(about for about, _ in CALM.values()))


def why_first(question: Question, answer: IntakeAnswer, urgent: list[Any]) -> str:
    """What it is about; empty: it waits its turn. `urgent`: its items that a person must see today."""
    if isinstance(answer.value, list) and TICKED in answer.value:
        return ATTEMPT
    if question.id not in CALM:
        return SELF_HARM if urgent else ""
    about, calm = CALM[question.id]
    return "" if answer.said not in OPEN and calm(answer.value) else about


def not_answered(rows: Mapping[str, IntakeAnswer]) -> list[str]:
    """Those of these questions that have no answer at all: what they are about."""
    asked = any(harm_answer(one, rows[key].value) is not None for key, one in questions().items() if key in rows)
    harm = [] if asked else ["Thoughts of self-harm"]
    return [*harm, *(about for key, (about, _) in CALM.items() if key not in rows)]


def harm_answer(question: Question, value: Any) -> int | None:
    """What she answered to the item of a scale that a person must see from some answer on. None: not yet."""
    if not question.scale or not isinstance(value, dict):
        return None
    items = (one.id for one in knowledge().scales[question.scale].items if one.harm_from is not None)
    return max((value[one] for one in items if one in value), default=None)
