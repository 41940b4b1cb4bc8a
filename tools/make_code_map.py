"""Which product is which of our medicines?  Writes althea/knowledge/codes/rxnorm.csv and others.csv.

Reads tables of RxNorm names (prescribable content; public, acknowledge the National Library of Medicine) that stand
outside the project; the project itself never needs them to run:

    python tools/make_code_map.py FOLDER_OF_RXNORM_TABLES --seen MedicationRequest.ndjson.gz ...

`--seen` names files of orders whose codes should be known even when they are retired or odd: those that no table
holds are read from their display text, with term type "odd".
A product's name is taken apart, never its place in the tables: "24 HR divalproex sodium 250 MG Extended Release Oral
Tablet [Depakote]" says ingredient, strength, form and brand itself.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

KNOWLEDGE = Path(__file__).parents[1] / "althea" / "knowledge"
COLUMNS = (
    "rxcui", "tty", "ingredients", "strength", "form", "route", "depot", "name", "brand", "strength_text", "others"
)  # fmt: skip

# Words of a salt, ester or hydrate that may follow an ingredient's name without changing which medicine it is.
SALTS = frozenset(
    (
        "acetate", "anhydrous", "arginine", "aspartate", "axetil", "benzoate", "besylate", "bitartrate", "calcium",
        "carbonate", "cilexetil", "citrate", "cypionate", "decanoate", "diacetate", "dihydrate", "dihydrochloride",
        "dimesylate", "dipotassium", "disodium", "disoproxil", "divalproex", "epolamine", "erbumine", "estolate",
        "etexilate", "ethylsuccinate", "fumarate", "gluconate", "hcl", "hemifumarate", "hemihydrate", "hydrobromide",
        "hydrochloride", "hyclate", "kamedoxomil", "lactate", "lactobionate", "lauroxil", "magnesium", "malate",
        "maleate", "medoxomil", "mesylate", "monohydrate", "nitrate", "oxalate", "palmitate", "pamoate", "phosphate",
        "polistirex", "potassium", "resinate", "saccharate", "salicylate", "sodium", "stearate", "strontium",
        "succinate", "sulfate", "tannate", "tartrate", "terephthalate", "tosylate", "trihydrate", "tromethamine",
        "valerate", "enacarbil", "modified", "porcine",
    )
)  # fmt: skip
UNIT = r"(?:MG|MCG|G|UNT|MEQ|MMOL|ML|%|ACTUAT|CELLS|IU|[A-Z]{2,}(?:-[A-Z]+)*)(?:/[A-Z0-9]+)?"
PART = re.compile(rf"^(?P<name>.+?) (?P<value>\d+(?:\.\d+)?) (?P<unit>{UNIT})(?P<form> .+)?$")
BEFORE = re.compile(
    r"^(?:(?:NDA\d+|ANDA\d+|Abuse-Deterrent|Sensor|Sugar-Free|Once-Daily|Twice-Daily|Osmotic|Matrix Delivery|"
    r"Breath-Actuated|Pen|Titratable Dose|\d+(?:\.\d+)? ?(?:HR|ML|ACTUAT|MG|Day))\s+)+",
    re.IGNORECASE,
)
MASS = {"MG": "mg", "MCG": "mcg", "G": "g"}
ROUTES = (
    ("intrauterine", "intrauterine"), ("drug implant", "implant"), ("sublingual", "sublingual"), ("buccal", "buccal"),
    ("transdermal", "transdermal"), ("nasal", "nasal"), ("vaginal", "vaginal"), ("ophthalmic", "ophthalmic"),
    ("otic", "otic"), ("rectal", "rectal"), ("suppository", "rectal"), ("inhal", "inhalation"),
    ("inject", "injection"), ("prefilled syringe", "injection"), ("auto-injector", "injection"),
    ("cartridge", "injection"), ("injector", "injection"), ("urethral", "urethral"), ("irrigation", "irrigation"),
    ("topical", "topical"), ("medicated", "topical"), ("oral", "oral"), ("tablet", "oral"), ("capsule", "oral"),
    ("chewing gum", "oral"), ("lozenge", "oral"), ("toothpaste", "topical"), ("mouthwash", "topical"),
    ("mucosal", "oral"), ("suspension", "oral"),
    ("implant", "implant"), ("patch", "transdermal"), ("inhaler", "inhalation"), ("pellet", "oral"),
)  # fmt: skip
# A long-acting injection says so by its ester or by "extended release"; of these medicines every injection is one.
DEPOT_WORDS = re.compile(r"decanoate|palmitate|pamoate|lauroxil|extended release|microspheres|valerate|cypionate")
DEPOT_ALWAYS = frozenset(("paliperidone", "risperidone", "medroxyprogesterone", "naltrexone"))
DEPOT_FROM_MG = {"aripiprazole": Decimal(100), "olanzapine": Decimal(100)}
DEPOT_FORMS = {"buprenorphine": "prefilled syringe", "aripiprazole": "prefilled syringe"}


@dataclass
class Row:
    """One line of the map before it is written."""

    rxcui: str
    tty: str
    name: str
    brand: str = ""
    ingredients: list[str] = field(default_factory=list)
    strengths: list[str] = field(default_factory=list)
    form: str = ""
    printed: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    long_acting: bool = False

    @property
    def route(self) -> str:
        return next((route for words, route in ROUTES if words in self.form), "")

    @property
    def depot(self) -> bool:
        """Is it an injection that lasts for weeks?"""
        if self.route != "injection":
            return False
        if self.long_acting or DEPOT_ALWAYS.intersection(self.ingredients):
            return True
        for one, strength in zip(self.ingredients, self.strengths, strict=False):
            if one in DEPOT_FROM_MG and strength and Decimal(strength.split()[0]) >= DEPOT_FROM_MG[one]:
                return True
        return any(DEPOT_FORMS.get(one, "no") in self.form for one in self.ingredients)

    def cells(self) -> dict[str, str]:
        whole = bool(self.strengths) and all(self.strengths) and len(self.strengths) == len(self.ingredients)
        return {
            "rxcui": self.rxcui, "tty": self.tty, "ingredients": "+".join(self.ingredients),
            "strength": "+".join(self.strengths) if whole else "", "form": self.form, "route": self.route,
            "depot": "true" if self.depot else "", "name": self.name, "brand": self.brand,
            "strength_text": "" if whole else "+".join(self.printed), "others": "|".join(self.others),
        }  # fmt: skip


class Names:
    """Which of our medicines does an ingredient's printed name mean?"""

    def __init__(self, knowledge: Path, tables: Path) -> None:
        self.ids: dict[str, str] = {}
        self.codes: dict[str, tuple[str, str]] = {}
        for path in sorted([*knowledge.glob("meets/*.toml"), *knowledge.glob("medicines/*.toml")]):
            read = tomllib.loads(path.read_text(encoding="utf-8")).get("medicine", [])
            for one in read if isinstance(read, list) else [read]:
                for name in (one["name"], one["id"].replace("-", " "), *one.get("names", [])):
                    self.ids[name.lower()] = one["id"]
                if one["rxcui"]:
                    self.codes[one["rxcui"]] = (one["id"], one["name"])
                for code in one.get("also_rxcui", []):
                    self.codes[code] = (one["id"], "")
        for row in table(tables / "rxnorm_ingredients.tsv"):
            if row["rxcui_in"] in self.codes:
                self.ids.setdefault(row["ingredient"].lower(), self.codes[row["rxcui_in"]][0])
        for row in table(tables / "rxnorm_prescribable_2025-10_B-Z.tsv"):
            if row["tty"] in ("IN", "PIN") and row["rxcui"] in self.codes:
                self.ids.setdefault(row["name"].lower(), self.codes[row["rxcui"]][0])

    def of(self, printed: str) -> str | None:
        """The medicine's id; a salt's words at the end are taken off, nothing else."""
        words = re.sub(r"[(),]", " ", printed.lower()).split()
        if found := self.ids.get(printed.lower()):
            return found
        while words:
            if found := self.ids.get(" ".join(words)):
                return found
            if words[-1] not in SALTS:
                return None
            words.pop()
        return None


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def taken_apart(rxcui: str, tty: str, name: str, names: Names) -> Row | None:
    """A product, pack or list of ingredients; None where nothing in it is ours."""
    row = Row(rxcui, tty, " ".join(name.split()))
    text = row.name
    if found := re.search(r" ?\[([^\]]+)\]$", text):
        row.brand, text = found.group(1), text[: found.start()]
    if text.startswith("{"):
        for inner in re.findall(r"\d+ \(([^{}]*?)\)(?= ?[/}])", text):
            if (one := taken_apart(rxcui, tty, inner, names)) is not None:
                row.ingredients += [each for each in one.ingredients if each not in row.ingredients]
                row.others += [each for each in one.others if each not in row.others]
                row.form = row.form or one.form
        row.printed = [re.sub(r"[{}]", "", text).strip()] if row.ingredients else []
        return row if row.ingredients else None
    _read_parts(row, text, names)
    return row if row.ingredients else None


