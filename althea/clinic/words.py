"""How is a record of the knowledge said to a reader?  Plain words for kinds, for whom, for numbers, marks and days.

Pure: a record and the knowledge in, words out. Nothing clinical is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from althea.engine.facts import plain
from althea.knowledge import Knowledge
from althea.knowledge.schema.evidence import Mark
from althea.knowledge.schema.rule import KINDS, Rule

KIND_OF = {shape: kind for kind, shape in KINDS.items()}
KIND_WORDS = {
    "interaction": "Two medicines together",
    "duplicate": "Several of one class",
    "dose": "A dose outside its bounds",
    "titration": "A dose that rises too fast",
    "monitoring": "A check that is due",
    "result": "A result out of bounds, or moving",
    "life-stage": "Her life stage",
    "condition": "An illness or a finding of hers",
    "allergy": "An allergy",
    "exposure": "Tobacco, alcohol or food",
    "pharmacogenomic": "A gene",
    "washout": "Too soon after another medicine",
    "stopping": "Stopped or cut at once",
    "duration": "Taken for too long",
    "symptom": "What she reports",
    "score": "A rating scale",
    "missing": "Something that should be there",
}
STATE_WORDS = {
    "any": "taken, once the order in hand is signed",
    "ordered": "in the draft order",
    "starting": "in the draft order, and not taken before",
    "running": "taken already, and not in the draft order",
}
ISO = re.compile(r"\b(\d{4}-\d{2}-\d{2})\b")


# --- small words ------------------------------------------------------------------------------------------------------


def day(on: date | None) -> str:
    """22 November 2026"""
    return "" if on is None else f"{on.day} {on:%B %Y}"


def days_in_words(text: str) -> str:
    """Every 2026-11-22 in a sentence becomes 22 November 2026."""

    def word(found: re.Match[str]) -> str:
        try:
            return day(date.fromisoformat(found[1]))
        except ValueError:
            return found[1]

    return ISO.sub(word, text)


def listed(words: Iterable[str], last: str = "or") -> str:
    """a, b or c"""
    all_words = list(dict.fromkeys(words))
    return f" {last} ".join(filter(None, [", ".join(all_words[:-1]), *all_words[-1:]]))


def span(days: int) -> str:
    """28 -> "4 weeks"; 10 -> "10 days"."""
    if days % 365 == 0 and days:
        return _count(days // 365, "year")
    if days % 7 == 0 and days:
        return _count(days // 7, "week")
    return _count(days, "day")


def sentence(words: str) -> str:
    words = words[:1].upper() + words[1:]
    return words if words.endswith((".", "?", "!")) else f"{words}."


def marked(claim: Any) -> str:
    """How far was this followed to its primary document?"""
    mark = Mark(claim.mark)
    if mark is Mark.UNVERIFIED:
        return "Unverified: the primary document was not opened. It informs and never warns"
    first = "Read in the primary document" + (f" on {day(claim.read_on)}" if claim.read_on else "")
    if mark is Mark.READ_TWICE:
        return f"{first}, and read a second time" + (f" on {day(claim.checked_on)}" if claim.checked_on else "")
    return f"{first}, not read a second time"


def _count(number: int | Decimal, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def names_of(things: Iterable[str], knowledge: Knowledge) -> list[str]:
    return [knowledge.name_of(thing) for thing in things]


def conditions_named(groups: Iterable[str], knowledge: Knowledge) -> list[str]:
    return [knowledge.conditions[group].name if group in knowledge.conditions else group for group in groups]


def _symptoms(groups: Iterable[str], knowledge: Knowledge) -> list[str]:
    return [knowledge.symptoms[group].name if group in knowledge.symptoms else group for group in groups]


def measure_name(measure: str, knowledge: Knowledge) -> str:
    found = knowledge.measures.get(measure)
    name = found.name if found else knowledge.scales[measure].name if measure in knowledge.scales else measure
    return name if name[1:2].isupper() or found is None else name[:1].lower() + name[1:]


def unit(measure: str, knowledge: Knowledge) -> str:
    """The unit as people write it: mL/min/1.73 m², mmHg; not UCUM's {1.73_m2}, mm[Hg]."""
    found = knowledge.measures.get(measure)
    words = "" if found is None else found.unit
    for ucum, said in (("{1.73_m2}", "1.73 m²"), ("{INR}", ""), ("10*3", "10³"), ("mm[Hg]", "mmHg"), ("[IU]", "IU")):
        words = words.replace(ucum, said)
    return words


def bounds_in_words(of: Any, unit_words: str = "") -> str:
    said = [
        f"{words} {plain(value)}"
        for words, value in (
            ("above", getattr(of, "above", None)),
            ("at least", of.at_least),
            ("below", getattr(of, "below", None)),
            ("at most", getattr(of, "at_most", None)),
        )
        if value is not None
    ]
    return f"{' and '.join(said)} {unit_words}".strip()


