"""Which code, name or phrase means what?  The knowledge's own words, turned round for looking up.

Built once for each `Knowledge`, so that reading one person costs dictionary look-ups and nothing else.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from althea.fhir import codes as vocabulary
from althea.fhir.words import Phrases, plain_words
from althea.knowledge import Knowledge
from althea.knowledge.codes import CodeMap, code_map
from althea.knowledge.load import ROOT

UNIT_NOISE = str.maketrans(
    {
        " ": None,
        "_": None,
        "{": None,
        "}": None,
        "[": None,
        "]": None,
        "(": None,
        ")": None,
        "^": "*",
        "µ": "u",
        "μ": "u",
    }
)
LARGEST_MEMO = 10_000
PREGNANCY_OVER = "pregnancy ended early"
"""The name of an observation without a code: she lost a pregnancy, or it was ended, on the day that is its value."""


@dataclass(frozen=True, slots=True)
class Readings:
    """Look-ups by code and by words. `by_loinc` and `by_text` give (what it is, which one)."""

    knowledge: Knowledge
    codes: CodeMap
    by_loinc: dict[str, tuple[str, str]]
    by_text: dict[str, tuple[str, str]]
    units: dict[str, dict[str, tuple[Decimal, Decimal]]]
    icd: dict[str, tuple[str, ...]]
    icd_left_out: dict[str, tuple[str, ...]]
    snomed: dict[str, tuple[str, ...]]
    conditions: Phrases
    symptoms: Phrases
    methods: Phrases
    scales: dict[str, str]
    items: dict[str, dict[str, str]]
    """Scale -> an item's other names -> the id it has in the scale's record."""
    allergens: Phrases
    phenotypes: dict[str, dict[str, str]]
    seen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """ICD-10-CM codes met before, and their groups."""
    named: dict[bytes, Any] = field(default_factory=dict)
    stated: dict[bytes, Any] = field(default_factory=dict)
    illnesses: dict[bytes, Any] = field(default_factory=dict)
    """What orders name, methods of contraception and codes of conditions met before, by their elements written out."""
    texts: dict[str, tuple[str, str] | None] = field(default_factory=dict)
    """What observations without a code speak of, by their words."""
    orders: dict[tuple[bytes, bytes], Any] = field(default_factory=dict)
    """What orders say apart from their days, by what they name and how it is to be taken."""
    values: dict[tuple[Any, ...], tuple[Decimal | None, str]] = field(default_factory=dict)
    """Numbers of results met before, in the measure's own unit, or why they cannot be read."""

    def remember(self, book: dict[Any, Any], key: object, what: Any) -> None:
        """For the next time; never more than so many."""
        if key is not None and len(book) < LARGEST_MEMO:
            book[key] = what

    def groups_of_icd(self, code: str) -> tuple[str, ...]:
        """Every group whose prefix this code begins with, dotted or not."""
        known = self.seen.get(code)
        if known is not None:
            return known
        bare = code.upper().replace(".", "").replace(" ", "")
        found: dict[str, None] = {}
        for end in range(len(bare), 2, -1):
            found.update(dict.fromkeys(self.icd.get(bare[:end], ())))
        groups = tuple(one for one in found if not bare.startswith(self.icd_left_out.get(one) or ("\0",)))
        if len(self.seen) < LARGEST_MEMO:
            self.seen[code] = groups
        return groups


_made: dict[tuple[int, int], tuple[object, object, Readings]] = {}


def readings_of(knowledge: Knowledge, codes: CodeMap | None = None) -> Readings:
    """The look-ups of a knowledge, made once for each; `codes` None: the knowledge's own code map."""
    key = (id(knowledge), id(codes))
    kept = _made.get(key)
    if kept is None or kept[0] is not knowledge or kept[1] is not codes:
        made = _build(knowledge, codes if codes is not None else code_map(knowledge.medicines))
        kept = _made[key] = (knowledge, codes, made)
        while len(_made) > 4:
            del _made[next(iter(_made))]
    return kept[2]


@lru_cache(maxsize=4096)
def unit_key(unit: str) -> str:
    """A unit as it is compared: case, spaces and brackets do not matter. "mL/min/{1.73_m2}" is "ml/min/1.73m2"."""
    key = unit.translate(UNIT_NOISE).lower()
    return key[1:] if key.startswith("x10") else key


@lru_cache(maxsize=4096)
def squashed(name: str) -> str:
    """A name without case and punctuation: "PHQ-9" is "phq9"."""
    return "".join(letter for letter in name.lower() if letter.isalnum())


@cache
def known_snomed() -> frozenset[str]:
    """SNOMED CT codes that were looked at and matter to no rule, or do."""
    return _column("snomed.csv")


@cache
def known_icd() -> frozenset[str]:
    """ICD-10-CM codes in Althea's table, undotted."""
    return frozenset(code.replace(".", "") for code in _column("icd10cm.csv"))


