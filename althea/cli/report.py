"""How does a clinician read a sweep?  One self-contained page: no script, nothing fetched, nothing left out unsaid.

The sweep counts; this file only draws. It never sees more than the women it lists, so its memory does not grow with
the number of patients. Django's template engine is used by itself: no settings, no database.
"""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

LISTED = 500
"""So many women are listed at most; findings.csv holds everybody."""
LINES_SHOWN = 100
"""So many unreadable lines are shown at most; run.json holds them all."""
STAGES = {
    "cycle": "Cycle",
    "trying": "Trying",
    "pregnant": "Pregnant",
    "postpartum": "Post-partum",
    "perimenopause": "Peri-meno.",
    "after": "After",
    "not known": "Not known",
    "does not apply": "Does not apply",
}
"""The life stages of a finding, and what stands above their columns."""
IN_FULL = {
    "cycle": "Cycle",
    "trying": "Trying for a baby",
    "pregnant": "Pregnant",
    "postpartum": "Postpartum",
    "perimenopause": "Perimenopause",
    "after": "After the menopause",
    "not known": "Not known",
    "does not apply": "Does not apply",
}
LEVELS = {
    "critical": ("Critical", "octagon-alert", "crit"),
    "warning": ("Warning", "triangle-alert", "warn"),
    "info": ("For information", "info", "info"),
}
"""Level -> its word, its shape, its class; the loudest first."""
ICONS = ("octagon-alert", "triangle-alert", "info", "shield-check", "users", "eye", "book-open", "list-checks")
FONTS = ("atkinson-next-latin.woff2", "ysabeau-office-latin.woff2")
FONT_LIMIT = 150_000
"""Bytes of fonts, as written into the page, above which it does without them."""
LOOK = Path(__file__).resolve().parents[1] / "look"

Row = Mapping[str, Any]


def draw(
    run: Row,
    findings: Iterable[Row],
    not_checked: Iterable[Row],
    out: Path,
    *,
    by_stage: Iterable[Row] = (),
    with_findings: int | None = None,
) -> None:
    """Writes report.html, beside and then renamed, readable by its owner only.

    `run`: what run.json holds: as_of, knowledge, code, jobs, inputs[{path, bytes, lines}], counts{patients, adults,
    women, findings_by_rule, findings_by_level, not_checked_by_reason, not_read, skipped_types}, bad_lines[{file, line,
    why}], bad_line_count, seconds{}, peak_mb. A key that is absent is left out of the page.

    `findings`: rows of findings.csv (patient_id, rule, level, title, because, first_fact_on, source, knowledge) and
    `stage` (a key of `STAGES`) and `age` (None: no birth date), of women and above info. All rows of one woman stand
    together, the most urgent woman first, her loudest row first. No more than `LISTED` women are read from it; whatever
    comes later is never asked for, so a sorted iterator over everybody will do.

    `not_checked`: what was missing, already counted: {missing, checks, women, could_be}. `missing` in words ("whether
    she is breastfeeding"), `checks`: how many rules waited for it, `women`: in how many people, `could_be`: the
    loudest level those rules have. A reason that only `counts.not_checked_by_reason` holds stands below them.

    `by_stage`: the cells of the table, already counted: {rule, level, title, stage, women}, of women and above info;
    `title` is the rule's in general. `with_findings`: how many women have such a finding; without it, as many as are
    listed.
    """
    page = _page(run, findings, not_checked, by_stage, with_findings)
    beside = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(page)
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)