def _read_parts(row: Row, text: str, names: Names) -> None:
    for part in BEFORE.sub("", text).split(" / "):
        found = PART.match(BEFORE.sub("", part))
        printed, strength, said = BEFORE.sub("", part), "", ""
        if found:
            printed, said = found["name"], f"{found['value']} {found['unit']}"
            strength = f"{found['value']} {MASS[found['unit']]}" if found["unit"] in MASS else ""
            row.form = (found["form"] or row.form).strip().lower()
        one = names.of(printed)
        if one is None:
            row.others.append(printed)
        elif one in row.ingredients:
            at = row.ingredients.index(one)
            both = (row.strengths[at], strength)
            row.strengths[at] = _sum(*both) if all(both) else ""
        else:
            row.ingredients.append(one)
            row.strengths.append(strength)
            row.printed.append(said)
            row.long_acting = row.long_acting or bool(DEPOT_WORDS.search(f"{printed} {row.form}".lower()))


def _sum(one: str, other: str) -> str:
    """Two salts of one medicine in one tablet add up; their units agree in every product seen."""
    (value, unit), (more, same) = one.split(), other.split()
    return f"{(Decimal(value) + Decimal(more)).normalize():f} {unit}" if unit == same else ""


def products(tables: Path, names: Names) -> Iterator[Row]:
    """Every row of the tables that holds one of ours; the prescribable content first."""
    for row in table(tables / "rxnorm_prescribable_2025-10_B-Z.tsv"):
        if row["tty"] in ("SCD", "SBD", "GPCK", "BPCK", "MIN", "IN", "PIN"):
            yield from _one(row["rxcui"], row["tty"], row["name"], names)
    for file in ("rxnorm_products.tsv", "rxnorm_products_psych_women.tsv"):
        for row in table(tables / file):
            if row["tty_guess"] in ("SCD", "SBD", "GPCK", "BPCK"):
                yield from _one(row["rxcui"], row["tty_guess"], row["name"], names)
            elif row["tty_guess"] == "IN_or_other" and " / " in row["name"]:
                yield from _one(row["rxcui"], "MIN", row["name"], names)
    for row in table(tables / "supplement_verified_from_pages.tsv"):
        yield from _one(row["rxcui"], row["tty"], row["name"], names)
    for code, (one, name) in names.codes.items():
        yield Row(code, "IN" if name else "PIN", name or one.replace("-", " "), ingredients=[one])


