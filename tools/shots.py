"""Take the pictures of the documents anew: the front page, written patients, and the demo walked from both sides.

`make shots`, from the project's folder. The demo stands at Tuesday 9 June 2026, six minutes past ten in New York,
whatever day it is. With a folder as its argument, every kind of open page is
taken there as well, in light, dark and at 320 px, to be looked at.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
NOW = "2026-06-09T14:06:00+00:00"
OPEN = {"front": "/", "findings": "/try/valproate-and-condoms/"}
EVERY_KIND = {
    **OPEN,
    "quiet": "/try/a-quiet-record/",
    "unchecked": "/try/nobody-asked/",
    "rules": "/rules/?level=critical",
    "rule": "/rules/lithium-nsaid",
    "gathered": "/rules/not-checked",
    "medicines": "/medicines/",
    "medicine": "/medicines/lithium/",
    "missing": "/rules/none-such/",
}
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
WALK = (
    ("demo", "", "demo", DESK),
    ("home", "maya", "home", PHONE),
    ("check-in", "maya", "check-in-now", PHONE),
    ("help", "maya", "+help", PHONE),
    ("look-over", "maya", "+look-over", PHONE),
    ("medicine", "maya", "medicine", PHONE),
    ("progress", "maya", "progress", PHONE),
    ("changes", "maya", "my-changes", PHONE),
    ("my-plan", "maya", "my-plan", PHONE),
    ("options", "yuki", "options", PHONE),
    ("outbox", "", "demo-outbox", PHONE),
    ("today", "marchetti", "today", DESK),
    ("patients", "marchetti", "patients", DESK),
    ("chart", "marchetti", "chart maya", DESK),
    ("plan", "marchetti", "plan maya", DESK),
    ("review", "marchetti", "review maya", DESK),
    ("order", "marchetti", "order priya", DESK),
    ("labs", "marchetti", "labs rosa", DESK),
    ("medicines-of", "marchetti", "medicines-of maya", DESK),
    ("assessment", "marchetti", "assessment ruth", DESK),
    ("safety", "marchetti", "safety", DESK),
    ("another-panel", "hale", "today", DESK),
    ("set-aside", "hale", "chart mei", DESK),
    ("who-looked", "maya", "who-looked", PHONE),
)
"""(picture, as whom, page and of whom, size), in the order of the story; "+": what is done on the page before."""


def main(folder: Path | None) -> None:
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as here:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "tests.pages.demo_settings",
            "ALTHEA_DEMO": "1",
            "ALTHEA_DEMO_FILE": str(Path(here) / "demo.sqlite3"),
        }
        os.environ.pop("DATABASE_URL", None)
        import time_machine

        with time_machine.travel(NOW, tick=True):
            _pictures(folder)


def _pictures(folder: Path | None) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from althea.care.demo.build import build
    from tests.pages.browser import chromium, serving
    from tools.small_png import shrink

    call_command("migrate", verbosity=0)
    build()
    addresses = {where: _address(where) for _, _, where, _ in WALK if not where.startswith("+")}
    pictures = ROOT / "docs" / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)

    def keep(page: Any, name: str) -> None:
        file = pictures / f"{name}.png"
        page.evaluate("document.fonts.ready")
        page.screenshot(path=file)
        print(f"{file.name:24}{shrink(file) / 1000:8.0f} kB", flush=True)

    with serving() as site, chromium() as browser:
        page = browser.new_page(viewport=DESK, reduced_motion="reduce")
        for name, path in OPEN.items():
            page.goto(site + path)
            keep(page, name)
        page.close()
        _walk(browser, site, addresses, keep)
        for name, path in (EVERY_KIND if folder else {}).items():
            for way, look in {
                "light": {"viewport": DESK},
                "dark": {"viewport": DESK, "color_scheme": "dark"},
                "phone": {"viewport": {"width": 320, "height": 700}},
            }.items():
                page = browser.new_page(**look)
                page.goto(site + path)
                page.screenshot(path=folder / f"{name}-{way}.png", full_page=True)
                page.close()


def _walk(browser: Any, site: str, addresses: dict[str, str], keep: Callable[[Any, str], None]) -> None:
    """The story, as the people in it."""
    page, at = None, ""
    for name, who, where, size in WALK:
        if where.startswith("+"):
            {"+help": _to_the_help_page, "+look-over": _to_the_end}[where](page)
            keep(page, name)
            continue
        if page is None or who != at:
            if page is not None:
                page.context.close()
            page, at = browser.new_context(viewport=size, reduced_motion="reduce").new_page(), who
            if who:
                page.goto(f"{site}/demo")
                page.locator(f'button[formaction="/demo/as/{who}"]').click()
        page.set_viewport_size(size)
        page.goto(site + addresses[where])
        if name == "check-in":
            page.get_by_label("Several days").check()
        if name == "medicine":
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        if name == "set-aside":
            page.locator(".finding.over").first.scroll_into_view_if_needed()
        keep(page, name)


def _address(where: str) -> str:
    """Of a page, by its name and whose record it is."""
    from althea.portal.pages.demo import Step, address

    page, _, of = where.partition(" ")
    step = Step("", page, "", "", of)
    return address(step)


def _to_the_help_page(page: Any) -> None:
    """She answers, and says "several days" to the last question."""
    _next(page)
    for _ in range(8):
        page.get_by_label("Several days").check()
        _next(page)


def _to_the_end(page: Any) -> None:
    """She goes on, and comes to where she looks it all over."""
    page.get_by_role("link", name="Go on with my check-in").click()
    page.get_by_label("No dose was missed").check()
    _next(page)
    _next(page)
    _next(page)
    page.get_by_label("Anything you want us to know?").fill("Evenings are still dark.")
    _next(page)


def _next(page: Any) -> None:
    """Her answer is kept before the next page comes."""
    before = page.url
    page.get_by_role("button", name="Next").click()
    page.wait_for_url(lambda url: url != before)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else None)
