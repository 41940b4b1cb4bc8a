"""Whom can she call?  The lines of a country, from a file: no database, no network."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A number to call or text. `who`: for whom it is, where it is not for everybody."""

    name: str
    call: str
    words: str
    source: str
    text: str = ""
    text_words: str = ""
    who: str = ""


@cache
def lines(country: str = "US") -> tuple[Line, ...]:
    """The lines of this country; of the United States where there is no file for it, for that is where we began."""
    here = Path(__file__).parent
    file = here / f"{country.lower()}.toml"
    rows = tomllib.loads((file if file.exists() else here / "us.toml").read_text("utf-8"))["line"]
    return tuple(Line(**row) for row in rows)
