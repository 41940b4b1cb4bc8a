#!/usr/bin/env python3
"""Writes made-up women as a FHIR R4 bulk export: the shipped sample, and as many as a measurement needs.

    python tools/make_people.py --people 60 --seed 7 --out sample/women
    python tools/make_people.py --people 100000 --seed 1 --out people --padding 700

Nobody in it exists. Each woman follows one of a few stories (a stable regimen, a level that is overdue, a new
pregnancy, a pill started elsewhere...), with the untidiness of real exports around it: orders without an end,
conditions repeated, resources no rule reads. The same arguments write the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
LOINC = "http://loinc.org"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
SNOMED = "http://snomed.info/sct"
UCUM = "http://unitsofmeasure.org"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
ACTIVE = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]}
DAY = date(2026, 11, 22)

Resource = dict[str, Any]

MEDICINES = {
    "sertraline": ("36437", "sertraline"),
    "escitalopram": ("321988", "escitalopram"),
    "fluoxetine": ("4493", "fluoxetine"),
    "citalopram": ("2556", "citalopram"),
    "venlafaxine": ("39786", "venlafaxine"),
    "lithium": ("6448", "lithium"),
    "lithium carbonate tablet": ("197890", "lithium carbonate 300 MG Oral Tablet"),
    "lamotrigine": ("28439", "lamotrigine"),
    "valproate": ("40254", "valproate"),
    "quetiapine": ("51272", "quetiapine"),
    "clozapine": ("2626", "clozapine"),
    "lorazepam": ("6470", "lorazepam"),
    "hydrocodone": ("5489", "hydrocodone"),
    "naproxen": ("7258", "naproxen"),
    "losartan": ("52175", "losartan"),
    "norethindrone": ("7514", "norethindrone"),
    "oxcarbazepine": ("32624", "oxcarbazepine"),
    "tamoxifen": ("10324", "tamoxifen"),
    "folic acid": ("4511", "folic acid"),
}
RESULTS = {
    "lithium": ("14334-7", "Lithium [Moles/volume] in Serum or Plasma", "mmol/L"),
    "tsh": ("3016-3", "Thyrotropin [Units/volume] in Serum or Plasma", "mIU/L"),
    "creatinine": ("2160-0", "Creatinine [Mass/volume] in Serum or Plasma", "mg/dL"),
    "calcium": ("17861-6", "Calcium [Mass/volume] in Serum or Plasma", "mg/dL"),
    "sodium": ("2951-2", "Sodium [Moles/volume] in Serum or Plasma", "mmol/L"),
    "weight": ("29463-7", "Body weight", "kg"),
    "a1c": ("4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", "%"),
    "neutrophils": ("751-8", "Neutrophils [#/volume] in Blood by Automated count", "10*3/uL"),
}
NOISE = (
    ("72514-3", "Pain severity - 0-10 verbal numeric rating", "{score}"),
    ("9279-1", "Respiratory rate", "/min"),
    ("2708-6", "Oxygen saturation in Arterial blood", "%"),
    ("785-6", "MCH [Entitic mass] by Automated count", "pg"),
)


class Woman:
    """One made-up woman and the resources about her."""

    def __init__(self, number: int, chance: random.Random, padding: int) -> None:
        self.id = f"w{number:06d}"
        self.chance = chance
        self.padding = padding
        self.count = 0
        self.resources: list[Resource] = []
        age = chance.randint(19, 58)
        born = DAY - timedelta(days=int(age * 365.25) + chance.randint(1, 300))
        self.add({"resourceType": "Patient", "gender": "female", "birthDate": born.isoformat()}, subject=None)

    def add(self, resource: Resource, subject: str | None = "subject") -> None:
        """Gives it an id, a subject and the bulk a real export carries around every fact."""
        self.count += 1
        resource["id"] = self.id if resource["resourceType"] == "Patient" else f"{self.id}-{self.count}"
        if subject:
            resource[subject] = {"reference": f"Patient/{self.id}"}
        resource["meta"] = {
            "profile": [f"http://hl7.org/fhir/us/core/StructureDefinition/us-core-{resource['resourceType'].lower()}"]
        }
        if self.padding:
            words = "".join(self.chance.choices("abcdefghijklmnop ", k=self.padding))
            resource["text"] = {
                "status": "generated",
                "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{words}</div>',
            }
        self.resources.append(resource)

    def takes(
        self, name: str, mg: float, *, since: int, until: int | None = None, times: int = 1, tidy: bool = True
    ) -> None:
        """An order; an untidy one has no dose and no end."""
        code, display = MEDICINES[name]
        order: Resource = {
            "resourceType": "MedicationRequest",
            "status": "active" if until is None else "stopped",
            "intent": "order",
            "medicationCodeableConcept": {
                "coding": [{"system": RXNORM, "code": code, "display": display}],
                "text": display,
            },
            "authoredOn": (DAY - timedelta(since)).isoformat(),
        }
        if tidy:
            repeat = {"frequency": times, "period": 1, "periodUnit": "d"}
            dose = {"value": mg / times, "unit": "mg", "system": UCUM, "code": "mg"}
            order["dosageInstruction"] = [{"timing": {"repeat": repeat}, "doseAndRate": [{"doseQuantity": dose}]}]
        if until is not None:
            period = {"start": order["authoredOn"], "end": (DAY - timedelta(until)).isoformat()}
            order["dispenseRequest"] = {"validityPeriod": period}
        self.add(order)

    def has(self, code: str, text: str, *, system: str = ICD, since: int = 400, again: int = 1) -> None:
        """A condition; real exports repeat them."""
        for turn in range(again):
            onset = (DAY - timedelta(since - turn)).isoformat()
            coding = [{"system": system, "code": code, "display": text}]
            self.add(
                {
                    "resourceType": "Condition",
                    "clinicalStatus": ACTIVE,
                    "code": {"coding": coding, "text": text},
                    "onsetDateTime": onset,
                }
            )

    def result(self, name: str, value: float, *, ago: int, unit: str | None = None) -> None:
        code, display, own = RESULTS[name]
        self.seen(
            code,
            display,
            ago,
            "laboratory",
            valueQuantity={"value": value, "unit": unit or own, "system": UCUM, "code": unit or own},
        )

    def pregnancy(
        self, code: str, text: str, *, ago: int = 3, weeks: int | None = None, method: str | None = None
    ) -> None:
        coded = {"coding": [{"system": SNOMED, "code": code, "display": text}], "text": text}
        self.seen("82810-3", "Pregnancy status", ago, "social-history", valueCodeableConcept=coded)
        if weeks is not None:
            quantity = {"value": weeks, "unit": "wk", "system": UCUM, "code": "wk"}
            self.seen("18185-9", "Gestational age", ago, "exam", valueQuantity=quantity)
        if method:
            self.seen("86649-1", "Birth control method", ago, "social-history", valueCodeableConcept={"text": method})

    def score(self, code: str, name: str, value: int, *, ago: int) -> None:
        self.seen(code, f"{name} total score", ago, "survey", valueInteger=value)

    def noise(self, count: int) -> None:
        """What no rule reads."""
        for _ in range(count):
            code, display, unit = self.chance.choice(NOISE)
            value = {"value": self.chance.randint(1, 40), "unit": unit, "system": UCUM, "code": unit}
            self.seen(code, display, self.chance.randint(1, 900), "vital-signs", valueQuantity=value)

    def seen(self, code: str | None, display: str, ago: int, category: str, **value: Any) -> None:
        self.add(
            {
                "resourceType": "Observation",
                "status": "final",
                "category": [{"coding": [{"system": CATEGORY, "code": category}]}],
                "code": {
                    "coding": [{"system": LOINC, "code": code, "display": display}] if code else [],
                    "text": display,
                },
                "effectiveDateTime": (DAY - timedelta(ago)).isoformat(),
                **value,
            }
        )


NOT_PREGNANT = ("60001007", "Not pregnant")
PREGNANT = ("77386006", "Pregnant")


def _settled(woman: Woman) -> None:
    """Well on one medicine; nothing to do."""
    name, mg = woman.chance.choice((("sertraline", 100), ("escitalopram", 10), ("fluoxetine", 20), ("citalopram", 20)))
    woman.has("F33.1", "Major depressive disorder, recurrent, moderate", again=woman.chance.randint(1, 3))
    woman.takes(name, mg, since=woman.chance.randint(60, 380))
    woman.pregnancy(*NOT_PREGNANT, method="copper iud")
    woman.score("44261-6", "PHQ-9", woman.chance.randint(0, 4), ago=20)


def _lithium(woman: Woman, level_ago: int = 40, level: float = 0.7) -> None:
    woman.has("F31.9", "Bipolar disorder, unspecified")
    woman.takes(woman.chance.choice(("lithium", "lithium carbonate tablet")), 900, since=380, times=3)
    for name, value in (("lithium", level), ("tsh", 2.1), ("creatinine", 0.8), ("calcium", 9.4)):
        woman.result(name, value, ago=level_ago)
    woman.result("lithium", 0.66, ago=level_ago + 90)


def _lithium_stable(woman: Woman) -> None:
    _lithium(woman)
    woman.pregnancy(*NOT_PREGNANT, method="levonorgestrel iud")


def _lithium_overdue(woman: Woman) -> None:
    _lithium(woman, level_ago=250)
    woman.pregnancy(*NOT_PREGNANT, method="levonorgestrel iud")


def _lithium_naproxen(woman: Woman) -> None:
    _lithium(woman)
    woman.takes("naproxen", 1000, since=9, times=2)
    woman.pregnancy(*NOT_PREGNANT, method="sterilised")


def _lithium_pregnant(woman: Woman) -> None:
    _lithium(woman, level_ago=45)
    woman.pregnancy(*PREGNANT, weeks=woman.chance.randint(8, 30))


def _valproate(woman: Woman) -> None:
    """Valproate where nobody has asked about contraception."""
    woman.has("F31.9", "Bipolar disorder, unspecified")
    woman.takes("valproate", 1000, since=200, times=2)


def _pill_and_inducer(woman: Woman) -> None:
    woman.has("F31.81", "Bipolar II disorder")
    woman.takes("oxcarbazepine", 900, since=120, times=2)
    woman.takes("norethindrone", 0.35, since=300)
    woman.result("sodium", woman.chance.choice((139, 131, 128)), ago=20)
    woman.pregnancy(*NOT_PREGNANT, method="progestin only pill")


def _quetiapine(woman: Woman) -> None:
    """Four months on quetiapine and never weighed again."""
    woman.has("F31.9", "Bipolar disorder, unspecified")
    woman.takes("quetiapine", 300, since=125)
    woman.result("weight", woman.chance.randint(52, 95), ago=126)
    woman.result("a1c", 5.3, ago=126)
    woman.pregnancy(*NOT_PREGNANT, method="etonogestrel implant")


def _clozapine(woman: Woman) -> None:
    woman.has("F20.9", "Schizophrenia, unspecified")
    woman.takes("clozapine", 300, since=100, times=2)
    for week in range(12):
        woman.result("neutrophils", round(woman.chance.uniform(1.8, 5.0), 1), ago=7 * week + 8)
    woman.result("neutrophils", woman.chance.choice((3.1, 1.2, 0.4)), ago=2)
    woman.pregnancy(*NOT_PREGNANT, method="copper iud")


def _sedatives(woman: Woman) -> None:
    woman.has("F41.1", "Generalized anxiety disorder")
    woman.takes("lorazepam", 2, since=40, times=2)
    woman.takes("hydrocodone", 30, since=90, times=3)


def _switch(woman: Woman) -> None:
    """An old order that nobody ended beside the new one."""
    woman.has("F33.1", "Major depressive disorder, recurrent, moderate")
    woman.takes("citalopram", 40, since=2900, tidy=False)
    woman.takes("venlafaxine", 150, since=150)
    woman.pregnancy(*NOT_PREGNANT, ago=200)


def _after_birth(woman: Woman) -> None:
    """Nine weeks after birth, breastfeeding, low mood."""
    woman.has("F53.0", "Postpartum depression", since=30)
    woman.takes("sertraline", 50, since=20)
    delivered = (DAY - timedelta(63)).isoformat()
    woman.seen("93857-1", "Date and time of obstetric delivery", 63, "social-history", valueDateTime=delivered)
    woman.seen("63895-7", "Breastfeeding status", 3, "social-history", valueBoolean=True)
    woman.seen(
        "76516-4",
        "Gestational age at birth",
        63,
        "exam",
        valueQuantity={"value": 39, "unit": "wk", "system": UCUM, "code": "wk"},
    )
    woman.pregnancy(*NOT_PREGNANT, method="condoms")
    woman.score("71354-5", "EPDS", woman.chance.randint(9, 17), ago=3)
    woman.seen(None, "EPDS item 10", 3, "survey", valueInteger=woman.chance.choice((0, 0, 0, 1)))


def _tamoxifen(woman: Woman) -> None:
    woman.has("C50.911", "Malignant neoplasm of unspecified site of right female breast")
    woman.has("F33.1", "Major depressive disorder, recurrent, moderate")
    woman.takes("tamoxifen", 20, since=300)
    woman.takes("fluoxetine", 20, since=60)


def _nothing(woman: Woman) -> None:
    """Most people in an export take nothing of ours."""
    woman.has("444814009", "Viral sinusitis (disorder)", system=SNOMED, again=woman.chance.randint(1, 4))


STORIES = (
    (_nothing, 30),
    (_settled, 30),
    (_lithium_stable, 6),
    (_lithium_overdue, 3),
    (_lithium_naproxen, 2),
    (_lithium_pregnant, 2),
    (_valproate, 3),
    (_pill_and_inducer, 3),
    (_quetiapine, 5),
    (_clozapine, 3),
    (_sedatives, 3),
    (_switch, 4),
    (_after_birth, 4),
    (_tamoxifen, 2),
)


def people(count: int, seed: int, padding: int, every_story: bool) -> Iterator[Woman]:
    """Made-up women; the first of them tell each story once where that is asked for."""
    for number in range(count):
        chance = random.Random(f"{seed}:{number}")
        stories, weights = zip(*STORIES, strict=True)
        story = stories[number] if every_story and number < len(stories) else chance.choices(stories, weights)[0]
        woman = Woman(number, chance, padding)
        story(woman)
        woman.noise(max(0, chance.randint(12, 24) - woman.count))
        yield woman


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--padding", type=int, default=0, help="characters of narrative in each resource")
    parser.add_argument("--gzip", action="store_true")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    files: dict[str, Any] = {}
    for woman in people(args.people, args.seed, args.padding, every_story=args.people < 1000):
        for resource in woman.resources:
            kind = resource["resourceType"]
            if kind not in files:
                path = args.out / f"{kind}.ndjson{'.gz' if args.gzip else ''}"
                files[kind] = gzip.GzipFile(path, "wb", mtime=0) if args.gzip else path.open("wb")
            files[kind].write(json.dumps(resource, separators=(",", ":")).encode() + b"\n")
    for file in files.values():
        file.close()


if __name__ == "__main__":
    main()
