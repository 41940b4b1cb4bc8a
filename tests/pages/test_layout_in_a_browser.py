"""The pages of the demo as they are laid out: on paper, on a desk of any width, on a phone. Nothing lies over another,
nothing is cut off, nothing is too small to be read."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.pages.test_every_page import charts

pytestmark = pytest.mark.browser

A4 = {"width": 718, "height": 1032}
"""A sheet between its margins, in the browser's pixels."""
OVER = """() => {
  const shown = [...document.querySelectorAll('.panel, .finding, .card, .ranked > li, .note')].filter(one =>
    one.checkVisibility())
  const meets = (a, b) => a.left < b.right - 2 && b.left < a.right - 2 && a.top < b.bottom - 2 && b.top < a.bottom - 2
  const said = one => one.className + ' ' + one.textContent.trim().slice(0, 30)
  return shown.flatMap((one, at) => shown.slice(at + 1).filter(other => !one.contains(other)
    && meets(one.getBoundingClientRect(), other.getBoundingClientRect())).map(other => said(one) + ' | ' + said(other)))
}"""
SMALLEST = """() => Math.min(...[...document.querySelectorAll('svg.chart')].filter(svg => svg.checkVisibility()).flatMap(svg => {
  const by = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width
  return [...svg.querySelectorAll('text')].map(text => parseFloat(getComputedStyle(text).fontSize) * by)
}))"""
RIGHT = "all => Math.max(...all.map(one => one.getBoundingClientRect().right))"
WHOLE = """([label, foot]) => {
  const box = label.getBoundingClientRect(), bar = foot.getBoundingClientRect(), inset = 20
  if (box.top < 0 || box.bottom > innerHeight || (bar.top < box.bottom && box.top < bar.bottom)) return false
  return [[box.left + inset, box.top + 4], [box.right - inset, box.top + 4], [box.left + inset, box.bottom - 4],
    [box.right - inset, box.bottom - 4]].every(([x, y]) => label.contains(document.elementFromPoint(x, y)))
}"""

HALF_UNDER = """() => {
  const bar = document.querySelector('.tabbar').getBoundingClientRect(), least = 24
  return [...document.querySelectorAll('main a, main button, main summary')].filter(one => {
    const box = one.getBoundingClientRect(), seen = bar.top - box.top
    return one.checkVisibility() && seen > 0 && box.bottom > bar.top && seen < least
  }).map(one => one.textContent.trim())
}"""


@pytest.fixture
def desk(as_, demo):
    """Dr Marchetti's browser, and where Maya's record begins."""
    page = as_("marchetti", width=1440)
    page.her = charts(page, demo)[0].rstrip("/")
    return page


# --- on paper -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["chart", "plan", "review", "progress", "labs", "today", "safety", "rule"])
def test_a_printed_page_uses_the_sheet_and_nothing_lies_over_another(desk, demo, where):
    desk.goto(demo + desk.her)
    review = desk.locator("main a[href$='/review']").first.get_attribute("href")
    own = {"chart": "", "review": review, "today": "/today", "safety": "/safety", "rule": "/rules/lithium-nsaid"}
    path = own.get(where, f"/{where}")
    desk.goto(demo + (desk.her + path if where in ("chart", "plan", "progress", "labs") else path))
    desk.emulate_media(media="print")
    desk.set_viewport_size(A4)
    assert desk.locator(".main").bounding_box()["width"] > 500
    assert desk.evaluate("document.documentElement.scrollWidth") <= A4["width"]
    assert desk.evaluate(OVER) == []
    pressed = ".rail, .demo, .toasts, .tabs, .filters, .btn, button"
    assert not any(one.is_visible() for one in desk.locator(pressed).all())
    assert len(PdfReader(BytesIO(desk.pdf(format="A4"))).pages) <= 3


