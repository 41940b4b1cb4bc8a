"""`althea review FILE`: what would the cards say?  A CDS Hooks request or a FHIR Bundle of one woman, from a file.

The same function answers as behind the web service. `--json` prints its response; without it the cards are printed to
be read; `--html` writes them as one page that stands alone.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import textwrap
from collections.abc import Iterator
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from althea.cli.errors import BadInput
from althea.fhir import cds
from althea.fhir.parse import NotReadable, parse
from althea.knowledge import load

JURISDICTIONS = ("US", "UK", "CA", "AU")
HEADINGS = {"critical": "CRITICAL", "warning": "WARNING", "info": "For information"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a CDS Hooks 2.0 request or a FHIR R4 Bundle, as JSON")
    parser.add_argument("--as-of", metavar="DATE", help="the day to review on, for example 2026-11-22 (default: today)")
    parser.add_argument("--json", action="store_true", help="print the CDS Hooks response")
    parser.add_argument("--html", metavar="OUT", help="write the cards as a page to this file")
    parser.add_argument(
        "--jurisdiction",
        choices=JURISDICTIONS,
        default="US",
        help="whose label and guideline decide where they differ (default: US)",
    )


def run(args: argparse.Namespace) -> int:
    """Prints the cards, or writes them. Ends with 0; bad input is one line and 2."""
    today = _day(args.as_of)
    question = _read(args.file)
    ask = cds.answer_bundle if isinstance(question, dict) and question.get("resourceType") == "Bundle" else cds.answer
    try:
        response = ask(question, today, load(), jurisdiction=args.jurisdiction)
    except cds.BadRequest as bad:
        raise BadInput(args.file, "", bad.message) from None
    if args.html:
        _write(Path(args.html), page(response["cards"], today))
    if args.json:
        print(json.dumps(response, indent=2, ensure_ascii=False))
    elif not args.html:
        print(report(response["cards"], today))
    return 0


def report(cards: list[dict[str, Any]], today: date, width: int = 88) -> str:
    """The cards as plain text, the loudest first."""
    lines = [f"Althea review as of {today}. Not yet reviewed by a clinician.", ""]
    if not cards:
        lines.append("Nothing to say: no rule that could be asked found anything.")
    for card in cards:
        lines += textwrap.wrap(f"{HEADINGS[card['indicator']]}: {card['summary']}", width)
        for kind, text in _parts(card["detail"]):
            if kind == "heading":
                lines.append(f"  {text}")
            else:
                bullet = "  - " if kind == "item" else "  "
                lines += textwrap.wrap(text, width, initial_indent=bullet, subsequent_indent=" " * len(bullet))
        lines += [f"  Could be settled by: {one['label']}" for one in card.get("suggestions", [])]
        lines += [f"  Rule: {card['source']['topic']['code']}", ""]
    return "\n".join(lines).rstrip()


def page(cards: list[dict[str, Any]], today: date) -> str:
    """The cards as one page without anything outside itself."""
    body = [
        f"<h1>Review as of {today}</h1>",
        "<p class=calm>Contains health information. Not yet reviewed by a clinician.</p>",
    ]
    if not cards:
        body.append("<p>Nothing to say: no rule that could be asked found anything.</p>")
    for card in cards:
        body.append(
            f'<section class="card {escape(card["indicator"])}"><p class=level>{HEADINGS[card["indicator"]]}</p>'
        )
        body.append(f"<h2>{escape(card['summary'])}</h2>")
        listing = False
        for kind, text in _parts(card["detail"]):
            if listing != (kind == "item"):
                body.append("<ul>" if kind == "item" else "</ul>")
                listing = kind == "item"
            body.append(
                {"heading": f"<h3>{escape(text)}</h3>", "item": f"<li>{escape(text)}</li>"}.get(
                    kind, f"<p>{escape(text)}</p>"
                )
            )
        body.append("</ul></section>" if listing else "</section>")
    return PAGE.format(title=f"Althea review as of {today}", body="\n".join(body))


def _parts(detail: str) -> Iterator[tuple[str, str]]:
    """("heading" | "item" | "words", text) of each line of a card's markdown."""
    for line in detail.splitlines():
        text = re.sub(r"\\([\[\]])", r"\1", line.strip()).replace("&lt;", "<").replace("&gt;", ">")
        if not text:
            continue
        if text.startswith("**") and text.endswith("**"):
            yield "heading", text.strip("*")
        elif text.startswith("- "):
            yield "item", text[2:].replace("**", "")
        else:
            yield "words", text.replace("**", "")


def _day(text: str | None) -> date:
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("--as-of", text, "is not a date. Write it as 2026-11-22.") from None


def _read(name: str) -> object:
    try:
        body = Path(name).read_bytes()
    except OSError as error:
        raise BadInput(name, "", f"cannot be read ({error.strerror}). Name a file that exists.") from None
    try:
        question = parse(body)
    except NotReadable as bad:
        raise BadInput(name, bad.place, f"{bad.why}. {bad.mend}") from None
    if not isinstance(question, dict) or ("hook" not in question and question.get("resourceType") != "Bundle"):
        raise BadInput(
            name,
            "",
            "neither a CDS Hooks request nor a FHIR Bundle. Send an object with “hook”, or with resourceType “Bundle”.",
        )
    return question


def _write(path: Path, text: str) -> None:
    """Beside and then renamed, readable by its owner only: nothing is ever half written."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.touch(mode=0o600)
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise BadInput(
            path, "", f"cannot be written ({error.strerror}). Name a folder that exists and may be written."
        ) from None
    print(f"Written to {path}", file=sys.stderr)


PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem;
  color: #1f1a24; background: #fbf9f6; }}
h1 {{ font-size: 1.6rem; }}
h2 {{ font-size: 1.15rem; margin: 0 0 .5rem; }}
h3 {{ font-size: 1rem; margin: 1rem 0 .25rem; }}
.card {{ background: #fff; border: 1px solid #d9d2dc; border-inline-start: .4rem solid #6b6272;
  border-radius: .4rem; padding: 1rem; margin: 1rem 0; }}
.critical {{ border-inline-start-color: #a3122f; }} .warning {{ border-inline-start-color: #a65f00; }}
.level {{ margin: 0; font-weight: 700; }} ul {{ margin: .25rem 0; padding-inline-start: 1.2rem; }}
@media print {{ .card {{ break-inside: avoid; }} }}
</style></head><body><main>
{body}
</main></body></html>
"""