def _page(
    run: Row, findings: Iterable[Row], not_checked: Iterable[Row], by_stage: Iterable[Row], with_findings: int | None
) -> str:
    from django.template import Context, Engine

    people = [_person(rows) for rows in _people(findings)]
    total = len(people) if with_findings is None else with_findings
    counts, bad = run.get("counts", {}), run.get("bad_lines", ())
    bad_count = int(run.get("bad_line_count", len(bad)))
    waiting = _waiting(not_checked)
    context = {
        "css": _css(),
        "icons": _icons(),
        "brand": _brand(),
        "as_of": _day(run.get("as_of", "")),
        "knowledge": str(run.get("knowledge", "")),
        "patients": _many(counts.get("patients", 0)),
        "adults": _many(counts.get("adults", 0)),
        "women": _many(counts.get("women", 0)),
        "with_findings": _many(total),
        "levels": _levels(counts.get("findings_by_level", {})),
        "heat": _heat(by_stage),
        "people": people,
        "listed": _many(len(people)),
        "not_listed": _many(total - len(people)) if total > len(people) else "",
        "waiting": waiting,
        "left_out": _reasons(counts.get("not_checked_by_reason", {}), {one["missing"] for one in waiting}),
        "not_read": _reasons(counts.get("not_read", {}), set()),
        "bad_lines": [_texts(line) for line in bad[:LINES_SHOWN]],
        "bad_count": _count(bad_count, "line"),
        "bad_more": _many(bad_count - LINES_SHOWN) if bad_count > LINES_SHOWN else "",
        "skipped": [
            {"type": str(key), "lines": _many(value)} for key, value in _sorted(counts.get("skipped_types", {}))
        ],
        "settings": _settings(run),
        "inputs": [
            {"path": str(one.get("path", "")), "lines": _many(one.get("lines", 0)), "size": _size(one.get("bytes", 0))}
            for one in run.get("inputs", ())
        ],
    }  # fmt: skip
    engine = Engine(dirs=[str(LOOK / "templates")])
    return str(engine.get_template("look/report.html").render(Context(context)))


# --- who --------------------------------------------------------------------------------------------------------------


def _people(findings: Iterable[Row]) -> Iterator[list[Row]]:
    """The rows of each of the first people, and not one person further."""
    for number, (_, rows) in enumerate(groupby(findings, key=lambda row: row["patient_id"]), 1):
        yield list(rows)
        if number == LISTED:
            return


def _person(rows: list[Row]) -> dict[str, Any]:
    first = rows[0]
    word, icon, css = LEVELS[first["level"]]
    age = first.get("age")
    return {
        "id": str(first["patient_id"]),
        "age": "not known" if age is None else str(age),
        "stage": IN_FULL.get(first.get("stage", ""), "Not known"),
        "stage_css": {"pregnant": "preg", "postpartum": ""}.get(first.get("stage", ""), "base"),
        "level": word,
        "icon": icon,
        "css": css,
        "findings": [
            {
                "level": LEVELS[row["level"]][0],
                "icon": LEVELS[row["level"]][1],
                "css": LEVELS[row["level"]][2],
                "title": _days(str(row["title"])),
                "because": _days(str(row.get("because") or "")),
                "since": _day(row.get("first_fact_on") or ""),
                "source": str(row.get("source") or ""),
                "rule": str(row["rule"]),
            }
            for row in rows
        ],
    }


# --- counts -----------------------------------------------------------------------------------------------------------


def _levels(counted: Row) -> list[dict[str, str]]:
    return [
        {"word": word, "icon": icon, "css": css, "count": _many(counted.get(level, 0))}
        for level, (word, icon, css) in LEVELS.items()
    ]


def _heat(cells: Iterable[Row]) -> dict[str, Any]:
    """The table by finding and life stage: its columns (stages that occur), and its rows, loudest and fullest first."""
    rules: dict[str, dict[str, Any]] = {}
    for cell in cells:
        row = rules.setdefault(cell["rule"], {"level": cell["level"], "title": str(cell["title"]), "in": {}})
        row["in"][cell["stage"]] = row["in"].get(cell["stage"], 0) + int(cell["women"])
    always = [stage for stage in STAGES if stage not in ("not known", "does not apply")]
    columns = [stage for stage in STAGES if stage in always or any(row["in"].get(stage) for row in rules.values())]
    most = max((count for row in rules.values() for count in row["in"].values()), default=1)
    order = list(LEVELS)
    ranked = sorted(rules.values(), key=lambda row: (order.index(row["level"]), -sum(row["in"].values()), row["title"]))
    return {
        "columns": [STAGES[stage] for stage in columns],
        "rows": [
            {
                "level": LEVELS[row["level"]][0],
                "icon": LEVELS[row["level"]][1],
                "css": LEVELS[row["level"]][2],
                "title": row["title"],
                "cells": [_cell(row["in"].get(stage, 0), most) for stage in columns],
                "total": _many(sum(row["in"].values())),
            }
            for row in ranked
        ],
    }


def _cell(women: int, most: int) -> dict[str, str]:
    """A number and how strongly it is coloured: eight steps, by the root so that small numbers still differ."""
    step = max(1, min(8, round(8 * (women / most) ** 0.5))) if women else 0
    return {"women": _many(women) if women else "", "step": str(step)}


