"""What does Althea say of everyone?  Buckets of people, answered in worker processes, gathered into one sorted table.

The engine answers person by person, the same as for one woman at a counter, so a sweep and a card cannot disagree. Each
worker writes what it found beside the others; DuckDB sorts it at the end, within its bounds. Nothing depends on the
order of files, of lines or of workers.
"""

from __future__ import annotations

import atexit
import gc
import json
import multiprocessing
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from althea.engine import stage as life
from althea.engine.facts import Facts, Known
from althea.engine.finding import Review
from althea.engine.index import index_of
from althea.engine.review import review
from althea.fhir.read import age_of, read, why_not_checked
from althea.fhir.readings import readings_of
from althea.fhir.record import Record
from althea.knowledge import Knowledge, load
from althea.knowledge.schema.evidence import Level
from althea.sweep.exports import Export
from althea.sweep.gather import TOPIC_OF, Gathered, connect, gather

COLUMNS = ("patient_id", "rule", "level", "title", "because", "first_fact_on", "source", "knowledge")
EXTRA = ("stage", "age", "woman")
"""Columns for the report only; they are not in the files."""
ORPHAN = "no Patient resource in the export"


@dataclass(slots=True)
class Waited:
    """How many people, and which rules, waited for one missing thing; the loudest those rules could be."""

    people: int = 0
    could_be: Level = Level.INFO
    rules: set[str] = field(default_factory=set)

    def add(self, other: Waited) -> None:
        self.people += other.people
        self.could_be = max(self.could_be, other.could_be)
        self.rules |= other.rules


@dataclass(slots=True)
class Tally:
    """What was counted; tallies of workers add up."""

    patients: int = 0
    adults: int = 0
    women: int = 0
    orphans: int = 0
    not_checked: Counter[str] = field(default_factory=Counter)
    waited: dict[str, Waited] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    peak_mb: int = 0

    def add(self, other: Tally) -> None:
        self.patients += other.patients
        self.adults += other.adults
        self.women += other.women
        self.orphans += other.orphans
        self.not_checked.update(other.not_checked)
        self.errors.update(other.errors)
        self.unread.update(other.unread)
        for missing, one in other.waited.items():
            self.waited.setdefault(missing, Waited()).add(one)
        self.peak_mb = max(self.peak_mb, other.peak_mb)


@dataclass(frozen=True, slots=True)
class Swept:
    """Where the sorted table is, and what was counted."""

    table: Path
    gathered: Gathered
    tally: Tally
    seconds: dict[str, float]
    jobs: int


Tell = Callable[[str, int, int], None]
"""tell(stage, done, of): how far is it?"""


def sweep(
    export: Export,
    work: Path,
    *,
    as_of: date,
    jobs: int,
    jurisdiction: str = "US",
    tell: Tell = lambda *_: None,
) -> Swept:
    """Asks about everybody in an export. `work` is a folder of its own, empty and on the disk of the result."""
    began = time.perf_counter()
    readings = readings_of(_knowledge())
    tell("reading", 0, len(export.all_read))
    gathered = gather(export, readings, work, threads=jobs)
    read_at = time.perf_counter()
    into = work / "found"
    into.mkdir()
    known = dict.fromkeys(set(TOPIC_OF.values()), Known.UNKNOWN.name)
    for kind in export.files:
        if kind in TOPIC_OF:
            known[TOPIC_OF[kind]] = Known.KNOWN.name
    tasks = [
        (str(gathered.folder / f"bucket={bucket}"), str(into / f"{bucket:06d}.ndjson"), as_of, jurisdiction, known)
        for bucket in gathered.buckets
    ]
    tally = Tally()
    for done, part in enumerate(_answers(tasks, jobs), 1):
        tally.add(part)
        tell("checking", done, len(tasks))
    asked_at = time.perf_counter()
    table = work / "findings.sorted.parquet"
    _sort(into, table, work)
    own, now = _memory()
    tally.peak_mb = max(own, now + min(jobs, len(tasks)) * tally.peak_mb if jobs > 1 else own)
    ended = time.perf_counter()
    seconds = {"read": read_at - began, "check": asked_at - read_at, "sort": ended - asked_at}
    return Swept(table, gathered, tally, {key: round(value, 2) for key, value in seconds.items()}, jobs)


def _answers(tasks: list[Any], jobs: int) -> Iterator[Tally]:
    if jobs == 1 or len(tasks) == 1:
        yield from map(_bucket, tasks)
        return
    with multiprocessing.get_context("spawn").Pool(min(jobs, len(tasks))) as pool:
        yield from pool.imap_unordered(_bucket, tasks)


@cache
def _knowledge() -> Knowledge:
    """Once for each process, not for each bucket; and what stays is not looked through for rubbish again."""
    knowledge = load()
    readings_of(knowledge)
    index_of(knowledge)
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    atexit.register(gc.unfreeze)  # DuckDB's binding complains at the end of what was never freed
    return knowledge


def _bucket(task: tuple[str, str, date, str, dict[str, str]]) -> Tally:
    """One bucket of people: their findings to a file, the counts back."""
    folder, into, as_of, jurisdiction, known_names = task
    knowledge = _knowledge()
    known = {topic: Known[name] for topic, name in known_names.items()}
    tally = Tally()
    base = connect(threads=1, memory_mb=160, spill=Path(folder))
    rows = base.execute(
        f"""
        SELECT person, list(kind ORDER BY kind, line), list(line ORDER BY kind, line)
        FROM read_parquet('{folder.replace("'", "''")}/*.parquet', hive_partitioning=false)
        GROUP BY person ORDER BY person
        """
    )
    with Path(into).open("w", encoding="utf-8") as out:
        while people := rows.fetchmany(256):
            for person, kinds, lines in people:
                for found in _person(person, kinds, lines, as_of, jurisdiction, known, knowledge, tally):
                    out.write(json.dumps(found, ensure_ascii=False) + "\n")
    base.close()
    tally.peak_mb = _memory()[0]
    return tally


