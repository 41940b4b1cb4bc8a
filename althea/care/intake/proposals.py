"""What may an answer become in her record?  A proposal: words for the person who looks, and the entry it would be.

Nothing is recorded here. A prescriber or nurse reads the answer beside the proposal and adds it with one click, edits
it first, or sets it aside with a word. "I don't know" is proposed as that where the record has a word for it, and stays
unknown there; nothing else is made of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from althea.care import entries as said
from althea.care.intake import amounts, recorded
from althea.care.intake.questions import NONE, UNKNOWN, Question
from althea.care.known import knowledge
from althea.care.named import unread
from althea.engine import scoring
from althea.fhir.readings import readings_of

MAY_BE_UNKNOWN = ("pregnancy", "contraception", "planning")
"""Topics of her life stage of which she may say "I don't know", and the record can say it: not those that are a day."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """`part`: which row of the answer; empty: the whole. `on`: the day the entry is about."""

    part: str
    words: str
    body: said.Body
    on: date


def proposals(question: Question, value: Any, on: date, how: str) -> list[Proposal]:
    """What this answer, given on that day, may become. Empty: it is kept as her words only. `how`: it was answered, or
    how it was not (`IntakeAnswer.said`)."""
    topic = question.becomes.removeprefix("life-stage:")
    if how == UNKNOWN and topic in MAY_BE_UNKNOWN:
        return [_stage(topic, UNKNOWN, on)]
    if value is None or value == [] or not question.becomes:
        return []
    try:
        return list(_of(question, value, on))
    except (ValidationError, ValueError):
        return []


def _of(question: Question, value: Any, on: date) -> Iterator[Proposal]:
    kind, _, topic = question.becomes.partition(":")
    if kind == "score":
        yield from _score(question, value, on)
    elif kind == "condition":
        for group in [topic] * (value in question.harm) if topic else value:
            record = knowledge().conditions[group]
            told = said.Condition(text=record.name, code=record.told_as, certainty="provisional")
            yield Proposal(group, f"{record.name}, told by her, to be confirmed", told, on)
    elif kind == "history":
        for group in value:
            name = knowledge().conditions[group].name
            yield Proposal(group, name, said.Family(illness=group, text=name), on)
    elif kind == "episodes":
        number = Decimal(value)
        if number == number.to_integral_value() and number >= 1:
            episodes = said.Episodes(illness="depression", number=int(number))
            times = "1 time" if episodes.number == 1 else f"{episodes.number} times"
            yield Proposal("", f"Depression: {times}, this time counted, told by her", episodes, on)
    elif kind == "allergy":
        for at, row in enumerate(value):
            allergy = said.Allergy(text=row["what"], rxcui=_rxcui(row["what"]), reaction=row.get("reaction", ""))
            yield Proposal(str(at), f"Allergy: {row['what']}{_not_read(allergy)}", allergy, on)
    elif kind in ("medicine-now", "medicine-before"):
        for at, row in enumerate(value):
            medicine = _medicine(row, running=kind == "medicine-now")
            yield Proposal(str(at), f"{_in_words(medicine, row)}{_not_read(medicine)}", medicine, on)
    elif kind == "life-stage":
        if value != NONE:
            yield _stage(topic, value, on)
    elif kind == "tobacco":
        yield Proposal("", f"Tobacco: {value}", said.Tobacco(status=value), on)
    elif kind == "goal":
        for at, row in enumerate(value):
            yield Proposal(str(at), f"Goal: “{row['words']}”", said.Goal(words=row["words"], rank=at + 1), on)


def _not_read(body: said.Medicine | said.Allergy) -> str:
    """What was not recognised of the name, and what she may have meant; empty: it was read."""
    one = unread(body)
    if one is None:
        return ""
    names = " or ".join(name for name, _ in one.near)
    meant = f" (did she mean {names}?)" if names else ""
    told = isinstance(body, said.Medicine) and not body.medicine
    return meant if told else f", “{one.words}” not recognised: not checked{meant}"


def _score(question: Question, value: dict[str, int], on: date) -> Iterator[Proposal]:
    scale = knowledge().scales[question.scale]
    result = scoring.score(scale, [value.get(item.id) for item in scale.items])
    body = said.Score(
        scale=scale.id,
        total=None if result.total is None else Decimal(result.total),
        band=result.band,
        items=dict(value),
    )
    total = "incomplete, no total" if result.total is None else f"{result.total}, {result.band}"
    if value:
        yield Proposal("", f"{scale.name}: {total}", body, on)


def _stage(topic: str, value: Any, on: date) -> Proposal:
    text = ",".join(one for one in value if one != "none") if isinstance(value, list) else str(value)
    day = date.fromisoformat(text) if topic in ("delivery", "period") else on
    return Proposal("", recorded.stage(topic, text), said.LifeStage(topic=topic, value=text), day)  # type: ignore[arg-type]


def _medicine(row: dict[str, str], *, running: bool) -> said.Medicine:
    """A row as data, as far as it can be read; the rest stays her words, and the proposal says so."""
    dose = amounts.dose(row.get("dose", ""))
    shared: dict[str, Any] = {"text": row["what"], **named(row["what"])}
    if running:
        return said.Medicine(
            **shared,
            dose=dose,
            times_a_day=amounts.often(row.get("times", "")),
            as_needed=amounts.when_needed(row.get("times", "")),
            since=_day(row.get("since")),
            running=True,
            from_whom=row.get("whom", ""),
        )
    return said.Medicine(
        **shared,
        reached=dose,
        weeks=amounts.weeks(row.get("weeks", "")),
        until=_day(row.get("until")),
        running=False,
        result=row.get("result") or None,  # type: ignore[arg-type]
        why_stopped=row.get("stopped", ""),
    )


def _in_words(body: said.Medicine, row: dict[str, str]) -> str:
    """What the entry would say, and what of her words it would not."""
    name = knowledge().name_of(body.medicine) if body.medicine else f"“{body.text}”, not in Althea's knowledge"
    dose, times, weeks = row.get("dose", ""), row.get("times", ""), row.get("weeks", "")
    if body.running:
        parts = [f"Takes {name}", body.dose or (f"dose not read: “{dose}”" if dose else "dose not known")]
        not_read = times and body.times_a_day is None and not body.as_needed
        return ", ".join(parts + ([f"how often not read: “{times}”"] if not_read else []))
    parts = [f"Took {name}"]
    if dose:
        parts.append(f"up to {body.reached} a day" if body.reached else f"dose not read: “{dose}”")
    if body.weeks is not None:
        parts.append(f"for {body.weeks:f} weeks{'' if weeks.isdecimal() else f' (“{weeks}”)'}")
    elif weeks:
        parts.append(f"how long: not read, “{weeks}”")
    return ", ".join(parts + ([body.result] if body.result else []))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _product(words: str) -> Any:
    return readings_of(knowledge(), None).codes.text(words[:300])


def named(words: str) -> dict[str, str]:
    """What the knowledge makes of a medicine's name: empty where it is not in it."""
    return {"medicine": _id(words), "rxcui": _rxcui(words)}


def _id(words: str) -> str:
    product = _product(words)
    return next(iter(product.medicines), "") if product is not None else ""


def _rxcui(words: str) -> str:
    key = _id(words)
    book = knowledge().medicines.get(key)
    return book.rxcui or "" if book is not None else ""
