"""Every part in a real Chromium: axe, light, dark and 320 px, the keyboard, leaving quickly, and charts without overlap."""

import pytest
from playwright.sync_api import expect

from tests.pages.test_in_a_browser import violations

pytestmark = pytest.mark.browser

PAGES = ["/parts/?demo&toast", "/today/", "/charts/", "/home/?demo", "/question/?toast", "/progress/"]
OVERLAPS = """() => [...document.querySelectorAll('svg.chart')].flatMap(svg => {
  const box = one => one.getBoundingClientRect(), edge = box(svg.closest('figure, li, section') || svg)
  const words = [...svg.querySelectorAll('text')].map(one => [one.textContent, box(one)])
  const meets = (a, b) => a.left < b.right - 1.5 && b.left < a.right - 1.5 && a.top < b.bottom - 4 && b.top < a.bottom - 4
  const over = words.flatMap(([a, at], n) => words.slice(n + 1).filter(([, other]) => meets(at, other)).map(([b]) => a + ' | ' + b))
  const out = words.filter(([, at]) => at.right > edge.right + 1 || at.left < edge.left - 1).map(([a]) => 'outside: ' + a)
  return [...over, ...out]
})"""
SMALL = """() => [...document.querySelectorAll('a[href], button, summary, select, input:not([type=hidden]), textarea')]
  .filter(one => one.checkVisibility() && !one.closest('.vh, .skip, p, td, .note:not(.errors)') && !one.matches('.skip, .vh'))
  .map(one => one.closest('label') || one)
  .filter(one => one.getBoundingClientRect().height < 43.5 && !one.matches('.wl .who a, .brand, .panel > header a'))
  .map(one => one.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(opened, path, scheme):
    page = opened(path, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((one, at) => one.open = at < 2)")
    assert violations(page) == []


@pytest.mark.parametrize("wide", [320, 768, 1024, 1440])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_runs_off_the_screen(opened, path, wide):
    page = opened(path, viewport={"width": wide, "height": 800})
    assert page.evaluate("document.scrollingElement.scrollWidth") <= wide


@pytest.mark.parametrize("path", PAGES)
def test_it_asks_nobody_else_and_breaks_no_policy(opened, path):
    page = opened(path)
    assert page.elsewhere == []
    assert page.said == []


@pytest.mark.parametrize("path", PAGES)
def test_it_is_whole_without_script(opened, path):
    with_script, without = opened(path), opened(path, java_script_enabled=False)
    assert without.locator("main").inner_text() == with_script.locator("main").inner_text()


@pytest.mark.parametrize("path", PAGES)
def test_what_is_pressed_is_large_enough(opened, path):
    assert opened(path).evaluate(SMALL) == []


@pytest.mark.parametrize("path", ["/charts/", "/progress/"])
def test_no_words_of_a_chart_lie_over_others_or_outside(opened, path):
    assert opened(path, viewport={"width": 1440 if path == "/charts/" else 390, "height": 900}).evaluate(OVERLAPS) == []


def test_an_answer_is_60_pixels_high(opened):
    page = opened("/question/", viewport={"width": 390, "height": 844})
    assert min(box["height"] for box in (one.bounding_box() for one in page.locator(".choice label").all())) >= 60


def test_the_summary_of_errors_has_the_focus_and_leads_to_the_field(opened):
    page = opened("/parts/")
    expect(page.locator('[class="note crit errors"]')).to_be_focused()
    page.get_by_role("link", name="Start date: This is no date").click()
    expect(page.locator("#id_start")).to_be_focused()


def test_her_tabs_and_the_way_out_stay_in_reach(opened):
    page = opened("/home/", viewport={"width": 390, "height": 600})
    page.evaluate("scrollTo(0, 300)")
    assert page.locator(".exit").bounding_box()["y"] < 60
    assert page.locator(".tabbar").bounding_box()["y"] >= 600 - 80


def leaving(page, how):
    """Leaves, with the neutral page played by one of ours, and says where it came out and what Back returns to."""
    page.route(
        "https://www.weather.gov/**",
        lambda route: route.fulfill(body="<title>Weather</title>", content_type="text/html"),
    )
    how()
    page.wait_for_url("https://www.weather.gov/**")
    return page.evaluate("history.length")


def test_leaving_replaces_the_page(opened):
    page = opened("/home/")
    before = page.evaluate("history.length")
    assert leaving(page, lambda: page.get_by_role("link", name="Leave quickly").click()) == before
    assert page.evaluate("document.referrer") == ""


def test_back_leads_to_no_page_of_hers_and_coming_again_on_purpose_does(opened):
    page = opened("/home/")
    mine = page.url
    page.goto(mine.replace("/home/", "/progress/"))
    page.goto(mine)
    leaving(page, lambda: page.keyboard.press("Escape") or page.keyboard.press("Escape"))
    with page.expect_request("https://www.weather.gov/**"):
        page.evaluate("setTimeout(() => history.back())")
    page.wait_for_url("https://www.weather.gov/**")
    page.wait_for_load_state()
    page.goto(mine)
    assert page.get_by_role("link", name="Leave quickly").is_visible()
    page.reload()
    assert page.url == mine


def test_two_presses_of_escape_leave_and_one_does_not(opened):
    page = opened("/home/")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert page.url.endswith("/home/")
    before = page.evaluate("history.length")
    assert leaving(page, lambda: page.keyboard.press("Escape")) == before


def test_leaving_works_without_script(opened):
    page = opened("/home/", java_script_enabled=False)
    page.route(
        "https://www.weather.gov/**",
        lambda route: route.fulfill(body="<title>Weather</title>", content_type="text/html"),
    )
    page.get_by_role("link", name="Leave quickly").click()
    page.wait_for_url("https://www.weather.gov/**")


def test_what_was_done_can_be_closed_with_script_and_stays_without(opened):
    page = opened("/today/?toast")
    page.get_by_role("button", name="Close").click()
    assert page.locator("[data-toast]").count() == 0
    without = opened("/today/?toast", java_script_enabled=False)
    assert without.get_by_role("button", name="Close").count() == 0
    assert without.get_by_role("button", name="Undo").is_visible()


def test_htmx_runs_under_the_policy(opened):
    page = opened("/today/")
    assert page.evaluate("typeof htmx.process") == "function"
    assert page.said == []


def test_paper_is_light_and_has_no_bars(opened):
    page = opened("/home/", color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(42, 33, 50)"
    assert not page.locator(".tabbar").is_visible()
    assert not page.locator(".exit").is_visible()


def test_with_forced_colours_the_parts_keep_their_edges(opened):
    page = opened("/parts/", forced_colors="active")
    assert page.evaluate("getComputedStyle(document.querySelector('.chip')).borderTopWidth") == "1px"
