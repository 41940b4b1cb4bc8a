"""Everyone at once: the same bytes however it is run, bad lines named, nothing half written."""

from __future__ import annotations

import csv
import gzip
import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parents[2] / "sample" / "women"
ALTHEA = [sys.executable, "-m", "althea.cli.main"]
COLUMNS = ["patient_id", "rule", "level", "title", "because", "first_fact_on", "source", "knowledge"]


def sweep(export: Path, out: Path, *more: str) -> subprocess.CompletedProcess[str]:
    asked = [*ALTHEA, "sweep", str(export), "--out", str(out), "--as-of", "2026-11-22", *more]
    return subprocess.run(asked, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("swept") / "out"
    done = sweep(SAMPLE, out, "--jobs", "2")
    assert done.returncode == 0, done.stderr
    return out


def test_it_writes_four_files_that_only_their_owner_can_read(swept: Path) -> None:
    assert sorted(path.name for path in swept.iterdir()) == [
        "findings.csv",
        "findings.parquet",
        "report.html",
        "run.json",
    ]
    assert {stat.S_IMODE(path.stat().st_mode) for path in swept.iterdir()} == {0o600}
    assert stat.S_IMODE(swept.stat().st_mode) == 0o700


def test_the_columns_and_their_order(swept: Path) -> None:
    text = (swept / "findings.csv").read_bytes()
    assert b"\r" not in text
    rows = list(csv.reader(text.decode("utf-8").splitlines()))
    assert rows[0] == COLUMNS
    loud = {"critical": 0, "warning": 1, "info": 2}
    keys = [(loud[row[2]], row[0], row[1], row[3]) for row in rows[1:]]
    assert keys == sorted(keys)
    assert len(keys) > 20


def test_the_stories_of_the_sample_are_found(swept: Path) -> None:
    found = {
        (row["patient_id"], row["rule"]) for row in csv.DictReader((swept / "findings.csv").open(encoding="utf-8"))
    }
    assert ("w000004", "lithium-nsaid") in found
    assert any(person == "w000006" and rule.startswith("valproate") for person, rule in found)
    assert not any(person == "w000002" for person, rule in found if rule.startswith("lithium-level"))


def test_the_run_says_what_it_read(swept: Path) -> None:
    run = json.loads((swept / "run.json").read_text())
    assert list(run)[:5] == ["as_of", "knowledge", "code", "jobs", "inputs"]
    assert run["as_of"] == "2026-11-22"
    assert run["counts"]["patients"] == run["counts"]["women"] == 60
    assert sum(run["counts"]["findings_by_rule"].values()) == sum(run["counts"]["findings_by_level"].values())
    assert {one["path"]: one["lines"] for one in run["inputs"]}["Patient.ndjson"] == 60
    assert run["bad_lines"] == []


def test_the_report_opens_with_its_warning(swept: Path) -> None:
    report = (swept / "report.html").read_text(encoding="utf-8")
    assert "Contains health information" in report
    assert "http://" not in report.replace("http://www.w3.org", "")
    assert "<script" not in report


def test_the_same_bytes_at_any_number_of_workers_and_in_any_order(swept: Path, tmp_path: Path) -> None:
    shuffled = tmp_path / "shuffled"
    shuffled.mkdir()
    for path in SAMPLE.iterdir():
        lines = path.read_bytes().splitlines(keepends=True)[::-1]
        half = len(lines) // 2
        (shuffled / f"{path.stem}.001.ndjson").write_bytes(b"".join(lines[:half]))
        with gzip.open(shuffled / f"{path.stem}.002.ndjson.gz", "wb") as packed:
            packed.write(b"".join(lines[half:]))
    assert sweep(shuffled, tmp_path / "out", "--jobs", "1").returncode == 0
    for name in ("findings.csv", "findings.parquet"):
        assert (tmp_path / "out" / name).read_bytes() == (swept / name).read_bytes()


def test_references_may_be_relative_absolute_or_urn(swept: Path, tmp_path: Path) -> None:
    export = tmp_path / "export"
    export.mkdir()
    for path in SAMPLE.iterdir():
        text = path.read_text()
        forms = ['"Patient/', '"https://ehr.example/fhir/Patient/', '"urn:uuid:']
        lines = [line.replace(forms[0], forms[at % 3]) for at, line in enumerate(text.splitlines(keepends=True))]
        (export / path.name).write_text("".join(lines))
    assert sweep(export, tmp_path / "out").returncode == 0
    assert (tmp_path / "out" / "findings.csv").read_bytes() == (swept / "findings.csv").read_bytes()


def test_a_bad_line_is_named_and_does_not_stop_the_run(tmp_path: Path) -> None:
    export = _export(tmp_path, extra={"Observation.ndjson": b'{"resourceType": "Observation", "broken\n'})
    done = sweep(export, tmp_path / "out")
    assert done.returncode == 0
    run = json.loads((tmp_path / "out" / "run.json").read_text())
    last = len((SAMPLE / "Observation.ndjson").read_bytes().splitlines()) + 1
    assert [(one["file"], one["line"]) for one in run["bad_lines"]] == [("Observation.ndjson", last)]
    assert "1 of" in done.stderr


def test_more_than_one_bad_line_in_a_hundred_ends_with_3(tmp_path: Path) -> None:
    export = _export(tmp_path, extra={"Condition.ndjson": b"not json at all\n" * 40})
    assert sweep(export, tmp_path / "out").returncode == 3
    assert (tmp_path / "out" / "findings.csv").exists()


@pytest.mark.parametrize(
    "nasty",
    [
        b"\xff\xfe{}\n",
        b"[" * 5000 + b"\n",
        b'{"resourceType":"Observation","id":"x"}\n',
        b"null\n",
        b'"text"\n',
        b"{}\n",
    ],
)
def test_hostile_lines_are_only_bad_lines(tmp_path: Path, nasty: bytes) -> None:
    done = sweep(_export(tmp_path, extra={"Observation.ndjson": nasty}), tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert json.loads((tmp_path / "out" / "run.json").read_text())["bad_lines"]


def test_types_no_rule_reads_are_counted_and_skipped(tmp_path: Path) -> None:
    export = _export(tmp_path, extra={})
    (export / "Procedure.ndjson").write_text('{"resourceType":"Procedure"}\n' * 3)
    assert sweep(export, tmp_path / "out").returncode == 0
    assert json.loads((tmp_path / "out" / "run.json").read_text())["counts"]["skipped_types"] == {"Procedure": 3}


@pytest.mark.parametrize("what", ["absent", "empty"])
def test_nothing_to_read_ends_with_2_and_one_line(tmp_path: Path, what: str) -> None:
    export = tmp_path / "export"
    if what == "empty":
        export.mkdir()
    done = sweep(export, tmp_path / "out")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_run_that_is_killed_leaves_nothing_half(tmp_path: Path) -> None:
    out = tmp_path / "out"
    asked = [*ALTHEA, "sweep", str(SAMPLE), "--out", str(out), "--as-of", "2026-11-22", "--jobs", "1"]
    running = subprocess.Popen(asked, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert running.stderr is not None
    running.stderr.readline()
    running.kill()
    running.wait()
    assert not out.exists()


def test_people_who_are_not_adults_are_counted_and_never_listed(tmp_path: Path) -> None:
    child = (
        json.dumps({"resourceType": "Patient", "id": "child", "gender": "female", "birthDate": "2012-01-01"}).encode()
        + b"\n"
    )
    nameless = json.dumps({"resourceType": "Patient", "id": "undated", "gender": "female"}).encode() + b"\n"
    export = _export(tmp_path, extra={"Patient.ndjson": child + nameless})
    assert sweep(export, tmp_path / "out").returncode == 0
    run = json.loads((tmp_path / "out" / "run.json").read_text())
    assert (run["counts"]["patients"], run["counts"]["adults"]) == (62, 60)
    assert "child" not in (tmp_path / "out" / "findings.csv").read_text()


def _export(tmp_path: Path, *, extra: dict[str, bytes]) -> Path:
    export = tmp_path / "export"
    export.mkdir()
    for path in SAMPLE.iterdir():
        (export / path.name).write_bytes(path.read_bytes() + extra.get(path.name, b""))
    return export


def test_lines_that_are_too_long_are_named_and_never_dropped_in_silence(tmp_path: Path) -> None:
    one = json.loads((SAMPLE / "Observation.ndjson").read_text().splitlines()[0])
    lines = [
        json.dumps({**one, "id": f"long-{size}", "note": [{"text": "x" * size}]})
        for size in (1_500_000, 3_000_000, 9_000_000, 20_000_000)
    ]
    export = _export(tmp_path, extra={"Observation.ndjson": ("\n".join(lines) + "\n").encode()})
    done = sweep(export, tmp_path / "out")
    assert done.returncode == 0, done.stderr
    first = len((SAMPLE / "Observation.ndjson").read_bytes().splitlines()) + 1
    bad = json.loads((tmp_path / "out" / "run.json").read_text())["bad_lines"]
    assert [one["line"] for one in bad] == [first + 1, first + 2, first + 3]
