"""On a phone her timeline is wider than the screen: it opens at today, and what came before is a push to the side."""

import pytest

from tests.pages.browser import in_time
from tests.pages.test_every_page import charts
from tests.pages.test_in_a_browser import violations

pytestmark = pytest.mark.browser
TODAY = """() => {
  const around = document.querySelector('.scroll:has(.chart.wide)'), box = around.getBoundingClientRect()
  const tag = around.querySelector('.todayb').getBoundingClientRect()
  return {
    seen: tag.left >= Math.max(box.left, 0) && tag.right <= Math.min(box.right, innerWidth),
    before: tag.left - box.left,
    wider: around.scrollWidth - around.clientWidth,
    down: [around.scrollTop, around.scrollHeight - around.clientHeight],
    moved: [scrollX, scrollY],
  }
}"""
AROUND = "document.querySelector('.scroll:has(.chart.wide)')"
LEFT_END = f"{AROUND}.querySelector('svg.chart').getBoundingClientRect().left - {AROUND}.getBoundingClientRect().left"
KNOWS = "scroll-initial-target:nearest"


@pytest.fixture
def opened_by(as_, demo):
    """Opens a page of Maya's record, as Dr Marchetti, on a phone."""

    def open_(end="", *, width=390, prepare=lambda page: None, **settings):
        page = as_("marchetti", width=width, **settings)
        her = charts(page, demo)[0].rstrip("/")
        prepare(page)
        page.goto(demo + her + end)
        return page

    return open_


def without_the_rule(page):
    """A browser whose style sheets know nothing of where a scroller opens."""

    def without(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace(KNOWS, ""))

    page.route("**/*.css", without)
    page.add_init_script("CSS.supports = () => false")


@pytest.mark.parametrize("end", ["", "/?show=trial", "/?show=all", "/progress"])
@pytest.mark.parametrize("width", [390, 320])
def test_without_script_today_is_in_sight_when_the_page_opens_with_most_of_what_came_before(opened_by, end, width):
    found = opened_by(end, width=width, java_script_enabled=False)
    today = found.evaluate(TODAY)
    assert today["wider"] > 300, "there is something to scroll"
    assert today["seen"]
    assert today["before"] > width / 3, "what is shown is what led to today, more than what is planned"
    assert today["moved"] == [0, 0], "the page itself stays at its top"
    assert today["down"] == [0, 0], "and so does the timeline, whole"


def test_a_browser_that_does_not_know_the_rule_is_moved_by_the_script(opened_by):
    assert opened_by(prepare=without_the_rule).evaluate(TODAY)["seen"]


def test_without_the_rule_and_without_script_it_opens_at_its_newest_end(opened_by):
    page = opened_by(prepare=without_the_rule, java_script_enabled=False)
    right = "({} => [{}.querySelector('svg.chart').getBoundingClientRect().right, {}.getBoundingClientRect().right])"
    drawn, around = page.evaluate(right.replace("{}", "a") + f"({AROUND})")
    assert abs(drawn - around) < 2


def test_the_keyboard_goes_to_its_beginning_and_back_and_axe_finds_nothing(opened_by):
    page = opened_by()
    page.locator(".scroll:has(.chart.wide)").focus()
    for key, arrived in (("ArrowLeft", f"Math.abs({LEFT_END}) < 2"), ("ArrowRight", f"{AROUND}.scrollLeft === 0")):
        for _ in range(40):
            page.keyboard.press(key)
        assert in_time(page, lambda arrived=arrived: page.evaluate(arrived)), key
    assert violations(page) == []


def test_names_and_words_are_read_from_the_left_as_before(opened_by):
    page = opened_by()
    directions = f"[...{AROUND}.children].map(one => getComputedStyle(one).direction)"
    assert set(page.evaluate(directions)) == {"ltr"}
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_on_a_desk_and_on_paper_all_of_it_is_there_and_nothing_is_moved(opened_by):
    page = opened_by(width=1440)
    assert page.evaluate(f"{AROUND}.scrollWidth <= {AROUND}.clientWidth")
    assert abs(page.evaluate(LEFT_END)) < 1
    assert page.evaluate(TODAY)["down"] == [0, 0]
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1032})
    assert abs(page.evaluate(LEFT_END)) < 1
    assert not page.locator(".opens").is_visible()
