"""How are options laid side by side?  Pictures of a hundred people, and topics as folds, from the frozen plain text.

Takes the plain dictionaries that are stored with an offer, so that what is drawn is what was shared. Knows how things
are laid out and nothing of what they mean: every word and number is the offer's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from althea.look.chart.drawing import Key
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
NOT_COUNTED = "There are no numbers that we could check."
"""Said once above all it is true of, and not again of each."""


@dataclass(frozen=True)
class Hundred:
    """One option in one situation, or some that were counted together.

    `people`: as `_people.html` takes it; None: no picture, and `says` is what is known. `checked`: a number was.
    """

    title: str
    people: dict[str, Any] | None
    checked: bool
    says: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Situation:
    """All options in one situation, and the legend they share. `whom`: "women with low mood after birth".

    `in_words`: a number that cannot be drawn. `not_counted`: none that was checked.
    """

    name: str
    whom: str
    outcome: str
    counted: tuple[Hundred, ...] = ()
    in_words: tuple[Hundred, ...] = ()
    not_counted: tuple[Hundred, ...] = ()
    keys: tuple[Key, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """One option in one matter, or neighbours of whom the same is said. `kind`: the colour of its chip."""

    option: str
    chip: str
    kind: str
    words: str
    says: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Matter:
    """A topic with what is known of each option. `rows`: as she reads it; `lines`: each, as her prescriber reads it."""

    about: str
    name: str
    icon: str
    hers: bool
    lines: tuple[Line, ...]
    rows: tuple[Line, ...]
    sources: tuple[str, ...]


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
    whom = next((one["benefits"][at]["of_whom"] for one in options if one["benefits"][at]["anyway"] is not None), "")
    together: dict[Any, list[Mapping[str, Any]]] = {}
    for option in options:
        together.setdefault(_counted_with(option, option["benefits"][at]), []).append(option)
    hundreds = [_hundred(some, some[0]["benefits"][at], titles) for some in together.values()]
    counted = tuple(one for one in hundreds if one.people is not None)
    return Situation(
        name=situation["for_her"],
        whom=whom,
        outcome=situation["outcome"],
        counted=counted,
        in_words=tuple(one for one in hundreds if one.people is None and one.checked),
        not_counted=tuple(one for one in hundreds if not one.checked),
        keys=_legend(counted),
        sources=tuple(dict.fromkeys(title for one in counted for title in one.sources)),
    )


def _counted_with(option: Mapping[str, Any], benefit: Mapping[str, Any]) -> Any:
    """What options in one picture have in common: one number of their family. Or no number, and the same words."""
    if benefit["anyway"] is None or benefit["more"] is None:
        return benefit["for_her"]
    if not benefit.get("family"):
        return option["id"], None
    numbers = (benefit[key] for key in ("anyway", "more", "more_low", "more_high", "weeks", "of_whom"))
    return benefit["family"], *numbers, *benefit["sources"]


def _hundred(options: Sequence[Mapping[str, Any]], benefit: Mapping[str, Any], titles: Mapping[str, str]) -> Hundred:
    title, says = together([one["name"] for one in options]), benefit["for_her"]
    anyway, more = benefit["anyway"], benefit["more"]
    drawn: dict[str, Any] | None = None
    checked = anyway is not None and more is not None
    if checked and more >= 0:  # fewer cannot be drawn as people added
        because = BECAUSE.get(options[0]["kind"], Words().because)
        drawn = {
            "title": title, "after": benefit["weeks"] or "after a time we could not check",
            "drawing": people(title, anyway, more, Words(because=because)),
            "better": anyway + more, "words": "feel much better", "more": _to_add(benefit),
        }  # fmt: skip
    if not checked:
        says = says.replace(NOT_COUNTED, "").strip()
    return Hundred(title, drawn, checked, says, _titles(benefit["sources"], titles))


def _to_add(benefit: Mapping[str, Any]) -> list[str]:
    """What must be read beside the number."""
    family = benefit.get("family")
    return [
        *filter(None, [_spread(benefit)]),
        *([f"This is the number of {family} together."] if family else []),
        *([] if benefit["here"] else ["Studied in other people than you."]),
    ]


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
    return [_matter(topic, options, titles) for topic in options[0]["topics"]] if options else []


def _matter(topic: Mapping[str, Any], options: Sequence[Mapping[str, Any]], titles: Mapping[str, str]) -> Matter:
    lines = tuple(_line(option, topic["about"], titles) for option in options)
    alike = [list(some) for _, some in groupby(lines, lambda one: (one.chip, one.kind, one.words))]
    return Matter(
        about=topic["about"],
        name=topic["name"],
        icon=ICONS.get(topic["about"], "info"),
        hers=topic["hers"],
        lines=lines,
        rows=tuple(replace(some[0], option=together([one.option for one in some])) for some in alike),
        sources=tuple(dict.fromkeys(title for line in lines for title in line.sources)),
    )


def together(names: Sequence[str], link: str = " or ") -> str:
    """ "Talking therapy: CBT or IPT", "Escitalopram or sertraline": options that are spoken of in one breath."""
    kinds: dict[str, list[str]] = {}
    for name in names:
        kind, colon, own = name.rpartition(": ")
        kinds.setdefault(kind + colon, []).append(own)
    if not kinds:
        return ""
    said = [kind + _linked([own[0], *map(_within, own[1:])], link) for kind, own in kinds.items()]
    return "; ".join([said[0], *map(_within, said[1:])])


def _linked(names: Sequence[str], link: str) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])}{link}{names[-1]}"


def _within(name: str) -> str:
    """A name within a sentence; "CBT" stays as it is."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


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
