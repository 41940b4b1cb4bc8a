"""How does a sheet become a PDF?  A template of this folder, and its words as data.

Nothing that anybody wrote is ever put into a template's source: it goes in as JSON and stays text.  The press reads
no file outside `althea/look`, none of the machine's fonts, no clock and no network.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import typst

from .letters import FONTS, called, drawn

Size = Literal["a4", "us-letter"]
LOOK = Path(__file__).resolve().parents[1]
STANDARDS: list[Any] = ["a-2a", "ua-1"]
"""An archive's PDF and an accessible one at once.  Under it a picture without words for it is an error."""
NAMED = 6
"""How many letters that could not be drawn are named; the others are counted."""


def press(template: str, words: dict[str, Any], size: Size) -> bytes:
    """What is the PDF of these words?  The same bytes for the same words.

    Raises ValueError for a size of paper we do not have, and `typst.TypstError` where the template is wrong.
    """
    pdf = typst.compile(**job(template, words, size), format="pdf", pdf_standards=STANDARDS, timestamp=0)
    assert isinstance(pdf, bytes)
    return pdf


def job(template: str, words: dict[str, Any], size: Size) -> dict[str, Any]:
    """What is the press told?  All but the form of the result, so that a picture is made of the very same."""
    if size not in get_args(Size):
        raise ValueError(f"no paper of size {size!r}: {' or '.join(get_args(Size))}")
    boxed: list[str] = []
    ready = _ready({**words, "size": size}, boxed)
    letters = list(dict.fromkeys(boxed))
    ready["boxed"] = [called(letter) for letter in letters[:NAMED]]
    ready["boxed_more"] = len(letters[NAMED:])
    return {
        "input": LOOK / "paper" / template,
        "root": LOOK,
        "font_paths": fonts(),
        "ignore_system_fonts": True,
        "sys_inputs": {"paper": json.dumps(ready)},
    }


@cache
def fonts() -> typst.Fonts:
    """Our own fonts only: not the machine's, and not those the press brings along."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _ready(value: Any, boxed: list[str]) -> Any:
    """The words as JSON takes them, each text as it can be drawn; `boxed` gathers what cannot."""
    if isinstance(value, str):
        words, missing = drawn(value)
        boxed.extend(missing)
        return words
    if isinstance(value, dict):
        return {key: _ready(part, boxed) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_ready(part, boxed) for part in value]
    if isinstance(value, date):
        return [value.year, value.month, value.day]
    return float(value) if isinstance(value, Decimal) else value
