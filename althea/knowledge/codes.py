"""Which medicines are in this product?  From a RxNorm code, or from the words of an order that has none.

`codes/rxnorm.csv` holds every product, pack, brand, ingredient and salt of the medicines Althea knows, made by
`tools/make_code_map.py`; `codes/others.csv` the names of ingredients that are not ours, so that a look-alike is known
for what it is; `codes/brands.csv` brands that those tables lack or do not tell apart. A product of which some
ingredient is not ours still yields those that are, and names the others.
"""

from __future__ import annotations

import csv
import hashlib
import os
import pickle
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from althea.knowledge import printed
from althea.knowledge.load import ROOT, _cache_folder
from althea.knowledge.quantity import Dose
from althea.knowledge.schema.medicine import Medicine

MADE_OF = ("rxnorm.csv", "brands.csv", "others.csv")
LONGEST_NAME = 8
"""Words: no name in the tables is longer and still told apart by what follows."""


@dataclass(frozen=True, slots=True)
class Product:
    """One thing that can be ordered. A dose of None: not printed, or not a mass (mL, per hour, a pack)."""

    code: str
    name: str
    brand: str = ""
    form: str = ""
    route: str = ""
    depot: bool = False
    parts: tuple[tuple[str, Dose | None], ...] = ()
    others: tuple[str, ...] = ()

    @property
    def medicines(self) -> tuple[str, ...]:
        return tuple(one for one, _ in self.parts)


Row = tuple[str, str, str, str, str, str, str, str]
"""code, name, brand, form, route, depot, parts ("lithium 300 mg+..."), others: text, so that a cache opens quickly."""


class Products(Mapping[str, Product]):
    """Products by key, each made from its row when it is first asked for."""

    __slots__ = ("_made", "_rows")

    def __init__(self, rows: dict[str, Row]) -> None:
        self._rows = rows
        self._made: dict[str, Product] = {}

    def __getitem__(self, key: str) -> Product:
        if key not in self._made:
            self._made[key] = _product(self._rows[key])
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __reduce__(self) -> tuple[type[Products], tuple[dict[str, Row]]]:
        return Products, (self._rows,)


