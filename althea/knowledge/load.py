"""What does Althea know?  Reads every record, holds it against its shape, and hands over one frozen `Knowledge`.

An error names the file, the line and the key, and says what to write instead:
`medicines/lithium.toml:41: rule[2].every_days: 0 is not ...`.
Reading with its checks takes seconds, so the result is kept in a cache whose key is a digest of every file and of the
shapes themselves; a change of one byte reads anew.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from althea.knowledge.schema.choice import Choice, Option
from althea.knowledge.schema.evidence import Level, Mark, Source
from althea.knowledge.schema.leaflet import Leaflet
from althea.knowledge.schema.medicine import (
    AdequateTrial,
    Dosing,
    Fact,
    Medicine,
    MedicineClass,
    Taper,
)
from althea.knowledge.schema.rule import KINDS, Rule
from althea.knowledge.schema.scale import Scale
from althea.knowledge.schema.vocabulary import (
    ConditionGroup,
    ContraceptiveMethod,
    LifeStageRecord,
    Measure,
    Number,
    Phenotype,
    Stamp,
    SymptomGroup,
)

ROOT = Path(__file__).parent
FOLDERS = (
    *("medicines", "meets", "classes", "conditions", "measures", "scales"),
    *("life_stages", "choices", "leaflets", "sources"),
)
RECORDS: dict[str, type] = {
    "medicine": Medicine,
    "class": MedicineClass,
    "dosing": Dosing,
    "adequate_trial": AdequateTrial,
    "taper": Taper,
    "fact": Fact,
    "source": Source,
    "condition": ConditionGroup,
    "symptom": SymptomGroup,
    "measure": Measure,
    "method": ContraceptiveMethod,
    "stage": LifeStageRecord,
    "number": Number,
    "phenotype": Phenotype,
    "scale": Scale,
    "option": Option,
    "choice": Choice,
    "leaflet": Leaflet,
}


TWICE = {
    "medicine": "If both are the same medicine, keep the one in medicines/ and take the other out.",
    "source": "If both are the same document, cite the one that is there; else give this one another id.",
}
"""What to do about a record that stands twice, where another id would be the wrong answer."""


class NotKnowledge(ValueError):
    """A record that cannot be read: its words name the file, the line, the key and the mend."""


@dataclass(frozen=True, slots=True)
class Monograph:
    """Everything a file in `medicines/` says of one medicine besides its rules."""

    medicine: Medicine
    dosing: tuple[Dosing, ...] = ()
    adequate_trial: tuple[AdequateTrial, ...] = ()
    taper: tuple[Taper, ...] = ()
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All records, by id. `classes` are expanded to what is in them; `places`: where each stands."""

    stamp: Stamp
    medicines: dict[str, Medicine] = field(default_factory=dict)
    monographs: dict[str, Monograph] = field(default_factory=dict)
    classes: dict[str, frozenset[str]] = field(default_factory=dict)
    class_records: dict[str, MedicineClass] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    conditions: dict[str, ConditionGroup] = field(default_factory=dict)
    symptoms: dict[str, SymptomGroup] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    methods: dict[str, ContraceptiveMethod] = field(default_factory=dict)
    stages: dict[str, LifeStageRecord] = field(default_factory=dict)
    numbers: dict[str, Number] = field(default_factory=dict)
    phenotypes: dict[str, Phenotype] = field(default_factory=dict)
    scales: dict[str, Scale] = field(default_factory=dict)
    options: dict[str, Option] = field(default_factory=dict)
    choices: dict[str, Choice] = field(default_factory=dict)
    leaflets: dict[str, Leaflet] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    def name_of(self, thing: str) -> str:
        """What is this medicine, class or method called?"""
        for book in (self.medicines, self.methods, self.class_records):
            if thing in book:
                return str(book[thing].name)
        return thing.replace("-", " ")

    def members(self, things: tuple[str, ...]) -> frozenset[str]:
        """Which medicines and methods do these names of medicines and classes cover?"""
        return frozenset().union(*(self.classes.get(thing, frozenset((thing,))) for thing in things))


def load(root: Path = ROOT, *, cache: Path | None = None) -> Knowledge:
    """The knowledge in a folder. Raises NotKnowledge at the first record that cannot be read."""
    digest = _digest(root)
    kept = (cache or _cache_folder()) / f"knowledge-{digest}.pickle"
    try:
        found = pickle.loads(kept.read_bytes())
        if isinstance(found, Knowledge):
            return found
    except (OSError, pickle.PickleError, EOFError, AttributeError, ImportError):
        pass
    knowledge = read(root, digest)
    _keep(kept, knowledge)
    return knowledge


