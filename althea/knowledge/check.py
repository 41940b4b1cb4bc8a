"""Does the knowledge hold together?  Everything the shapes alone cannot see, each problem with its file and line.

Names that point nowhere, codes that are in no table of ours, claims without a place, dates that have passed, warnings
without anything to do about them, sentences for her that are too long. `althea knowledge check` and the tests run it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from althea.knowledge.load import ROOT, Knowledge
from althea.knowledge.schema import rule as shapes
from althea.knowledge.schema.choice import OUT_OF, Benefit
from althea.knowledge.schema.evidence import Level, Mark
from althea.knowledge.schema.who import Who

LIFE_STAGE = (
    "pregnant", "could_be_pregnant", "protected", "can_conceive", "planning", "gestation_from", "gestation_to",
    "postpartum_from_days", "postpartum_to_days", "breastfeeding", "infant_preterm", "infant_younger_than_days",
    "menopause", "contraception",
)  # fmt: skip
FILLS = {"medicine", "other", "dose", "limit", "value", "measure", "on", "days", "weeks", "scale"}
LONGEST_SENTENCE_FOR_HER = 20
NEVER_SAID = ("non-complian", "noncomplian", "suffer", "failed treatment", "treatment failure", "refused", "you must")
CODE_TABLES = {"icd10cm-2026", "rxnorm-2025-10", "loinc-table", "cpic-phenotypes"}
"""Sources that the tables in codes/ and the vocabulary rest on, rather than a single claim."""
SOON = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where, and what would mend it. `soon`: not wrong yet."""

    place: str
    words: str
    soon: bool = False

    def __str__(self) -> str:
        return f"{self.place}: {self.words}"


def problems(knowledge: Knowledge, today: date, root: Path = ROOT) -> list[Problem]:
    """Everything that is wrong, in the order of files."""
    found = [
        *_claims(knowledge),
        *_names(knowledge),
        *_whole(knowledge),
        *_rules(knowledge),
        *_choices(knowledge),
        *_leaflets(knowledge),
        *_codes(knowledge, root),
        *_dates(knowledge, today),
    ]
    return sorted(found, key=lambda one: (one.soon, one.place, one.words))


def _all_claims(knowledge: Knowledge) -> Iterator[tuple[str, Any]]:
    """(place, claim) of everything that must say where it comes from."""
    for key, rule in knowledge.rules.items():
        yield knowledge.places[f"rule:{key}"], rule
    books: dict[str, dict[str, Any]] = {
        "class": dict(knowledge.class_records),
        "measure": dict(knowledge.measures),
        "method": dict(knowledge.methods),
        "stage": dict(knowledge.stages),
        "number": dict(knowledge.numbers),
        "scale": dict(knowledge.scales),
    }
    for kind, book in books.items():
        for key, record in book.items():
            yield knowledge.places[f"{kind}:{key}"], record
    for scale in knowledge.scales.values():
        for one in scale.evidence:
            yield knowledge.places[f"scale:{scale.id}"], one
    for key, option in knowledge.options.items():
        for topic in option.topics:
            yield f"{knowledge.places[f'option:{key}']} {topic.about}", topic
    for key, choice in knowledge.choices.items():
        for benefit in choice.benefits:
            yield f"{knowledge.places[f'choice:{key}']} {benefit.option}", benefit
    for key, leaflet in knowledge.leaflets.items():
        for at, line in enumerate(leaflet.lines):
            yield f"{knowledge.places[f'leaflet:{key}']} lines[{at}]", line
    for key, told in knowledge.monographs.items():
        place = knowledge.places[f"medicine:{key}"]
        for kind, records in (
            ("dosing", told.dosing),
            ("adequate_trial", told.adequate_trial),
            ("taper", told.taper),
            ("fact", told.facts),
        ):
            for at, record in enumerate(records):
                yield f"{place} {kind}[{at}]", record


def _claims(knowledge: Knowledge) -> Iterator[Problem]:
    used = {scale.licence_source.partition("#")[0] for scale in knowledge.scales.values()} | CODE_TABLES
    for place, claim in _all_claims(knowledge):
        if not claim.sources:
            yield Problem(place, 'it names no source. Add sources = ["document#place"].')
        for source in claim.sources:
            document, _, where = source.partition("#")
            used.add(document)
            if document not in knowledge.sources:
                yield Problem(place, f"source {document!r} is not in sources/. Add it, or mend its name.")
            if not where and claim.mark != Mark.UNVERIFIED:
                yield Problem(place, f"source {source!r} names no place. Write {source}#section.")
        mark = Mark(claim.mark)
        if mark is not Mark.UNVERIFIED and claim.read_on is None:
            yield Problem(place, f"it is marked {mark.value} and says not when. Add read_on.")
        if mark is Mark.READ_TWICE and claim.checked_on is None:
            yield Problem(place, "it is marked read-twice and says not when. Add checked_on.")
        if mark is Mark.UNVERIFIED and claim.checked_on is not None:
            yield Problem(place, "it is marked unverified and yet checked. Mend one of the two.")
    for key in sorted(set(knowledge.sources) - used):
        yield Problem(
            knowledge.places[f"source:{key}"], f"source {key!r} is cited by nothing. Cite it, or take it out."
        )