def _one(rxcui: str, tty: str, name: str, names: Names) -> Iterator[Row]:
    if (row := taken_apart(rxcui, tty, name, names)) is not None:
        if tty == "MIN":
            row.form = ""
        yield row


def seen(files: Iterable[Path]) -> dict[str, str]:
    """Code -> display, of the orders in these files."""
    found: dict[str, str] = {}
    for path in files:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                for coding in json.loads(line).get("medicationCodeableConcept", {}).get("coding", []):
                    if coding.get("code") and coding.get("display"):
                        found.setdefault(coding["code"], coding["display"])
    return found


def odd(code: str, display: str, names: Names, brands: dict[str, Row]) -> Row | None:
    """A code that no table holds, read from its display: "Sertraline 100MG", "Lasix 40mg", "Clonazepam [Klonopin]"."""
    tidy = re.sub(r"(\d)\s*(mg|MG)\b", r"\1 MG", display)
    tidy = re.sub(r"(?<=[a-z])\[", " [", tidy)
    tidy = re.sub(r"(?<=[a-z])/(?=[A-Z])", " / ", tidy)
    row = taken_apart(code, "odd", tidy, names)
    brand = next((one for key, one in brands.items() if re.match(rf"{re.escape(key)}\b", display.lower())), None)
    if row is None and brand is not None:
        row = Row(code, "odd", tidy, brand=brand.brand, ingredients=list(brand.ingredients), form=brand.form)
        if (found := re.search(r"([\d.]+) MG\b(?!/)", tidy)) and len(row.ingredients) == 1:
            row.strengths = [f"{found.group(1)} mg"]
        row.others = list(brand.others)
    if row is not None:
        row.name = display
    return row


