"""One server for all tests of this folder; the report is drawn once and opened as a file."""

import os

import pytest

from althea.cli.report import draw
from tests.cli.sweeps import BY_STAGE, FINDINGS, NOT_CHECKED, RUN
from tests.faults.kill import _free_port
from tests.pages.browser import serving, signed_in_as, the_demo

# The browser's driver runs a loop in the thread of the tests, and Django would refuse the database beside one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture(scope="session")
def site():
    with serving() as address:
        yield address


@pytest.fixture(scope="session")
def report(tmp_path_factory):
    out = tmp_path_factory.mktemp("sweep") / "report.html"
    draw(RUN, FINDINGS, NOT_CHECKED, out, by_stage=BY_STAGE, with_findings=713)
    return out.as_uri()


@pytest.fixture
def opened(browser, site, report):
    """Opens a page and keeps what it asked for: `opened(path, **how the browser is set)`."""
    contexts = []

    def open_(path, **settings):
        context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce", **settings}
        )
        contexts.append(context)
        page = context.new_page()
        page.asked, page.said = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.said.append(message.text))
        page.goto(report if path == "report" else site + path, wait_until="load")
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo clinic, served by a process of its own for each file of tests, killed at the end."""
    port, file = _free_port(), tmp_path_factory.mktemp("demo") / "demo.sqlite3"
    server = the_demo(port, file)
    try:
        yield f"http://localhost:{port}"
    finally:
        server.kill()
        server.wait()


@pytest.fixture
def as_(browser, demo):
    """A page on which this person of the demo has signed in: `as_("maya", width=390)`."""
    contexts = []

    def be(who, **settings):
        width = settings.pop("width", 390)
        context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce", **settings)
        contexts.append(context)
        page = context.new_page()
        if who:
            signed_in_as(page, demo, who)
        return page

    yield be
    for context in contexts:
        context.close()