# --- what a rule asks -------------------------------------------------------------------------------------------------


def asks(rule: Rule, knowledge: Knowledge) -> tuple[str, ...]:
    """What makes this rule fire, besides of whom?  Whole sentences, from its own fields only."""
    said = [sentence(line) for line in _OF_KIND.get(KIND_OF[type(rule)], _nothing)(rule, knowledge)]
    if rule.dose_from is not None and rule.dose_to is not None:
        said.append(f"Only at a dose of {rule.dose_from} to {rule.dose_to} a day.")
    elif rule.dose_from is not None:
        said.append(f"Only at a dose of {rule.dose_from} a day or more.")
    elif rule.dose_to is not None:
        said.append(f"Only at a dose of {rule.dose_to} a day or less.")
    if rule.routes:
        said.append(f"Only by this route: {listed(rule.routes)}.")
    return tuple(said)


def _nothing(rule: Any, knowledge: Knowledge) -> list[str]:
    return []


def _interaction(rule: Any, knowledge: Knowledge) -> list[str]:
    said = [f"taken together with {listed(names_of(rule.meets, knowledge))}"]
    if rule.except_:
        said.append(f"not with {listed(names_of(rule.except_, knowledge))}")
    if rule.meets_within_days:
        said.append(f"the other also counts when it ended less than {span(rule.meets_within_days)} ago")
    if rule.meets_dose_from or rule.meets_dose_to:
        bounds = [
            f"{word} {dose}" for word, dose in (("from", rule.meets_dose_from), ("up to", rule.meets_dose_to)) if dose
        ]
        said.append(f"only where the other is taken {' '.join(bounds)} a day")
    if rule.meets_routes:
        said.append(f"only where the other is taken by this route: {listed(rule.meets_routes)}")
    if rule.lasting:
        said.append("single doses, and doses only when needed, do not count")
    return said


def _duplicate(rule: Any, knowledge: Knowledge) -> list[str]:
    said = [f"at least {rule.at_least} of them at once"]
    if rule.longer_than_days:
        said.append(f"only when taken together for longer than {span(rule.longer_than_days)}")
    if rule.overlap_days:
        said.append(
            f"quiet for {span(rule.overlap_days)} while one of them has an end: a planned change from one to the other"
        )
    return said


def _dose(rule: Any, knowledge: Knowledge) -> list[str]:
    each = " for each kilogram she weighs" if rule.per_kg else ""
    said = [
        f"{words} {dose}{each}"
        for words, dose in (
            ("more a day than", rule.max_daily),
            ("more at a time than", rule.max_single),
            ("a first daily dose above", rule.max_start),
            ("less a day than", rule.min_daily),
            ("critical above", rule.critical_above),
        )
        if dose is not None
    ]
    if rule.forms:
        said.append(f"only forms named {listed(rule.forms)}")
    if rule.not_forms:
        said.append(f"not forms named {listed(rule.not_forms)}")
    return said


def _titration(rule: Any, knowledge: Knowledge) -> list[str]:
    said = [f"from day {step.from_day} of the course at most {step.max_daily} a day" for step in rule.steps]
    if rule.max_step is not None:
        above = f", above {rule.max_step_above} a day" if rule.max_step_above is not None else ""
        said.append(f"no step larger than {rule.max_step}{above}")
    if rule.min_days_between_steps is not None:
        said.append(f"at least {span(rule.min_days_between_steps)} between two steps")
    if rule.restart_after_gap_days is not None:
        said.append(f"after {span(rule.restart_after_gap_days)} without it the schedule begins anew")
    return said


def _monitoring(rule: Any, knowledge: Knowledge) -> list[str]:
    names = [measure_name(measure, knowledge) for measure in rule.measures]
    said = [f"looks for {listed(names)}; any one of them will do" if len(names) > 1 else f"looks for {names[0]}"]
    if rule.baseline_within_days is not None:
        said.append(f"at the start, a result not older than {span(rule.baseline_within_days)}")
    if rule.due_days:
        said.append(f"due {listed((span(days) for days in rule.due_days), 'and')} after the start")
    if rule.every_days is not None:
        since = f", from {span(rule.from_day)} after the start on" if rule.from_day else ""
        until = f", until {span(rule.to_day)} after the start" if rule.to_day else ""
        said.append(f"every {span(rule.every_days)}{since}{until}")
    if rule.after_dose_change_days is not None:
        said.append(f"{span(rule.after_dose_change_days)} after each change of dose")
    if rule.grace_days:
        said.append(f"quiet for {span(rule.grace_days)} after it falls due")
    return said