def _names(knowledge: Knowledge) -> Iterator[Problem]:
    things = {*knowledge.medicines, *knowledge.classes, *knowledge.methods}
    for key, record in knowledge.class_records.items():
        yield from _unknown(knowledge.places[f"class:{key}"], "members", record.members, things)
    for key, method in knowledge.methods.items():
        yield from _unknown(knowledge.places[f"method:{key}"], "ingredients", method.ingredients, things)
    for key, rule in knowledge.rules.items():
        place = knowledge.places[f"rule:{key}"]
        for name in ("of", "meets", "except_", "after", "to", "without"):
            yield from _unknown(place, name, getattr(rule, name, ()), things)
        yield from _unknown(place, "symptoms", getattr(rule, "symptoms", ()), knowledge.symptoms)
        yield from _unknown(place, "without_condition", getattr(rule, "without_condition", ()), knowledge.conditions)
        yield from _unknown(place, "without_score", getattr(rule, "without_score", ()), knowledge.scales)
        if isinstance(rule, shapes.Monitoring):
            yield from _unknown(place, "measures", rule.measures, {*knowledge.measures, *knowledge.scales})
        if isinstance(rule, shapes.Result):
            yield from _unknown(place, "measure", (rule.measure,), knowledge.measures)
        if isinstance(rule, shapes.ScoreRule):
            yield from _unknown(place, "scale", rule.scale, knowledge.scales)
        yield from _who(place, rule.who, knowledge, things)
    for key, book in knowledge.monographs.items():
        place = knowledge.places[f"medicine:{key}"]
        for dosing in book.dosing:
            yield from _unknown(place, "dosing.indication", dosing.indication, {*knowledge.conditions, "any"})
            yield from _who(place, dosing.who, knowledge, things)
        for trial in book.adequate_trial:
            yield from _unknown(place, "adequate_trial.indication", trial.indication, {*knowledge.conditions, "any"})
            yield from _unknown(
                place, "level_measure", (trial.level_measure,) if trial.level_measure else (), knowledge.measures
            )


def _who(place: str, who: Who, knowledge: Knowledge, things: set[str]) -> Iterator[Problem]:
    yield from _unknown(place, "who.conditions", (*who.conditions, *who.without_conditions), knowledge.conditions)
    yield from _unknown(place, "who.taking", (*who.taking, *who.not_taking), things)
    yield from _unknown(place, "who.contraception", who.contraception, things)
    yield from _unknown(place, "who.results", [one.measure for one in who.results], knowledge.measures)
    yield from _unknown(place, "who.scores", [one.scale for one in who.scores], knowledge.scales)
    yield from _unknown(place, "who.untested_genes", who.untested_genes, knowledge.phenotypes)
    for gene, values in (who.genes or {}).items():
        yield from _unknown(place, "who.genes", (gene,), knowledge.phenotypes)
        if gene in knowledge.phenotypes:
            yield from _unknown(place, f"who.genes.{gene}", values, knowledge.phenotypes[gene].values)


def _unknown(place: str, key: str, names: Iterable[str], known: Iterable[str]) -> Iterator[Problem]:
    book = known if isinstance(known, (set, dict)) else set(known)
    for name in names:
        if name not in book:
            yield Problem(
                place, f"{key.rstrip('_')}: {name!r} is not known. Add a record of that id, or mend the name."
            )


def _whole(knowledge: Knowledge) -> Iterator[Problem]:
    for key, told in knowledge.monographs.items():
        for name, records in (("dosing", told.dosing), ("taper", told.taper), ("fact", told.facts)):
            if not records:
                yield Problem(knowledge.places[f"medicine:{key}"], f"{key} is whole but has no [[{name}]]. Add one.")


