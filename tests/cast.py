"""The one builder and the one question: `someone()` says a woman in a clinician's words, `ask()` what a rule says of her.

    ask("lithium-nsaid", someone(taking="lithium 900 mg since 2026-07-25", order="naproxen 1000 mg"))

Knowledge in these tests is a small one of their own (`little()`), so that a test of the engine does not change when a
clinician edits a record.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from althea.engine.facts import (
    Allergy,
    Condition,
    Facts,
    Gap,
    Gene,
    Known,
    LifeStage,
    Medicine,
    Pregnancy,
    Result,
    Score,
    State,
    Symptom,
    Tobacco,
)
from althea.engine.finding import Finding, Review
from althea.engine.order import Draft, ProposedOrder
from althea.engine.review import review
from althea.knowledge import Knowledge
from althea.knowledge.quantity import Dose

TODAY = date(2026, 11, 22)
WHOLE = dict.fromkeys(("medicines", "conditions", "allergies", "observations"), Known.KNOWN)


def medicine(words: str, state: State = State.RUNNING) -> Medicine:
    """ "lithium 900 mg a day since 2026-07-25 until 2026-11-01 as needed, intramuscular": any part may be absent; with
    "left 2026-11-16" she told that she took the last of it that day, and its order runs on; with "gap
    2026-11-01/2026-11-16/2026-11-17" that she took none between the first two, and again on the third, if there is one."""
    found = re.match(r"([a-z0-9-]+)(?: (\S+ (?:mg|mcg|g)))?", words)
    assert found, words
    dose = Dose.parse(found[2]) if found[2] else None
    since, until, left, gap = (re.search(rf"{word} (\S+)", words) for word in ("since", "until", "left", "gap"))
    supply = re.search(r"for (\d+) days", words)
    route = next((r for r in ("oral", "intramuscular", "intravenous", "transdermal", "intranasal") if r in words), "")
    form = next((f for f in ("extended release", "immediate release") if f in words), "")
    return Medicine(
        id=found[1],
        name=found[1],
        state=State.STOPPED if until and state is State.RUNNING else state,
        daily=dose,
        single=dose,
        as_needed="as needed" in words,
        once="once" in words,
        route=route,
        form=form,
        depot="depot" in words,
        started_on=_day(since[1]) if since else None,
        ended_on=_day(until[1]) if until else None,
        left_on=_day(left[1]) if left else None,
        gaps=(Gap(*map(_day, gap[1].split("/"))),) if gap else (),
        supply_days=int(supply[1]) if supply else None,
        ref=f"MedicationRequest/{found[1]}",
    )


