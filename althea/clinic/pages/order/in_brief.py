"""The facts of the checks beside an order, a line each: what she takes, whether she may be pregnant, what was measured.

The day stands where a fact has one; what nobody handed over is "not known".
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from althea.care.known import knowledge
from althea.clinic.record import NOT_SENT, methods
from althea.clinic.words import day, measure_name, unit
from althea.engine import stage
from althea.engine.facts import Facts, Known, Medicine, State, plain

Lines = list[tuple[str, list[str]]]
"""(what, its lines)"""
WRITTEN = {"egfr": "eGFR"}
"""Short names that are not all capitals."""
PREGNANT = {"pregnant": "Yes", "not": "No", "possible": "Perhaps"}
MOST = 6


def facts_in_brief(facts: Facts) -> Lines:
    """Of each at most a few lines; what is left out is counted."""
    return [(what, _few(lines)) for what, lines in _facts(facts) if lines]


def _facts(facts: Facts) -> Iterator[tuple[str, list[str]]]:
    on, where = facts.on, facts.stage
    status, _ = stage.pregnancy_now(facts, knowledge())
    weeks = stage.gestation_weeks(facts)
    words = PREGNANT.get(status, "Not known")
    words += f", {weeks} weeks" if weeks is not None and status == "pregnant" else ""
    yield "Pregnant", [_dated(words, where.pregnancy.on if where.pregnancy else None, on)]
    if where.delivered_on is not None:
        yield "Gave birth", [_day(where.delivered_on, on)]
    if where.breastfeeding is not None:
        yield "Breastfeeding", [_dated("Yes" if where.breastfeeding else "No", where.breastfeeding_on, on)]
    if where.menopause in ("post", "peri"):
        yield "Menopause", ["After it" if where.menopause == "post" else "Perimenopause"]
    if where.methods is not None:
        used = methods(facts, knowledge()) or "none"
        yield "Contraception", [_dated(f"{used[:1].upper()}{used[1:]}", where.methods_on, on)]
    elif not where.cannot:
        yield "Contraception", ["Not known"]
    if where.planning is not None:
        yield "Plans a baby", [_dated("Yes" if where.planning else "No", where.planning_on, on)]
    yield from _by_name(facts)
    yield from _results(facts)


def _by_name(facts: Facts) -> Iterator[tuple[str, list[str]]]:
    takes = [row for row in facts.medicines if row.state in (State.RUNNING, State.PERHAPS)]
    before = [row for row in facts.medicines if row.state is State.STOPPED]
    yield "Takes", [_taken(row) for row in takes] or [_none(facts, "medicines", "Nothing")]
    yield "Past", [f"{_cap(row.name)}{f', to {row.ended_on:%b %Y}' if row.ended_on else ''}" for row in before]
    yield "Conditions", [_cap(row.text) for row in facts.conditions] or [_none(facts, "conditions")]
    yield "Allergies", [_cap(row.text) for row in facts.allergies] or [_none(facts, "allergies")]


def _results(facts: Facts) -> Iterator[tuple[str, list[str]]]:
    on = facts.on
    none = not facts.results and not facts.scores and facts.looked("observations").whole
    if not facts.results and not facts.scores:
        yield "Results", ["None on record" if none else "Not known"]
    for measure, results in facts.results.items():
        one = results[0]
        value = "not readable" if one.value is None else f"{plain(one.value)} {unit(measure, knowledge())}".strip()
        how = f" ({one.said})" if one.value is not None and one.said else ""
        yield _short(measure), [_dated(f"{value}{how}", one.on, on)]
    for scale, scores in facts.scores.items():
        name = knowledge().scales[scale].name if scale in knowledge().scales else scale
        newest = next((row for row in scores if row.total is not None), None)
        if newest is not None and newest.total is not None:
            yield name, [_dated(plain(newest.total), newest.on, on)]
    if facts.tobacco is not None:
        smokes = {"current": "Smokes", "stopped": "Stopped", "never": "Never"}
        yield "Tobacco", [_dated(smokes[facts.tobacco.status], facts.tobacco.on, on)]
    for gene in facts.genes.values():
        yield gene.gene, [gene.phenotype]


def _taken(row: Medicine) -> str:
    since = f", since {row.started_on.year}" if row.started_on else ""
    return f"{_cap(row.name)}{f' {row.daily} a day' if row.daily else ', dose not known'}{since}"


def _short(measure: str) -> str:
    """Its own id where it is spoken of by that (eGFR, BMI), else its name."""
    known = knowledge().measures.get(measure)
    if known is not None and measure in known.names and len(measure) <= 4:
        return WRITTEN.get(measure, measure.upper())
    return _cap(measure_name(measure, knowledge()))


def _few(lines: list[str]) -> list[str]:
    more = len(lines) - MOST
    return [*lines[:MOST], f"and {more} more"] if more > 0 else lines


def _none(facts: Facts, topic: str, nothing: str = "None on record") -> str:
    looked = facts.looked(topic)
    return "The list is incomplete" if looked is Known.INCOMPLETE else nothing if looked.whole else _cap(NOT_SENT)


def _dated(words: str, when: date | None, on: date) -> str:
    return f"{words}, {_day(when, on)}" if when is not None else words


def _day(when: date, on: date) -> str:
    return f"{when:%-d %B}" if when.year == on.year else day(when)


def _cap(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
