"""One style sheet is sent, and it is those that were written; hers without what only a desk wears."""

import html
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template

from althea.look import styles
from althea.look.styles import ALL, HERE, HERS, PARTS, Joined
from althea.look.styles import SHEETS as JOINED

SHEETS = [*HERE.glob("*.css"), *HERE.parents[2].glob("*/static/*/*.css")]


@pytest.mark.parametrize("name", JOINED)
def test_it_is_its_sheets_in_their_order(name):
    whole = Path(finders.find(name)).read_text("utf-8")
    at = [whole.index((HERE / part).read_text("utf-8")) for part in JOINED[name]]
    assert at == sorted(at)
    assert len(whole) == sum(len((HERE / part).read_text("utf-8")) for part in JOINED[name])


def test_no_page_of_hers_wears_what_only_the_desk_has():
    """Its rule would be missing there, and nothing would say so."""
    topmost = re.compile(r"^\.([\w-]+)", re.MULTILINE)
    own = {part: set(topmost.findall((HERE / part).read_text("utf-8"))) for part in PARTS}
    only = own["desk.css"] - own["parts.css"] - own["base.css"]
    assert {"desk", "rail", "wl", "finding", "panel"} <= only
    hers = [path for path in Path("althea").glob("*/templates/**/*.html") if "phone.html" in path.read_text("utf-8")]
    assert len(hers) > 20
    worn = {
        name
        for path in hers
        for some in re.findall(r'class="([^"]*)"', path.read_text("utf-8"))
        for name in some.split()
    }
    assert worn & only == set()


def test_every_sheet_that_lies_there_is_in_it():
    assert {path.name for path in HERE.glob("*.css")} == set(PARTS)


def test_collectstatic_finds_it_and_everything_else_is_left_to_the_others():
    finder = Joined()
    found = dict(finder.list(None))
    assert list(found) == [ALL, HERS]
    assert all(found[name].exists(name) for name in found)
    assert finder.find("look/parts.css") == []
    assert len(finders.find(HERS, find_all=True)) == 1


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for part in PARTS:
        (tmp_path / part).write_text(f"/* {part} */\n")
    monkeypatch.setattr(styles, "HERE", tmp_path)
    return tmp_path


def test_a_sheet_that_changes_changes_it(folder):
    finder = Joined()
    assert "/* parts.css */" in Path(finder.find(ALL)).read_text()
    assert "/* desk.css */" not in Path(finder.find(HERS)).read_text()
    (folder / "parts.css").write_text(".new{}")
    assert ".new{}" in Path(finder.find(ALL)).read_text()


# --- in the page itself ---------------------------------------------------------------------------------------------


def worn(**context):
    return Template('{% load look %}{% worn "look/all.css" %}').render(Context(context))


def test_a_page_wears_it_by_its_nonce_with_addresses_that_hold_anywhere():
    words = worn(CSP_NONCE="once")
    assert words.startswith('<style nonce="once">')
    assert "url(/static/look/fonts/atkinson-next-latin.woff2)" in words
    assert "url(fonts/" not in words
    assert "/*" not in words, "what was said beside it stays here"
    rules = re.sub(r"\s", "", re.sub(r"/\*.*?\*/", "", styles.joined(ALL), flags=re.DOTALL))
    assert re.sub(r"\s", "", words).count("{") == rules.count("{"), "and no rule is lost"


def test_without_a_nonce_it_is_fetched():
    assert worn() == '<link rel="stylesheet" href="/static/look/all.css">'


def test_her_pages_bring_it_and_the_desk_fetches_it(client):
    hers = client.get("/help")
    nonce = re.search(r"'nonce-([^']+)'", hers["Content-Security-Policy"])[1]
    assert f'<style nonce="{html.escape(nonce)}">' in hers.content.decode()
    assert b'rel="stylesheet"' not in hers.content


def test_every_weight_that_is_asked_for_is_in_the_fonts():
    faces = re.findall(r'font-family:"([^"]+)";src:url[^}]*?font-weight:([\d ]+)', (HERE / "tokens.css").read_text())
    assert set(faces) == {("Atkinson Next", "400 700"), ("Ysabeau Office", "640"), ("Ysabeau Office", "500")}
    asked = {
        int(one) for sheet in SHEETS for one in re.findall(r"font(?:-weight)?:(?:italic )?(\d{3})\b", sheet.read_text())
    }
    assert min(asked) >= 400
    assert max(asked) <= 700
    voice = {
        int(one) for sheet in SHEETS
        for one in re.findall(r"font:(?:italic )?(\d{3}) [^;}]*var\(--voice\)", sheet.read_text())
    }  # fmt: skip
    assert voice <= {500, 640}
    assert {path.name for path in (HERE / "fonts").glob("*.woff2")} == set(
        re.findall(r"fonts/([\w-]+\.woff2)", (HERE / "tokens.css").read_text())
    )


def test_what_says_no_is_the_same_for_everybody_to_the_last_byte(client):
    """A nonce would differ each time, and nobody could tell whether anything else did."""
    one, other = (client.get("/no-such-page").content for _ in range(2))
    assert one == other
    assert b'rel="stylesheet"' in one
