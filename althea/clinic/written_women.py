"""Who are the written women?  Made-up people, each a whole CDS Hooks request, to put Althea's checks to.

A file of `written/` holds a name, a title, a teaser, a story of two lines, words of hers, and the request. A date in it
is written from today: "today", "today-42"; so she never grows old.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from althea.care.known import knowledge
from althea.clinic.cards import LEVELS, counted, shown
from althea.clinic.record import Lines, draft, from_her_record, methods
from althea.engine import stage
from althea.fhir import cds
from althea.fhir.read import read, read_order
from althea.fhir.record import of_prefetch

FOLDER = Path(__file__).parent / "written"
_FROM_TODAY = re.compile(r"today([+-]\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Woman:
    """One written patient as the pages show her on a day."""

    slug: str
    name: str
    title: str
    teaser: str
    story: tuple[str, ...]
    says: str
    age: int | None
    stage: str
    stage_css: str
    record: Lines
    orders: tuple[tuple[str, str], ...]
    """(what, how it is written) of each line of the draft."""
    findings: tuple[dict[str, Any], ...]
    not_checked: tuple[dict[str, Any], ...]
    counts: str
    loudest: dict[str, str] | None
    """How the loudest finding is said; None: nothing to say."""
    request: str
    """What another system would send, as JSON."""


@cache
def _files() -> dict[str, dict[str, Any]]:
    return {path.stem.split("-", 1)[1]: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))}


@lru_cache(maxsize=2)
def everyone(today: date) -> dict[str, Woman]:
    """All of them, by the word in their address, as of a day, the loudest first. Kept for the day: the same request has
    the same cards."""
    women = {slug: _woman(slug, written, today) for slug, written in _files().items()}
    return dict(sorted(women.items(), key=lambda item: _loudness(item[1])))


def _loudness(her: Woman) -> int:
    """Where she stands among them: by her loudest finding, then what could not be checked, then the quiet record."""
    levels = list(LEVELS.values())
    return levels.index(her.loudest) if her.loudest is not None else len(levels) + (not her.not_checked)


def dated(value: Any, today: date) -> Any:
    """The same JSON with its days counted from today."""
    if isinstance(value, dict):
        return {key: dated(one, today) for key, one in value.items()}
    if isinstance(value, list):
        return [dated(one, today) for one in value]
    if isinstance(value, str) and (found := _FROM_TODAY.fullmatch(value)):
        return (today + timedelta(days=int(found[1] or 0))).isoformat()
    return value


def _woman(slug: str, written: dict[str, Any], today: date) -> Woman:
    request = dated(written["request"], today)
    known = knowledge()
    cards = [shown(card) for card in cds.answer(request, today, known)["cards"]]
    record = of_prefetch(request["prefetch"], request["context"]["patientId"])
    facts = read(record, today, known)
    where = ("context.draftOrders", 0)
    drafts = [entry["resource"] for entry in request["context"]["draftOrders"]["entry"]]
    order = read_order([(one, where) for one in drafts], record, today, known)
    findings = tuple(card for card in cards if not card["not_checked"])
    words = stage.in_words(facts, known)
    if words == "not pregnant":
        words = ", ".join(filter(None, (words, methods(facts, known))))
    return Woman(
        slug=slug,
        name=written["name"],
        title=written["title"],
        teaser=written["teaser"],
        story=tuple(written["story"]),
        says=written["says"],
        age=facts.age,
        stage=words[:1].upper() + words[1:] if words != "not known" else "Life stage not known",
        stage_css="preg" if words.startswith("pregnant") else "" if "after birth" in words else "base",
        record=from_her_record(facts, known),
        orders=tuple(
            (draft(one.medicine, stop=one.stop), resource["dosageInstruction"][0]["text"])
            for one, resource in zip(order.drafts if order else (), drafts, strict=True)
        ),
        findings=findings,
        not_checked=tuple(card for card in cards if card["not_checked"]),
        counts=counted(cards),
        loudest=next((LEVELS[level] for level in LEVELS if any(card["level"] == level for card in findings)), None),
        request=json.dumps(request, indent=2, ensure_ascii=False),
    )
