"""Which questions, in which order, and how is an answer read from a form?

The questions are data (`questions.toml`). `read` turns what a form sent into the value that is kept, or says in words
what is wrong with it; it never guesses and never cuts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any, Literal

from althea.care.entries import LONGEST
from althea.care.known import knowledge
from althea.knowledge.schema.choice import TOPICS

MOST_ROWS = 20
Kind = Literal["words", "choice", "choices", "methods", "date", "number", "yes-no", "rows", "order", "scale"]
UNKNOWN, RATHER, NONE = "unknown", "rather-talk", "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One field of a row."""

    id: str
    text: str
    hint: str = ""
    kind: Literal["words", "date", "number"] = "words"
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One screen. `asked_if`: (an earlier question, its answers)."""

    id: str
    section: str
    text: str
    kind: Kind
    why: str = ""
    options: tuple[tuple[str, str], ...] = ()
    columns: tuple[Column, ...] = ()
    scale: str = ""
    unknown: bool = False
    rather: bool = False
    none: str = ""
    future: bool = False
    asked_if: tuple[str, tuple[str, ...]] | None = None
    becomes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    id: str
    title: str
    about: str
    questions: tuple[Question, ...] = field(default_factory=tuple)


class NotRead(ValueError):
    """This answer cannot be kept as it is; the words say what to do."""


@cache
def sections() -> tuple[Section, ...]:
    """All of them, in order."""
    told = tomllib.loads(Path(__file__).with_name("questions.toml").read_text("utf-8"))
    questions = [_question(dict(one)) for one in told["question"]]
    return tuple(
        Section(**one, questions=tuple(q for q in questions if q.section == one["id"])) for one in told["section"]
    )


def _question(row: dict[str, Any]) -> Question:
    groups = row.pop("groups", ())
    asked_if = row.pop("if", None)
    options = [tuple(one) for one in row.pop("options", ())]
    options += [(group, knowledge().conditions[group].name) for group in groups]
    if row["kind"] == "methods":
        options = [(key, one.name) for key, one in knowledge().methods.items()]
    if row["kind"] == "order":
        options = list(TOPICS.items())
    if row["kind"] == "yes-no":
        options = [("yes", "Yes"), ("no", "No")]
    columns = tuple(Column(**{**one, "options": tuple(one.get("options", ()))}) for one in row.pop("columns", ()))
    return Question(
        **row,
        options=tuple(options),
        columns=columns,
        asked_if=(asked_if["question"], tuple(asked_if["is"])) if asked_if else None,
    )


@cache
def questions() -> dict[str, Question]:
    """By id, in the order in which they are asked."""
    return {one.id: one for section in sections() for one in section.questions}


def asked(answers: Mapping[str, Any]) -> list[Question]:
    """The questions that concern her, given what she answered so far (question -> value)."""
    return [
        one for one in questions().values() if one.asked_if is None or answers.get(one.asked_if[0]) in one.asked_if[1]
    ]


def read(question: Question, sent: Mapping[str, Any], today: date, born_on: date | None) -> tuple[Any, str]:
    """(the value, how it was said: answered, unknown or rather-talk). Raises NotRead.

    `sent`: Django's QueryDict, or anything with `get` and `getlist`.
    """
    how = sent.get("how", "")
    if how == UNKNOWN and question.unknown:
        return None, UNKNOWN
    if how == RATHER and question.rather:
        return None, RATHER
    if how == NONE and question.none:
        return NONE, "answered"
    getlist = sent.getlist  # type: ignore[attr-defined]
    match question.kind:
        case "words":
            return _words(sent.get("value", ""), "this"), "answered"
        case "choice" | "yes-no":
            return _one_of(question, sent.get("value", "")), "answered"
        case "choices" | "methods":
            return [_one_of(question, one) for one in getlist("value")], "answered"
        case "date":
            return _date(sent.get("value", ""), question.future, today, born_on).isoformat(), "answered"
        case "number":
            return str(_number(sent.get("value", ""))), "answered"
        case "rows":
            return _rows(question, getlist, today, born_on), "answered"
        case "order":
            return _order(question, sent), "answered"
        case "scale":
            return _scale(question, sent), "answered"


def _words(text: str, what: str) -> str:
    text = text.strip()
    if not text:
        raise NotRead("Write a few words, or go on to the next question.")
    if len(text) > LONGEST:
        raise NotRead(f"That is {len(text):,} characters. We can keep {LONGEST:,}. Shorten {what} a little.")
    return text


def _one_of(question: Question, value: str) -> str:
    if value not in {key for key, _ in question.options}:
        raise NotRead("Choose one of the answers.")
    return value


def _date(text: str, future: bool, today: date, born_on: date | None) -> date:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise NotRead("Enter a day, for example 2026-04-07, or choose one of the answers below.") from None
    if not future and day > today:
        raise NotRead(f"{day:%-d %B %Y} is after today. Enter the day it happened.")
    if future and day < today:
        raise NotRead(f"{day:%-d %B %Y} is before today. Enter the day it will be.")
    if born_on is not None and day < born_on:
        raise NotRead(f"{day:%-d %B %Y} is before you were born. Check the year.")
    return day


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        raise NotRead("Enter a number, for example 10.") from None
    if not number.is_finite() or not 0 <= number <= 10_000:
        raise NotRead("Enter a number from 0 to 10,000.")
    return number


def _rows(question: Question, getlist: Any, today: date, born_on: date | None) -> list[dict[str, str]]:
    """Rows with something in them. The first column must be filled; the others may stay empty, which is not known."""
    columns = {column.id: getlist(column.id) for column in question.columns}
    count = max((len(one) for one in columns.values()), default=0)
    if count > MOST_ROWS:
        raise NotRead(f"We can keep {MOST_ROWS} lines. Write the rest into the next question.")
    rows: list[dict[str, str]] = []
    for at in range(count):
        row = {key: (values[at].strip() if at < len(values) else "") for key, values in columns.items()}
        if not any(row.values()):
            continue
        first = question.columns[0]
        if not row[first.id]:
            raise NotRead(f"Line {at + 1}: fill in “{first.text}”, or empty the line.")
        for column in question.columns:
            try:
                if row[column.id] and column.kind == "date":
                    _date(row[column.id], False, today, born_on)
                elif row[column.id] and column.kind == "number":
                    _number(row[column.id])
                elif column.options and row[column.id] not in ("", *column.options):
                    raise NotRead("Choose one of the answers.")
                elif row[column.id]:
                    _words(row[column.id], "this line")
            except NotRead as wrong:
                raise NotRead(f"Line {at + 1}, {column.text}: {wrong}") from None
        rows.append({key: value for key, value in row.items() if value})
    return rows


def _order(question: Question, sent: Mapping[str, Any]) -> list[str]:
    """Topics in her order; two with one number stand in the order of the page."""
    chosen = []
    for at, (key, _) in enumerate(question.options):
        text = str(sent.get(key, "")).strip()
        if text:
            if not text.isdigit() or not 1 <= int(text) <= 99:
                raise NotRead("Number them 1, 2, 3. Leave out what does not matter.")
            chosen.append((int(text), at, key))
    return [key for _, _, key in sorted(chosen)]


def _scale(question: Question, sent: Mapping[str, Any]) -> dict[str, int]:
    """Answers by item; what was not answered is left out."""
    scale = knowledge().scales[question.scale]
    found: dict[str, int] = {}
    for item in scale.items:
        text = sent.get(item.id, "")
        if text == "":
            continue
        if not str(text).isdigit() or not item.low <= int(text) <= item.high:
            raise NotRead(f"{item.id}: choose one of the answers.")
        found[item.id] = int(text)
    return found