def _rules(knowledge: Knowledge) -> Iterator[Problem]:
    blank = Who()
    for key, rule in knowledge.rules.items():
        place = knowledge.places[f"rule:{key}"]
        asked = {one.name for one in fields(Who) if getattr(rule.who, one.name) != getattr(blank, one.name)}
        if isinstance(rule, shapes.LifeStage) and not asked.intersection(LIFE_STAGE):
            yield Problem(place, "a life-stage rule must name a life stage in who.")
        if isinstance(rule, (shapes.Condition, shapes.Exposure)) and not asked:
            yield Problem(place, "this kind asks only what stands in who, and who is empty.")
        if isinstance(rule, shapes.Pharmacogenomic) and not rule.who.genes:
            yield Problem(place, "a pharmacogenomic rule must name who.genes.")
        if rule.mark is not Mark.UNVERIFIED and rule.level > Level.INFO:
            if not rule.do:
                yield Problem(place, "it warns and offers nothing to do. Add do.")
            if not rule.for_her:
                yield Problem(place, "it warns and says nothing to her. Add for_her.")
        yield from _words(place, rule)


def _words(place: str, rule: shapes.Rule) -> Iterator[Problem]:
    for text in (rule.title, rule.why, *rule.do):
        odd = set(re.findall(r"{([^}]*)}", text)) - FILLS
        if odd:
            yield Problem(
                place, f"{{{odd.pop()}}} is not a word that can be filled in. Use one of {', '.join(sorted(FILLS))}."
            )
    bare = re.sub(r"{[^}]*}", "x" * 14, rule.title)
    if len(bare) > 139:
        yield Problem(place, f"the title would have about {len(bare)} characters. Keep it at 139 or fewer.")
    if not rule.title.endswith((".", "?")):
        yield Problem(place, "the title is not a whole sentence. End it with a full stop.")
    yield from _for_her(place, rule.for_her)
    yield from _kindly(place, rule.title, rule.why, rule.for_her, *rule.do)


def _for_her(place: str, *texts: str) -> Iterator[Problem]:
    for sentence in [one for text in texts for one in re.split(r"(?<=[.?!])\s+", text)]:
        if len(sentence.split()) > LONGEST_SENTENCE_FOR_HER:
            yield Problem(
                place, f"for_her: {len(sentence.split())} words in one sentence. Keep it at {LONGEST_SENTENCE_FOR_HER}."
            )


def _kindly(place: str, *texts: str) -> Iterator[Problem]:
    for text in texts:
        for word in NEVER_SAID:
            if word in text.lower():
                yield Problem(place, f"{word!r} is a word we do not use of people. Say what happened instead.")


def _choices(knowledge: Knowledge) -> Iterator[Problem]:
    """Whole numbers of one hundred, one way of giving them, and "no medicine now" in every choice."""
    for key, option in knowledge.options.items():
        place = knowledge.places[f"option:{key}"]
        yield from _unknown(place, "medicine", (option.medicine,) if option.medicine else (), knowledge.medicines)
        if (option.kind == "medicine") != bool(option.medicine):
            yield Problem(place, "an option that is a medicine names it, and no other does. Mend kind or medicine.")
        about = [topic.about for topic in option.topics]
        if len(about) != len(set(about)):
            yield Problem(place, "a topic stands twice. Make it one.")
        hers = (option.for_her, *option.means, *(topic.for_her for topic in option.topics))
        yield from _for_her(place, *hers)
        yield from _kindly(place, *hers, *(topic.says for topic in option.topics))
        if any("%" in text for text in hers):
            yield Problem(place, "a percentage stands in words for her. Say how many of 100.")
        for topic in option.topics:
            if topic.mark is Mark.UNVERIFIED and re.search(r"\d", topic.for_her):
                yield Problem(place, f"{topic.about}: a number nobody checked stands in words for her. Take it out.")
    for key, choice in knowledge.choices.items():
        place = knowledge.places[f"choice:{key}"]
        yield from _unknown(place, "conditions", (*choice.conditions, *choice.without), knowledge.conditions)
        yield from _unknown(place, "benefits.option", [one.option for one in choice.benefits], knowledge.options)
        kinds = [knowledge.options[one.option].kind for one in choice.benefits if one.option in knowledge.options]
        if kinds.count("no-medicine") != 1:
            yield Problem(place, "no medicine now must stand in it, once. Add its benefit.")
        for benefit in choice.benefits:
            yield from _for_her(place, benefit.limits_for_her)
            yield from _kindly(place, benefit.limits_for_her, benefit.studied, benefit.limits)
            yield from _numbers(f"{place} {benefit.option}", benefit)


