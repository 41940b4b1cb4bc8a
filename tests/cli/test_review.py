"""`althea review`: the same answer from a file, to be read, as JSON, or as a page."""

import json
import stat

import pytest

from althea.cli import main as command
from althea.cli import review
from tests.fhir import samples


@pytest.fixture(autouse=True)
def little_knowledge(monkeypatch):
    monkeypatch.setattr(review, "load", samples.knowledge)
    answer, answer_bundle = review.cds.answer, review.cds.answer_bundle
    monkeypatch.setattr(review.cds, "answer", lambda *a, **k: answer(*a, **k, codes=samples.codes()))
    monkeypatch.setattr(review.cds, "answer_bundle", lambda *a, **k: answer_bundle(*a, **k, codes=samples.codes()))


@pytest.fixture
def file(tmp_path):
    def write(question):
        path = tmp_path / "her.json"
        path.write_text(question if isinstance(question, str) else json.dumps(question), encoding="utf-8")
        return str(path)

    return write


VALPROATE = samples.request("order-sign", (samples.draft("40254", "valproate"),))


def test_the_report_shows_finding_facts_action_and_source(file, capsys):
    assert command.main(["review", file(VALPROATE), "--as-of", "2026-11-22"]) == 0
    told = capsys.readouterr().out
    assert "CRITICAL: A pregnancy is not known to be prevented on valproate." in told
    for words in ("Because", "What to do", "The label (version 3); 5.1", "Not yet reviewed by a clinician."):
        assert words in told


def test_json_is_the_response_of_the_service(file, capsys):
    assert command.main(["review", file(VALPROATE), "--as-of", "2026-11-22", "--json"]) == 0
    cards = json.loads(capsys.readouterr().out)["cards"]
    assert cards[0]["source"]["topic"]["code"] == "valproate-not-protected"


def test_a_bundle_is_taken_too(file, capsys):
    question = samples.bundle(samples.patient(), samples.order("6448", "lithium"), samples.order("7258", "naproxen"))
    assert command.main(["review", file(question), "--as-of", "2026-11-22"]) == 0
    assert "Naproxen can raise the lithium level." in capsys.readouterr().out


def test_a_page_is_written_whole_and_for_its_owner_only(file, tmp_path):
    out = tmp_path / "her.html"
    assert command.main(["review", file(VALPROATE), "--as-of", "2026-11-22", "--html", str(out)]) == 0
    assert "<h2>A pregnancy is not known to be prevented on valproate.</h2>" in out.read_text("utf-8")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert list(tmp_path.glob(".her*")) == []


def test_nothing_to_say_is_said(file, capsys):
    assert command.main(["review", file(samples.request()), "--as-of", "2026-11-22"]) == 0
    assert "Nothing to say" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("question", "mend"),
    [
        ("{", "line 1 column"),
        ("[]", "neither a CDS Hooks request nor a FHIR Bundle"),
        ({"hook": "order-sign"}, "hookInstance: not a UUID"),
        (samples.bundle(), "there is no Patient in the Bundle"),
    ],
)
def test_bad_input_is_one_line_and_2(file, capsys, question, mend):
    assert command.main(["review", file(question), "--as-of", "2026-11-22"]) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert "her.json" in told.err
    assert mend in told.err


def test_a_file_that_is_not_there_and_a_day_that_is_none(capsys):
    assert command.main(["review", "/nowhere.json"]) == 2
    assert command.main(["review", "/nowhere.json", "--as-of", "soon"]) == 2
    assert "Write it as 2026-11-22" in capsys.readouterr().err
