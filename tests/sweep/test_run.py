"""A sweep says the same as a card, says how long it took, and how much memory it took."""

from __future__ import annotations

import csv
import json
import time
from pathlib import Path

import pytest

from althea.cli.main import main
from althea.engine.review import review
from althea.fhir.read import read
from althea.fhir.record import of_bundle
from althea.knowledge import load
from althea.sweep.exports import find
from althea.sweep.run import sweep
from althea.sweep.tally import memory
from tests.cast import TODAY

SAMPLE = Path(__file__).parents[2] / "sample" / "women"


def swept(out: Path) -> list[dict[str, str]]:
    assert main(["sweep", str(SAMPLE), "--out", str(out), "--as-of", str(TODAY), "--jobs", "1"]) == 0
    with (out / "findings.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_titles_and_levels_are_those_of_the_review(tmp_path: Path) -> None:
    found = {(row["patient_id"], row["rule"], row["level"], row["title"]) for row in swept(tmp_path / "out")}
    hers: dict[str, list[object]] = {}
    for path in SAMPLE.glob("*.ndjson"):
        for line in path.read_text(encoding="utf-8").splitlines():
            resource = json.loads(line)
            who = resource["id"] if path.stem == "Patient" else resource["subject"]["reference"].partition("/")[2]
            hers.setdefault(who, []).append({"resource": resource})
    knowledge, known = load(), set()
    for who, entries in hers.items():
        record = of_bundle({"resourceType": "Bundle", "entry": entries})
        if {entry["resource"]["resourceType"] for entry in entries} >= {"MedicationRequest"}:  # type: ignore[index]
            for one in review(read(record, TODAY, knowledge), None, knowledge).findings:
                known.add((who, one.rule, one.level.word, one.title))
    # a whole export says of every topic it holds that it was looked through; a Bundle only of those that occur in it
    assert known <= found
    assert len(known) > 40


def test_seconds_are_those_of_the_whole_sweep(tmp_path: Path) -> None:
    began = time.perf_counter()
    done = sweep(find(SAMPLE), tmp_path, as_of=TODAY, jobs=1)
    took = time.perf_counter() - began
    assert list(done.seconds) == ["read", "check", "sort"]
    assert sum(done.seconds.values()) == pytest.approx(took, abs=0.1)


def test_memory_is_counted_from_a_process_s_own_beginning() -> None:
    most, now = memory()
    assert 0 < now <= most < 4000