def _result_rule(rule: Any, knowledge: Knowledge) -> list[str]:
    name, units = measure_name(rule.measure, knowledge), unit(rule.measure, knowledge)
    bounds = bounds_in_words(rule, units)
    said = [f"the latest {name} {bounds}, not older than {span(rule.within_days)}" if bounds else f"looks at {name}"]
    since = "since the medicine was started" if rule.since_start else f"within {span(rule.over_days)}"
    for words, value, of in (
        ("a rise of", rule.rise_of, units),
        ("a fall of", rule.fall_of, units),
        ("a rise of", rule.rise_percent, "%"),
        ("a fall of", rule.fall_percent, "%"),
    ):
        if value is not None:
            said.append(f"{words} {plain(value)} {of} or more {since}")
    if rule.symptoms:
        said.append(f"only together with {listed(_symptoms(rule.symptoms, knowledge))}")
    return said


def _allergy(rule: Any, knowledge: Knowledge) -> list[str]:
    return [f"an allergy on record to {listed(names_of((*rule.of, *rule.to), knowledge))}"]


def _pharmacogenomic(rule: Any, knowledge: Knowledge) -> list[str]:
    return ["says so as well when the gene was never tested"] if rule.ask else []


def _washout(rule: Any, knowledge: Knowledge) -> list[str]:
    said = [f"less than {span(rule.days)} after {listed(names_of(rule.after, knowledge))} ended"]
    if rule.except_:
        said.append(f"not after {listed(names_of(rule.except_, knowledge))}")
    return said


def _stopping(rule: Any, knowledge: Knowledge) -> list[str]:
    after = f" after {span(rule.after_days)} or more of taking it" if rule.after_days else ""
    cut = f", or cut by {rule.drop_percent}% or more" if rule.drop_percent is not None else ""
    return [f"stopped at once{cut}{after}"]


def _duration(rule: Any, knowledge: Knowledge) -> list[str]:
    return [
        f"{words} {span(days)}"
        for words, days in (
            ("taken for longer than", rule.longer_than_days),
            ("supplied for longer than", rule.supply_longer_than_days),
            ("a new course within", rule.repeat_within_days),
        )
        if days is not None
    ]


def _symptom(rule: Any, knowledge: Knowledge) -> list[str]:
    enough = f"at least {rule.at_least} of: " if rule.at_least > 1 else ""
    said = [f"she reports {enough}{listed(_symptoms(rule.symptoms, knowledge))}"]
    if rule.within_days_of_start is not None:
        said.append(f"only in the first {span(rule.within_days_of_start)} of the course")
    return said


def _score_rule(rule: Any, knowledge: Knowledge) -> list[str]:
    names = listed(measure_name(scale, knowledge) for scale in rule.scale)
    said = []
    if rule.at_least is not None:
        said.append(f"a total of {plain(rule.at_least)} or more on {names}")
    if rule.item:
        least = f" answered {rule.item_at_least} or more" if rule.item_at_least is not None else ""
        said.append(f"{rule.item} of {names}{least}")
    if rule.triage:
        said.append(f"{names} triages as {rule.triage}")
    if rule.worse_by is not None:
        said.append(f"{names} is worse by {plain(rule.worse_by)} points or more than the one before")
    said.append(f"looks back {span(rule.within_days)}")
    return said


def _missing(rule: Any, knowledge: Knowledge) -> list[str]:
    said = []
    if rule.without:
        least = f", {rule.without_dose_from} a day or more" if rule.without_dose_from is not None else ""
        said.append(f"taken without {listed(names_of(rule.without, knowledge))}{least}")
    if rule.without_condition:
        said.append(f"nothing on record of {listed(conditions_named(rule.without_condition, knowledge))}")
    if rule.without_score:
        said.append(f"no answer on record to {listed(measure_name(one, knowledge) for one in rule.without_score)}")
    return said


_OF_KIND = {
    "interaction": _interaction,
    "duplicate": _duplicate,
    "dose": _dose,
    "titration": _titration,
    "monitoring": _monitoring,
    "result": _result_rule,
    "allergy": _allergy,
    "pharmacogenomic": _pharmacogenomic,
    "washout": _washout,
    "stopping": _stopping,
    "duration": _duration,
    "symptom": _symptom,
    "score": _score_rule,
    "missing": _missing,
}


# --- where it comes from ----------------------------------------------------------------------------------------------


def cited(sources: Iterable[str], knowledge: Knowledge) -> list[dict[str, Any]]:
    """The documents behind a claim, each once, with the places in it."""
    places: dict[str, list[str]] = {}
    for source in sources:
        document, _, place = source.partition("#")
        places.setdefault(document, []).append(place)
    said = []
    for document, where in places.items():
        record = knowledge.sources.get(document)
        said.append(
            {
                "title": record.title if record else document,
                "publisher": record.publisher if record else "",
                "edition": record.edition if record else "",
                "places": [place for place in where if place],
                "url": record.url if record and record.url.startswith(("https:", "http:")) else "",
                "read_as": record.read_as if record else "",
                "licence": record.licence if record else "",
            }
        )
    return said
