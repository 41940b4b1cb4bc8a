"""What were we told of a trial?  Plain JSON in, frozen facts out; what cannot be read is refused with its place.

Days count from the start of the trial (day 0). A key nobody knows is kept and named, never silently dropped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


class NotATrial(ValueError):
    """Input that is not a trial: `place` and what to write instead."""

    def __init__(self, place: str, mend: str) -> None:
        super().__init__(f"{place}: {mend}")
        self.place, self.mend = place, mend


@dataclass(frozen=True, slots=True)
class ScoreOn:
    """A total of a scale on a day of the trial."""

    scale: str
    day: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class DoseFrom:
    """A daily dose from a day of the trial on; `rxcui` may be empty."""

    drug: str
    rxcui: str
    day: int
    daily_mg: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Everything we were told. None: not told."""

    age: int | None
    sex: str
    dx: str
    life_stage: str
    scores: tuple[ScoreOn, ...]
    doses: tuple[DoseFrom, ...]
    today: int
    burden: int | None = None
    adherence_percent: Decimal | None = None
    adherence_words: str = ""
    wish: str = ""
    item9: int | None = None
    suicide_risk: str = ""
    mdq: str = ""
    past_attempt: bool | None = None
    episodes: int | None = None
    past_trials: tuple[str, ...] = ()
    past_effective_mg: Decimal | None = None
    regimen: str = ""
    lithium_level: Decimal | None = None
    egfr: Decimal | None = None
    blood_pressure: tuple[int, int] | None = None
    heart_rate: Decimal | None = None
    sleep_hours: Decimal | None = None
    side_effects: tuple[str, ...] = ()
    not_read: tuple[str, ...] = ()


KNOWN_OTHER = {
    "FIBSER_burden", "adherence", "patient_wish", "PHQ9_item9", "CSSRS", "MDQ", "past_suicide_attempt", "episodes",
    "past_trial", "past_trials", "past_effective_dose_mg", "regimen", "lithium_level", "eGFR", "BP", "HR",
    "sleep_hours", "side_effects",
}  # fmt: skip


def read(trial: Any) -> Told:
    """What does this object tell?  Raises NotATrial."""
    if not isinstance(trial, dict):
        raise NotATrial("the file", "give one object with patient, score_series, dose_history and other.")
    patient = _object(trial, "patient")
    other = _object(trial, "other")
    scores = tuple(_score(row, f"score_series[{at}]") for at, row in enumerate(_list(trial, "score_series")))
    doses = tuple(_dose(row, f"dose_history[{at}]") for at, row in enumerate(_list(trial, "dose_history")))
    days = [row.day for row in scores] + [row.day for row in doses]
    today = _whole(trial["today"], "today") if trial.get("today") is not None else max(days, default=0)
    percent, words = _adherence(other.get("adherence"))
    burden = _whole(other["FIBSER_burden"], "other.FIBSER_burden") if other.get("FIBSER_burden") is not None else None
    if burden is not None and not 0 <= burden <= 6:
        raise NotATrial("other.FIBSER_burden", f"{burden} is not a burden. Give 0 to 6.")
    age = _whole(patient["age"], "patient.age") if patient.get("age") is not None else None
    return Told(
        age=age,
        sex=str(patient.get("sex") or ""),
        dx=str(patient.get("dx") or ""),
        life_stage=str(patient.get("life_stage") or ""),
        scores=tuple(sorted(scores, key=lambda row: row.day)),
        doses=tuple(sorted(doses, key=lambda row: row.day)),
        today=today,
        burden=burden,
        adherence_percent=percent,
        adherence_words=words,
        wish=_wish(other.get("patient_wish")),
        item9=_answer(other.get("PHQ9_item9"), "other.PHQ9_item9"),
        suicide_risk=_risk(other.get("CSSRS")),
        mdq=_mdq(other.get("MDQ")),
        past_attempt=other.get("past_suicide_attempt") if isinstance(other.get("past_suicide_attempt"), bool) else None,
        episodes=_whole(other["episodes"], "other.episodes") if other.get("episodes") is not None else None,
        past_trials=_past(other),
        past_effective_mg=_maybe(other, "past_effective_dose_mg"),
        regimen=str(other.get("regimen") or "").strip().lower(),
        lithium_level=_maybe(other, "lithium_level"),
        egfr=_maybe(other, "eGFR"),
        blood_pressure=_pressure(other.get("BP")),
        heart_rate=_maybe(other, "HR"),
        sleep_hours=_maybe(other, "sleep_hours"),
        side_effects=tuple(str(one) for one in _list(other, "side_effects", "other.")),
        not_read=tuple(sorted(set(other) - KNOWN_OTHER)),
    )


def _score(row: Any, place: str) -> ScoreOn:
    row = _row(row, place)
    if not isinstance(row.get("instrument"), str) or not row["instrument"].strip():
        raise NotATrial(f"{place}.instrument", "name the scale, for example PHQ-9.")
    return ScoreOn(
        row["instrument"], _whole(row.get("day"), f"{place}.day"), number(row.get("value"), f"{place}.value")
    )