def read(root: Path, digest: str) -> Knowledge:
    """Reads every file anew, without a cache."""
    books: dict[str, dict[str, Any]] = {kind: {} for kind in RECORDS}
    monographs: dict[str, dict[str, Any]] = {}
    rules: dict[str, Rule] = {}
    places: dict[str, str] = {}
    for path in files(root):
        own: str | None = None
        for kind, place, record in records_of(path, root):
            if kind == "medicine" and path.parent.name == "medicines":
                own = record.id
                monographs[own] = {"medicine": record, "dosing": [], "adequate_trial": [], "taper": [], "fact": []}
            if isinstance(record, Rule):
                _claim_id(rules, record.id, place, places, "rule")
                rules[record.id] = _settled(record, own)
            elif kind in ("dosing", "adequate_trial", "taper", "fact"):
                if own is None:
                    raise NotKnowledge(f"{place}: [[{kind}]] belongs in a file of medicines/, after its [medicine].")
                monographs[own][kind].append(record)
            else:
                key = record.gene if kind == "phenotype" else record.id
                _claim_id(books[kind], key, place, places, kind)
                books[kind][key] = record
    return Knowledge(
        stamp=Stamp(dated=_dated(root), digest=digest[:6]),
        medicines=books["medicine"],
        monographs={
            key: Monograph(
                medicine=one["medicine"],
                dosing=tuple(one["dosing"]),
                adequate_trial=tuple(one["adequate_trial"]),
                taper=tuple(one["taper"]),
                facts=tuple(one["fact"]),
            )
            for key, one in monographs.items()
        },
        classes=_expanded(books["class"]),
        class_records=books["class"],
        rules=rules,
        conditions=books["condition"],
        symptoms=books["symptom"],
        measures=books["measure"],
        methods=books["method"],
        stages=books["stage"],
        numbers=books["number"],
        phenotypes=books["phenotype"],
        scales=books["scale"],
        options=books["option"],
        choices=books["choice"],
        leaflets=books["leaflet"],
        sources=books["source"],
        places=places,
    )


def files(root: Path) -> list[Path]:
    """Every file of records, in a fixed order."""
    return sorted(path for folder in FOLDERS for path in (root / folder).glob("*.toml"))


def records_of(path: Path, root: Path) -> Iterator[tuple[str, str, Any]]:
    """(kind, "file:line", record) for each record of a file; [medicine] first. Raises NotKnowledge."""
    from pydantic import TypeAdapter, ValidationError

    name = path.relative_to(root).as_posix()
    text = path.read_text(encoding="utf-8")
    try:
        tables = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise NotKnowledge(f"{name}: {error}") from None
    lines = text.splitlines()
    for kind in sorted(tables, key=lambda key: (key != "medicine", key)):
        entries = tables[kind] if isinstance(tables[kind], list) else [tables[kind]]
        if kind not in RECORDS and kind != "rule":
            raise NotKnowledge(
                f"{name}: {kind!r} is not a kind of record. Use one of: {', '.join([*RECORDS, 'rule'])}."
            )
        for number, entry in enumerate(entries):
            place = f"{name}:{_line(lines, kind, number, '')}"
            if not isinstance(entry, dict):
                raise NotKnowledge(f"{place}: {kind} is not a table. Write [[{kind}]] above its keys.")
            shape = RECORDS.get(kind)
            if kind == "rule":
                entry = dict(entry)
                asked = entry.pop("kind", None)
                shape = KINDS.get(asked) if isinstance(asked, str) else None
                if shape is None:
                    raise NotKnowledge(
                        f"{place}: rule[{number}].kind: {asked!r} is no kind of rule. Use one of: {', '.join(KINDS)}."
                    )
                entry = {("except_" if key == "except" else key): value for key, value in entry.items()}
            try:
                yield kind, place, _adapter(TypeAdapter, shape).validate_python(entry)
            except ValidationError as error:
                first = error.errors(include_url=False)[0]
                keys = [part for part in first["loc"] if isinstance(part, str)]
                line = _line(lines, kind, number, keys[0] if keys else "")
                path_of = "".join(f".{part}" if isinstance(part, str) else f"[{part}]" for part in first["loc"])
                raise NotKnowledge(f"{name}:{line}: {kind}[{number}]{path_of}: {_mend(first)}") from None