def _person(
    person: str, kinds: list[str], lines: list[str], as_of: date, jurisdiction: str, known: dict[str, Known],
    knowledge: Knowledge, tally: Tally,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Everything Althea says of one person, as rows."""
    record = _record(person, kinds, lines, known, tally)
    if record is None:
        return
    tally.patients += 1
    why = why_not_checked(record.patient, as_of)
    if why:
        tally.not_checked[why] += 1
        return
    tally.adults += 1
    woman = record.patient.get("gender") != "male"
    tally.women += woman
    try:
        facts = read(record, as_of, knowledge)
        answer = review(facts, None, knowledge, jurisdiction=jurisdiction)
    except Exception as error:  # one person who cannot be read is counted, and the others are still checked
        tally.errors[type(error).__name__] += 1
        return
    _count(answer, tally)
    if not answer.findings:
        return
    stage, age = _stage(facts, knowledge), age_of(record.patient, as_of)
    for one in answer.findings:
        dated = [fact.on for fact in one.because if fact.on is not None]
        yield {
            "patient_id": person, "rule": one.rule, "level": one.level.word, "title": one.title,
            "because": "; ".join(f"{fact.what} ({fact.on})" if fact.on else fact.what for fact in one.because),
            "first_fact_on": min(dated).isoformat() if dated else "", "source": " ".join(one.sources),
            "knowledge": one.knowledge,
            "stage": stage, "age": age, "woman": woman,
        }  # fmt: skip


def _record(person: str, kinds: list[str], lines: list[str], known: dict[str, Known], tally: Tally) -> Record | None:
    """Her resources by topic. None where there is no Patient among them."""
    patient: Any = None
    record = Record({}, frozenset((person,)), known=known)
    for kind, line in zip(kinds, lines, strict=True):
        try:
            body = json.loads(line)
        except (ValueError, RecursionError):
            tally.errors["a line that cannot be read"] += 1
            continue
        if kind == "Patient":
            patient = body
        elif kind == "Medication":
            continue
        else:
            record.rows[TOPIC_OF[kind]].append((body, (f"{kind}.ndjson", -1)))
    if patient is None:
        tally.orphans += 1
        tally.not_checked[ORPHAN] += 1
        return None
    record.patient = patient
    return record


def _count(answer: Review, tally: Tally) -> None:
    """What waited for what, and what could not be read: in general, so that it can be counted."""
    hers: dict[str, Waited] = {}
    for one in answer.not_checked:
        if one.error:
            tally.errors[f"{one.rule}: {one.error}"] += 1
        for missing in one.missing:
            hers.setdefault(_in_general(missing), Waited(1)).add(Waited(0, one.could_be, {one.rule}))
    for missing, waited in hers.items():
        tally.waited.setdefault(missing, Waited()).add(waited)
    for note in set(answer.notes):
        if note.endswith("not checked."):
            tally.unread["medicines that are not in Althea's knowledge"] += 1
        else:
            tally.unread[_in_general(note)] += 1


NUMBERS = re.compile(r"\d[\d.,:/-]*")
QUOTED = re.compile(r"“[^”]*”")


def _in_general(words: str) -> str:
    """A reason without her numbers and words, so that reasons can be counted."""
    return NUMBERS.sub("n", QUOTED.sub("“…”", words))


def _stage(facts: Facts, knowledge: Knowledge) -> str:
    """The column of the report she stands in."""
    if not facts.stage.applies:
        return "after" if facts.stage.menopause == "post" else "does not apply"
    status, _ = life.pregnancy_now(facts, knowledge)
    days = life.postpartum_days(facts)
    if status == "pregnant":
        return "pregnant"
    if days is not None and days <= 365:
        return "postpartum"
    if facts.stage.menopause == "post":
        return "after"
    if facts.stage.planning:
        return "trying"
    if facts.stage.menopause == "peri":
        return "perimenopause"
    return "cycle" if status == "not" else "not known"


def _sort(into: Path, table: Path, work: Path) -> None:
    """All findings in one table: critical first, then by person, rule and title."""
    base = connect(threads=1, memory_mb=300, spill=work / "spill")
    types = ", ".join(
        f"{name}: '{'BIGINT' if name == 'age' else 'BOOLEAN' if name == 'woman' else 'VARCHAR'}'"
        for name in (*COLUMNS, *EXTRA)
    )
    source = f"read_ndjson('{into.as_posix().replace(chr(39), chr(39) * 2)}/*.ndjson', columns={{{types}}})"
    base.execute("SET preserve_insertion_order=true")
    base.execute(
        f"""
        COPY (SELECT {", ".join((*COLUMNS, *EXTRA))} FROM {source}
              ORDER BY CASE level WHEN 'critical' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, patient_id, rule, title,
                       because)
        TO '{table.as_posix().replace(chr(39), chr(39) * 2)}' (FORMAT parquet)
        """
    )
    base.close()


def _memory() -> tuple[int, int]:
    """(the most megabytes of memory this process took, what it takes now).

    Linux hands a new process the high-water mark of the one that started it (`ru_maxrss`), so a worker would seem as
    large as this process was while it read; `/proc` counts from the worker's own beginning.
    """
    try:
        told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":" in line)
        return int(told["VmHWM"].split()[0]) // 1024, int(told["VmRSS"].split()[0]) // 1024
    except (OSError, KeyError):
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 * 1024 if sys.platform == "darwin" else 1024)
        return most, most
