"""What does she say of her goals in a check-in?  Each by its measure, in a line, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.text import capfirst

from althea.care.entries import SHORT, Goal
from althea.care.goals_told import HerGoal
from althea.care.models import Entry, Patient
from althea.portal.questions import NotRead

FIELD = "goal-"
"""Before the id of the goal as it was worded when the page was drawn: a field of its own for each."""


def told(
    goals: Sequence[HerGoal], sent: Any, patient: Patient, before: Sequence[dict[str, str]] = ()
) -> list[dict[str, str]]:
    """What is kept of it: what she left empty is not told. `before`: what was kept of it so far; of a goal that is
    measured in another way by now, and so stands no longer on the page, it stays. Raises Http404 for a goal that is
    not hers, and NotRead where a line is too long or one of her goals was changed since the page was drawn."""
    given, known = _given(sent), {str(one.entry.pk): one for one in goals}
    others = given.keys() - known.keys()
    if others and Entry.objects.filter(patient=patient, kind=Goal.kind, pk__in=others).count() != len(others):
        raise Http404
    lost = [given[one] for one in others if given[one]]
    if lost:
        raise NotRead(
            f"Your goals were changed since you opened this page, and nothing of it is saved yet. You had written: "
            f"{'; '.join(f'“{words[:SHORT]}”' for words in lost)}. Look at them again, then go on."
        )
    for key, words in given.items():
        if len(words) > SHORT:
            raise NotRead(
                f"{capfirst(known[key].measure[:SHORT])}: that is {len(words):,} characters, and {SHORT} fit here. "
                "Shorten it a little. There is room for more on the last page."
            )
    shown = {(one.key, one.measure) for one in goals}
    rows = [
        {"goal": one.key, "measure": one.measure, "told": given[key]} for key, one in known.items() if given.get(key)
    ]
    return [*rows, *(row for row in before if (row["goal"], row["measure"]) not in shown)]


def typed(sent: Any) -> bool:
    """Did she write anything in them?"""
    return any(_given(sent).values())


def as_sent(goals: Sequence[HerGoal], sent: Any) -> dict[str, str]:
    """What she typed, by the goal as it is worded now: one that is only worded anew keeps it."""
    given = _given(sent)
    return {one.key: words for one in goals if (words := given.get(str(one.entry.pk)) or _before(one, given))}


def fields(goals: Sequence[HerGoal], value: Any) -> list[dict[str, Any]]:
    """One for each goal as the page draws it. `value`: what was kept, or what was sent and could not be."""
    if not isinstance(value, dict):
        kept = {(row["goal"], row["measure"]): row["told"] for row in value or ()}
        value = {one.key: kept.get((one.key, one.measure), "") for one in goals}
    return [{"name": f"{FIELD}{one.entry.pk}", "goal": one, "value": value.get(one.key, "")} for one in goals]


def in_words(value: Any) -> str:
    """As she looks it over. Nothing told is no answer to read something from."""
    return ". ".join(f"{row['measure']}: {row['told']}" for row in value or ()) or "Not told"


def _given(sent: Any) -> dict[str, str]:
    """By the id in each field's name. Raises Http404 where it is none."""
    try:
        names = [(str(UUID(name.removeprefix(FIELD))), name) for name in sent if name.startswith(FIELD)]
    except ValueError:
        raise Http404 from None
    return {key: sent.get(name, "").strip() for key, name in names}


def _before(one: HerGoal, given: dict[str, str]) -> str:
    return given.get(str(one.entry.supersedes_id), "") if one.body.first else ""
