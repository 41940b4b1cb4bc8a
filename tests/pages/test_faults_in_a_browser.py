"""What goes wrong between a person and a page, in a real Chromium: no network, no server, two clicks, Back, two tabs.

The server is a process of its own, so that it can be stopped and come back.
"""

import hashlib
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import expect

from tests.faults.kill import _free_port
from tests.pages.browser import pressed, signed_in_as, the_demo
from tests.pages.test_in_a_browser import violations

pytestmark = pytest.mark.browser
KEPT_ON_THE_DEVICE = """async () => {
  const found = [...Object.entries(localStorage), ...Object.entries(sessionStorage), document.cookie];
  for (const one of await indexedDB.databases()) found.push(one.name);
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys())
      found.push(request.url, await (await (await caches.open(name)).match(request)).text());
  return JSON.stringify(found);
}"""


class Site:
    """The demo on a file of its own, that can be stopped and started."""

    def __init__(self, file):
        self.port, self.file, self.server = _free_port(), file, None
        self.at = f"http://localhost:{self.port}"

    def start(self):
        self.server = the_demo(self.port, self.file)

    def stop(self):
        self.server.kill()
        self.server.wait()

    def rows(self, sql, *values):
        with closing(sqlite3.connect(self.file, timeout=20)) as file:
            return file.execute(sql, values).fetchall()

    def writes(self, sql, *values):
        """The id of the row that was added."""
        with closing(sqlite3.connect(self.file, timeout=20)) as file, file:
            return file.execute(sql, values).lastrowid

    def gives_a_password(self, email):
        """The people of the demo have none."""
        salt = "as long as one of today"  # a shorter one would be made anew, and end the session, when she proves it is she
        kept = f"md5${salt}${hashlib.md5(f'{salt}a long enough password'.encode()).hexdigest()}"
        self.writes("UPDATE care_user SET password = ? WHERE email = ?", kept, email)

    def answers(self, question):
        """How often was this one answered since the fixture began to count, and with what?"""
        return [
            value
            for (value,) in self.rows("SELECT value FROM care_checkinanswer WHERE question = ? ORDER BY at", question)
        ]


@pytest.fixture(scope="module")
def site_of_its_own(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("faults") / "demo.sqlite3")
    site.start()
    yield site
    site.stop()


@pytest.fixture
def be(browser, site_of_its_own):
    contexts = []

    def be_(who, **settings):
        context = browser.new_context(viewport={"width": settings.pop("width", 390), "height": 844},
                                      reduced_motion="reduce", **settings)  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        signed_in_as(page, site_of_its_own.at, who)
        return page

    yield be_
    for context in contexts:
        context.close()


@pytest.fixture
def week(site_of_its_own, be):
    """Maya at her check-in, with how many answers there were to its questions before."""

    def open_(number, **settings):
        page = be("maya", **settings)
        pressed(page.get_by_role("link", name="check-in").first)
        page.wait_for_url("**/check-in/**")
        page.goto(page.url.rsplit("/phq-9", 1)[0] + f"/phq-9-{number}")
        return page

    return open_


# --- no network in the middle --------------------------------------------------------------------------------------------


def test_without_a_network_her_answer_is_said_not_to_be_sent_kept_on_the_page_only_and_sent_once(week, site_of_its_own):
    page = week(1)
    before = site_of_its_own.answers("phq-9/item 1")
    assert not page.get_by_text("Not sent").first.is_visible()
    page.context.set_offline(True)
    page.get_by_label("More than half the days").check()
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Not sent yet.").wait_for()
    page.get_by_role("button", name="Next").click()
    assert page.get_by_label("More than half the days").is_checked()
    assert not page.get_by_text("Please talk to somebody now").is_visible()
    assert violations(page) == []
    kept = page.evaluate(KEPT_ON_THE_DEVICE)
    assert not [
        word for word in ("More than half", "phq-", "interest or pleasure", "Maya", "sertraline") if word in kept
    ]
    assert site_of_its_own.answers("phq-9/item 1") == before
    page.context.set_offline(False)
    page.wait_for_url("**/phq-9-2")
    assert site_of_its_own.answers("phq-9/item 1") == [*before, "2"]


