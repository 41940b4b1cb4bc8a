"""Which files are in an export, and of what?  `Type.ndjson`, `Type.NNN.ndjson`, either gzipped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

READ = (
    "Patient",
    "MedicationRequest",
    "MedicationStatement",
    "Medication",
    "Condition",
    "AllergyIntolerance",
    "Observation",
)
NAME = re.compile(r"([A-Z][A-Za-z]+)(?:[.\-_]\w+)*?\.ndjson(?:\.gz)?")


class NothingToRead(Exception):
    """An export without anything we read; its words say what was looked for."""


@dataclass(frozen=True, slots=True)
class Export:
    """The files of an export by resource type, and the types that no rule reads."""

    folder: Path
    files: dict[str, tuple[Path, ...]]
    skipped: dict[str, tuple[Path, ...]]

    @property
    def all_read(self) -> tuple[Path, ...]:
        return tuple(path for paths in self.files.values() for path in paths)


def find(folder: Path) -> Export:
    """The export in a folder. Raises NothingToRead."""
    if not folder.is_dir():
        raise NothingToRead(f"{folder} is not a folder. Give the folder of a FHIR bulk export.")
    files: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        named = NAME.fullmatch(path.name)
        if named and path.is_file():
            files.setdefault(named[1], []).append(path)
    wanted = {kind: tuple(files[kind]) for kind in READ if kind in files}
    if "Patient" not in wanted:
        raise NothingToRead(
            f"{folder} holds no Patient.ndjson or Patient.ndjson.gz. Give the folder of a FHIR bulk export."
        )
    skipped = {kind: tuple(paths) for kind, paths in sorted(files.items()) if kind not in READ}
    return Export(folder, wanted, skipped)