def write(path: Path, columns: tuple[str, ...], rows: Iterable[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    asked.add_argument("tables", type=Path, help="the folder with the RxNorm tables")
    asked.add_argument("--seen", type=Path, nargs="*", default=[], help="orders whose codes should be known")
    asked.add_argument("--knowledge", type=Path, default=KNOWLEDGE, help="where medicines/ and meets/ stand")
    asked.add_argument("--out", type=Path, default=KNOWLEDGE / "codes")
    options = asked.parse_args()
    names = Names(options.knowledge, options.tables)
    rows: dict[str, Row] = {}
    for row in products(options.tables, names):
        rows.setdefault(row.rxcui, row)
    brands = {row.brand.lower(): row for row in sorted(rows.values(), key=lambda row: -len(row.brand)) if row.brand}
    for line in csv.DictReader((options.out / "brands.csv").read_text(encoding="utf-8").splitlines()):
        row = Row("", "", line["brand"], line["brand"], line["ingredients"].split("+"), form=line["form"])
        brands.setdefault(line["brand"].lower(), row)
    others: dict[str, str] = {}
    for row_of in table(options.tables / "rxnorm_prescribable_2025-10_B-Z.tsv"):
        if row_of["tty"] == "IN" and row_of["rxcui"] not in rows:
            others[row_of["rxcui"]] = row_of["name"]
    for row_of in table(options.tables / "rxnorm_ingredients.tsv"):
        if row_of["rxcui_in"] and row_of["rxcui_in"] not in rows:
            others.setdefault(row_of["rxcui_in"], row_of["ingredient"])
    for code, display in seen(options.seen).items():
        if code not in rows:
            if (row := odd(code, display, names, brands)) is not None:
                rows[code] = row
            else:
                others.setdefault(code, display)
    options.out.mkdir(exist_ok=True)
    write(options.out / "rxnorm.csv", COLUMNS, (rows[code].cells() for code in sorted(rows, key=int)))
    named = ({"rxcui": code, "name": others[code]} for code in sorted(others, key=int))
    write(options.out / "others.csv", ("rxcui", "name"), named)
    print(f"{len(rows)} products and ingredients, {len(others)} names that are not ours")


if __name__ == "__main__":
    main()
