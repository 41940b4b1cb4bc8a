"""A real Chromium and a real server on a free port of this machine, for the tests and for the pictures.

A click comes back before the page it leads to is there, and on a busy machine long before: what leads on is `pressed`, and
what comes by itself is waited for, with `expect` or `in_time`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

from tests.faults.kill import _wait_for

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
PATIENCE, FOR_A_PAGE = 30_000, 60_000
"""Milliseconds: how long anything is waited for, and a page."""
TO_BE_BUILT = 300
"""Seconds: on two busy cores the demo takes two minutes to be there."""


@contextmanager
def serving() -> Iterator[str]:
    """The address of the site, served by Django's own threaded server until the end of the block."""
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    class Silent(WSGIRequestHandler):
        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadedWSGIServer(("127.0.0.1", 0), Silent, connections_override={})
    server.daemon_threads = True
    server.set_app(get_wsgi_application())
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def the_demo(port: int, file: Path) -> subprocess.Popen[bytes]:
    """The demo clinic, served by a process of its own on this file from when this returns; whoever asked kills it."""
    said = file.with_suffix(".log")
    with said.open("wb") as log:
        server = subprocess.Popen([sys.executable, "-m", "tests.pages.demo_site", str(port), str(file)],
                                  stdout=log, stderr=log)  # fmt: skip
    for _ in range(TO_BE_BUILT // 10):
        if server.poll() is not None:
            break
        try:
            _wait_for(port)  # ten seconds
        except SystemExit:
            continue
        return server
    server.kill()
    server.wait()
    raise AssertionError(f"The demo does not answer on port {port}. It said:\n{said.read_text()[-4000:]}")


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser without a window, patient enough for a busy machine."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        browser.on("context", _patient)
        try:
            yield browser
        finally:
            browser.close()


def _patient(context: Any) -> None:
    context.set_default_timeout(PATIENCE)
    context.set_default_navigation_timeout(FOR_A_PAGE)


# --- what a person does on a page -------------------------------------------------------------------------------------


def pressed(found: Any) -> None:
    """Presses what leads to a page, or sends a form without htmx; comes back when that page is there, all of it."""
    with found.page.expect_navigation():
        found.click()


def signed_in_as(page: Any, demo: str, who: str) -> None:
    """Signs in as this person of the demo, and is on the page where that person begins."""
    page.goto(f"{demo}/demo")
    pressed(page.locator(f'button[formaction="/demo/as/{who}"]'))
    assert page.url.endswith(("/home", "/today", "/patients")), f"{page.url}: {page.title()}"


def in_time(page: Any, so: Callable[[], bool]) -> bool:
    """Is it so, or does it become so in a quarter of a minute?  Asked again and again: a page comes when it can."""
    for _ in range(150):
        if so():
            return True
        page.wait_for_timeout(100)
    return so()