def _dose(row: Any, place: str) -> DoseFrom:
    row = _row(row, place)
    if not isinstance(row.get("drug"), str) or not row["drug"].strip():
        raise NotATrial(f"{place}.drug", "name the medicine.")
    mg = None if row.get("daily_mg") is None else number(row["daily_mg"], f"{place}.daily_mg")
    if mg is not None and mg < 0:
        raise NotATrial(f"{place}.daily_mg", f"{mg} is not a dose. Give milligrams a day, 0 or more.")
    return DoseFrom(row["drug"].strip(), str(row.get("rxcui") or ""), _whole(row.get("day"), f"{place}.day"), mg)


def number(value: Any, place: str) -> Decimal:
    """A finite number; nothing else is read as one."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise NotATrial(place, f"{value!r} is not a number." if value is not None else "a number is missing.")
    exact = Decimal(str(value))
    if not exact.is_finite() or abs(exact) > 1_000_000:
        raise NotATrial(place, "give a number a person could have.")
    return exact


def _whole(value: Any, place: str) -> int:
    exact = number(value, place)
    if exact != exact.to_integral_value():
        raise NotATrial(place, f"{value} is not a whole number.")
    return int(exact)


def _maybe(other: dict[str, Any], key: str) -> Decimal | None:
    return None if other.get(key) is None else number(other[key], f"other.{key}")


def _answer(value: Any, place: str) -> int | None:
    if value is None or isinstance(value, bool):
        return None if value is None else int(value)
    answer = _whole(value, place)
    if not 0 <= answer <= 3:
        raise NotATrial(place, f"{answer} is not an answer of PHQ-9. Give 0 to 3.")
    return answer


def _wish(value: Any) -> str:
    """ "stop", "change", "continue", or her words when they say none of them."""
    words = str(value or "").strip().lower()
    if re.search(r"\b(?:not|never|no wish|afraid)\b.*\b(?:stop|taper|come off)", words):
        return "continue"
    if re.search(r"\b(?:stop|taper|discontinu|com(?:e|ing) off|without (?:a )?medic|no medic)", words):
        return "stop"
    return "change" if re.search(r"\b(?:change|switch|different|another)\b", words) else words


def _risk(value: Any) -> str:
    """The level the C-SSRS says, however it is put: "high risk" is high."""
    words = str(value or "").strip().lower()
    return next((level for level in ("high", "moderate", "low") if re.search(rf"\b{level}\b", words)), words)


def _adherence(value: Any) -> tuple[Decimal | None, str]:
    """A number (0.9 or 90), ">90%", "50-70%" (its lower end), or words that are kept as they are."""
    if value is None:
        return None, ""
    if isinstance(value, str):
        found = re.fullmatch(
            r"\s*([<>]=?|about|~)?\s*(\d+(?:\.\d+)?)\s*%?(?:\s*(?:-|–|to)\s*\d+(?:\.\d+)?\s*%?)?(?: of doses)?\s*",
            value,
        )
        if not found:
            return None, value
        percent = Decimal(found[2])
        if found[1] and found[1].startswith("<"):
            percent -= Decimal("0.1")
    else:
        percent = number(value, "other.adherence")
    if percent <= 1:
        percent *= 100
    if not 0 <= percent <= 100:
        raise NotATrial("other.adherence", f"{value!r} is not a share of doses taken. Give 0 to 100.")
    return percent, str(value)


def _pressure(value: Any) -> tuple[int, int] | None:
    if value is None:
        return None
    found = re.fullmatch(r"\s*(\d{2,3})\s*/\s*(\d{2,3})\s*", str(value))
    if not found:
        raise NotATrial("other.BP", f"{value!r} is not a blood pressure. Write it as 124/80.")
    return int(found[1]), int(found[2])


def _mdq(value: Any) -> str:
    """ "positive", "negative" or "": a count of 7 or more is the scale's own cut for part 1, kept in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "positive" if value else "negative"
    if isinstance(value, dict):
        if value.get("part2_same_time") is False or value.get("part3_problem") in ("no", "minor"):
            return "negative"
        yes = value.get("part1_yes")
        return str(sum(one is True for one in yes) if isinstance(yes, list) else yes or 0)
    return str(value).strip().lower()


def _past(other: dict[str, Any]) -> tuple[str, ...]:
    found: list[str] = []
    for key in ("past_trial", "past_trials"):
        value = other.get(key)
        for one in value if isinstance(value, list) else [value] if value is not None else []:
            found.append(" ".join(f"{k} {v}" for k, v in one.items()) if isinstance(one, dict) else str(one))
    return tuple(found)


def _object(trial: dict[str, Any], key: str) -> dict[str, Any]:
    value = trial.get(key)
    if value is None:
        return {}
    return _row(value, key)


def _row(value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise NotATrial(place, "this is not an object. Write it in braces with its keys.")
    return value


def _list(trial: dict[str, Any], key: str, above: str = "") -> list[Any]:
    value = trial.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise NotATrial(f"{above}{key}", "this is not a list. Write it in square brackets.")
    return value
