"""Whose resources belong together?  Files are read piece by piece, each line put into its person's bucket.

A piece is so many bytes of a file, from the beginning of a line to the end of one, so that several workers read one
large file; a gzipped file is one piece. Lines that are not resources of their file's type are named with file and line.
"""

from __future__ import annotations

import gzip
import sys
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BufferedReader, BytesIO
from pathlib import Path

from althea.fhir.readings import readings_of
from althea.knowledge import Knowledge
from althea.sweep.buckets import People, bucket_of, write
from althea.sweep.exports import READ, Export
from althea.sweep.lines import LONGEST_LINE, BadLine, Reader, is_utf8
from althea.sweep.medications import Medications

PIECE_BYTES = 64_000_000
BUCKET_BYTES = 24_000_000
"""About so much export to a bucket: small enough for memory, large enough that starting one costs nothing."""
BUFFER_BYTES = 250_000
"""Read at once: it stays in the processor's cache while its lines are looked at."""
PACKED_BYTES = 16_000
"""Of a gzipped file: little is lost where it turns out to be damaged."""
MOST_OF_A_LINE = LONGEST_LINE + 2
HELD_BYTES = 8_000_000
"""Of lines a worker holds before it writes a run."""
MOST_BAD_LINES = 1000
"""Bad lines that are named one by one; all are counted."""
PACKED = 8
"""A gzipped file is about so many times larger than it looks."""
UNREADABLE = (OSError, EOFError, zlib.error)
TOO_LONG = "not UTF-8, or longer than 2 MB"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of a file, whole lines."""

    number: int
    kind: str
    path: Path
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen in a piece. `ends`: lines by their ends, empty ones too; `bad`: (line of the piece, why)."""

    number: int
    ends: int
    lines: int
    bad: tuple[tuple[int, str], ...]
    bad_count: int
    broken: str
    """Why it could not be read to its end; empty where it was."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was seen in an export."""

    lines: dict[str, int]
    """By file."""
    bad: tuple[tuple[str, int, str], ...]
    """(file, line, why), the first of them."""
    bad_count: int
    skipped: dict[str, int]
    """Lines by type of what no rule reads."""
    broken: dict[str, str]
    """Files that were not read to their end, and of which type they are."""


def pieces(export: Export) -> list[Piece]:
    """All files of an export in pieces."""
    found: list[Piece] = []
    for kind, paths in (*export.files.items(), *export.skipped.items()):
        for path in paths:
            found += [Piece(len(found) + at, kind, path, *ends) for at, ends in enumerate(_ends(path))]
    return found


