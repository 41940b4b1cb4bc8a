"""How does the leaflet of a medicine stand on her page?  Folds, what many notice, when to call, where it was read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from althea.care.crisis.lines import lines as crisis_lines
from althea.care.known import knowledge
from althea.care.models import Clinic
from althea.knowledge.schema.leaflet import LeafletLine

FOLDS = (("for", "What it is for", "book-open"), ("works", "How it works", "sprout"),
         ("missed", "If you miss a dose", "clock"))  # fmt: skip
IF = {
    "anyone": "",
    "breastfeeding": "if you breastfeed, ",
    "pregnant": "if you are pregnant, ",
    "can become pregnant": "if you could become pregnant, ",
}
IN_DANGER = "in danger now"
FIRST = 4
"""What the most notice, by number; the rest is a fold."""


@dataclass(frozen=True, slots=True)
class Fold:
    title: str
    icon: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeafletShown:
    """`effects`: the most frequent first, `more_effects` the rest. `of_whom`: whom most of the numbers are of.
    `missing`: the parts that nobody has written yet, in her words; they are named, never left out in silence.
    """

    folds: tuple[Fold, ...]
    effects: tuple[LeafletLine, ...]
    more_effects: tuple[LeafletLine, ...]
    of_whom: str
    same_day: tuple[str, ...]
    emergency: tuple[str, ...]
    emergency_words: str
    emergency_call: str
    sources: tuple[str, ...]
    missing: tuple[str, ...]


def leaflet_of(medicine: str, clinic: Clinic) -> LeafletShown:
    """What is written of it. Nothing at all: everything is missing, and that is said."""
    book = knowledge().leaflets.get(medicine)
    told = book.lines if book is not None else ()
    folds = tuple(Fold(title, icon, words) for about, title, icon in FOLDS if (words := tuple(_said(told, about))))
    line = next(one for one in crisis_lines(clinic.country or "US") if one.who == IN_DANGER)
    effects = tuple(sorted((one for one in told if one.about == "effect"), key=lambda one: -(one.of_100 or 0)))
    whom = [one.of_whom for one in effects if one.of_100 is not None]
    parts = {one.about for one in told}
    wanted = [(about, title.lower()) for about, title, _ in FOLDS]
    wanted += [("effect", "what people notice on it"), ("same-day", "when to call us"),
               ("emergency", "when to call for help at once")]  # fmt: skip
    return LeafletShown(
        folds=folds,
        effects=effects[:FIRST],
        more_effects=effects[FIRST:],
        of_whom=max(whom, key=whom.count, default=""),
        same_day=tuple(_said(told, "same-day")),
        emergency=tuple(_said(told, "emergency")),
        emergency_words=line.words,
        emergency_call=line.call,
        sources=_sources(told),
        missing=tuple(words for about, words in wanted if about not in parts),
    )


def _said(told: Iterable[LeafletLine], about: str) -> Iterable[str]:
    return (f"{IF[one.for_whom]}{one.words}" for one in told if one.about == about)


def _sources(told: Iterable[LeafletLine]) -> tuple[str, ...]:
    """Each document once, with the places read in it."""
    places: dict[str, list[str]] = {}
    for line in told:
        for source in line.sources:
            document, _, place = source.partition("#")
            places.setdefault(document, []).append(place)
    titles = knowledge().sources
    return tuple(
        f"{titles[one].title}, {', '.join(dict.fromkeys(where))}" for one, where in places.items() if one in titles
    )
