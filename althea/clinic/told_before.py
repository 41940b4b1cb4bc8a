"""What did she answer before her first visit that nobody has looked over yet?

Nothing of an intake is in her record before a person put it there. Until then her chart does not say "not asked" of
what she answered: it says when she told it, and where it is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from althea.care.days import zone_of
from althea.care.intake.questions import LEFT_OUT, Question, questions
from althea.care.models import Intake, IntakeAnswer, Patient
from althea.clinic.looked_at_first import harm_answer
from althea.look.words import day

HARM, STAGE, ALLERGIES = "Self-harm question", "Life stage", "Allergies"


def told_before(patient: Patient) -> dict[str, date]:
    """The day on which she answered each of these; what was settled since, added or set aside, is not among them. One
    query."""
    rows = IntakeAnswer.objects.filter(intake__patient=patient, settled__isnull=True).exclude(said=LEFT_OUT)
    found: dict[str, date] = {}
    for row in rows.exclude(intake__state=Intake.State.REVIEWED).order_by("at"):
        question = questions().get(row.question)
        for about in _about(question, row.value) if question is not None else ():
            found[about] = row.at.astimezone(zone_of(patient)).date()
    return found


def _about(question: Question, value: object) -> Iterator[str]:
    if question.becomes.startswith("life-stage:"):
        yield STAGE
    if question.becomes == "allergy":
        yield ALLERGIES
    if harm_answer(question, value) is not None:
        yield HARM


def in_words(about: str, found: dict[str, date], on: date) -> str:
    """ "told 30 November, not yet reviewed"; empty: she did not answer it, or it was looked over."""
    return f"told {day(found[about], on)}, not yet reviewed" if about in found else ""
