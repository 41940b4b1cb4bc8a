"""Her answer in words, as it is shown back to her and to the person who reads it."""

from __future__ import annotations

from datetime import date
from typing import Any

from althea.care.intake import amounts
from althea.care.intake.questions import LEFT_OUT, NONE, RATHER, UNKNOWN, Column, Question
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
            return ", ".join(names.get(one) or knowledge().name_of(one) for one in value) or "None of these"
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
    """A line as she filled it in; a bare number or day stands with what was asked, and nothing is said twice."""
    said: list[str] = []
    for column in question.columns:
        text = row.get(column.id, "")
        words = _cell(column, text) if text else ""
        said += [words] if words and not (said and said[-1].endswith(f" {words}")) else []
    return ", ".join(said)


def _cell(column: Column, text: str) -> str:
    label = column.short or f"{column.text[:1].lower()}{column.text[1:]}"
    match column.kind:
        case "a-day":
            times = amounts.often(text)
            return (
                text if times is None else {1: "once a day", 2: "twice a day"}.get(int(times), f"{times} times a day")
            )
        case "date":
            return f"{label}: {date.fromisoformat(text):%-d %B %Y}"
        case "how-long":
            return f"{label}: {text}"
        case _:
            return f"{label}: {text}" if column.short else text
