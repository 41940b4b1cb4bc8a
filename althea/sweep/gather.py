"""Whose resources belong together?  DuckDB reads the lines, drops what no rule reads, and sorts people into buckets.

A bucket holds everything of some thousands of people, so that memory does not grow with their number: whoever works on
a bucket has all that is known of each person in it and nothing of anybody else. Narrative and metadata, which nobody
reads, are dropped on the way. Lines that are not JSON objects are kept apart, to be named with file and line.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from althea.fhir.readings import Readings, known_snomed, squashed
from althea.sweep.exports import Export

BUCKET_BYTES = 24_000_000
"""About so much export to a bucket: small enough for memory, large enough that starting one costs nothing."""
MOST_BAD_LINES = 1000
"""Bad lines that are named one by one; all are counted."""
LONGEST_LINE = 2_000_000
"""A longer line is reported as one that cannot be read."""
BAD = 999_999
"""The bucket of what is no resource of its file's type."""
TOPIC_OF = {"MedicationRequest": "medicines", "MedicationStatement": "medicines", "Condition": "conditions",
            "AllergyIntolerance": "allergies", "Observation": "observations"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gathered:
    """Where the buckets are, and what was seen on the way."""

    folder: Path
    buckets: tuple[int, ...]
    lines: dict[str, int]
    """By file."""
    bad: tuple[tuple[str, int, str], ...]
    """(file, line, why), the first of them."""
    bad_count: int
    skipped: dict[str, int]
    """Lines by type of what no rule reads."""


def connect(*, threads: int, memory_mb: int, spill: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB that stays within its bounds."""
    base = duckdb.connect()
    base.execute(f"SET threads={threads}")
    base.execute(f"SET memory_limit='{memory_mb}MB'")
    base.execute("SET temp_directory=$1", [str(spill)])
    base.execute("SET preserve_insertion_order=false")
    return base


def gather(export: Export, readings: Readings, work: Path, *, threads: int) -> Gathered:
    """Sorts an export into buckets under `work`."""
    base = connect(threads=threads, memory_mb=250 + 80 * max(0, threads - 2), spill=work / "spill")
    size = sum(path.stat().st_size * (8 if path.suffix == ".gz" else 1) for path in export.all_read)
    count = max(1, min(512, -(-size // BUCKET_BYTES)))
    base.execute("SET partitioned_write_flush_threshold=4096")
    _vocabulary(base, readings)
    into = work / "buckets"
    into.mkdir(parents=True, exist_ok=True)
    lines: dict[str, int] = {}
    bad: list[tuple[str, int, str]] = []
    bad_count = 0
    for kind, paths in export.files.items():
        for path in paths:
            lines[path.name], spoilt, named = _bucket(base, kind, path, into, count)
            bad_count += spoilt
            bad += named[: MOST_BAD_LINES - len(bad)]
    skipped = {kind: sum(_lines(base, path) for path in paths) for kind, paths in export.skipped.items()}
    base.close()
    found = sorted(int(path.name.partition("=")[2]) for path in into.glob("bucket=*"))
    return Gathered(into, tuple(one for one in found if one != BAD), lines, tuple(bad), bad_count, skipped)


def _bucket(
    base: duckdb.DuckDBPyConnection, kind: str, path: Path, into: Path, count: int
) -> tuple[int, int, list[tuple[str, int, str]]]:
    """One file's lines into the buckets: (lines, bad ones, where the first of those stand)."""
    for name in ("reject_scans", "reject_errors"):
        base.execute(f"DROP TABLE IF EXISTS {name}")
    nobody = "(person IS NULL OR person = '')"
    paths = PATHS_OWN if kind in ("Patient", "Medication") else PATHS
    base.execute(
        f"""
        CREATE OR REPLACE TEMP VIEW lines AS
        SELECT line FROM read_csv('{_sql(path)}', columns={{'line': 'VARCHAR'}}, auto_detect=false, header=false,
            delim='\x1f', quote='', escape='', max_line_size={LONGEST_LINE}, buffer_size={2 * LONGEST_LINE},
            ignore_errors=true, store_rejects=true, encoding='utf-8')
        WHERE line <> ''
        """
    )
    base.execute(
        f"""
        COPY (
            WITH read AS (
                SELECT line, safe, json_extract_string(safe, {paths}) AS x
                FROM (SELECT line, CASE WHEN json_valid(line) THEN line ELSE '{{}}' END AS safe FROM lines)
            ), named AS (
                SELECT line, safe, x, CASE WHEN x[1] = '{kind}' THEN coalesce(x[2], x[3]) END AS reference FROM read
            ), placed AS (
                SELECT line, safe, x, regexp_extract(CASE WHEN contains(reference, '/_history/') THEN
                    split_part(reference, '/_history/', 1) ELSE reference END, '[^/:]+$') AS person FROM named
            )
            SELECT '{kind}' AS kind, coalesce(person, '') AS person,
                   CASE WHEN {nobody} THEN line ELSE json_merge_patch(safe, '{NOBODY_READS}')::VARCHAR END AS line,
                   CASE WHEN {nobody} THEN {BAD} ELSE hash(person) % {count} END AS bucket
            FROM placed WHERE {nobody} OR {_keep(kind)}
        ) TO '{_sql(into)}'
        (FORMAT parquet, PARTITION_BY (bucket), APPEND, COMPRESSION uncompressed, FILENAME_PATTERN '{kind}_{{uuid}}')
        """
    )
    total = _one(base, "SELECT count(*) FROM lines")
    rejected = {int(row[0]) for row in base.execute("SELECT DISTINCT line FROM reject_errors").fetchall()}
    if _ends_of_lines(path) > total + len(rejected):  # DuckDB passes over some lines that are too long without a word
        rejected |= _too_long(path)
    spoilt = into / f"bucket={BAD}"
    texts: list[str] = []
    if spoilt.exists():
        texts = [
            row[0] for row in base.execute(f"SELECT line FROM read_parquet('{_sql(spoilt)}/*.parquet')").fetchall()
        ]
        for one in spoilt.iterdir():
            one.unlink()
        spoilt.rmdir()
    return total + len(rejected), len(texts) + len(rejected), _named(path, texts, sorted(rejected))


NOBODY_READS = '{"text": null, "meta": null, "extension": null}'
PATHS = ["$.resourceType", "$.subject.reference", "$.patient.reference", "$.code", "$.component", "$.code.text",
         "$.code.coding[0].code", "$.code.coding[1]"]  # fmt: skip
PATHS_OWN = ["$.resourceType", "$.id", "$.id"]


def _lines(base: duckdb.DuckDBPyConnection, path: Path) -> int:
    return _one(
        base,
        f"""
        SELECT count(*) FROM read_csv('{_sql(path)}', columns={{'line': 'VARCHAR'}}, auto_detect=false, header=false,
            delim='\x1f', quote='', escape='', max_line_size={LONGEST_LINE}, buffer_size={2 * LONGEST_LINE},
            ignore_errors=true)
        """,
    )


def _one(base: duckdb.DuckDBPyConnection, question: str) -> int:
    row = base.execute(question).fetchone()
    return int(row[0]) if row else 0


def _sql(path: Path) -> str:
    return path.as_posix().replace("'", "''")


def _keep(kind: str) -> str:
    """What may any rule or scale read?  SQL that is true of it, and of what nobody has looked at yet."""
    if kind == "Observation":
        words = "NOT contains(x[4], 'loinc.org') AND named_in_words(coalesce(x[6], ''))"
        slowly = f"(x[4] IS NULL OR named_by_code(x[4]) OR named_by_code(x[5]) OR ({words}))"
        # most lines carry one LOINC code and nothing else that could name them: told without searching their text
        alone = "x[7] IS NOT NULL AND x[8] IS NULL AND x[5] IS NULL AND contains(x[4], 'loinc.org')"
        return f"(CASE WHEN one_of_ours(x[7]) THEN true WHEN {alone} THEN false ELSE {slowly} END)"
    return "NOT only_dull(x[4])" if kind == "Condition" else "true"


def _vocabulary(base: duckdb.DuckDBPyConnection, readings: Readings) -> None:
    """The codes and names that mean something to us, as macros over the JSON text of a `code` or a `component`."""
    names = "|".join(
        sorted("[^a-z0-9]*".join(name) for name in {squashed(one) for one in readings.scales} if len(name) > 2)
    )
    dull = sorted(known_snomed() - set(readings.snomed))
    coded = '"code"\\s*:\\s*"'
    base.execute(
        f"CREATE TEMP MACRO named_by_code(said) AS regexp_matches(said, '{coded}({_any(sorted(readings.by_loinc))})\"')"
    )
    ours = ", ".join("'" + code.replace("'", "''") + "'" for code in sorted(readings.by_loinc))
    base.execute(f"CREATE TEMP MACRO one_of_ours(code) AS (code IN ({ours}))")
    base.execute(
        f"CREATE TEMP MACRO only_dull(said) AS (regexp_matches(said, '{coded}({_any(dull)})\"') "
        f"AND len(regexp_extract_all(said, '{coded}')) = 1)"
    )
    base.execute("CREATE TEMP TABLE words AS SELECT unnest($1::VARCHAR[]) AS word", [sorted(readings.by_text)])
    base.execute(
        "CREATE TEMP MACRO named_in_words(said) AS (said <> '' AND (regexp_matches(lower(said), "
        f"'symptom reported|phenotype|total score|\\bitem\\b|{names}') OR "
        "trim(regexp_replace(lower(said), '[^a-z0-9]+', ' ', 'g')) IN (SELECT word FROM words)))"
    )


def _any(codes: Iterable[str]) -> str:
    return "|".join(re.escape(code) for code in codes) or "nothing"


def _named(path: Path, texts: list[str], rejected: list[int]) -> list[tuple[str, int, str]]:
    """Where do the bad lines stand?  (file, line, why); the file is read once more, because a bad line is rare."""
    found = [(path.name, number, "not UTF-8, or longer than 2 MB") for number in rejected[:MOST_BAD_LINES]]
    left = {text.encode() for text in texts}
    if left:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.rstrip(b"\r\n") in left and len(found) < MOST_BAD_LINES:
                    found.append((path.name, number, _why(line)))
    return sorted(found, key=lambda one: one[1])


def _ends_of_lines(path: Path) -> int:
    """How many lines does the file have?  Counted apart from DuckDB, so that none can go missing unseen."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))


def _too_long(path: Path) -> set[int]:
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
        return {number for number, line in enumerate(lines, 1) if len(line) > LONGEST_LINE}


def _why(line: bytes) -> str:
    if not line.lstrip().startswith(b"{"):
        return "not a JSON object"
    return "not valid JSON" if not line.rstrip().endswith(b"}") else "not a resource of this file's type with a person"
