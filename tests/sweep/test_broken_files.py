"""A file that breaks off, or cannot be opened, is named with the reason, and everything else is still read."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.sweep.test_gather import gather_all
from tests.sweep.test_sweep import SAMPLE, sweep

DAMAGED = "the file is damaged here; what follows was not read"


def export_with(tmp_path: Path, name: str, content: bytes) -> Path:
    """The sample, with one of its files in another shape."""
    export = tmp_path / "export"
    export.mkdir()
    for path in SAMPLE.iterdir():
        if path.name != name.removesuffix(".gz"):
            (export / path.name).write_bytes(path.read_bytes())
    (export / name).write_bytes(content)
    return export


def packed(name: str) -> bytes:
    return gzip.compress((SAMPLE / name).read_bytes(), mtime=0)


def run_of(out: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((out / "run.json").read_text())
    return told


@pytest.mark.parametrize("how", ["cut short", "spoilt in the middle", "not gzip at all"])
def test_a_damaged_gzip_is_named_with_line_and_reason_and_the_run_goes_on(tmp_path: Path, how: str) -> None:
    whole = packed("Observation.ndjson")
    half = len(whole) // 2
    content = {
        "cut short": whole[:half],
        "spoilt in the middle": whole[:half] + b"\x00\xff" * 40 + whole[half + 80 :],
        "not gzip at all": b"PK\x03\x04 another kind of archive",
    }[how]
    done = sweep(export_with(tmp_path, "Observation.ndjson.gz", content), tmp_path / "out")
    assert "Traceback" not in done.stderr
    assert done.returncode == 3
    assert "not read to the end: Observation.ndjson.gz" in done.stderr
    run = run_of(tmp_path / "out")
    bad = [one for one in run["bad_lines"] if one["why"] == DAMAGED]
    lines = {one["path"]: one["lines"] for one in run["inputs"]}
    assert [(one["file"], one["line"]) for one in bad] == [
        ("Observation.ndjson.gz", lines["Observation.ndjson.gz"] + 1)
    ]
    assert run["counts"]["patients"] == 60
    assert (lines["Observation.ndjson.gz"] > 20) is (how != "not gzip at all"), "what came before is kept"


def test_what_a_damaged_file_no_longer_says_is_unknown_and_never_absent(tmp_path: Path) -> None:
    done = sweep(export_with(tmp_path, "Observation.ndjson.gz", packed("Observation.ndjson")[:200]), tmp_path / "out")
    assert done.returncode == 3
    rules = (tmp_path / "out" / "findings.csv").read_text()
    assert "none on record" not in rules
    assert "her results" in " ".join(run_of(tmp_path / "out")["counts"]["not_checked_by_reason"])


def test_a_file_that_cannot_be_opened_is_named_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there: Any = Path.open

    def refused(path: Path, *words: Any, **named: Any) -> Any:
        if path.name == "Condition.ndjson":
            raise PermissionError(13, "Permission denied")
        return there(path, *words, **named)

    monkeypatch.setattr(Path, "open", refused)
    seen, people = gather_all(SAMPLE, tmp_path / "runs")
    assert seen.bad == (("Condition.ndjson", 1, "the file cannot be read (Permission denied)"),)
    assert seen.broken == {"Condition.ndjson": "Condition"}
    assert len(people) == 60


def test_when_nobody_is_left_the_reason_is_said(tmp_path: Path) -> None:
    done = sweep(export_with(tmp_path, "Patient.ndjson.gz", b"nothing of the kind"), tmp_path / "out")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith(f"no patient could be read. Patient.ndjson.gz line 1: {DAMAGED}.")
