"""One style sheet for the page, five files for those who write it: joined when it is asked for, never by hand.

Each file of its own costs a phone on a slow line a connection before the first word is drawn: half a second and more.
Her pages bring theirs with them, so it holds nothing that only a desk wears.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

HERE = Path(__file__).parent / "static" / "look"
PARTS = ("tokens.css", "base.css", "parts.css", "desk.css", "print.css")
ALL, HERS = "look/all.css", "look/hers.css"
SHEETS = {ALL: PARTS, HERS: tuple(part for part in PARTS if part != "desk.css")}


def joined(name: str) -> str:
    """The files of a sheet, one after the other, in the order in which they win over each other."""
    return "".join((HERE / part).read_text("utf-8") for part in SHEETS[name])


class Joined(BaseFinder):
    """Finds both sheets, for the server and for `collectstatic`; their address is beside the fonts they ask for."""

    def __init__(self, app_names: object = None, *args: Any, **kwargs: Any) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="althea-styles-")
        self.storage = FileSystemStorage(location=self.folder.name)

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Its path, or a list of it; what is not ours is left to the other finders."""
        if path not in SHEETS:
            return []
        return [self._made(path)] if find_all or kwargs.get("all") else self._made(path)

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        for name in SHEETS:
            self._made(name)
            yield name, self.storage

    def _made(self, name: str) -> str:
        """Its path, with what its files say now."""
        file, words = Path(self.folder.name) / name, joined(name)
        if not file.exists() or file.read_text("utf-8") != words:
            file.parent.mkdir(exist_ok=True)
            file.write_text(words, encoding="utf-8")
        return str(file)
