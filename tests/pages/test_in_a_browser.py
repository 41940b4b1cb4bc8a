"""Every kind of page in a real Chromium: axe, keyboard, 320 px, dark, without script, and nobody else asked."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.pages.browser import pressed

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parent / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = [
    "/",
    "/try/valproate-and-condoms/",
    "/try/a-quiet-record/",
    "/try/nobody-asked/",
    "/rules/?level=critical",
    "/rules/lithium-nsaid",
    "/rules/not-checked",
    "/medicines/",
    "/medicines/lithium/",
    "/rules/no-such-rule/",
    "/no-such-page",
    "report",
]
FOCUS = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
  return {
    name: at.tagName + ':' + (at.getAttribute('href') || at.textContent.trim().slice(0, 30)),
    seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    ring: parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== 'none',
  }
}"""
REACHABLE = """() => [...document.querySelectorAll('a[href], button, summary, [tabindex="0"]')]
  .filter(one => one.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true})).length"""

TALL = "document.scrollingElement.scrollHeight"


def violations(page):
    """What axe finds on the whole page.  It is laid out as tall as it is: what lies under a bar that stays at the
    foot is a matter of where she has scrolled to, and would be found or not by the length of a text."""
    size = page.viewport_size
    page.set_viewport_size(size | {"height": max(size["height"], page.evaluate(TALL))})
    said = page.evaluate(f"{AXE}; axe.run(document, {{runOnly: {RULES}}})")
    page.set_viewport_size(size)
    return [
        (one["id"], [(node["target"], node["failureSummary"]) for node in one["nodes"]][:3])
        for one in said["violations"]
    ]


@pytest.mark.parametrize(("scheme", "ground"), [("light", "rgb(238, 242, 236)"), ("dark", "rgb(23, 19, 27)")])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_in_light_or_dark(opened, path, scheme, ground):
    page = opened(path, color_scheme=scheme)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
    page.evaluate("document.querySelectorAll('details').forEach((one, at) => one.open = at < 3)")
    assert violations(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_nothing_runs_off_a_narrow_screen(opened, path):
    page = opened(path, viewport={"width": 320, "height": 700})
    page.evaluate("document.querySelectorAll('details').forEach((one, at) => one.open = at < 3)")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 320


@pytest.mark.parametrize("path", PAGES)
def test_the_keyboard_reaches_everything_and_shows_where_it_is(opened, path):
    page = opened(path)
    reachable = min(page.evaluate(REACHABLE), 60)
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["name"] == "A:#main"
    for _ in range(reachable - 1):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        assert at["seen"], at["name"]
        assert at["ring"], at["name"]


@pytest.mark.parametrize("path", PAGES)
def test_the_skip_link_goes_to_the_words(opened, path):
    page = opened(path)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


@pytest.mark.parametrize("path", PAGES)
def test_it_asks_nobody_else_and_breaks_no_policy(opened, path):
    page = opened(path)
    hosts = {urlsplit(url).hostname for url in page.asked if not url.startswith(("data:", "file:"))}
    assert hosts <= {"127.0.0.1"}
    assert [words for words in page.said if "Failed to load resource" not in words or "404" not in words] == []


@pytest.mark.parametrize("path", PAGES)
def test_it_is_whole_without_script(opened, path):
    with_script, without = opened(path), opened(path, java_script_enabled=False)
    assert without.locator("main").inner_text() == with_script.locator("main").inner_text()


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/no-such-page"])
def test_the_shapes_are_drawn(opened, path):
    """Severity is a shape, not a colour alone: an icon that did not load would be an empty box."""
    page = opened(path)
    empty = page.evaluate(
        """() => [...document.querySelectorAll('svg.i use')].filter(one => one.checkVisibility()
             && one.getBBox().width + one.getBBox().height === 0).length"""
    )
    assert empty == 0


def test_a_written_patient_is_two_keys_away(opened):
    page = opened("/")
    page.get_by_role("link", name="Check her order for Amal Rahimi").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_role("heading", level=1).inner_text() == "Amal Rahimi"
    pressed(page.get_by_role("link", name="Rule valproate-unprotected"))
    assert page.url.endswith("/rules/valproate-unprotected/")


def test_a_group_of_rules_opens_without_script(opened):
    page = opened("/rules/?level=critical", java_script_enabled=False)
    group = page.locator("details", has=page.get_by_role("heading", name="Valproate"))
    group.locator("summary").press("Enter")
    expect(group.get_by_role("link").first).to_be_visible()


def test_the_report_prints_light_and_whole(opened):
    page = opened("report", color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(42, 33, 50)"
    wide = page.evaluate(
        "[...document.querySelectorAll('.scroll')].some(one => getComputedStyle(one).overflowX !== 'visible')"
    )
    assert not wide
    assert len(page.pdf(format="A4")) > 20_000
