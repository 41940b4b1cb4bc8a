"""Which answers make up a total, and how near are her goals?

Made up for the demo: the same woman leans to the same questions each time.
"""

from __future__ import annotations

from collections.abc import Sequence

from althea.care.goals_told import HerGoal
from althea.knowledge.schema.scale import Scale


def ships(scale: Scale) -> bool:
    """May its questions be shown, so that she can answer them on her phone?  Otherwise only a score is entered."""
    return all(item.text for item in scale.items) and bool(scale.choices)


def spread(scale: Scale, total: int, critical: int = 0, lean: int = 0) -> dict[str, int]:
    """Answers, by item, whose sum is `total`; the critical items hold `critical` and no more.

    Raises ValueError where no answers make up this total.
    """
    answers = {item.id: critical if item.critical_from is not None else 0 for item in scale.items}
    most = {item.id: item.high for item in scale.items}
    free = [item.id for item in scale.items if item.critical_from is None]
    left = total - sum(answers.values())
    if left < 0 or left > sum(most[one] for one in free):
        raise ValueError(f"{scale.name} has no answers that make up {total} with {critical} to its critical item")
    at = lean
    while left:
        one = free[at % len(free)]
        if answers[one] < most[one]:
            answers[one] += 1
            left -= 1
        at += 1
    return answers


def near(goals: Sequence[HerGoal], lines: Sequence[str]) -> list[dict[str, str]]:
    """Her goals that have a measure, in their order, each with its line; an empty one is not told."""
    told = zip(goals, lines, strict=True)
    return [{"goal": one.key, "measure": one.measure, "told": line} for one, line in told if line]
