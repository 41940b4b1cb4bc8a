"""How is a card shown on a page?  The card's own words, taken apart: facts with their days, what to do, source, mark.

The pages ask through the same door as everybody, `althea.fhir.cds.answer`, and get its cards. Their `detail` is
markdown of our own making (`althea/fhir/cards.py`): bold headings, lists and paragraphs, nothing else.
"""

from __future__ import annotations

import re
from typing import Any

from althea.clinic.words import days_in_words

LEVELS = {
    "critical": {"word": "Critical", "icon": "octagon-alert", "css": "crit", "several": "critical"},
    "warning": {"word": "Warning", "icon": "triangle-alert", "css": "warn", "several": "warnings"},
    "info": {"word": "For information", "icon": "info", "css": "info", "several": "for information"},
}
"""Level -> the word, the shape and the class that say it; the loudest first."""
NO_RULE = ("not-checked", "more-warnings", "worth-knowing", "scope")
"""Cards that do not come from one rule."""
_HEADINGS = {"Because": "From her record", "Source": "Source", "Assumed": "Assumed in reading the record"}
_ENDING_DAY = re.compile(r"^(.*?)(?: \((\d{4}-\d{2}-\d{2})\)|, stated (\d{4}-\d{2}-\d{2}))$")
_BOLD = re.compile(r"^\*\*(.+?)\*\*(.*)$")


def shown(card: dict[str, Any]) -> dict[str, Any]:
    """A card as the template draws it."""
    code = card["source"]["topic"]["code"]
    sections = _sections(card["detail"])
    foot = [line for section in sections for line in section["words"] if line.startswith("Knowledge ")]
    for section in sections:
        section["words"] = [line for line in section["words"] if line not in foot]
    sources = [item for section in sections if section["heading"] == "Source" for item in section["items"]]
    return {
        **LEVELS[card["indicator"]],
        "level": card["indicator"],
        "title": days_in_words(card["summary"]),
        "rule": code,
        "of_a_rule": code not in NO_RULE,
        "not_checked": code in ("not-checked", "scope"),
        "sections": [
            one for one in sections if one["heading"] != "Source" and (one["items"] or one["words"] or one["heading"])
        ],
        "sources": sources,
        "foot": " ".join(foot),
        "actions": [one["label"] for one in card.get("suggestions", ())],
    }  # fmt: skip


def counted(cards: list[dict[str, Any]]) -> str:
    """ "1 critical, 2 warnings": what stands above the findings. Empty: nothing to say."""
    said = []
    for level, words in LEVELS.items():
        count = sum(card["level"] == level and not card["not_checked"] for card in cards)
        if count:
            said.append(f"{count} {words['word'].lower() if count == 1 else words['several']}")
    return ", ".join(said)


def _sections(detail: str) -> list[dict[str, Any]]:
    """The markdown by its headings; words that follow a list begin a part without one."""
    found: list[dict[str, Any]] = []
    for raw in detail.splitlines():
        line = _plain(raw.strip())
        if not line:
            continue
        if line.startswith("**") and line.endswith("**") and line.count("**") == 2:
            heading = line.strip("*")
            found.append(
                {"heading": _HEADINGS.get(heading, heading), "facts": heading == "Because", "items": [], "words": []}
            )
        elif line.startswith("- "):
            if not found:
                found.append(_untitled())
            found[-1]["items"].append(_item(line[2:], found[-1]["facts"]))
        else:
            if not found or found[-1]["items"]:
                found.append(_untitled())
            found[-1]["words"].append(days_in_words(line.replace("**", "")))
    return found


def _untitled() -> dict[str, Any]:
    return {"heading": "", "facts": False, "items": [], "words": []}


def _item(line: str, fact: bool) -> dict[str, str]:
    """A line of a list; of a fact, its day stands apart."""
    dated = _ENDING_DAY.match(line) if fact else None
    strong = _BOLD.match(line)
    words = days_in_words(dated[1] if dated else strong[2] if strong else line)
    on = (dated[2] or dated[3]) if dated else ""
    return {
        "strong": days_in_words(strong[1][:1].upper() + strong[1][1:]) if strong else "",
        "words": words if strong else words[:1].upper() + words[1:],
        "on": days_in_words(on),
        "iso": on,
    }


def _plain(line: str) -> str:
    return re.sub(r"\\([\[\]])", r"\1", line).replace("&lt;", "<").replace("&gt;", ">")