def test_the_timeline_is_on_the_sheet_and_its_card_is_not_torn(desk, demo):
    desk.goto(demo + desk.her)
    desk.emulate_media(media="print")
    desk.set_viewport_size(A4)
    drawing = desk.locator("svg[aria-labelledby='timeline-t']").bounding_box()
    assert 500 < drawing["width"] <= A4["width"] - drawing["x"]
    assert drawing["height"] > 200
    torn = "all => all.filter(one => getComputedStyle(one).breakInside !== 'avoid').length"
    assert desk.eval_on_selector_all(".panel, .finding", torn) == 0


def test_her_own_page_is_printed_without_what_is_pressed_and_its_drawing_is_no_poster(as_, demo):
    page = as_("maya")
    page.goto(f"{demo}/progress")
    page.emulate_media(media="print")
    page.set_viewport_size(A4)
    assert not page.locator(".bar, .tabbar, .demo").first.is_visible()
    assert page.locator(".pm").bounding_box()["width"] > 500
    assert page.locator("svg.chart").first.bounding_box()["width"] < 430


# --- drawings -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["", "/progress"])
def test_the_words_of_her_chart_can_be_read_at_any_width(desk, demo, end):
    desk.goto(demo + desk.her + end)
    around = desk.locator(".scroll:has(.chart.wide)")
    assert around.get_attribute("tabindex") == "0", "what does not fit is reached by the keyboard"
    for wide in (1440, 1366, 1280, 1200, 1024, 900, 390, 320):
        desk.set_viewport_size({"width": wide, "height": 900})
        assert desk.evaluate(SMALLEST) >= 11, wide
        assert desk.evaluate("document.documentElement.scrollWidth") <= wide
        if wide >= 1024:
            assert around.evaluate("one => one.scrollWidth <= one.clientWidth"), f"all of it fits at {wide}"


def test_the_words_of_her_own_drawings_can_be_read_on_her_phone(as_, demo):
    page = as_("maya")
    page.goto(f"{demo}/progress")
    for wide in (390, 320):
        page.set_viewport_size({"width": wide, "height": 900})
        assert page.evaluate(SMALLEST) >= 10.5, wide
        assert page.evaluate("document.documentElement.scrollWidth") <= wide


# --- her first screen ---------------------------------------------------------------------------------------------------


def test_nothing_to_press_looks_out_from_under_the_tabs_by_less_than_a_finger_finds(as_, demo):
    page = as_("maya")
    page.set_viewport_size({"width": 412, "height": 823})
    for path in ("/home", "/medicine", "/messages", "/progress"):
        page.goto(demo + path)
        assert page.evaluate(HALF_UNDER) == [], path


def test_the_link_of_the_demos_bar_stays_in_one_piece_so_nothing_moves_when_the_letters_come(as_, demo):
    page = as_("maya")
    page.goto(f"{demo}/home")
    link = page.get_by_role("link", name="Be somebody else")
    for wide in (430, 412, 390, 360, 320):
        page.set_viewport_size({"width": wide, "height": 823})
        assert link.evaluate("one => one.getClientRects().length") == 1, wide
        assert page.evaluate("document.documentElement.scrollWidth") <= wide


# --- her questions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(320, 568), (390, 844)])
@pytest.mark.parametrize("question", ["phq-9-1", "doses"])
def test_no_answer_lies_under_the_way_on_and_a_page_that_goes_on_shows_it(as_, demo, size, question):
    """An answer that is out of sight is chosen less often, and a score is read from these."""
    page = as_("maya")
    page.goto(f"{demo}/check-in")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{page.url.rpartition('/')[0]}/{question}")
    answers, foot = page.locator(".choice label").element_handles(), page.locator(".foot").element_handle()
    assert len(answers) >= 4
    bar = foot.bounding_box()
    for one in answers:
        assert one.bounding_box()["y"] + one.bounding_box()["height"] <= bar["y"], one.inner_text()
    if bar["y"] + bar["height"] > size[1]:
        fade = page.evaluate("(({position, bottom, height}) => [position, bottom, parseFloat(height)])"
                             "(getComputedStyle(document.querySelector('.pm'), '::after'))")  # fmt: skip
        assert fade[:2] == ["sticky", "0px"], "what goes on below fades out"
        assert fade[2] >= 32
    for one in answers:
        one.evaluate("one => one.scrollIntoView({block: 'center'})")
        assert page.evaluate(WHOLE, [one, foot]), one.inner_text()


