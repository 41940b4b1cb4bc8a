"""One screen, one question: which screens does she go through, and where does she go on?

A scale is one question of the intake and as many screens as it has items: nine small choices are easier at night than
a wall of them, and an answer that needs a person is seen at once, not after the ninth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from althea.care.intake.questions import Question, asked, questions
from althea.care.known import knowledge


@dataclass(frozen=True, slots=True)
class Screen:
    """`slug`: its part of the address. `item`: of a scale, the item asked; None: the whole question."""

    slug: str
    question: Question
    item: Any = None

    @property
    def key(self) -> str:
        """Under which it is kept that she left it out: an item beside its scale, of whose answers it is none."""
        return self.question.id if self.item is None else f"{self.question.id}/{self.item.id}"

    def passed(self, values: Mapping[str, Any]) -> bool:
        """Is she through with it (question -> value)?  Also with what she left out; "I don't know" is an answer."""
        if self.key in values:
            return True
        return self.item is not None and self.item.id in (values.get(self.question.id) or {})


def screens(values: Mapping[str, Any]) -> list[Screen]:
    """Those that concern her, given what she answered so far, in order."""
    return [screen for question in asked(values) for screen in of(question)]


def of(question: Question) -> list[Screen]:
    """The screens of one question."""
    if question.kind != "scale":
        return [Screen(question.id, question)]
    items = knowledge().scales[question.scale].items
    return [Screen(f"{question.id}-{at}", question, item) for at, item in enumerate(items, 1) if item.text]


def screen(slug: str) -> Screen | None:
    """The screen of this address; None: there is none. Without the database: help comes first."""
    if slug in questions():
        return of(questions()[slug])[0]
    question = questions().get(slug.rpartition("-")[0])
    return next((one for one in of(question) if one.slug == slug), None) if question is not None else None


def critical(one: Screen, value: object) -> bool:
    """Is it an answer on self-harm that a person must see today?"""
    if one.item is None:
        return value in one.question.harm
    line = one.item.harm_from
    return line is not None and isinstance(value, int) and value >= line
