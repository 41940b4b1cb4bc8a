"""What does her record say, as Althea read it?  The facts for the left of the page, in the order a visit asks for them.

What nobody handed over stands there as well: "not known" is an answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from althea.clinic.words import day, listed, measure_name, unit
from althea.engine import stage
from althea.engine.facts import Facts, Known, Medicine, State, plain
from althea.knowledge import Knowledge

NOT_SENT = "not known: not sent"
Lines = list[tuple[str, list[tuple[str, str]]]]
"""(heading, [(words, day)]) of each topic."""


def from_her_record(facts: Facts, knowledge: Knowledge) -> Lines:
    """Every fact the checks can use, by topic."""
    return [
        ("Life stage", list(_stage(facts, knowledge))),
        ("Takes", _medicines(facts, (State.RUNNING, State.PERHAPS)) or _none(facts, "medicines", "nothing")),
        *([("Took before", before)] if (before := _medicines(facts, (State.STOPPED,))) else []),
        ("Conditions", [(row.text, _since(row.on)) for row in facts.conditions] or _none(facts, "conditions")),
        ("Allergies", [(row.text, "") for row in facts.allergies] or _none(facts, "allergies")),
        ("Results", list(_results(facts, knowledge)) or _none(facts, "observations")),
    ]


def draft(row: Medicine, *, stop: bool = False) -> str:
    """The line of the order, in a few words."""
    if stop:
        return f"Stop {row.name}"
    return f"{row.name[:1].upper()}{row.name[1:]}" + (f", {row.daily} a day" if row.daily else "")


def methods(facts: Facts, knowledge: Knowledge) -> str:
    """Her contraception in words; empty: none, or not known."""
    names = [knowledge.name_of(key) for key in facts.stage.methods or ()]
    return listed((name if name[1:2].isupper() else name[:1].lower() + name[1:] for name in names), "and")


def _stage(facts: Facts, knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    where = facts.stage
    status, _ = stage.pregnancy_now(facts, knowledge)
    words = {"pregnant": "pregnant", "not": "not pregnant", "possible": "perhaps pregnant"}.get(
        status, "pregnant or not: not known"
    )
    weeks = stage.gestation_weeks(facts)
    yield (
        words + (f", {weeks} weeks" if weeks is not None and status == "pregnant" else ""),
        day(where.pregnancy.on) if where.pregnancy else "",
    )
    if where.delivered_on is not None:
        yield "gave birth", day(where.delivered_on)
    if where.infant_gestation_weeks is not None:
        yield f"baby born at {where.infant_gestation_weeks} weeks", ""
    if where.breastfeeding is not None:
        yield ("breastfeeding" if where.breastfeeding else "not breastfeeding"), day(where.breastfeeding_on)
    if where.menopause == "post":
        yield "after the menopause", ""
    elif where.menopause == "peri":
        yield "perimenopause", ""
    if where.methods is None:
        if not where.cannot:
            yield "contraception: not known", ""
    else:
        yield f"contraception: {methods(facts, knowledge) or 'none'}", day(where.methods_on)
    if where.planning is not None:
        yield ("plans a pregnancy" if where.planning else "plans no pregnancy"), day(where.planning_on)


def _medicines(facts: Facts, states: tuple[State, ...]) -> list[tuple[str, str]]:
    rows = [row for row in facts.medicines if row.state in states]
    return [
        (
            row.name
            + (f" {row.daily} a day" if row.daily else "" if row.state is State.STOPPED else ", dose not known"),
            f"until {day(row.ended_on)}" if row.ended_on and row.state is State.STOPPED else _since(row.started_on),
        )
        for row in rows
    ]


def _results(facts: Facts, knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    for measure, results in facts.results.items():
        result = results[0]
        value = "not readable" if result.value is None else f"{plain(result.value)} {unit(measure, knowledge)}".strip()
        name = measure_name(measure, knowledge)
        how = f" ({result.said})" if result.value is not None and result.said else ""
        yield f"{name[:1].upper()}{name[1:]} {value}{how}", day(result.on)
    for scale, scores in facts.scores.items():
        name = knowledge.scales[scale].name if scale in knowledge.scales else scale
        for score in scores[:2]:
            if score.total is not None:
                yield f"{name} {plain(score.total)}", day(score.on)
    if facts.tobacco is not None:
        smokes = {"current": "Smokes", "stopped": "Stopped smoking", "never": "Never smoked"}
        yield smokes[facts.tobacco.status], day(facts.tobacco.on)
    for gene in facts.genes.values():
        yield f"{gene.gene}: {gene.phenotype}", day(gene.on)


def _none(facts: Facts, topic: str, nothing: str = "none on record") -> list[tuple[str, str]]:
    looked = facts.looked(topic)
    if looked is Known.INCOMPLETE:
        return [("the list is incomplete", "")]
    return [(nothing if looked.whole else NOT_SENT, "")]


def _since(on: date | None) -> str:
    return f"since {day(on)}" if on else ""
