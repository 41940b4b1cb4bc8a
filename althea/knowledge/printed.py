"""What do the printed words of a product say: which doses, which form, by which way?  Words in lower case."""

from __future__ import annotations

import re
from decimal import Decimal

from althea.knowledge.quantity import Dose

DEPOT = re.compile(
    r"\b(depot|decanoate|palmitate|lauroxil|long[- ]acting inject\w+|lai|microspheres|injectable suspension)\b"
)
MASS = re.compile(
    r"(?<![\d.,/])(\d+(?:[.,]\d+)?)\s*(mg|mcg|ug|µg|μg|micrograms?|milligrams?|g|grams?)\b"
    r"(?!\s*(?:/|per\b)\s*(?:\d|ml\b|hr\b|h\b|hour|actuat|spray|kg\b|l\b))"
)
SHARED_UNIT = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)(?:\s*(?:mg|mcg))?\s*[/-]\s*(\d+(?:\.\d+)?)\s*(mg|mcg)\b(?!\s*/)")
FORMS = (
    (
        re.compile(r"\b((extended|prolonged|modified|sustained|controlled)[- ]release|er|xr|xl|sr|la|cr)\b"),
        "extended release",
    ),
    (re.compile(r"\b(delayed[- ]release|gastro[- ]resistant|enteric[- ]coated|dr|ec)\b"), "delayed release"),
    (re.compile(r"\b(orally disintegrating|orodispersible|disintegrating|odt)\b"), "disintegrating"),
    (re.compile(r"\bchewable\b"), "chewable"),
)
SHAPES = (
    ("oral tablet", re.compile(r"\b(tablets?|tabs?|caplets?)\b")),
    ("oral capsule", re.compile(r"\b(capsules?|caps?)\b")),
    ("oral solution", re.compile(r"\b(oral solution|elixir|syrup|liquid)\b")),
    ("oral suspension", re.compile(r"\boral suspension\b")),
    ("transdermal system", re.compile(r"\b(patch|patches|transdermal)\b")),
    ("intrauterine system", re.compile(r"\b(intrauterine|iud|ius)\b")),
    ("drug implant", re.compile(r"\bimplant\b")),
    ("vaginal system", re.compile(r"\bvaginal ring\b")),
    ("injection", re.compile(r"\b(injection|injectable|intramuscular|im|intravenous|iv|decanoate|subcutaneous)\b")),
    ("nasal spray", re.compile(r"\b(nasal|intranasal)\b")),
)
PRINTED_ROUTES = (
    ("sublingual", r"\b(sublingual|sl)\b"),
    ("injection", r"\b(injection|injectable|intramuscular|intravenous|im|iv|subcutaneous|decanoate)\b"),
    ("transdermal", r"\b(transdermal|patch|patches)\b"), ("nasal", r"\b(nasal|intranasal)\b"),
    ("vaginal", r"\bvaginal\b"), ("ophthalmic", r"\b(ophthalmic|eye drops?)\b"),
    ("rectal", r"\b(rectal|suppository)\b"),
    ("intrauterine", r"\b(intrauterine|iud|ius)\b"), ("implant", r"\bimplant\b"),
    ("topical", r"\b(topical|cream|ointment|gel)\b"), ("inhalation", r"\b(inhaler|inhalation)\b"),
    ("oral", r"\b(oral|orally|by mouth|po|tablets?|tabs?|capsules?|caps?|syrup)\b"),
)  # fmt: skip


def doses(lower: str) -> list[Dose]:
    """Masses as they stand in the text; "6/25 mg" is two. A mass for each millilitre or hour is none."""
    if shared := SHARED_UNIT.search(lower):
        return [Dose.of(Decimal(shared[1]), shared[3]), Dose.of(Decimal(shared[2]), shared[3])]
    return [
        Dose.of(Decimal(value.replace(",", ".")), unit.removesuffix("s") if len(unit) > 3 else unit)
        for value, unit in MASS.findall(lower)
    ]


def form(lower: str) -> str:
    """ "extended release oral tablet"; empty: the words name none."""
    shape = next((name for name, pattern in SHAPES if pattern.search(lower)), "")
    release = next((name for pattern, name in FORMS if pattern.search(lower)), "")
    if shape == "injection":
        return shape
    return f"{release} {shape}".strip() if shape or release else ""


def route(lower: str) -> str:
    """By which way it is taken, as the words have it; empty: they do not say."""
    return next((route for route, words in PRINTED_ROUTES if re.search(words, lower)), "")


def route_of(form: str) -> str:
    """By mouth, where the form says so by itself."""
    return "oral" if re.search(r"oral|tablet|capsule|release|disintegrating|chewable", form) else ""