# --- what is written in ------------------------------------------------------------------------------------------------

SPILLS = """() => {
  const panel = document.querySelector('.sched').closest('.panel').getBoundingClientRect().right
  const cut = [...document.querySelectorAll('.sched input.short')].filter(one => one.scrollWidth > one.clientWidth)
  const past = [...document.querySelectorAll('.sched td, .laid-out > *')].filter(one =>
    one.getBoundingClientRect().right > panel)
  const [starts, needed] = ['#f-starts', '[name=as_needed]'].map(one => document.querySelector(one).getBoundingClientRect())
  const over = needed.left < starts.right && needed.top < starts.bottom && starts.top < needed.bottom
  return [...cut, ...past].map(one => one.outerHTML.slice(0, 80)).concat(over ? ['as needed over the day'] : [])
}"""


def test_the_schedule_stays_within_its_panel_and_its_fields_are_read_whole_at_any_width(desk, demo):
    desk.goto(demo + desk.her + "/orders/new")
    for field, words in (("dose", "100 mg"), ("length", "2 weeks")):
        desk.locator(f"#f-{field}-0").fill(words)
    for wide in (1440, 1365, 1280, 1200, 1181, 1024, 880, 600, 390, 320):
        desk.set_viewport_size({"width": wide, "height": 900})
        assert desk.evaluate(SPILLS) == [], wide
        assert desk.evaluate("document.documentElement.scrollWidth") <= wide


# --- a desk's pages on a phone --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wide", [320, 390, 768])
def test_all_places_and_all_tabs_are_in_sight_on_a_phone(desk, demo, wide):
    desk.set_viewport_size({"width": wide, "height": 844})
    desk.goto(demo + desk.her)
    for within, least in ((".rail a:not(.brand)", 6), ("main .tabrow .tabs a", 9)):
        assert desk.locator(within).count() == least
        assert desk.eval_on_selector_all(within, RIGHT) <= wide
    heights = desk.eval_on_selector_all(".rail a", "all => all.map(one => one.getBoundingClientRect().height)")
    assert min(heights) >= 44
    assert desk.locator(".rail").bounding_box()["height"] <= 140


def test_what_is_signed_is_read_whole_on_a_phone(as_, demo):
    page = as_("marchetti", width=1440)
    page.goto(f"{demo}{charts(page, demo)[1].rstrip('/')}/medicines")
    draft = page.locator("main a[href*='/orders/']:not([href*='/new']):not([href$='/stop'])").first.get_attribute(
        "href"
    )
    page.goto(f"{demo}{draft}/sign")
    steps = page.locator(".signed-steps")
    for wide in (600, 390, 320):
        page.set_viewport_size({"width": wide, "height": 844})
        assert steps.evaluate("one => one.parentElement.scrollWidth <= one.parentElement.clientWidth")
        assert page.eval_on_selector_all(".signed-steps tbody > tr > *", RIGHT) <= wide
    labels = "all => all.map(one => getComputedStyle(one, '::before').content.split('\"')[1])"
    said = page.eval_on_selector_all(".signed-steps tbody tr:first-child > *", labels)
    assert said == ["From", "Until", "Dose", "How often", "She takes"]
    assert page.get_by_role("table", name="Steps").get_by_role("row").count() > 1, (
        "and it stays a table when read aloud"
    )


def test_the_name_is_drawn_within_its_own_box_and_a_phone_shows_the_mark_alone(as_, demo):
    page = as_("")
    page.goto(f"{demo}/rules/not-checked")
    assert page.locator(".brand .mark").is_visible()
    assert not page.locator(".brand svg:not(.mark)").is_visible()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{demo}/rules/not-checked")
    box, drawn = (page.locator(f".brand svg:not(.mark){end}").bounding_box() for end in ("", " use"))
    assert abs(drawn["y"] + drawn["height"] / 2 - box["y"] - box["height"] / 2) < 4
    assert drawn["height"] > box["height"] / 2