def someone(
    *,
    taking: str | list[str] = (),
    perhaps: str | list[str] = (),
    has: str | list[str] = (),
    history: dict[str, str] | None = None,
    results: dict[str, Any] | None = None,
    scores: dict[str, Any] | None = None,
    says: dict[str, str] | None = None,
    genes: dict[str, str] | None = None,
    allergic: str | list[str] = (),
    tobacco: str | None = None,
    tobacco_days: int = 0,
    pregnant: bool | str | None = False,
    weeks: int | None = None,
    born_days_ago: int | None = None,
    breastfeeding: bool | None = False,
    infant_weeks: int | None = None,
    contraception: str | None = "copper-iud",
    planning: bool | None = False,
    menopause: str | None = "pre",
    cannot: str = "",
    age: int | None = 33,
    sex: str = "female",
    on: date | str = TODAY,
    known: dict[str, Known] | None = None,
    unknown: str | list[str] = (),
) -> Facts:
    """A woman on a day. What is not said is what a complete, uneventful record would say; `unknown` takes topics away."""
    day = _day(on)
    status = {True: "pregnant", False: "not pregnant"}.get(pregnant, pregnant)  # type: ignore[call-overload]
    return Facts(
        on=day,
        sex=sex,
        age=age,
        medicines=tuple(
            [medicine(one) for one in _list(taking)] + [medicine(one, State.PERHAPS) for one in _list(perhaps)]
        ),
        conditions=tuple(
            [Condition(groups=(one,), text=one, code="X1") for one in _list(has)]
            + [Condition(groups=(group,), text=line, as_text=True) for group, line in (history or {}).items()]
        ),
        allergies=tuple(Allergy(medicines=(one,), text=one) for one in _list(allergic)),
        results={
            key: tuple(_result(key, *one, day) for one in _pairs(value)) for key, value in (results or {}).items()
        },
        scores={key: tuple(_score(key, *one, day) for one in _pairs(value)) for key, value in (scores or {}).items()},
        symptoms=tuple(Symptom(groups=(group,), text=line, on=day) for group, line in (says or {}).items()),
        genes={gene: Gene(gene=gene, phenotype=value) for gene, value in (genes or {}).items()},
        tobacco=None if tobacco is None else Tobacco(status=tobacco, on=day - timedelta(tobacco_days)),  # type: ignore[arg-type]
        stage=LifeStage(
            applies=sex != "male",
            pregnancy=None if status is None else Pregnancy(status=status, on=day),  # type: ignore[arg-type]
            gestation_days=None if weeks is None else weeks * 7,
            delivered_on=None if born_days_ago is None else day - timedelta(born_days_ago),
            breastfeeding=breastfeeding,
            infant_gestation_weeks=infant_weeks,
            methods=None if contraception is None else tuple(one for one in [contraception] if one != "none"),
            methods_on=day,
            planning=planning,
            menopause=menopause,  # type: ignore[arg-type]
            cannot=cannot,
        ),
        known={**WHOLE, **(known or {}), **dict.fromkeys(_list(unknown), Known.UNKNOWN)},
    )


def order(words: str | list[str] = (), *, stop: str | list[str] = (), beside: str | list[str] = ()) -> ProposedOrder:
    """What is about to be signed."""
    return ProposedOrder(
        drafts=tuple(
            [Draft(medicine=medicine(one, State.ORDERED)) for one in _list(words)]
            + [Draft(medicine=medicine(one, State.ORDERED), stop=True) for one in _list(stop)]
        ),
        beside=tuple(Draft(medicine=medicine(one, State.ORDERED)) for one in _list(beside)),
    )


def answer(facts: Facts, knowledge: Knowledge, draft: ProposedOrder | None = None, **settings: Any) -> Review:
    """Everything Althea says."""
    return review(facts, draft, knowledge, **settings)


def ask(
    rule: str, facts: Facts, knowledge: Knowledge, draft: ProposedOrder | None = None, **settings: Any
) -> Finding | None:
    """What does this rule say of her?  None: it is quiet, or another finding for the same reason is louder."""
    return next((one for one in answer(facts, knowledge, draft, **settings).findings if one.rule == rule), None)


def waited(rule: str, facts: Facts, knowledge: Knowledge, draft: ProposedOrder | None = None) -> tuple[str, ...] | None:
    """What was this rule waiting for?  None: it was not waiting."""
    found = next((one for one in answer(facts, knowledge, draft).not_checked if one.rule == rule), None)
    return None if found is None else found.missing


def _list(words: Any) -> list[str]:
    return [words] if isinstance(words, str) else list(words)


def _day(words: date | str) -> date:
    return words if isinstance(words, date) else date.fromisoformat(words)


def _pairs(value: Any) -> list[tuple[Any, int]]:
    """0.7 | (0.7, days ago) | several of those, newest first."""
    if isinstance(value, list):
        return [one if isinstance(one, tuple) else (one, 0) for one in value]
    return [value if isinstance(value, tuple) else (value, 0)]


def _result(measure: str, value: Any, days_ago: int, today: date) -> Result:
    unreadable = isinstance(value, str)
    return Result(
        measure=measure,
        value=None if unreadable else Decimal(str(value)),
        on=today - timedelta(days_ago),
        said=value if unreadable else "",
    )


def _score(scale: str, value: Any, days_ago: int, today: date) -> Score:
    items = value if isinstance(value, dict) else {}
    total = None if isinstance(value, dict) else Decimal(value)
    return Score(scale=scale, on=today - timedelta(days_ago), total=total, items=items)