@dataclass(frozen=True, slots=True)
class CodeMap:
    """Every code and every name. `by_name`: medicines, salts and brands, in `plain` words."""

    by_code: Mapping[str, Product]
    by_name: Mapping[str, Product]
    not_ours: Mapping[str, str] = field(default_factory=dict)
    """Plain name -> printed name of ingredients that are not ours."""
    others: Mapping[str, str] = field(default_factory=dict)
    """Code -> name of ingredients and products that are not ours."""
    made: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """Medicine -> (strength, form) of its tablets and capsules."""
    brands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Plain brand -> codes of its products."""
    only_depot: frozenset[str] = frozenset()
    """Medicines of which every injection is long-acting."""

    def strengths(self, medicine: str, form: str = "") -> tuple[tuple[Dose, str], ...]:
        """Which tablets and capsules exist, smallest first?  `form`: words that the dose form must hold."""
        found = ((Dose.parse(dose), made_as) for dose, made_as in self.made.get(medicine, ()) if form in made_as)
        return tuple(sorted(found, key=lambda one: (one[0].mg, one[1])))

    def text(self, name: str) -> Product | None:
        """What does an order's text say?  None where no name of ours stands in it as a whole word.

        Reads names and brands, a strength and words of form as far as they are printed. Two look-alike names are never
        taken for each other: only whole words count, and the longest name that fits wins.
        """
        found, others = self._found(_words(name))
        if not found:
            return None
        lower = name.lower()
        merged: dict[str, None] = {}
        for one in found:
            merged.update(dict.fromkeys(one.medicines))
        said = printed.form(lower)
        known = found[0] if len(found) == 1 else None
        form = said or (known.form if known else "")
        route = printed.route(lower) or next((one.route for one in found if one.route), "") or printed.route_of(form)
        return Product(
            code="",
            name=name,
            brand=next((one.brand for one in found if one.brand), ""),
            form=form,
            route=route,
            depot=bool(printed.DEPOT.search(lower))
            or bool(known and known.depot)
            or (route == "injection" and not self.only_depot.isdisjoint(merged)),
            parts=self._dosed(tuple(merged), known, lower),
            others=tuple(dict.fromkeys([*(each for one in found for each in one.others), *others])),
        )

    def _found(self, words: list[str]) -> tuple[list[Product], list[str]]:
        """Names read from left to right, the longest first; a name that is not ours uses up its words too."""
        ours: list[Product] = []
        others: list[str] = []
        at = 0
        while at < len(words):
            for end in range(min(len(words), at + LONGEST_NAME), at, -1):
                key = " ".join(words[at:end])
                if key in self.by_name:
                    ours.append(self.by_name[key])
                elif key in self.not_ours:
                    others.append(self.not_ours[key])
                else:
                    continue
                at = end
                break
            else:
                at += 1
        return ours, others

    def _dosed(
        self, medicines: tuple[str, ...], known: Product | None, lower: str
    ) -> tuple[tuple[str, Dose | None], ...]:
        """Each medicine with its strength, where the text prints as many masses as there are medicines."""
        doses = printed.doses(lower)
        if len(medicines) == 1:
            return ((medicines[0], doses[0] if len(set(doses)) == 1 else None),)
        if len(doses) != len(medicines):
            return tuple((one, None) for one in medicines)
        if known is not None and known.brand:
            for code in self.brands.get(plain(known.brand), ()):
                parts = self.by_code[code].parts
                made_of = sorted(dose.mg for _, dose in parts if dose is not None)
                if made_of == sorted(dose.mg for dose in doses):
                    return parts
            return tuple((one, None) for one in medicines)
        return tuple(zip(medicines, doses, strict=True))


def code_map(medicines: Mapping[str, Medicine], root: Path = ROOT, *, cache: Path | None = None) -> CodeMap:
    """The map of a knowledge's medicines, from a cache where nothing has changed since it was made."""
    folder = root / "codes"
    seen = hashlib.sha256(
        repr(sorted((key, one.rxcui, one.also_rxcui, one.name, one.names) for key, one in medicines.items())).encode()
    )
    for path in [*(folder / name for name in MADE_OF), Path(__file__), ROOT / "quantity.py"]:
        seen.update(path.read_bytes())
    kept = (cache or _cache_folder()) / f"codes-{seen.hexdigest()[:16]}.pickle"
    try:
        return _opened(pickle.loads(kept.read_bytes()))
    except (OSError, pickle.PickleError, EOFError, AttributeError, ImportError, TypeError, ValueError):
        pass
    made = _read(folder, medicines)
    _keep(kept, made)
    return _opened(made)


def plain(name: str) -> str:
    """A name as it is looked up: lower case, words and digits only. "St. John's wort" -> "st johns wort"."""
    return " ".join(_words(name))


def _words(text: str) -> list[str]:
    return re.sub(r"[^a-z0-9]+", " ", text.lower().replace("'", "").replace("’", "")).split()


Made = tuple[
    dict[str, Row],
    dict[str, Row],
    dict[str, str],
    dict[str, str],
    dict[str, tuple[tuple[str, str], ...]],
    dict[str, tuple[str, ...]],
    frozenset[str],
]


def _opened(made: Made) -> CodeMap:
    by_code, by_name, not_ours, others, strengths, brands, only_depot = made
    return CodeMap(Products(by_code), Products(by_name), not_ours, others, strengths, brands, only_depot)


