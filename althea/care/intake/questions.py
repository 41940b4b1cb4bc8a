"""Which questions, in which order, and how is an answer read from a form?

The questions are data (`questions.toml`). `read` turns what a form sent into the value that is kept, or says in words
what is wrong with it; it never guesses and never cuts.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from althea.care.days import YOUNGEST, too_young
from althea.care.entries import LONGEST
from althea.care.known import knowledge
from althea.care.typed import NO_NUMBER, may_be_called
from althea.knowledge.schema.choice import TOPICS

MOST_ROWS = 20
OF_A_BIRTH = "life-stage:delivery"
Kind = Literal["words", "choice", "choices", "methods", "date", "number", "yes-no", "rows", "order", "scale"]
UNKNOWN, RATHER, NONE, LEFT_OUT = "unknown", "rather-talk", "none", "left-out"
HOW = "how:"
"""Where one answer is chosen of several, "I don't know" and its like stand among them under this: a question may have
an option whose own key is "unknown"."""
A_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
BOTH = (
    "You gave an answer, and chose one of those below it as well. Keep one: empty what is above, or choose "
    "“My answer above”."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One field of a row. `short`: what stands before it where the row is read as one line."""

    id: str
    text: str
    hint: str = ""
    kind: Literal["words", "date", "how-long", "a-day", "phone"] = "words"
    short: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One screen. `asked_if`: (an earlier question, its answers). `most`: the largest number that can be kept. `harm`:
    the answers that tell that she may be in danger, the one that a person must see first before the others."""

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
    most: int = 0
    harm: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """`of_her`: its title where a clinician reads it, if another one."""

    id: str
    title: str
    about: str
    of_her: str = ""
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
    harm = tuple(row.pop("harm", ()))
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
        harm=harm,
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


def ways(question: Question) -> list[str]:
    """How it may be answered without an answer of its own: none, unknown, rather-talk."""
    offered = ((NONE, bool(question.none)), (UNKNOWN, question.unknown), (RATHER, question.rather))
    return [key for key, may in offered if may]


def way(question: Question, value: Any, said: str) -> str:
    """Which of those ways a kept answer took; empty: it has a value of its own, or there is none."""
    how = NONE if said == "answered" and value in (NONE, []) else said
    return how if how in ways(question) else ""


def nothing_in(question: Question, sent: Mapping[str, Any]) -> bool:
    """Did she neither write nor choose anything?"""
    return not _given(question, sent) and not _way_sent(question, sent)


def read(
    question: Question, sent: Mapping[str, Any], today: date, born_on: date | None, before: tuple[Any, str] = (None, "")
) -> tuple[Any, str]:
    """(the value, how it was said: answered, unknown or rather-talk). Raises NotRead.

    `sent`: Django's QueryDict, or anything with `get` and `getlist`. `before`: her answer as it was kept, and as the
    form showed it. A form cannot unpick an "I don't know", so of an answer and such a choice what is new counts.
    """
    how, given = _way_sent(question, sent), _given(question, sent)
    if how and given:
        if how == way(question, *before):
            how = ""
        elif given != _kept(question, before[0]):
            raise NotRead(BOTH)
    if how == NONE:
        return ([] if question.kind in ("choices", "rows", "order") else NONE), "answered"
    if how:
        return None, how
    getlist = sent.getlist  # type: ignore[attr-defined]
    match question.kind:
        case "words":
            return _words(sent.get("value", ""), "this", question), "answered"
        case "choice" | "yes-no":
            return _one_of(question, sent.get("value", "")), "answered"
        case "choices" | "methods":
            return _some_of(question, getlist("value")), "answered"
        case "date":
            day = _date(sent.get("value", ""), question.future, today, born_on)
            if question.becomes == OF_A_BIRTH and too_young(born_on, day):
                raise NotRead(f"{day:%-d %B %Y} is before you were {YOUNGEST} years old. Check the year.")
            return day.isoformat(), "answered"
        case "number":
            return _number(sent.get("value", ""), question), "answered"
        case "rows":
            return _rows(question, getlist, today, born_on), "answered"
        case "order":
            return _order(question, sent), "answered"
    raise NotRead("Answer this one item by item.")


def _way_sent(question: Question, sent: Mapping[str, Any]) -> str:
    value = str(sent.get("value", ""))
    among = question.kind in ("choice", "yes-no") and value.startswith(HOW)
    how = value.removeprefix(HOW) if among else str(sent.get("how", ""))
    return how if how in ways(question) else ""


def _given(question: Question, sent: Mapping[str, Any]) -> Any:
    """What she wrote or ticked, as it came: compared with what was kept, before anything is read. Nothing: empty."""
    getlist = sent.getlist  # type: ignore[attr-defined]
    match question.kind:
        case "choices" | "methods":
            return set(getlist("value"))
        case "rows":
            columns = {column.id: getlist(column.id) for column in question.columns}
            count = max(map(len, columns.values()))
            rows = (
                {key: cells[at].strip() for key, cells in columns.items() if at < len(cells) and cells[at].strip()}
                for at in range(count)
            )
            return [row for row in rows if row]
        case "order":
            ranks = {key: str(sent.get(key, "")).strip() for key, _ in question.options}
            return {key: text for key, text in ranks.items() if text}
        case "choice" | "yes-no":
            value = str(sent.get("value", ""))
            return "" if value.startswith(HOW) else value
        case _:
            return " ".join(str(sent.get("value", "")).split())


def _kept(question: Question, value: Any) -> Any:
    """An answer that was kept, as `_given` says what comes of a form that shows it."""
    match question.kind:
        case "choices" | "methods":
            return set(value or ())
        case "order":
            return {key: str(at) for at, key in enumerate(value or (), 1)}
        case "rows":
            return value
        case _:
            return " ".join(str(value or "").split())


def _or_choose(question: Question) -> str:
    """The end of a sentence that asks for an answer: what may be chosen in its place."""
    if question.none:
        return f", or choose “{question.none}”."
    return ", or choose one of the answers below." if ways(question) else ", or leave this one out."


def _words(text: str, what: str, question: Question) -> str:
    text = text.strip()
    if not text:
        raise NotRead(f"Write a few words{_or_choose(question)}")
    if len(text) > LONGEST:
        raise NotRead(f"That is {len(text):,} characters. We can keep {LONGEST:,}. Shorten {what} a little.")
    return text


def _one_of(question: Question, value: str) -> str:
    if value not in {key for key, _ in question.options}:
        raise NotRead("Choose one of the answers.")
    return value


def _some_of(question: Question, sent: list[str]) -> list[str]:
    """No tick is no answer: that none is true is said by a choice of its own, of the methods by "No contraception"."""
    values = [_one_of(question, one) for one in sent]
    if question.kind == "methods" and (not values or (NONE in values and len(values) > 1)):
        raise NotRead("Tick what you use, or only “No contraception”.")
    if not values:
        raise NotRead(f"Tick all that are true{_or_choose(question)}")
    return values


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


def _number(text: str, question: Question) -> str:
    """As she typed it."""
    text = text.strip()
    if A_NUMBER.fullmatch(text) is None:
        raise NotRead("Enter a number, for example 10.")
    if not 0 <= Decimal(text) <= 10_000:
        raise NotRead("Enter a number from 0 to 10,000.")
    if question.most and (not text.isdecimal() or not 1 <= int(text) <= question.most):
        raise NotRead(f"Enter a whole number, from 1 to {question.most}{_or_choose(question)}")
    return text


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
                elif row[column.id] and column.kind == "phone" and not may_be_called(row[column.id]):
                    raise NotRead(NO_NUMBER)
                elif column.options and row[column.id] not in ("", *column.options):
                    raise NotRead("Choose one of the answers.")
                elif row[column.id]:
                    _words(row[column.id], "this line", question)
            except NotRead as wrong:
                raise NotRead(f"Line {at + 1}, {column.text}: {wrong}") from None
        rows.append({key: value for key, value in row.items() if value})
    if not rows:
        raise NotRead(f"Fill in a line{_or_choose(question)}")
    return rows


def _order(question: Question, sent: Mapping[str, Any]) -> list[str]:
    """Topics in her order. Two with one number have no order: she is asked."""
    chosen: dict[int, str] = {}
    for key, _ in question.options:
        text = str(sent.get(key, "")).strip()
        if text:
            if not text.isdecimal() or not 1 <= int(text) <= 99:
                raise NotRead("Number them 1, 2, 3. Leave out what does not matter.")
            if int(text) in chosen:
                raise NotRead(f"Two of them have the number {int(text)}. Give each a number of its own.")
            chosen[int(text)] = key
    if not chosen:
        raise NotRead(f"Number what matters{_or_choose(question)}")
    return [chosen[rank] for rank in sorted(chosen)]
