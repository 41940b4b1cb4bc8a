"""What does Althea say of everyone?  Everybody's lines into buckets, the buckets asked about, one sorted table.

Worker processes do both, a piece of a file or a bucket of people at a time, and write what they found beside each
other; DuckDB sorts it at the end, within its bounds. Nothing depends on the order of files, of lines or of workers.
"""

from __future__ import annotations

import atexit
import gc
import multiprocessing
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

from althea.engine.facts import Known
from althea.engine.index import index_of
from althea.fhir.readings import readings_of
from althea.fhir.record import TOPIC_OF
from althea.knowledge import Knowledge, load
from althea.sweep.ask import Question, ask
from althea.sweep.exports import Export
from althea.sweep.gather import Gathered, Piece, Seen, bucket_count, gather, gathered, pieces
from althea.sweep.medications import Medications
from althea.sweep.tally import Tally, memory


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
Each = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
"""Asks something of each, in any order."""


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
    runs, found, table = work / "runs", work / "found", work / "findings.sorted.parquet"
    runs.mkdir()
    found.mkdir()
    cut, count = pieces(export), bucket_count(export)
    tell("reading", 0, len(cut))
    medications = Medications(work / "medications.sqlite3")
    seen: list[Seen] = []
    tally = Tally()
    workers = min(jobs, count)
    with _workers(workers) as each:
        for one in each(partial(_gather, runs, count, medications), cut):
            seen.append(one)
            tell("reading", len(seen), len(cut))
        read_at = time.perf_counter()
        whole = gathered(cut, seen)
        question = Question(as_of, jurisdiction, _known(export, whole))
        for done, part in enumerate(each(partial(_ask, runs, found, question, medications), range(count)), 1):
            tally.add(part)
            tell("checking", done, count)
    asked_at = time.perf_counter()
    from althea.sweep.results import sort  # here, so that workers start without DuckDB

    sort(found, table, work / "spill")
    own, now = memory()
    tally.peak_mb = max(own, now + workers * tally.peak_mb if workers > 1 else own)
    ended = time.perf_counter()
    seconds = {"read": read_at - began, "check": asked_at - read_at, "sort": ended - asked_at}
    kept = {key: round(value, 2) for key, value in seconds.items()}
    return Swept(table, whole, tally, kept, jobs)


def _known(export: Export, whole: Gathered) -> dict[str, Known]:
    """How far did the export look through each topic?  A file that broke off may have held anything."""
    there = {TOPIC_OF[kind] for kind in export.files if kind in TOPIC_OF}
    part = {TOPIC_OF.get(kind, "medicines") for kind in whole.broken.values() if kind != "Patient"}
    return {
        topic: Known.UNKNOWN if topic not in there else Known.INCOMPLETE if topic in part else Known.KNOWN
        for topic in set(TOPIC_OF.values())
    }


@contextmanager
def _workers(count: int) -> Iterator[Each]:
    """Something done to each of many: here where there is one worker, else in processes of their own.

    Where processes can be split off safely, they are, with the knowledge in them: else each would load it again.
    """
    if count == 1:
        yield map
        return
    splits = sys.platform == "linux" and threading.active_count() == 1
    if splits:
        _knowledge()
    with multiprocessing.get_context("fork" if splits else "spawn").Pool(count) as pool:
        yield pool.imap_unordered


def _gather(runs: Path, count: int, medications: Medications, piece: Piece) -> Seen:
    return gather(piece, runs, count, _knowledge(), medications)


def _ask(runs: Path, found: Path, question: Question, medications: Medications, bucket: int) -> Tally:
    return ask(runs, bucket, found / f"{bucket:06d}.ndjson", question, _knowledge(), medications)


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
