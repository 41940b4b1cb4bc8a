"""What a page loads: how much, from whom, and that it can run under the content policy."""

import hashlib
import re
from pathlib import Path

import pytest

STATIC = Path("althea/look/static/look")
SCRIPTS = sorted(Path("althea").glob("*/static/**/*.js"))
STYLES = sorted(STATIC.glob("*.css"))
ON_A_DEVICE = ("localStorage", "sessionStorage", "indexedDB", "document.cookie", "caches.", "cookieStore")
OURS = [path for path in SCRIPTS if path.name != "htmx.min.js"]


def test_htmx_is_the_file_that_was_taken_in():
    said, name = (STATIC / "htmx.sha256.txt").read_text("utf-8").split()
    assert name == "htmx.min.js"
    assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == said
    assert "Zero-Clause BSD" in (STATIC / "LICENSE-htmx.txt").read_text("utf-8")


def test_all_script_together_is_under_50_kilobytes():
    assert sum(path.stat().st_size for path in SCRIPTS) < 50_000


def test_her_phone_is_sent_under_24_kilobytes_of_styles_and_a_desk_under_36():
    size = {path.name: path.stat().st_size for path in STYLES}
    assert sum(size.values()) - size["desk.css"] < 24_000
    assert sum(size.values()) < 36_000


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_our_script_needs_no_leave_that_the_policy_does_not_give(path):
    words = path.read_text("utf-8")
    assert not re.search(r"\beval\(|new Function|innerHTML|document\.write|https?://", words)


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_our_script_keeps_nothing_on_the_device(path):
    """What she answers is on her screen, or with her clinic: never in a store that somebody else could open."""
    words = path.read_text("utf-8")
    if path.name == "leave.js":  # that this tab was left, for as long as the tab lives, and nothing else
        assert re.findall(r"setItem\(.*?\)", words) == ['setItem(LEFT, "1")']
        words = words.replace("change(sessionStorage)", "", 1)
    assert [one for one in ON_A_DEVICE if one in words] == []


def test_nothing_names_a_map_that_is_not_there():
    """Files are named by their content in a clinic: a reference to a missing file would stop the start."""
    assert not [path.name for path in (*SCRIPTS, *STYLES) if "sourceMappingURL" in path.read_text("utf-8")]


def test_every_icon_that_a_template_names_is_in_the_sprite():
    from althea.look.templatetags.look import icons

    words = " ".join(path.read_text("utf-8") for path in Path("althea/look/templates").rglob("*.html"))
    assert set(re.findall(r'{% icon "([\w-]+)"', words)) <= icons()
