"""What does a finding say?  Titles filled in, the facts that fired it, and its reading in general."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from althea.engine.case import Said
from althea.engine.facts import dose_in_words
from althea.engine.finding import Evidence, Finding, beside
from althea.engine.index import Entry
from althea.engine.rules import Hit
from althea.engine.taken import Taken
from althea.knowledge import Knowledge
from althea.knowledge.schema import rule as shapes
from althea.knowledge.schema.evidence import Level
from althea.knowledge.schema.rule import Rule

LONGEST_TITLE = 139
IN_GENERAL = {
    "other": "another medicine",
    "dose": "a dose",
    "limit": "the limit",
    "value": "",
    "measure": "the measure",
    "on": "",
    "days": "some",
    "weeks": "some",
    "scale": "the scale",
}
"""What a title says where there is no case in hand."""


class Spoken(Struct, frozen=True, gc=False):
    """A rule that fired, before it is put into words: only the loudest for each reason is."""

    entry: Entry
    subject: Taken | None
    hit: Hit
    said: Said
    level: Level
    notes: tuple[str, ...]
    reason: tuple[str, ...]
    about_order: bool
    rank: tuple[int, bool, int, str]
    """The loudest first; among equals the draft's own, then the better founded."""
    medicines: tuple[str, ...]
    under: tuple[Spoken, ...] = ()
    """What fired for the same reason beside it, at warning or above."""


def in_words(spoken: Spoken, stamp: str) -> Finding:
    """The finding, whole."""
    entry, subject, hit, said = spoken.entry, spoken.subject, spoken.hit, spoken.said
    rule = entry.rule
    fill: dict[str, str] | None = None
    if entry.filled:
        fill = _Fill(hit.fill)
        if subject is not None:
            if "dose" not in fill:
                fill["dose"] = "the dose" if subject.daily is None else dose_in_words(subject.daily)
            fill["medicine"] = subject.name
    title = _title(rule.title, fill)
    also = tuple([in_words(one, stamp) for one in spoken.under]) if spoken.under else ()
    because = hit.evidence + said.evidence if said.evidence else hit.evidence
    if subject is not None:
        because = (subject.ended if entry.kind == "stopping" else subject.told, *because)
    return Finding(
        rule=rule.id,
        kind=entry.kind,
        level=spoken.level,
        title=title,
        why=rule.why if fill is None or not entry.filled_below else _filled(rule.why, fill),
        because=_once(because) if len(because) > 1 else because,
        do=rule.do if fill is None or not entry.filled_below else tuple([_filled(line, fill) for line in rule.do]),
        for_her=rule.for_her,
        sources=hers_first(rule.sources, spoken.medicines) if len(rule.sources) > 1 else rule.sources,
        mark=rule.mark,
        knowledge=stamp,
        medicines=spoken.medicines,
        reason=spoken.reason,
        about_order=spoken.about_order,
        said=spoken.notes,
        due_on=hit.due_on,
        amount=hit.amount,
        beside=beside(title, spoken.medicines, also) if also else (),
        also=also,
    )


@lru_cache(maxsize=4096)
def hers_first(sources: tuple[str, ...], medicines: tuple[str, ...]) -> tuple[str, ...]:
    """A rule of a class cites several labels: that of the medicine she takes comes first, where it is one of them."""
    hers = tuple(f"{one}-" for one in medicines)
    return tuple(sorted(sources, key=lambda source: not source.startswith(hers)))