def _read(folder: Path, medicines: Mapping[str, Medicine]) -> Made:
    by_code: dict[str, Row] = {}
    by_name: dict[str, Row] = {}
    made: dict[str, dict[tuple[str, str], None]] = defaultdict(dict)
    branded: dict[str, list[Row]] = defaultdict(list)
    injected: dict[str, set[str]] = defaultdict(set)
    with (folder / "rxnorm.csv").open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            ids = [one for one in line["ingredients"].split("+") if one in medicines]
            if not ids:
                continue
            row = _row(line, medicines)
            by_code[line["rxcui"]] = row
            if line["brand"]:
                branded[_family(line["brand"])].append(row)
                if _family(line["brand"]) != plain(line["brand"]):
                    branded[plain(line["brand"])].append(row)
            alone = line["tty"] in ("SCD", "SBD") and len(ids) == 1 and not line["others"] and line["strength"]
            if alone and line["route"] == "oral" and re.search(r"tablet|capsule", line["form"]):
                made[ids[0]][line["strength"], line["form"]] = None
            if line["route"] == "injection" and len(ids) == 1:
                injected[ids[0]].add(line["depot"])
            if line["tty"] == "PIN":
                by_name.setdefault(plain(line["name"]), row)
    for key, rows in branded.items():
        by_name.setdefault(key, _brand(rows))
    with (folder / "brands.csv").open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            ids = [one for one in line["ingredients"].split("+") if one in medicines]
            if ids:
                by_name[plain(line["brand"])] = (
                    "", line["brand"], line["brand"], line["form"], line["route"], line["depot"], "+".join(ids), ""
                )  # fmt: skip
    for one in medicines.values():
        own: Row = (one.rxcui, one.name, "", "", "", "", one.id, "")
        for code in (one.rxcui, *one.also_rxcui):
            if code and code not in by_code:
                by_code[code] = (code, *own[1:])
        for name in (one.name, one.id.replace("-", " "), *one.names):
            by_name[plain(name)] = own
    not_ours: dict[str, str] = {}
    others: dict[str, str] = {}
    with (folder / "others.csv").open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            others[line["rxcui"]] = line["name"]
            if plain(line["name"]) not in by_name:
                not_ours.setdefault(plain(line["name"]), line["name"])
    return (
        by_code,
        {key: row for key, row in by_name.items() if len(key) > 1},
        not_ours,
        others,
        {key: tuple(found) for key, found in made.items()},
        {key: tuple(row[0] for row in rows) for key, rows in branded.items()},
        frozenset(key for key, flags in injected.items() if flags == {"true"}),
    )


def _row(line: dict[str, str], medicines: Mapping[str, Medicine]) -> Row:
    """A line of the table as a row; an ingredient that is no longer ours becomes one of the others."""
    ids = line["ingredients"].split("+")
    doses = line["strength"].split("+") if line["strength"] else [""] * len(ids)
    parts = "+".join(f"{one} {dose}".strip() for one, dose in zip(ids, doses, strict=True) if one in medicines)
    others = [*(line["others"].split("|") if line["others"] else []), *(one for one in ids if one not in medicines)]
    return (
        line["rxcui"],
        line["name"],
        line["brand"],
        line["form"],
        line["route"],
        line["depot"],
        parts,
        "|".join(others),
    )


def _family(brand: str) -> str:
    """A brand without what names only its pack or release: "Yaz 28 Day" -> "yaz", "Effexor XR" stays."""
    return re.sub(r"( (28|21|24|84|91|365)( day)?( pack)?)$", "", plain(brand))


def _brand(rows: list[Row]) -> Row:
    """What all products of a brand share. Where their ingredients differ, the commonest set."""
    sets = Counter(tuple(part.split(" ")[0] for part in row[6].split("+")) for row in rows)
    ids = min(sets, key=lambda one: (-sets[one], one))
    same = [row for row in rows if tuple(part.split(" ")[0] for part in row[6].split("+")) == ids]

    def shared(column: int) -> str:
        found = {row[column] for row in same}
        return found.pop() if len(found) == 1 else ""

    name = min((row[2] for row in same), key=len)
    return ("", name, name, shared(3), shared(4), shared(5), "+".join(ids), shared(7))


def _product(row: Row) -> Product:
    code, name, brand, form, route, depot, parts, others = row
    split = (part.partition(" ") for part in parts.split("+"))
    return Product(
        code=code,
        name=name,
        brand=brand,
        form=form,
        route=route,
        depot=depot == "true",
        parts=tuple((one, Dose.parse(dose) if dose else None) for one, _, dose in split),
        others=tuple(others.split("|")) if others else (),
    )


def _keep(path: Path, made: Made) -> None:
    """Beside and then renamed, readable by its owner only. A folder that cannot be written costs only time."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = path.with_suffix(f".{os.getpid()}")
        beside.touch(mode=0o600)
        beside.write_bytes(pickle.dumps(made, protocol=5))
        beside.rename(path)
        for old in path.parent.glob("codes-*.pickle"):
            if old != path and old.stat().st_mtime < path.stat().st_mtime - 7 * 86400:
                old.unlink()
    except OSError:
        pass


__all__ = ["CodeMap", "Product", "Products", "code_map", "plain"]
