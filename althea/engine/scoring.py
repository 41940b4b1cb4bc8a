"""What is the score, and what does it say?  Pure: a scale's record and answers in, `Scored` out.

A total exists only when every answer that the scale asks for is there: nothing is prorated, because no rule that
allows it was read for any of the scales. Flags do not wait for the total: what the answers given already prove, they
say (every score is zero or more, so answers that add up to 13 prove a total of 13 or more).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from althea.engine.answers import NotAnAnswer, Scores, known, read
from althea.knowledge.schema.scale import Criterion, Domain, Flag, Item, Scale

__all__ = ["INCOMPLETE", "NotAnAnswer", "Scored", "score", "triage"]

INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """`total` None: incomplete, or a scale without one. `domains`: in the scale's order, None where not known."""

    scale: str
    total: int | None
    band: str
    flags: Mapping[str, bool]
    domains: tuple[int | None, ...]
    complete: bool
    source: str


def score(scale: Scale, answers: object) -> Scored:
    """Scores answers as CONTRACT section 2 takes them. Raises NotAnAnswer."""
    scores = read(scale, answers)
    excused = _excused(scale, scores)
    complete = all(scores[item.id] is not None or item.id in excused or item.optional for item in scale.items)
    domains = tuple(_domain(domain, scale, scores, excused) for domain in scale.domains)
    proven = _proven(scale, scores)
    total = proven if complete and any(item.counts for item in scale.items) else None
    return Scored(
        scale=scale.name,
        total=total,
        band=_band(scale, scores, total) if complete else INCOMPLETE,
        flags=_flags(scale, scores, proven),
        domains=domains,
        complete=complete,
        source=scale.cite,
    )


def triage(scale: Scale, items: Mapping[str, object]) -> str:
    """Which level do a record's answers alone say: "low", "moderate", "high", or "" (none, or the scale has none)."""
    levels = scale.levels or scale.answers_level
    return _level(levels, known(scale, items)) if levels else ""


def _excused(scale: Scale, scores: Scores) -> frozenset[str]:
    """Items that the scale's own rules do not ask for, given the other answers."""
    excused: set[str] = set()
    for skip in scale.skips:
        asked = [scores[name] for name in skip.when]
        if None not in asked and sum(value or 0 for value in asked) <= skip.at_most:
            excused.update(skip.items)
    for group in scale.either:
        if any(scores[name] is not None for name in group):
            excused.update(group)
    return frozenset(excused)


def _worth(item: Item, value: int | None) -> int:
    """What an answer adds to the total; an answer that is not there adds nothing."""
    if value is None or not item.counts:
        return 0
    return value if item.counts_from is None else int(value >= item.counts_from)


def _proven(scale: Scale, scores: Scores) -> int:
    """The total so far: the total itself when nothing is missing, and what it is at least when something is."""
    if scale.total_of == "domains":
        return sum(_of(domain, [scores[name] or 0 for name in domain.items]) for domain in scale.domains)
    return sum(_worth(item, scores[item.id]) for item in scale.items)


def _domain(domain: Domain, scale: Scale, scores: Scores, excused: frozenset[str]) -> int | None:
    if any(scores[name] is None and name not in excused for name in domain.items):
        return None
    return _of(domain, [scores[name] or 0 for name in domain.items])


def _of(domain: Domain, values: list[int]) -> int:
    return max(values) if domain.by == "highest" else sum(values)


def _band(scale: Scale, scores: Scores, total: int | None) -> str:
    for band in scale.bands:
        if total is not None and band.low <= total <= band.high:
            return band.name
    for flag in scale.flags:
        if flag.yes:
            return flag.yes if _fires(flag, scores) else flag.no
    return _level(scale.levels, scores) or scale.no_level


def _flags(scale: Scale, scores: Scores, proven: int) -> dict[str, bool]:
    flags: dict[str, bool] = {}
    for place, item in enumerate(scale.items, 1):
        if item.critical_from is not None:
            # Two parts of one question (6 in a lifetime, 6 in three months) share its number and its flag.
            number = re.search(r"\d+", item.id)
            name = f"item{number[0] if number else place}_positive"
            value = scores[item.id]
            flags[name] = flags.get(name, False) or (value is not None and value >= item.critical_from)
    flags |= {f"ge{cut}": proven >= cut for cut in scale.cuts}
    flags |= {flag.name: _fires(flag, scores) for flag in scale.flags}
    level = _level(scale.levels, scores)
    return flags | {flag.name: flag.name == level for flag in reversed(scale.levels)}


def _level(levels: tuple[Flag, ...], scores: Scores) -> str:
    """The loudest level that the answers prove."""
    return next((flag.name for flag in levels if _fires(flag, scores)), "")


def _fires(flag: Flag, scores: Scores) -> bool:
    met = (_met(criterion, scores) for criterion in flag.criteria)
    return all(met) if flag.when == "all" else any(met)


def _met(criterion: Criterion, scores: Scores) -> bool:
    values = [scores[name] for name in criterion.items]
    return sum(value is not None and value >= criterion.at_least for value in values) >= criterion.count