def _numbers(place: str, benefit: Benefit) -> Iterator[Problem]:
    ways = [one for one in (benefit.more, benefit.odds_ratio, benefit.risk_ratio) if one is not None]
    if len(ways) > 1:
        yield Problem(place, "it gives its number in two ways. Keep what the source says.")
    if bool(ways) != (benefit.anyway is not None):
        yield Problem(place, "a number needs both how many are better anyway and how many more. Give both or neither.")
    if benefit.mark is Mark.UNVERIFIED and re.search(r"\d", benefit.limits_for_her):
        yield Problem(place, "a number nobody checked stands in words for her. Take it out.")
    if benefit.anyway is not None and not 0 <= benefit.anyway + (benefit.more or 0) <= OUT_OF:
        yield Problem(place, f"more than {OUT_OF} or fewer than none of {OUT_OF} people. Mend the numbers.")


def _leaflets(knowledge: Knowledge) -> Iterator[Problem]:
    """She reads it alone: only what was read, in plain words, whole numbers of a hundred, and no dose."""
    for key, leaflet in knowledge.leaflets.items():
        place = knowledge.places[f"leaflet:{key}"]
        yield from _unknown(place, "id", (key,), knowledge.medicines)
        for line in leaflet.lines:
            here = f"{place} {line.effect or line.about}"
            yield from _for_her(here, line.words)
            yield from _kindly(here, line.words, line.effect)
            if line.mark is Mark.UNVERIFIED:
                yield Problem(here, "nobody read this in its document. Read it, or take the line out.")
            if re.search(r"%|\b\d+(\.\d+)? ?(mg|mcg|mL)\b", f"{line.words} {line.effect}"):
                yield Problem(
                    here, "a percentage or a dose stands in words for her. Say how many of 100; leave doses out."
                )
            if (line.about == "effect") != bool(line.effect):
                yield Problem(here, "a line about an effect names it, and no other does. Mend about or effect.")
            if (line.of_100 is None) != (line.of_100_without is None) or (line.of_100 is None) != (not line.of_whom):
                yield Problem(here, "how many of 100, how many without it, and of whom go together. Give all or none.")
            if not all(0 <= one <= OUT_OF for one in (line.of_100 or 0, line.of_100_without or 0)):
                yield Problem(here, f"it is a number of {OUT_OF} people. Mend it.")


def _codes(knowledge: Knowledge, root: Path) -> Iterator[Problem]:
    tables = {name: _table(root / "codes" / f"{name}.csv") for name in ("icd10cm", "snomed", "rxnorm")}
    icd = tables["icd10cm"]
    for key, group in knowledge.conditions.items():
        place = knowledge.places[f"condition:{key}"]
        for code in (*group.icd10cm, *group.not_icd10cm):
            if not any(known.startswith(code) for known in icd):
                yield Problem(place, f"ICD-10-CM {code} is in no table of ours (codes/icd10cm.csv).")
        told = group.told_as
        if told and (told not in icd or not told.startswith(group.icd10cm) or told.startswith(group.not_icd10cm)):
            yield Problem(place, f"told_as {told} is not one of its codes. Take the plainest of its icd10cm codes.")
        if told and any(code != told and code.startswith(told) for code in icd):
            yield Problem(place, f"told_as {told} is not a whole code: longer ones begin with it. Take one of those.")
        yield from (
            Problem(place, f"SNOMED CT {code} is in no table of ours (codes/snomed.csv).")
            for code in group.snomed
            if code not in tables["snomed"]
        )
    for key, medicine in knowledge.medicines.items():
        for code in filter(None, (medicine.rxcui, *medicine.also_rxcui)):
            if code not in tables["rxnorm"]:
                yield Problem(
                    knowledge.places[f"medicine:{key}"], f"RxNorm {code} is in no table of ours (codes/rxnorm.csv)."
                )
    seen: dict[str, str] = {}
    for key, measure in knowledge.measures.items():
        for code in measure.loinc:
            if code in seen:
                yield Problem(knowledge.places[f"measure:{key}"], f"LOINC {code} is already that of {seen[code]!r}.")
            seen[code] = key


def _table(path: Path) -> set[str]:
    if not path.exists():
        return set()
    with path.open(encoding="utf-8", newline="") as lines:
        return {row[0] for row in csv.reader(lines) if row}


def _dates(knowledge: Knowledge, today: date) -> Iterator[Problem]:
    for key, source in knowledge.sources.items():
        if source.review_by <= today:
            yield Problem(
                knowledge.places[f"source:{key}"],
                f"it was to be read again by {source.review_by}. Read it, and move the date.",
            )
        elif source.review_by - today <= SOON:
            yield Problem(
                knowledge.places[f"source:{key}"], f"it is to be read again by {source.review_by}.", soon=True
            )
    for place, claim in _all_claims(knowledge):
        for on in (claim.read_on, claim.checked_on):
            if on is not None and on > today:
                yield Problem(place, f"{on} lies in the future. Give the day it was read.")