def test_a_word_on_self_harm_without_a_network_shows_the_numbers_at_once(week, site_of_its_own):
    page = week(9)
    before = site_of_its_own.answers("phq-9/item 9")
    page.context.set_offline(True)
    page.get_by_label("Several days").check()
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Please talk to somebody now").wait_for()
    assert violations(page) == []
    assert page.get_by_role("link", name="Call 988").is_visible()
    page.get_by_label("Not at all").check()
    assert not page.get_by_text("Please talk to somebody now").is_visible()
    page.get_by_label("Several days").check()
    page.context.set_offline(False)
    page.wait_for_url("**/help?from=**")
    expect(page.get_by_role("heading", name="Thank you for telling us")).to_be_visible()
    assert site_of_its_own.answers("phq-9/item 9") == [*before, "1"]


def test_that_she_once_tried_to_end_her_life_shows_the_numbers_without_a_network_too(be, site_of_its_own):
    page = be("ruth")
    page.goto(f"{site_of_its_own.at}/intake/ever-tried")
    page.context.set_offline(True)
    page.get_by_label("Yes, longer ago").check()
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Please talk to somebody now").wait_for()
    page.get_by_label("No", exact=True).check()
    assert not page.get_by_text("Please talk to somebody now").is_visible()
    page.get_by_label("Yes, longer ago").check()
    page.context.set_offline(False)
    page.wait_for_url("**/help?from=**")
    why = site_of_its_own.rows("SELECT why FROM care_worklistitem WHERE reason LIKE 'self-harm:intake%'")
    assert "Yes, longer ago" in str(why)


def test_after_half_an_hour_without_a_network_her_answer_is_taken_out_of_the_page(week):
    page = week(2)
    page.clock.install()
    page.context.set_offline(True)
    page.get_by_label("Nearly every day").check()
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Not sent yet.").wait_for()
    page.clock.fast_forward("31:00")
    page.get_by_text("we took your answer out of this page").wait_for()
    assert not page.get_by_text("Not sent yet.").is_visible()
    assert not page.get_by_label("Nearly every day").is_checked()


def test_without_script_and_without_a_network_her_earlier_answers_are_all_there(week):
    page = week(3, java_script_enabled=False)
    assert not page.get_by_text("Not sent").first.is_visible()
    page.get_by_label("Several days").check()
    pressed(page.get_by_role("button", name="Next"))
    there = page.url
    page.context.set_offline(True)
    page.get_by_label("Nearly every day").check()
    page.get_by_role("button", name="Next").click()
    page.wait_for_url("chrome-error://**")  # the browser's own words
    page.context.set_offline(False)
    page.goto(there.replace("phq-9-4", "phq-9-3"))
    assert page.get_by_label("Several days").is_checked()


def test_the_first_questions_wait_for_the_network_too(be, site_of_its_own):
    counted = "SELECT COUNT(*) FROM care_intakeanswer WHERE question = 'coping-stopped'"
    ((before,),) = site_of_its_own.rows(counted)
    page = be("ruth")
    page.goto(f"{site_of_its_own.at}/intake/coping-stopped")
    page.context.set_offline(True)
    page.get_by_label("What used to help").fill("Long baths")
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Not sent yet.").wait_for()
    assert "baths" not in page.evaluate(KEPT_ON_THE_DEVICE)
    page.context.set_offline(False)
    page.wait_for_url("**/therapy-so-far")
    assert site_of_its_own.rows(counted) == [(before + 1,)]


# --- two clicks, Back, two tabs -------------------------------------------------------------------------------------------


def test_a_double_click_is_one_answer(week, site_of_its_own):
    page = week(4)
    before = site_of_its_own.answers("phq-9/item 4")
    page.get_by_label("Several days").check()
    page.get_by_role("button", name="Next").dblclick()
    page.wait_for_url("**/phq-9-5")
    page.wait_for_load_state("networkidle")
    assert site_of_its_own.answers("phq-9/item 4") == [*before, "1"]