def _column(name: str) -> frozenset[str]:
    path = ROOT / "codes" / name
    if not path.exists():
        return frozenset()
    with path.open(encoding="utf-8", newline="") as lines:
        return frozenset(line["code"] for line in csv.DictReader(lines))


def _build(knowledge: Knowledge, codes: CodeMap) -> Readings:
    by_loinc: dict[str, tuple[str, str]] = {}
    by_text: dict[str, tuple[str, str]] = {}
    units: dict[str, dict[str, tuple[Decimal, Decimal]]] = {}
    for measure in knowledge.measures.values():
        for code in measure.loinc:
            by_loinc[code] = ("measure", measure.id)
        for name in (measure.name, *measure.names):
            by_text.setdefault(" ".join(plain_words(name)), ("measure", measure.id))
        units[measure.id] = {unit_key(also.unit): (also.times, also.plus) for also in measure.also_units}
        units[measure.id][unit_key(measure.unit)] = (Decimal(1), Decimal(0))
    for code, scale_id in vocabulary.TOTAL_LOINC.items():
        by_loinc[code] = ("total", scale_id)
    for code, (scale_id, item_id) in vocabulary.ITEM_LOINC.items():
        by_loinc[code] = ("item", f"{scale_id}\t{item_id}")
    for scale in knowledge.scales.values():
        by_loinc.update(dict.fromkeys(scale.loinc_total, ("total", scale.id)))
        by_loinc.update({item.loinc: ("item", f"{scale.id}\t{item.id}") for item in scale.items if item.loinc})
    for code, what in {**vocabulary.STAGE_LOINC, **vocabulary.TOBACCO_LOINC}.items():
        by_loinc[code] = (what, "")
    phenotypes: dict[str, dict[str, str]] = {}
    for phenotype in knowledge.phenotypes.values():
        by_loinc.update(dict.fromkeys(phenotype.loinc, ("gene", phenotype.gene)))
        for name in {phenotype.gene, phenotype.gene.partition("*")[0]}:
            by_text[" ".join([*plain_words(name), "phenotype"])] = ("gene", phenotype.gene)
        meant = {**{value: value for value in phenotype.values}, **(phenotype.also or {})}
        phenotypes[phenotype.gene] = {" ".join(plain_words(said)): value for said, value in meant.items()}
    for code in vocabulary.NEVER_READ:
        by_loinc.pop(code, None)
    by_text[vocabulary.SYMPTOM_TODAY] = ("symptom", "")
    by_text[PREGNANCY_OVER] = ("ended", "")
    icd, left_out = _icd(knowledge)
    return Readings(
        knowledge=knowledge,
        codes=codes,
        by_loinc=by_loinc,
        by_text=by_text,
        units=units,
        icd=icd,
        icd_left_out=left_out,
        snomed=_turned({group.id: group.snomed for group in knowledge.conditions.values()}),
        conditions=Phrases.of((group.id, group.phrases) for group in knowledge.conditions.values()),
        symptoms=Phrases.of((group.id, group.phrases) for group in knowledge.symptoms.values()),
        methods=Phrases.of((one.id, (one.name, one.id, *one.phrases)) for one in knowledge.methods.values()),
        scales=_scales(knowledge),
        items={
            scale.id: {also.lower(): item.id for item in scale.items for also in (item.id, *item.also)}
            for scale in knowledge.scales.values()
        },
        allergens=Phrases.of((one.id, _class_names(one.id, one.name)) for one in knowledge.class_records.values()),
        phenotypes=phenotypes,
    )


def _icd(knowledge: Knowledge) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    wanted = {
        group.id: tuple(code.replace(".", "").upper() for code in group.icd10cm)
        for group in knowledge.conditions.values()
    }
    left_out = {
        group.id: tuple(code.replace(".", "").upper() for code in group.not_icd10cm)
        for group in knowledge.conditions.values()
        if group.not_icd10cm
    }
    return _turned(wanted), left_out


def _turned(groups: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for group, members in groups.items():
        for member in members:
            found.setdefault(member, []).append(group)
    return {member: tuple(named) for member, named in found.items()}


def _scales(knowledge: Knowledge) -> dict[str, str]:
    """Squashed name -> scale. The contract's own scales are known even before their records are."""
    known = {squashed(scale): scale for scale in {*vocabulary.TOTAL_LOINC.values(), *vocabulary.SCALE_ALIASES.values()}}
    known.update(vocabulary.SCALE_ALIASES)
    for scale in knowledge.scales.values():
        known[squashed(scale.id)] = scale.id
        known[squashed(scale.name)] = scale.id
        known.update({squashed(alias): scale.id for alias in scale.aliases})
    return known


def _class_names(key: str, name: str) -> tuple[str, ...]:
    """A class as an allergy names it: "NSAID", "NSAIDs", "ACE inhibitor"."""
    plain = re.sub(r"\s*\(.*?\)", "", name)
    forms = {plain, key.replace("-", " ")}
    return tuple(
        sorted(forms | {f"{one}s" for one in forms} | {one.removesuffix("s") for one in forms if len(one) > 5})
    )
