"""Take the pictures of the README anew: the front page, and the findings of a written patient.

`make shots`, from the project's folder. With a folder as its argument, every kind of page is taken there as well, in
light, dark and at 320 px, to be looked at.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURES = {"front": "/", "findings": "/try/valproate-and-condoms/"}
EVERY_KIND = {
    **PICTURES,
    "quiet": "/try/a-quiet-record/",
    "unchecked": "/try/nobody-asked/",
    "rules": "/rules/?level=critical",
    "rule": "/rules/lithium-nsaid",
    "gathered": "/rules/not-checked",
    "medicines": "/medicines/",
    "medicine": "/medicines/lithium/",
    "missing": "/rules/none-such/",
}
DESK = {"width": 1440, "height": 900}


def main(folder: Path | None) -> None:
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "althea.site.settings.test"
    from tests.pages.browser import chromium, serving

    pictures = ROOT / "docs" / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    with serving() as site, chromium() as browser:
        page = browser.new_page(viewport=DESK)
        for name, path in PICTURES.items():
            page.goto(site + path)
            page.screenshot(path=pictures / f"{name}.png")
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


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else None)
