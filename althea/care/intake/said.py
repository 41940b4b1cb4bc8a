"""Her answer in words, as it is shown back to her and to the person who reads it."""

from __future__ import annotations

from datetime import date
from typing import Any

from althea.care.intake.questions import LEFT_OUT, NONE, RATHER, UNKNOWN, Question
from althea.care.known import knowledge
from althea.care.models import IntakeAnswer

HOW = {UNKNOWN: "I don't know", RATHER: "I'd rather talk about it", LEFT_OUT: "Left out"}


def said_in_words(question: Question, answer: IntakeAnswer) -> str:
    """One line; several rows are separated by semicolons."""
    return HOW.get(answer.said) or _value(question, answer.value)


def _value(question: Question, value: Any) -> str:
    if value in (NONE, []) and question.none:
        return question.none
    names = dict(question.options)
    match question.kind:
        case "choice" | "yes-no":
            return names.get(value, str(value))
        case "choices" | "methods":
            return ", ".join(names.get(one, one) for one in value) or "None of these"
        case "order":
            return ", ".join(names.get(one, one) for one in value)
        case "date":
            return f"{date.fromisoformat(value):%-d %B %Y}"
        case "rows":
            return "; ".join(_row(question, row) for row in value)
        case "scale":
            items = len(knowledge().scales[question.scale].items)
            return f"{len(value)} of {items} answered"
        case _:
            return str(value)


def _row(question: Question, row: dict[str, str]) -> str:
    """A line as she filled it in; a bare number or day stands with what was asked."""
    said = []
    for column in question.columns:
        text = row.get(column.id, "")
        if text and column.kind == "how-long":
            text = f"{column.text[:1].lower()}{column.text[1:]}: {text}"
        elif text and column.kind == "date":
            text = f"{column.text[:1].lower()}{column.text[1:]}: {date.fromisoformat(text):%-d %B %Y}"
        said += [text] if text else []
    return ", ".join(said)
