"""What goes into the files and the report?  Everything here is asked of the sorted table, so memory stays small."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from althea.sweep.run import COLUMNS

MOST_WOMEN = 500
"""Women listed in the report; the rest are in findings.csv."""


def files_from(table: Path, into: Path) -> None:
    """findings.csv and findings.parquet, in the table's own order; byte for byte the same for the same findings."""
    base = _base()
    columns = ", ".join(COLUMNS)
    for name, how in (
        ("findings.csv", "FORMAT csv, HEADER true"),
        ("findings.parquet", "FORMAT parquet, COMPRESSION zstd"),
    ):
        base.execute(f"COPY (SELECT {columns} FROM '{_sql(table)}') TO '{_sql(into / name)}' ({how})")
    base.close()


def aggregates(table: Path) -> dict[str, Any]:
    """Counts by rule, by level, and by rule and life stage (women only)."""
    base = _base()
    at = f"'{_sql(table)}'"
    by_rule = base.execute(f"SELECT rule, count(*) FROM {at} GROUP BY rule ORDER BY 2 DESC, 1").fetchall()
    by_level = dict(base.execute(f"SELECT level, count(*) FROM {at} GROUP BY level").fetchall())
    heat = base.execute(
        f"""
        SELECT rule, level, min(title), stage, count(DISTINCT patient_id) FROM {at}
        WHERE woman AND level <> 'info' GROUP BY rule, level, stage ORDER BY CASE level WHEN 'critical' THEN 0 ELSE 1 END, rule, stage
        """
    ).fetchall()
    base.close()
    return {
        "by_rule": dict(by_rule),
        "by_level": {level: by_level.get(level, 0) for level in ("critical", "warning", "info")},
        "heat": [dict(zip(("rule", "level", "title", "stage", "women"), row, strict=True)) for row in heat],
    }


def women_by_urgency(table: Path, most: int = MOST_WOMEN) -> tuple[list[dict[str, Any]], int]:
    """The women with findings above info, worst first, at most so many; and how many more there are."""
    base = _base()
    base.execute(
        f"""
        CREATE TEMP TABLE urgent AS
        SELECT patient_id, any_value(age) AS age, any_value(stage) AS stage, count(*) FILTER (level = 'critical') AS critical,
               count(*) FILTER (level = 'warning') AS warning
        FROM '{_sql(table)}' WHERE woman AND level <> 'info' GROUP BY patient_id
        """
    )
    total = base.execute("SELECT count(*) FROM urgent").fetchone() or (0,)
    rows = base.execute(
        "SELECT * FROM urgent ORDER BY critical DESC, warning DESC, patient_id LIMIT $1", [most]
    ).fetchall()
    women = [
        dict(zip(("patient_id", "age", "stage", "critical", "warning"), row, strict=True)) | {"findings": []}
        for row in rows
    ]
    place = {woman["patient_id"]: woman for woman in women}
    found = base.execute(
        f"""
        SELECT patient_id, rule, level, title, because, source FROM '{_sql(table)}'
        WHERE level <> 'info' AND patient_id IN (SELECT unnest($1::VARCHAR[]))
        """,
        [list(place)],
    ).fetchall()
    for person, rule, level, title, because, source in found:
        place[person]["findings"].append(
            {"rule": rule, "level": level, "title": title, "because": because, "source": source}
        )
    for woman in women:
        woman["findings"].sort(key=lambda one: (one["level"] != "critical", one["rule"], one["title"]))
    base.close()
    return women, int(total[0]) - len(women)


def _base() -> duckdb.DuckDBPyConnection:
    base = duckdb.connect()
    base.execute("SET threads=1")
    base.execute("SET memory_limit='300MB'")
    return base


def _sql(path: Path) -> str:
    return path.as_posix().replace("'", "''")
