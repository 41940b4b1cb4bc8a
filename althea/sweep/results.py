"""What goes into the files and the report?  All findings are sorted into one table; the rest is asked of that table.

The only place that knows DuckDB, which sorts more than memory holds and keeps within the bounds it is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from althea.sweep.ask import COLUMNS, EXTRA

LOUD = "woman AND level <> 'info'"
MEMORY_MB = 300
ROWS_AT_ONCE = 5000
"""Rows of the table that are held until they are written: few, so that memory does not grow with the findings."""


def sort(found: Path, table: Path, spill: Path) -> None:
    """All findings in one table: critical first, then by person, rule and title."""
    types = ", ".join(
        f"{name}: '{'BIGINT' if name == 'age' else 'BOOLEAN' if name == 'woman' else 'VARCHAR'}'"
        for name in (*COLUMNS, *EXTRA)
    )
    with _base() as base:
        base.execute("SET temp_directory=$1", [str(spill)])
        base.execute(
            f"""
            COPY (SELECT {", ".join((*COLUMNS, *EXTRA))}
                  FROM read_ndjson('{_sql(found)}/*.ndjson', columns={{{types}}})
                  ORDER BY CASE level WHEN 'critical' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, patient_id, rule, title,
                           because)
            TO '{_sql(table)}' (FORMAT parquet, ROW_GROUP_SIZE {ROWS_AT_ONCE})
            """
        )


def files_from(table: Path, into: Path) -> None:
    """findings.csv and findings.parquet, in the table's own order; byte for byte the same for the same findings."""
    with _base() as base:
        columns = ", ".join(COLUMNS)
        for name, how in (("findings.csv", "FORMAT csv, HEADER true"), ("findings.parquet", "FORMAT parquet")):
            base.execute(f"COPY (SELECT {columns} FROM '{_sql(table)}') TO '{_sql(into / name)}' ({how})")


def counts(table: Path) -> tuple[dict[str, int], dict[str, int]]:
    """How many findings by rule (most first), and by level."""
    with _base() as base:
        rules = base.execute(f"SELECT rule, count(*) FROM '{_sql(table)}' GROUP BY rule ORDER BY 2 DESC, 1").fetchall()
        levels = dict(base.execute(f"SELECT level, count(*) FROM '{_sql(table)}' GROUP BY level").fetchall())
    return dict(rules), {level: levels.get(level, 0) for level in ("critical", "warning", "info")}


def women_by_stage(table: Path) -> list[dict[str, Any]]:
    """How many women have a finding above info, by rule and life stage; critical first."""
    with _base() as base:
        rows = base.execute(
            f"""
            SELECT rule, level, stage, count(DISTINCT patient_id) FROM '{_sql(table)}' WHERE {LOUD}
            GROUP BY rule, level, stage ORDER BY CASE level WHEN 'critical' THEN 0 ELSE 1 END, rule, stage
            """
        ).fetchall()
    return [dict(zip(("rule", "level", "stage", "women"), row, strict=True)) for row in rows]


@contextmanager
def women_by_urgency(table: Path) -> Iterator[tuple[Iterator[dict[str, Any]], int]]:
    """(rows of the women with findings above info, worst woman first and hers together; how many women)."""
    with _base() as base:
        total = base.execute(f"SELECT count(DISTINCT patient_id) FROM '{_sql(table)}' WHERE {LOUD}").fetchone()
        names = (*COLUMNS, "stage", "age")
        found = base.execute(
            f"""
            WITH urgency AS (
                SELECT patient_id, count(*) FILTER (level = 'critical') AS critical, count(*) AS loud
                FROM '{_sql(table)}' WHERE {LOUD} GROUP BY patient_id ORDER BY 2 DESC, 3 DESC, 1 LIMIT 2000
            )
            SELECT {", ".join(f"one.{name}" for name in names)} FROM '{_sql(table)}' one JOIN urgency USING (patient_id)
            WHERE {LOUD}
            ORDER BY critical DESC, loud DESC, patient_id, CASE level WHEN 'critical' THEN 0 ELSE 1 END, rule, title
            """
        )
        yield _rows(found, names), int(total[0]) if total else 0


def _rows(found: duckdb.DuckDBPyConnection, names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    while some := found.fetchmany(500):
        for row in some:
            yield dict(zip(names, row, strict=True))


@contextmanager
def _base() -> Iterator[duckdb.DuckDBPyConnection]:
    base = duckdb.connect()
    base.execute("SET threads=1")
    base.execute(f"SET memory_limit='{MEMORY_MB}MB'")
    try:
        yield base
    finally:
        base.close()


def _sql(path: Path) -> str:
    return path.as_posix().replace("'", "''")
