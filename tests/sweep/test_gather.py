"""However the files are cut into pieces and the lines into runs, everybody's lines come together, once."""

from __future__ import annotations

import gzip
from collections import Counter
from pathlib import Path

import pytest

from althea.knowledge import load
from althea.sweep import gather as room
from althea.sweep.buckets import bucket_of, read, write
from althea.sweep.exports import find
from althea.sweep.gather import Gathered, bucket_count, gather, gathered, pieces
from althea.sweep.medications import Medications

SAMPLE = Path(__file__).parents[2] / "sample" / "women"


def gather_all(export: Path, runs: Path, count: int = 3) -> tuple[Gathered, dict[str, Counter[bytes]]]:
    """What was seen, and everybody's lines without their ends."""
    runs.mkdir()
    cut = pieces(find(export))
    medications = Medications(runs.with_suffix(".sqlite3"))
    seen = gathered(cut, [gather(piece, runs, count, load(), medications) for piece in reversed(cut)])
    people: dict[str, Counter[bytes]] = {}
    for bucket in range(count):
        for person, hers in read(runs, bucket).items():
            assert person not in people
            assert bucket_of(person, count) == bucket
            people[person] = Counter(line.strip() for lines in hers.values() for line in lines)
    return seen, people


def test_small_pieces_and_small_runs_hold_the_same_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, people = gather_all(SAMPLE, tmp_path / "whole")
    monkeypatch.setattr(room, "PIECE_BYTES", 5_000)
    monkeypatch.setattr(room, "HELD_BYTES", 1_000)
    assert len(pieces(find(SAMPLE))) > 50
    again, same = gather_all(SAMPLE, tmp_path / "pieces")
    assert again == whole
    assert same == people
    assert len(people) == 60


def test_a_bad_line_keeps_its_number_in_the_file_in_whichever_piece_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = tmp_path / "export"
    export.mkdir()
    (export / "Patient.ndjson").write_bytes((SAMPLE / "Patient.ndjson").read_bytes())
    good = (SAMPLE / "Observation.ndjson").read_bytes().splitlines(keepends=True)
    (export / "Observation.ndjson").write_bytes(
        b"".join([*good[:7], b"broken\n", b"\n", *good[7:90], b"\xff{}\n", b"\r\n", *good[90:100], b"[1]"])
    )
    monkeypatch.setattr(room, "PIECE_BYTES", 3_000)
    seen, _ = gather_all(export, tmp_path / "runs")
    assert seen.bad == (
        ("Observation.ndjson", 8, "not a JSON object"),
        ("Observation.ndjson", 93, "not UTF-8, or longer than 2 MB"),
        ("Observation.ndjson", 105, "not a JSON object"),
    )
    assert seen.bad_count == 3
    assert seen.lines["Observation.ndjson"] == 103


def test_byte_order_marks_and_ends_of_lines_of_other_systems_do_not_matter(tmp_path: Path) -> None:
    _, people = gather_all(SAMPLE, tmp_path / "plain")
    export = tmp_path / "export"
    export.mkdir()
    for path in SAMPLE.iterdir():
        (export / path.name).write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n").rstrip())
    (export / "Observation.ndjson").unlink()
    with gzip.open(export / "Observation.ndjson.gz", "wb") as packed:
        packed.write(b"\xef\xbb\xbf" + (SAMPLE / "Observation.ndjson").read_bytes())
    seen, same = gather_all(export, tmp_path / "other")
    assert seen.bad == ()
    assert same == people


def test_of_too_many_bad_lines_the_first_are_named_and_all_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = tmp_path / "export"
    export.mkdir()
    (export / "Patient.ndjson").write_bytes(b"no\n" * 5000)
    monkeypatch.setattr(room, "PIECE_BYTES", 700)
    seen, _ = gather_all(export, tmp_path / "runs")
    assert [line for _, line, _ in seen.bad] == list(range(1, 1001))
    assert seen.bad_count == seen.lines["Patient.ndjson"] == 5000


def test_a_medication_is_nobody_s(tmp_path: Path) -> None:
    export = tmp_path / "export"
    export.mkdir()
    (export / "Patient.ndjson").write_bytes((SAMPLE / "Patient.ndjson").read_bytes())
    (export / "Medication.ndjson").write_bytes(b'{"resourceType":"Medication","id":"m1"}\n')
    seen, people = gather_all(export, tmp_path / "runs")
    assert seen.lines["Medication.ndjson"] == 1
    assert "m1" not in people


def test_a_run_gives_back_what_was_put_in_bucket_by_bucket_and_of_which_type_it_is(tmp_path: Path) -> None:
    write(tmp_path / "Patient-1-0", [{"a": [b"1", b"2"]}, {}, {"ü": [b"3"]}])
    write(tmp_path / "Patient-2-0", [{"a": [b"4"]}, {"b": [b""]}, {}])
    write(tmp_path / "Condition-3-0", [{"a": [b"5"]}, {}, {}])
    assert {kind: sorted(lines) for kind, lines in read(tmp_path, 0)["a"].items()} == {
        "Patient": [b"1", b"2", b"4"],
        "Condition": [b"5"],
    }
    assert read(tmp_path, 1) == {"b": {"Patient": [b""]}}
    assert read(tmp_path, 2) == {"ü": {"Patient": [b"3"]}}


def test_a_larger_export_has_more_buckets_and_not_larger_ones(tmp_path: Path) -> None:
    (tmp_path / "Patient.ndjson").touch()
    with (tmp_path / "Observation.ndjson").open("wb") as file:
        file.truncate(20_000_000_000)
    assert bucket_count(find(tmp_path)) == -(-20_000_000_000 // room.BUCKET_BYTES)
