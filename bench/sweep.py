"""What does asking everyone cost?  `althea sweep` against DuckDB alone on the same files, with the same threads.

DuckDB alone reads every file and makes one list of codes a person: the least a sweep can do, without a rule. Its list is
looked at in the end, or DuckDB would not make it. Both run as processes of their own, in turns, with the files in the
page cache. Memory is that of the whole process tree, as the kernel counts it (resident pages, shared ones counted once
for each process), looked at twenty times a second.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

PADDING = 650
"""Characters of narrative in each resource: about a kilobyte each."""
ALONE = """
import duckdb, sys
base = duckdb.connect()
base.execute(f"SET threads={sys.argv[2]}")
base.execute("SET memory_limit='900MB'")
base.execute("SET preserve_insertion_order=false")
print(base.execute(f'''
    SELECT count(*), sum(len(codes)) FROM (
        SELECT coalesce(json->>'$.subject.reference', 'Patient/' || (json->>'$.id')) AS person,
               list(json->'$.code') AS codes
        FROM read_ndjson_objects('{sys.argv[1]}/*.ndjson') GROUP BY person)
''').fetchone())
"""


def people(count: int, kept: Path) -> Path:
    """A folder with so many made-up women; written once and kept."""
    folder = kept / f"people-{count}"
    if not (folder / "whole").exists():
        print(f"writing {count} made-up women to {folder}", file=sys.stderr)
        words = ["--people", str(count), "--seed", "1", "--padding", str(PADDING), "--out", str(folder)]
        subprocess.run([sys.executable, "-m", "tools.make_people", *words], check=True)
        (folder / "whole").touch()
    return folder


def measure(counts: tuple[int, ...], kept: Path, *, jobs: int, rounds: int = 2) -> dict[str, float]:
    """Ratios and megabytes by number of people, and how memory grows from the fewest to the most."""
    told: dict[str, float] = {}
    peaks: dict[int, float] = {}
    for count in counts:
        folder = people(count, kept)
        alone, ours = [], []
        for _ in range(rounds):
            alone.append(watched([sys.executable, "-c", ALONE, str(folder), str(jobs)])[0])
            with tempfile.TemporaryDirectory(dir=kept) as out:
                words = ["sweep", str(folder), "--out", f"{out}/out", "--as-of", "2026-11-22", "--jobs", str(jobs)]
                seconds, peak = watched([sys.executable, "-m", "althea.cli.main", *words])
            ours.append(seconds)
            peaks[count] = max(peaks.get(count, 0), peak)
        told[f"sweep of {count}, seconds"] = min(ours)
        told[f"sweep of {count}, DuckDB alone, seconds"] = min(alone)
        told[f"sweep of {count} against DuckDB alone"] = min(ours) / min(alone)
        told[f"sweep of {count}, megabytes"] = peaks[count]
    if len(counts) > 1:
        told["sweep, memory of the most against the fewest"] = peaks[max(counts)] / peaks[min(counts)]
    return told


def watched(words: list[str]) -> tuple[float, float]:
    """(seconds, most megabytes of the process and all below it at once)."""
    began = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    most = 0
    ended = threading.Event()

    def watch() -> None:
        nonlocal most
        while not ended.wait(0.05):
            most = max(most, _resident(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    took = time.perf_counter() - began
    ended.set()
    watcher.join()
    said = process.stderr.read().decode() if process.stderr else ""
    if code:
        raise RuntimeError(f"ended with {code}: {' '.join(words)}: {said[-300:]}")
    return took, most / 1e6


def _resident(root: int) -> int:
    """Bytes resident in a process and all its descendants."""
    total, left = 0, [root]
    while left:
        one = left.pop()
        try:
            total += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            for task in Path(f"/proc/{one}/task").iterdir():
                left += [int(child) for child in (task / "children").read_text().split()]
        except OSError:  # it ended while we looked
            continue
    return total