_adapters: dict[type, Any] = {}


def _adapter(make: Any, shape: Any) -> Any:
    if shape not in _adapters:
        _adapters[shape] = make(shape)
    return _adapters[shape]


def _mend(error: Any) -> str:
    """pydantic's words, made into a sentence that says what to do."""
    if error["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
        return "this key is not known. Take it out, or look for its right name in knowledge/schema/."
    if error["type"] in ("missing", "missing_argument", "missing_keyword_only_argument"):
        return "this key is missing. Add it."
    return f"{error['msg']} (it says {error['input']!r})."


def _line(lines: list[str], kind: str, number: int, key: str) -> int:
    """The line of a key in the number-th table of a kind; of the table itself when the key is not there."""
    heads = [at for at, line in enumerate(lines, 1) if re.match(rf"\s*\[\[?{re.escape(kind)}\]\]?\s*(#.*)?$", line)]
    if number >= len(heads):
        return 1
    start = heads[number]
    for at in range(start, len(lines)):
        if re.match(r"\s*\[", lines[at]) and not re.match(rf"\s*\[\[?{re.escape(kind)}\.", lines[at]):
            break
        if key and re.match(rf"\s*(\[?{re.escape(kind)}\.)?{re.escape(key.rstrip('_'))}\b", lines[at]):
            return at + 1
    return start


def _claim_id(book: dict[str, Any], key: str, place: str, places: dict[str, str], kind: str) -> None:
    if key in book:
        mend = TWICE.get(kind, "Give this one another id.")
        raise NotKnowledge(f"{place}: {kind} {key!r} stands twice; first at {places[f'{kind}:{key}']}. {mend}")
    if not re.fullmatch(r"[A-Za-z0-9*:.]+(-[A-Za-z0-9*:.]+)*", key):
        raise NotKnowledge(f"{place}: {kind} id {key!r} is not kebab-case. Use letters, digits and single hyphens.")
    places[f"{kind}:{key}"] = place


def _settled(rule: Rule, own: str | None) -> Rule:
    """A rule of a medicine's own file is of that medicine; an unverified one informs and never warns."""
    if own is not None and not rule.of:
        rule = replace(rule, of=(own,))
    if rule.mark is Mark.UNVERIFIED and rule.level is not Level.INFO:
        rule = replace(rule, level=Level.INFO)
    return rule


def _expanded(classes: dict[str, MedicineClass]) -> dict[str, frozenset[str]]:
    """Class id -> the medicines and methods in it, classes within classes resolved."""

    def members(key: str, above: tuple[str, ...]) -> frozenset[str]:
        if key in above:
            raise NotKnowledge(f"classes go round in a ring: {' -> '.join((*above, key))}. Take one out.")
        if key not in classes:
            return frozenset((key,))
        return frozenset().union(*(members(one, (*above, key)) for one in classes[key].members))

    return {key: members(key, ()) for key in classes}


def _dated(root: Path) -> str:
    """The month of the newest entry in the knowledge's own changelog: "2026.11"."""
    found = re.search(r"^## (\d{4}\.\d{2})", (root / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    if not found:
        raise NotKnowledge("CHANGELOG.md: no heading such as '## 2026.11'. Add one.")
    return found.group(1)


def _digest(root: Path) -> str:
    """Of every record and of the shapes they are held against."""
    seen = hashlib.sha256()
    shapes = sorted((ROOT / "schema").glob("*.py"))
    for path in [*files(root), root / "CHANGELOG.md", *shapes, Path(__file__), ROOT / "quantity.py"]:
        seen.update(path.name.encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()[:16]


def _cache_folder() -> Path:
    return Path(os.environ.get("ALTHEA_CACHE") or os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "althea"


def _keep(path: Path, knowledge: Knowledge) -> None:
    """Beside and then renamed, readable by its owner only. A folder that cannot be written costs only time."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = path.with_suffix(f".{os.getpid()}")
        beside.touch(mode=0o600)
        beside.write_bytes(pickle.dumps(knowledge, protocol=5))
        beside.rename(path)
        for old in path.parent.glob("knowledge-*.pickle"):
            if old != path and old.stat().st_mtime < path.stat().st_mtime - 7 * 86400:
                old.unlink()
    except OSError:
        pass
