"""One style sheet is sent, and it is the four that were written."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from althea.look import styles
from althea.look.styles import HERE, NAME, PARTS, Joined


def test_it_is_the_four_sheets_in_their_order():
    whole = Path(finders.find(NAME)).read_text("utf-8")
    at = [whole.index((HERE / part).read_text("utf-8")) for part in PARTS]
    assert at == sorted(at)
    assert len(whole) == sum(len((HERE / part).read_text("utf-8")) for part in PARTS)


def test_every_sheet_that_lies_there_is_in_it():
    assert {path.name for path in HERE.glob("*.css")} == set(PARTS)


def test_collectstatic_finds_it_and_everything_else_is_left_to_the_others():
    finder = Joined()
    found = dict(finder.list(None))
    assert list(found) == [NAME]
    assert found[NAME].exists(NAME)
    assert finder.find("look/parts.css") == []
    assert len(finders.find(NAME, find_all=True)) == 1


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for part in PARTS:
        (tmp_path / part).write_text(f"/* {part} */\n")
    monkeypatch.setattr(styles, "HERE", tmp_path)
    return tmp_path


def test_a_sheet_that_changes_changes_it(folder):
    finder = Joined()
    assert "/* parts.css */" in Path(finder.find(NAME)).read_text()
    (folder / "parts.css").write_text(".new{}")
    assert ".new{}" in Path(finder.find(NAME)).read_text()
