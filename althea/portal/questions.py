"""Which questions does a check-in ask, one a screen, and which answers must be seen at once?

Scales whose text may ship come item by item ("phq-9-3"); then the doses of the week, side effects, her
goals by their measures, and a line of hers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from althea.care.actions.safety import harm_from
from althea.care.doses_told import asked_of
from althea.care.intake.screens import critical
from althea.care.intake.screens import screen as screen_of
from althea.care.known import knowledge
from althea.care.models import CheckIn

Kind = Literal["item", "doses", "side-effects", "goals", "words"]
OF_THE_INTAKE = re.compile(r"^/intake/([a-z0-9.-]+)$")
OF_A_CHECK_IN = re.compile(r"^/check-in/[0-9a-f-]{36}/([a-z0-9.-]+)$")


class NotRead(ValueError):
    """This answer cannot be kept; the words say what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One screen. `key`: under which its answer is kept ("phq-9/item 3")."""

    slug: str
    key: str
    kind: Kind
    text: str
    ask: str = ""
    options: tuple[tuple[str, str, str], ...] = ()


OF_THE_WEEK = (
    Asked(
        slug="doses",
        key="doses",
        kind="doses",
        text="Some days are harder. Did any doses get missed?",
        ask="It helps us to know, and it's common.",
    ),
    Asked(
        slug="side-effects",
        key="side-effects",
        kind="side-effects",
        text="Has your body noticed anything new?",
        ask="Anything that bothers you counts.",
    ),
    Asked(
        slug="goals",
        key="goals",
        kind="goals",
        text="How near is what you want?",
        ask="A few words for each, if you like. Empty is fine, and says nothing.",
    ),
    Asked(
        slug="words",
        key="words",
        kind="words",
        text="Anything you want us to know?",
        ask="One line is plenty. Your care team reads it before your visit.",
    ),
)


LEANING = (
    ("same", "Go on as it is"),
    ("more", "A bit more of it"),
    ("something-else", "Something else"),
    ("stop", "Stop it"),
    ("not-sure", "I'm not sure"),
)
"""What she leans to, asked beside her own words when a review is near. Her team hears it; nothing follows by itself."""
NEAR = timedelta(days=2)


def asks_leaning(check_in: CheckIn, on: date) -> bool:
    """Is the review of its trial near, or late?"""
    trial = check_in.trial
    return trial is not None and trial.review_on is not None and trial.review_on - on <= NEAR


def of(check_in: CheckIn, on: date, *, goals: bool) -> list[Asked]:
    """All its questions in order, asked on this day: of doses only from the day of the first one, of her goals only
    where one has a measure (`goals`)."""
    asked = [one for scale in check_in.scales for one in _of_scale(scale)]
    tried = check_in.trial_id is not None
    about = {
        "doses": bool(asked_of(check_in.trial, on)), "side-effects": tried, "goals": tried and goals, "words": True,
    }  # fmt: skip
    return asked + [one for one in OF_THE_WEEK if about[one.kind]]


def _of_scale(scale_id: str) -> list[Asked]:
    scale = knowledge().scales[scale_id]
    options = tuple((str(at), choice, "") for at, choice in enumerate(scale.choices))
    return [
        Asked(slug=f"{scale_id}-{number}", key=f"{scale_id}/{item.id}", kind="item", text=item.text or "",
              ask=scale.stem or "", options=options)
        for number, item in enumerate(scale.items, 1)
        if item.text
    ]  # fmt: skip


def needs_help(path: str, sent: Mapping[str, Any]) -> bool:
    """Is this an answer on self-harm that a person must see today?  Asked by the middleware, without the database."""
    value = str(sent.get("value", ""))
    if found := OF_THE_INTAKE.match(path):
        screen = screen_of(found[1])
        return screen is not None and critical(screen, int(value) if value.isdecimal() else value)
    found = OF_A_CHECK_IN.match(path)
    if found is None or not value.isdecimal():
        return False
    scale_id, _, number = found[1].rpartition("-")
    scale = knowledge().scales.get(scale_id)
    if scale is None or not number.isdecimal() or not 1 <= int(number) <= len(scale.items):
        return False
    line = harm_from(f"{scale_id}/{scale.items[int(number) - 1].id}")
    return line is not None and int(value) >= line
