"""Which medicine does an order of a sweep point at?  The Medications of an export, by their ids, on disk.

An order may name its medicine by pointing at a Medication, and any person's order may point at any of them; so they
stand in one small file that every worker looks things up in, and memory does not grow with their number.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from althea.fhir.elements import Json, a_text, an_object
from althea.fhir.record import Record, tail
from althea.sweep.elements import ELEMENTS

PATIENCE = 600
"""Seconds that a worker waits for another to finish writing."""
MOST_MET = 10_000
_NOT_YET: Any = object()


class Medications:
    """All Medications of an export; `keep` writes, `add` gives a record what its order points at."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._base: sqlite3.Connection | None = None
        self._met: dict[str, Json | None] = {}

    def keep(self, found: Iterable[tuple[str, bytes]]) -> None:
        """Of two with one id the same one stays, whichever came first."""
        with sqlite3.connect(self._path, timeout=PATIENCE) as base:
            base.execute("CREATE TABLE IF NOT EXISTS medication (id TEXT PRIMARY KEY, body BLOB) WITHOUT ROWID")
            base.executemany(
                "INSERT INTO medication VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = min(body, excluded.body)",
                found,
            )
        base.close()

    def add(self, order: Json, record: Record) -> None:
        """What this order points at, if it points at anything in the export."""
        pointed = an_object(order.get("medicationReference")) or an_object(
            an_object(order.get("medication")).get("reference")
        )
        reference = a_text(pointed.get("reference"))
        if not reference or reference.startswith("#"):
            return
        own = tail(reference)
        found = self._met.get(own, _NOT_YET)
        if found is _NOT_YET:
            if len(self._met) >= MOST_MET:
                self._met.clear()
            found = self._met[own] = self._look_up(own)
        if found is not None:
            record.medications[own] = found

    def _look_up(self, own: str) -> Json | None:
        if self._base is None:
            if not self._path.exists():
                return None
            self._base = sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=PATIENCE)
        row = self._base.execute("SELECT body FROM medication WHERE id = ?", (own,)).fetchone()
        if row is None:
            return None
        try:
            body: Json = msgspec.json.decode(row[0])
        except msgspec.DecodeError:
            return None
        return {name: value for name, value in body.items() if name in ELEMENTS["Medication"]}
