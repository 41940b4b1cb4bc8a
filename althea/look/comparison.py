"""How are options laid side by side?  Pictures of a hundred people, and topics as folds, from the frozen plain text.

Takes the plain dictionaries that are stored with an offer, so that what is drawn is what was shared. Knows how things
are laid out and nothing of what they mean: every word and number is the offer's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from althea.look.chart.drawing import Drawing, Key
from althea.look.chart.people import Words, people

ICONS = {
    "breastfeeding": "milk", "pregnancy": "baby", "sex": "heart", "sleep": "bed", "weight": "scale",
    "side-effects": "pill", "stopping": "circle-stop", "cost-effort": "wallet",
}  # fmt: skip
KINDS = {"for": "ok", "against": "warn", "between": "line"}
"""What speaks for an option, against it, or neither: by the chip's colour, and always by its words too."""
BECAUSE = {"therapy": "Better because of the therapy"}
SHORT = 34
"""Characters a chip holds; what is longer is said by its grade."""


@dataclass(frozen=True)
class Hundred:
    """One option in one situation. `people`: as `_people.html` takes it; None: there is no number that was checked."""

    option: str
    title: str
    people: dict[str, Any] | None
    spread: str
    here: bool
    says: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Situation:
    """All options in one situation, and the legend they share. `whom`: "women with low mood after birth"."""

    name: str
    whom: str
    outcome: str
    hundreds: tuple[Hundred, ...]
    keys: tuple[Key, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def counted(self) -> list[Hundred]:
        return [one for one in self.hundreds if one.people is not None]

    @property
    def not_counted(self) -> list[Hundred]:
        return [one for one in self.hundreds if one.people is None]


@dataclass(frozen=True)
class Line:
    """One option in one matter."""

    option: str
    chip: str
    kind: str
    words: str
    says: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Matter:
    """A topic with what is known of each option."""

    about: str
    name: str
    icon: str
    hers: bool
    lines: tuple[Line, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """Every document of the topic, once."""
        return tuple(dict.fromkeys(title for line in self.lines for title in line.sources))


@dataclass(frozen=True)
class Comparison:
    """Everything a page shows of an offer, in the order of its options."""

    situations: tuple[Situation, ...] = ()
    matters: tuple[Matter, ...] = ()
    options: tuple[dict[str, Any], ...] = ()
    order: str = ""
    caution: str = ""
    knowledge: str = ""
    sources: tuple[dict[str, Any], ...] = field(default_factory=tuple)


def laid_out(shown: Mapping[str, Any]) -> Comparison:
    """The offer (`Options.as_shown()`, or nothing) as a page lays it out."""
    titles = {one["id"]: one["title"] for one in shown.get("sources", ())}
    options = tuple(shown.get("offered", ()))
    return Comparison(
        situations=tuple(
            _situation(at, one, options, titles) for at, one in enumerate(shown.get("situations", ()))
        ),
        matters=tuple(_matters(options, titles)),
        options=options,
        order=shown.get("order_in_words", ""),
        caution=shown.get("caution", ""),
        knowledge=shown.get("knowledge", ""),
        sources=tuple(one for one in shown.get("sources", ()) if one["id"] in _cited(options)),
    )  # fmt: skip


def _cited(options: Sequence[Mapping[str, Any]]) -> set[str]:
    """Documents that speak of what she is shown; those that only speak of what is held back are not hers to see."""
    parts = [part for option in options for key in ("benefits", "topics", "found") for part in option[key]]
    return {source.partition("#")[0] for part in parts for source in part["sources"]}


def _situation(
    at: int, situation: Mapping[str, Any], options: Sequence[Mapping[str, Any]], titles: Mapping[str, str]
) -> Situation:
    hundreds = tuple(_hundred(option, option["benefits"][at], titles) for option in options)
    counted = [one for one in hundreds if one.people is not None]
    whom = next((one["benefits"][at]["of_whom"] for one in options if one["benefits"][at]["anyway"] is not None), "")
    return Situation(
        name=situation["for_her"],
        whom=whom,
        outcome=situation["outcome"],
        hundreds=hundreds,
        keys=_legend([one for one in counted if one.people is not None]),
        sources=tuple(dict.fromkeys(title for one in counted for title in one.sources)),
    )


def _hundred(option: Mapping[str, Any], benefit: Mapping[str, Any], titles: Mapping[str, str]) -> Hundred:
    drawn: dict[str, Any] | None = None
    anyway, more = benefit["anyway"], benefit["more"]
    if anyway is not None and more is not None:
        drawing = _drawn(option, anyway, more)
        if drawing is not None:
            drawn = {
                "title": option["name"], "after": benefit["weeks"] or "after a time we could not check",
                "drawing": drawing, "better": anyway + more, "words": "feel much better",
            }  # fmt: skip
    return Hundred(
        option=option["id"],
        title=option["name"],
        people=drawn,
        spread=_spread(benefit) if drawn is not None else "",
        here=benefit["here"],
        says=benefit["for_her"],
        sources=_titles(benefit["sources"], titles),
    )


def _drawn(option: Mapping[str, Any], anyway: int, more: int) -> Drawing | None:
    """Fewer than better anyway cannot be drawn as people added; it is said in words alone."""
    if more < 0:
        return None
    return people(option["name"], anyway, more, Words(because=BECAUSE.get(option["kind"], Words().because)))


def _spread(benefit: Mapping[str, Any]) -> str:
    low, high = benefit["more_low"], benefit["more_high"]
    if low is None or high is None:
        return ""
    begin = f"{-low} fewer" if low < 0 else str(low)
    return f"It could be from {begin} to {f'{-high} fewer' if high < 0 else f'{high} more'}."


def _legend(counted: Sequence[Hundred]) -> tuple[Key, ...]:
    """The three kinds of person, each once, by the words they are drawn with."""
    keys: dict[str, Key] = {}
    for one in counted:
        assert one.people is not None
        for key in one.people["drawing"].legend:
            keys.setdefault(key.words, key)
    return tuple(keys.values())


def _matters(options: Sequence[Mapping[str, Any]], titles: Mapping[str, str]) -> list[Matter]:
    """Topics in the order the options have them: hers first."""
    if not options:
        return []
    return [
        Matter(
            about=topic["about"],
            name=topic["name"],
            icon=ICONS.get(topic["about"], "info"),
            hers=topic["hers"],
            lines=tuple(_line(option, topic["about"], titles) for option in options),
        )
        for topic in options[0]["topics"]
    ]


def _line(option: Mapping[str, Any], about: str, titles: Mapping[str, str]) -> Line:
    topic = next(one for one in option["topics"] if one["about"] == about)
    chip = topic["in_short"] if len(topic["in_short"]) <= SHORT else topic["grade"]
    return Line(
        option=option["name"],
        chip=f"{chip[:1].upper()}{chip[1:]}",
        kind=KINDS[topic["standing"]],
        words=topic["for_her"],
        says=topic["says"],
        sources=_titles(topic["sources"], titles),
    )


def _titles(sources: Sequence[str], titles: Mapping[str, str]) -> tuple[str, ...]:
    named = (titles.get(one.partition("#")[0], "") for one in sources)
    return tuple(dict.fromkeys(one for one in named if one))