def bucket_count(export: Export) -> int:
    """In how many buckets its people are sorted."""
    size = sum(path.stat().st_size * (PACKED if path.suffix == ".gz" else 1) for path in export.all_read)
    return max(1, -(-size // BUCKET_BYTES))


class Broken(Exception):
    """A file that cannot be read, or not to its end; its words say why."""


class _Held:
    """Lines of a piece, by bucket and person, until they are written as a run."""

    def __init__(self, piece: Piece, runs: Path, count: int, medications: Medications) -> None:
        self._path, self._count, self._written = runs / f"{piece.kind}-{piece.number}", count, 0
        self._medications = medications if piece.kind == "Medication" else None
        self._begin()

    def _begin(self) -> None:
        self._buckets: list[People] = [{} for _ in range(self._count)]
        self._whose, self._size = "", 0
        self._hers: list[bytes] = []

    def add(self, person: str, line: bytes) -> None:
        if person != self._whose:
            self._whose = person
            self._hers = self._buckets[bucket_of(person, self._count)].setdefault(person, [])
        self._hers.append(line)
        self._size += len(line)
        if self._size > HELD_BYTES:
            self.write()

    def write(self) -> None:
        """What is held, as one run; Medications go where every worker finds them."""
        if self._medications is not None:
            self._medications.keep([(own, line) for one in self._buckets for own in one for line in one[own]])
        elif self._size:
            write(self._path.with_name(f"{self._path.name}-{self._written}"), self._buckets)
        self._written += 1
        self._begin()


def gather(piece: Piece, runs: Path, count: int, knowledge: Knowledge, medications: Medications) -> Seen:
    """Sorts a piece into so many buckets, as runs in a folder, and says what was seen in it."""
    reader = Reader(piece.kind, readings_of(knowledge)) if piece.kind in READ else None
    held = _Held(piece, runs, count, medications)
    ends = empty = bad_count = 0
    bad: list[tuple[int, str]] = []
    broken = ""
    try:
        for block in _blocks(piece):
            together = reader.together(block) if reader is not None else None
            if together is not None:
                lines, kept = together
                ends += lines
                for person, line in kept:
                    held.add(person, line)
                continue
            for line in BytesIO(block):
                ends += 1
                if reader is None:
                    continue
                try:
                    if len(line) > LONGEST_LINE or not is_utf8(line):
                        raise BadLine(TOO_LONG)
                    person, line = reader.person(line)
                except BadLine as error:
                    if not line.strip():
                        empty += 1
                        continue
                    bad_count += 1
                    if len(bad) < MOST_BAD_LINES:
                        bad.append((ends, str(error)))
                    continue
                if person:
                    held.add(person, line)
    except Broken as error:  # what came before it was read, and the other files still are
        broken = str(error)
        bad_count += 1
        bad = [*bad[: MOST_BAD_LINES - 1], (ends + 1, broken)]
    held.write()
    return Seen(piece.number, ends, ends - empty, tuple(bad), bad_count, broken)


def gathered(cut: list[Piece], seen: Iterable[Seen]) -> Gathered:
    """What was seen in all pieces together: line numbers are those of the files."""
    ends: dict[Path, int] = {}
    lines: dict[str, int] = {}
    skipped: dict[str, int] = {}
    bad: list[tuple[str, int, str]] = []
    bad_count = 0
    broken: dict[str, str] = {}
    for piece, one in zip(cut, sorted(seen, key=lambda one: one.number), strict=True):
        before = ends.get(piece.path, 0)
        ends[piece.path] = before + one.ends
        bad += [(piece.path.name, before + number, why) for number, why in one.bad[: MOST_BAD_LINES - len(bad)]]
        bad_count += one.bad_count
        if piece.kind not in READ:
            skipped[piece.kind] = skipped.get(piece.kind, 0) + one.lines
            continue
        lines[piece.path.name] = lines.get(piece.path.name, 0) + one.lines
        if one.broken:
            broken[piece.path.name] = piece.kind
    return Gathered(lines, tuple(bad), bad_count, skipped, broken)


def _ends(path: Path) -> Iterator[tuple[int, int]]:
    """Where each piece of a file begins and ends."""
    if path.suffix == ".gz":
        yield 0, sys.maxsize
        return
    begin, size = 0, path.stat().st_size
    try:
        with path.open("rb") as file:
            while begin < size:
                file.seek(min(begin + PIECE_BYTES, size))
                while (part := file.readline(LONGEST_LINE)) and not part.endswith(b"\n"):
                    pass
                yield begin, file.tell()
                begin = file.tell()
    except OSError:  # whoever reads the piece says why
        yield begin, sys.maxsize


def _blocks(piece: Piece) -> Iterator[bytes]:
    """The lines of a piece, some whole ones at a time; of one that is too long, enough to see it. Raises Broken."""
    packed = piece.path.suffix == ".gz"
    block = b""
    try:
        raw = gzip.GzipFile(piece.path) if packed else piece.path.open("rb", buffering=0)
        with BufferedReader(raw, PACKED_BYTES if packed else BUFFER_BYTES) as file:
            begin = piece.begin or (len(BOM_UTF8) if file.peek(3).startswith(BOM_UTF8) else 0)
            file.seek(begin)
            left = piece.end - begin
            while left > 0 and (block := file.read1(min(BUFFER_BYTES, left))):
                rest = b"" if block.endswith(b"\n") else file.readline(MOST_OF_A_LINE)
                left -= len(block) + len(rest)
                block += rest
                while len(rest) == MOST_OF_A_LINE and not rest.endswith(b"\n"):
                    rest = file.readline(MOST_OF_A_LINE)
                    left -= len(rest)
                yield block
                block = b""
    except UNREADABLE as error:
        if whole := block[: block.rfind(b"\n") + 1]:
            yield whole
        raise Broken(_why(error)) from None


def _why(error: Exception) -> str:
    if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile):
        return f"the file cannot be read ({error.strerror or type(error).__name__})"
    return "the file is damaged here; what follows was not read"
