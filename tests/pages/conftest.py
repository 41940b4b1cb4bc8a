"""One server and one browser for all tests of this folder; the report is drawn once and opened as a file."""

import os

import pytest

from althea.cli.report import draw
from tests.cli.sweeps import BY_STAGE, FINDINGS, NOT_CHECKED, RUN
from tests.pages.browser import chromium, serving

# The browser's driver runs a loop in the thread of the tests, and Django would refuse the database beside one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture(scope="session")
def site():
    with serving() as address:
        yield address


@pytest.fixture(scope="session")
def browser():
    with chromium() as one:
        yield one


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