def _reasons(counted: Row, but: set[str]) -> list[dict[str, str]]:
    """Reasons and how often, most first, without those that are said elsewhere."""
    return [{"reason": str(key), "count": _many(value)} for key, value in _sorted(counted) if key not in but]


def _waiting(rows: Iterable[Row]) -> list[dict[str, str]]:
    """What was missing, what could turn critical first."""
    order = list(LEVELS)
    found = sorted(rows, key=lambda row: (order.index(row["could_be"]), -int(row["women"]), str(row["missing"])))
    return [
        {
            "missing": str(row["missing"]),
            "women": _many(row["women"]),
            "checks": _many(row["checks"]),
            "word": LEVELS[row["could_be"]][0],
            "icon": LEVELS[row["could_be"]][1],
            "css": LEVELS[row["could_be"]][2],
        }
        for row in found
    ]


# --- the run ----------------------------------------------------------------------------------------------------------


def _settings(run: Row) -> list[dict[str, str]]:
    said = [
        ("As of", _day(run.get("as_of", ""))),
        ("Knowledge", str(run.get("knowledge", ""))),
        ("Program", str(run.get("code", ""))),
        ("Workers", str(run.get("jobs", ""))),
        ("Time", f"{sum(run['seconds'].values()):.1f} seconds" if run.get("seconds") else ""),
        ("Most memory", f"{float(run['peak_mb']):.0f} MB" if run.get("peak_mb") else ""),
    ]
    return [{"name": name, "value": value} for name, value in said if value]


def _sorted(counted: Row) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def _texts(row: Row) -> dict[str, str]:
    return {key: str(value) for key, value in row.items()}


def _many(number: Any) -> str:
    return f"{int(number):,}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}" if number else ""


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 100_000 else f"{count / 1000:.1f} kB"


def _day(written: date | str) -> str:
    """ "2026-11-22" -> "22 November 2026"; anything else as it stands."""
    try:
        day = written if isinstance(written, date) else date.fromisoformat(written)
    except ValueError:
        return str(written)
    return f"{day.day} {day:%B %Y}"


def _days(text: str) -> str:
    """Every 2026-11-22 in a sentence becomes 22 November 2026."""
    return re.sub(r"\b\d{4}-\d{2}-\d{2}\b", lambda found: _day(found[0]), text)


# --- the look ---------------------------------------------------------------------------------------------------------


@cache
def _css() -> str:
    """What a desk wears of `look`, with the two fonts written in."""
    from django.utils.safestring import mark_safe

    folder = LOOK / "static" / "look"
    worn = ("tokens", "base", "parts", "desk", "print")
    text = "\n".join((folder / f"{name}.css").read_text("utf-8") for name in worn)
    text = re.sub(r"@font-face\{[^}]*\}\n?", lambda found: _font(found[0], folder), text)
    return mark_safe(text)  # our own files


def _font(face: str, folder: Path) -> str:
    """A @font-face with its file written in, or nothing for a font that the page does without."""
    named = re.search(r"url\(fonts/([\w.-]+)\)", face)
    written = {name: b64encode((folder / "fonts" / name).read_bytes()).decode() for name in FONTS}
    if not named or named[1] not in written or sum(map(len, written.values())) > FONT_LIMIT:
        return ""
    return face.replace(named[0], f"url(data:font/woff2;base64,{written[named[1]]})")


@cache
def _icons() -> str:
    """The shapes this page uses, cut out of the sprite."""
    from django.utils.safestring import mark_safe

    sprite = (LOOK / "static" / "look" / "icons.svg").read_text("utf-8")
    found = {one[1]: one[0] for one in re.finditer(r'<symbol id="i-([\w-]+)".*?</symbol>', sprite, re.DOTALL)}
    return mark_safe("".join(found[name] for name in ICONS))  # our own file


@cache
def _brand() -> str:
    """The mark and the wordmark, without their link: this page has no front page to go to."""
    from django.utils.safestring import mark_safe

    drawn = (LOOK / "templates" / "look" / "_brand.html").read_text("utf-8")
    sprite = (LOOK / "static" / "look" / "icons.svg").read_text("utf-8")
    mark = re.findall(r'<svg class="mark".*?</svg>', drawn, re.DOTALL)
    name = re.findall(r'<symbol id="althea" (viewBox="[^"]*")>(.*?)</symbol>', sprite, re.DOTALL)
    words = [f'<svg {box} role="img" aria-label="althea">{letters}</svg>' for box, letters in name]
    return mark_safe("".join(mark + words))  # our own files
