"""`althea score`: what it prints, what it refuses, how fast it starts, and that it needs no Django."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from althea.cli.main import main

BLOCKED = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names!r}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Blocked())
from althea.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def answers(tmp_path: Path) -> Any:
    def write(given: Any) -> str:
        path = tmp_path / "answers.json"
        path.write_bytes(given if isinstance(given, bytes) else json.dumps(given).encode())
        return str(path)

    return write


def scored(scale: str, path: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert main(["score", scale, path]) == 0
    given: dict[str, Any] = json.loads(capsys.readouterr().out)
    return given


def refused(scale: str, path: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["score", scale, path]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


def test_it_prints_the_object_of_the_contract_in_a_fixed_order(
    answers: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    given = scored("PHQ-9", answers([1, 2, 2, 2, 1, 1, 1, 0, 0]), capsys)
    assert list(given) == ["scale", "total", "band", "flags", "domains", "complete", "source"]
    assert given == {
        "scale": "PHQ-9",
        "total": 10,
        "band": "moderate",
        "flags": {"item9_positive": False, "ge5": True, "ge10": True, "ge15": False, "ge20": False},
        "domains": [],
        "complete": True,
        "source": "Kroenke, Spitzer and Williams, J Gen Intern Med 2001;16:606-613",
    }


def test_it_turns_options_round(answers: Any, capsys: pytest.CaptureFixture[str]) -> None:
    given = scored("epds", answers({"option_index_top_to_bottom": [1, 1, 1, 2, 1, 1, 2, 1, 2, 2]}), capsys)
    assert (given["total"], given["flags"]) == (15, {"item10_positive": True, "ge10": True, "ge13": True})
    assert "likely" in given["band"]


def test_it_takes_answers_by_name(answers: Any, capsys: pytest.CaptureFixture[str]) -> None:
    named = {"q1": True, "q2": False, "q3": None, "q4": None, "q5": None, "q6_lifetime": False, "q6_3months": False}
    given = scored("C-SSRS", answers(named), capsys)
    assert (given["total"], given["band"], given["complete"]) == (None, "low", True)


def test_incomplete_is_a_success_that_says_so(answers: Any, capsys: pytest.CaptureFixture[str]) -> None:
    given = scored("phq 9", answers([None, 0, 0, 0, 0, 0, 0, 0, 2]), capsys)
    assert (given["total"], given["band"], given["complete"], given["flags"]["item9_positive"]) == (
        None,
        "incomplete",
        False,
        True,
    )


def test_an_unknown_scale_gives_the_list_on_one_line(answers: Any, capsys: pytest.CaptureFixture[str]) -> None:
    said = refused("HAM-D", answers([0]), capsys)
    assert said.startswith("althea: HAM-D: not a scale that Althea knows. Use one of: AIMS, ASRM, ")
    assert "Y-BOCS" in said


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([0, 0, 0, 0, 0, 0, 0, 0, 4], "item 9: out of range"),
        ([0, 0, 0, 0, 0, 0, 0, True, 0], "item 8: not a whole number"),
        ([0, 0, 0, 0, 0, 0, 1.0, 0, 0], "item 7: not a whole number"),
        ([0] * 8, "item 9: missing: 8 answers, and the PHQ-9 has 9"),
        ([0] * 10, "answer 10: too many"),
        ({"a": 1}, "not an answer of the PHQ-9"),
        (7, "neither a list nor an object"),
        (b"[NaN]", "NaN is not a JSON number"),
        (b"[0,", "not JSON"),
        (b"", "it is empty"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[" * 100_000, "nested deeper"),
        (b"[1e999]", "too large to hold"),
    ],
)
def test_bad_answers_end_with_2_and_name_the_file_and_the_place(
    given: Any, words: str, answers: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    path = answers(given)
    said = refused("PHQ-9", path, capsys)
    assert words in said
    assert path in said


def test_a_file_that_is_not_there_or_is_a_folder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "cannot be read" in refused("PHQ-9", str(tmp_path / "none.json"), capsys)
    assert "cannot be read" in refused("PHQ-9", str(tmp_path), capsys)


def test_it_works_where_django_and_pydantic_cannot_be_imported(answers: Any, tmp_path: Path) -> None:
    env = {**os.environ, "ALTHEA_CACHE": str(tmp_path)}
    call = [answers([0] * 9)]
    # The first run reads the records, for which it needs pydantic; later ones need neither.
    for names in (("django",), ("django", "pydantic", "duckdb")):
        run = subprocess.run(
            [sys.executable, "-c", BLOCKED.format(names=names), "score", "PHQ-9", *call],
            capture_output=True,
            text=True,
            env=env,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        assert json.loads(run.stdout)["band"] == "minimal"