def _once(facts: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Each fact once; they are few, and compared faster than hashed."""
    kept: list[Evidence] = []
    for one in facts:
        if one not in kept:
            kept.append(one)
    return tuple(kept)


def title_in_general(rule: Rule, medicine: str = "the medicine", knowledge: Knowledge | None = None) -> str:
    """What does a rule say when nobody in particular is asked about?  For its page and for tables."""
    fill = _Fill({**IN_GENERAL, "medicine": medicine})
    others = getattr(rule, "meets", ()) or getattr(rule, "after", ())
    if knowledge is not None:
        if others:
            fill["other"] = _either([_one_of(other, knowledge) for other in others])
        if len(rule.of) == 1 and medicine == knowledge.name_of(rule.of[0]):
            fill["medicine"] = _one_of(rule.of[0], knowledge)
    limits = [getattr(rule, name, None) for name in ("max_daily", "max_single", "max_start", "min_daily", "max_step")]
    fill["limit"] = str(next(filter(None, limits), "the limit"))
    title = re.sub(rf"^{re.escape(medicine)}\b", "{medicine}", rule.title, flags=re.IGNORECASE)
    if isinstance(rule, shapes.Result) and knowledge is not None:
        title = A_RESULT.sub(rf"\1 {_bounds(rule, knowledge)}", title)
    for case, mended in (*DOSES_IN_GENERAL, *VALUES_IN_GENERAL):
        title = case.sub(mended, title)
    title = AN_ARTICLE_TOO_MANY.sub(r"\1 ", _filled(title, fill))
    for gap, mended in ((" ()", ""), ("()", ""), (" :", ":"), (" ,", ","), (" .", ".")):
        title = title.replace(gap, mended)
    return title if title[1:2].isupper() else title[:1].upper() + title[1:]


A_RESULT = re.compile(r"\b(an? [\w-]+) of \{value\}")
AN_ARTICLE_TOO_MANY = re.compile(r"\b([Tt]he|[Hh]igh-dose|injected) an? ")
MASS = frozenset({"menopausal-oestrogen"})
"""Classes that nobody counts: not "an oestrogen for menopause"."""
NAMED_AN = frozenset("AEFHILMNORSX")
"""Letters that are themselves spoken with a vowel first: an SSRI, a CYP2D6 inhibitor."""


def _one_of(thing: str, knowledge: Knowledge) -> str:
    """A medicine by its name, a class as one of its kind: "an SSRI", "a strong CYP2D6 inhibitor"."""
    name = knowledge.name_of(thing)
    if thing not in knowledge.class_records or thing in MASS:
        return name
    spoken_an = name[0] in NAMED_AN if name[:2].isupper() else name[0].lower() in "aeiou"
    return f"{'an' if spoken_an else 'a'} {name}"


def _bounds(rule: shapes.Result, knowledge: Knowledge) -> str:
    """Which results the rule is about: "of 470 ms or more and below 500 ms". An eGFR has one unit, and stands bare."""
    unit = knowledge.measures[rule.measure].unit
    unit = "" if "{" in unit else f" {unit}"
    bounds = (
        (rule.above, "above ", ""),
        (rule.at_least, "of ", " or more"),
        (rule.below, "below ", ""),
        (rule.at_most, "of ", " or less"),
    )
    said = [f"{before}{bound}{unit}{after}" for bound, before, after in bounds if bound is not None]
    return " and ".join(said) or "of {value}"


DOSES_IN_GENERAL = tuple(
    (re.compile(pattern), mended)
    for pattern, mended in (
        (r"\bstarts at \{dose\}(?: a day)?[:;] ", "starts: "),
        (r" \{dose\} (as a first dose|on the first day|is started)", r" \1"),
        (r" (rises|raised) to \{dose\}(?: a day)?", r" \1"),
        (r"^\{medicine\} to \{dose\} a day:", "{medicine}:"),
        (r"^([A-Z][a-z]+|\{medicine\})( extended release)? starts: ", r"\1\2: "),
        (r"^\{dose\} of \{medicine\} a day", "a daily dose of {medicine}"),
        (r"^\{medicine\}( extended release)? \{dose\} a day\b", r"a daily dose of {medicine}\1"),
        (r"^\{medicine\}( extended release)? \{dose\}", r"a dose of {medicine}\1"),
        (r",? ?\bstopped \{days\} days ago\)", ")"),
        (r"\bthe MAOI \{(other|medicine)\}", r"{\1}"),
    )
)
"""How a sentence about a dose or a washout reads where there is none: "20 mg a day is above" is "a daily dose is"."""
VALUES_IN_GENERAL = tuple(
    (re.compile(pattern), mended)
    for pattern, mended in (
        (r" \(now \{value\}\)", ""),
        (r"\b(an?) ([\w-]+) of \{value\}", r"such \1 \2"),
        (r",? (?:to|of|is|are) \{value\}(?: (?:kg|mm Hg)\b)?,?", ""),
        (r" \{value\}(?: (?:mm Hg\b|of 13\b))?", ""),
        (r" on \{on\}", ""),
    )
)
"""How a sentence about a value reads where there is none: "a QTc of 480" is "such a QTc", "risen to 16" is "risen"."""


def check_in_words(rule: Rule, kind: str, medicine: str, knowledge: Knowledge) -> str:
    """What does this rule look at?  "The dose of escitalopram", for a list of checks that could not be made."""
    about = medicine or "her"
    if isinstance(rule, shapes.Interaction):
        words = f"{about} with {_names(rule.meets, knowledge)}"
    elif isinstance(rule, shapes.Washout):
        words = f"{about} soon after {_names(rule.after, knowledge)}"
    elif isinstance(rule, shapes.Monitoring):
        measures = [one for one in rule.measures if one in knowledge.measures]
        words = f"{_either([knowledge.measures[one].name for one in measures]) or 'checks'} due on {about}"
    elif isinstance(rule, shapes.Result):
        measure = knowledge.measures.get(rule.measure)
        words = f"{measure.name if measure else rule.measure} on {about}"
    elif isinstance(rule, shapes.Missing):
        words = (
            f"{_names(rule.without, knowledge) or 'a plan'} beside {about}"
            if medicine
            else _names(rule.without, knowledge)
        )
    else:
        words = KINDS_IN_WORDS[kind].format(about)
    words = words or rule.id.replace("-", " ")
    return words[:1].upper() + words[1:]


KINDS_IN_WORDS = {
    "duplicate": "{0} beside others of its kind",
    "dose": "the dose of {0}",
    "titration": "how fast {0} rises",
    "life-stage": "{0} at her stage of life",
    "condition": "{0} with her illnesses",
    "allergy": "allergy to {0}",
    "exposure": "{0} and tobacco",
    "pharmacogenomic": "{0} and her genes",
    "stopping": "how {0} is stopped",
    "duration": "how long {0} is taken",
    "symptom": "{0} and what she says today",
    "score": "{0} and her scores",
}


def _names(things: tuple[str, ...], knowledge: Knowledge) -> str:
    return _either([knowledge.name_of(one) for one in things])


def _either(names: list[str]) -> str:
    shown = names[:3]
    if len(names) > 3:
        return f"{', '.join(shown)} and others"
    return " or ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))


def _title(template: str, fill: dict[str, str] | None) -> str:
    """A whole sentence of at most 139 characters that begins with a capital."""
    title = template if fill is None else _filled(template, fill)
    return shortened(title if title[:1].isupper() else title[:1].upper() + title[1:])


def shortened(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"


class _Fill(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def _filled(template: str, fill: dict[str, str]) -> str:
    if "{" not in template:
        return template
    filled = template.format_map(fill)
    return " ".join(filled.split()) if "  " in filled else filled.strip()  # an empty gap leaves two spaces