def test_a_double_click_without_script_is_one_message(be, site_of_its_own):
    page = be("maya", java_script_enabled=False)
    page.goto(f"{site_of_its_own.at}/messages")
    page.get_by_label("Your message").fill("I slept twice as long.")
    page.get_by_role("button", name="Send").dblclick()
    page.get_by_text("Sent to your care team.").wait_for()
    rows = site_of_its_own.rows("SELECT COUNT(*) FROM care_message WHERE body = 'I slept twice as long.'")
    assert rows == [(1,)]


def test_back_after_a_save_shows_her_answer_and_a_new_one_counts(week, site_of_its_own):
    page = week(5)
    page.get_by_label("Several days").check()
    page.get_by_role("button", name="Next").click()
    page.wait_for_url("**/phq-9-6")
    page.go_back()
    page.wait_for_url("**/phq-9-5")
    assert page.get_by_label("Several days").is_checked()
    page.get_by_label("Nearly every day").check()
    page.get_by_role("button", name="Next").click()
    page.wait_for_url("**/phq-9-6")
    assert site_of_its_own.answers("phq-9/item 5")[-2:] == ["1", "3"]


def test_two_tabs_with_two_women_each_write_to_the_one_they_show(be, site_of_its_own):
    one = be("marchetti", width=1440)
    other = one.context.new_page()
    for tab, name in ((one, "maya"), (other, "joanna")):
        tab.goto(f"{site_of_its_own.at}/patients?q={name}")
        pressed(tab.locator("th a").first)
        tab.goto(tab.url + "messages")
    one.get_by_label("Your message").fill("For Maya only")
    other.get_by_label("Your message").fill("For Joanna only")
    pressed(one.get_by_role("button", name="Send to Maya"))
    pressed(other.get_by_role("button", name="Send to Joanna"))
    expect(one.get_by_text("For Maya only")).to_be_visible()
    rows = site_of_its_own.rows(
        "SELECT p.name, m.body FROM care_message m JOIN care_patient p ON p.id = m.patient_id WHERE m.body LIKE 'For %'"
    )
    assert sorted(rows) == [("Joanna Reyes", "For Joanna only"), ("Maya Okafor-Lind", "For Maya only")]


def test_her_session_ends_in_the_middle_and_her_answer_is_saved_after_signing_in(week, site_of_its_own):
    page = week(6)
    before = site_of_its_own.answers("phq-9/item 6")
    ended = [one for one in page.context.cookies() if one["name"] != "sessionid"]
    page.context.clear_cookies()
    page.context.add_cookies(ended)
    page.get_by_label("Nearly every day").check()
    page.get_by_role("button", name="Next").click()
    page.wait_for_url("**/account/login/?next=/again")
    assert site_of_its_own.answers("phq-9/item 6") == before
    site_of_its_own.gives_a_password("maya@demo.example")
    page.get_by_label("Email").fill("maya@demo.example")
    page.get_by_label("Password").fill("a long enough password")
    pressed(page.get_by_role("button", name="Sign in", exact=True))
    page.wait_for_url("**/again")
    assert violations(page) == []
    page.get_by_role("button", name="Save it now").click()
    page.wait_for_url("**/phq-9-7")
    assert site_of_its_own.answers("phq-9/item 6") == [*before, "3"]


# --- the server itself is gone (last: it is stopped, and comes back) ------------------------------------------------------


def test_with_the_server_stopped_help_opens_and_an_answer_is_sent_when_it_is_back(week, site_of_its_own):
    page = week(7)
    before = site_of_its_own.answers("phq-9/item 7")
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("async () => !!(await caches.match('/help'))")
    site_of_its_own.stop()
    page.get_by_label("Several days").check()
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Not sent yet.").wait_for()
    beside = page.context.new_page()
    beside.goto(f"{site_of_its_own.at}/help")
    expect(beside.get_by_role("link", name="Call 988")).to_be_visible()
    assert beside.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(238, 242, 236)"
    assert "Maya" not in beside.content()
    site_of_its_own.start()
    page.wait_for_url("**/phq-9-8")
    assert site_of_its_own.answers("phq-9/item 7") == [*before, "1"]
