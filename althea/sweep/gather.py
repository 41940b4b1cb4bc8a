"""Whose resources belong together?  Files are read piece by piece, each line put into its person's bucket.

A piece is so many bytes of a file, from the beginning of a line to the end of one, so that several workers read one
large file; a gzipped file is one piece. Lines that are not resources of their file's type are named with file and line.
"""

from __future__ import annotations

import gzip
import sys
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from althea.fhir.readings import readings_of
from althea.knowledge import Knowledge
from althea.sweep.buckets import People, bucket_of, write
from althea.sweep.exports import READ, Export
from althea.sweep.lines import LONGEST_LINE, BadLine, Reader

PIECE_BYTES = 64_000_000
BUCKET_BYTES = 24_000_000
"""About so much export to a bucket: small enough for memory, large enough that starting one costs nothing."""
BUFFER_BYTES = 250_000
"""Read at once: it stays in the processor's cache while its lines are looked at."""
MOST_OF_A_LINE = LONGEST_LINE + 2
HELD_BYTES = 8_000_000
"""Of lines a worker holds before it writes a run."""
MOST_BAD_LINES = 1000
"""Bad lines that are named one by one; all are counted."""
PACKED = 8
"""A gzipped file is about so many times larger than it looks."""
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


def gather(piece: Piece, runs: Path, count: int, knowledge: Knowledge) -> Seen:
    """Sorts a piece into so many buckets, as runs in a folder, and says what was seen in it."""
    if piece.kind not in READ:
        lines = sum(1 for _ in _lines(piece))
        return Seen(piece.number, lines, lines, (), 0)
    reader = Reader(piece.kind, readings_of(knowledge))
    buckets: list[People] = [{} for _ in range(count)]
    bad: list[tuple[int, str]] = []
    number = empty = bad_count = held = written = 0
    whose, hers = "", [b""]
    for number, line in enumerate(_lines(piece), 1):
        try:
            if len(line) > LONGEST_LINE or not (line.isascii() or _is_utf8(line)):
                raise BadLine(TOO_LONG)
            person, line = reader.person(line)
        except BadLine as error:
            if not line.strip():
                empty += 1
                continue
            bad_count += 1
            if len(bad) < MOST_BAD_LINES:
                bad.append((number, str(error)))
            continue
        if not person:
            continue
        if person != whose:
            whose, hers = person, buckets[bucket_of(person, count)].setdefault(person, [])
        hers.append(line)
        held += len(line)
        if held > HELD_BYTES:
            write(runs / f"{piece.number}-{written}", buckets)
            buckets = [{} for _ in range(count)]
            written, held, whose = written + 1, 0, ""
    if held:
        write(runs / f"{piece.number}-{written}", buckets)
    return Seen(piece.number, number, number - empty, tuple(bad), bad_count)


def gathered(cut: list[Piece], seen: Iterable[Seen]) -> Gathered:
    """What was seen in all pieces together: line numbers are those of the files."""
    ends: dict[Path, int] = {}
    lines: dict[str, int] = {}
    skipped: dict[str, int] = {}
    bad: list[tuple[str, int, str]] = []
    bad_count = 0
    for piece, one in zip(cut, sorted(seen, key=lambda one: one.number), strict=True):
        if piece.kind not in READ:
            skipped[piece.kind] = skipped.get(piece.kind, 0) + one.lines
            continue
        before = ends.get(piece.path, 0)
        ends[piece.path] = before + one.ends
        lines[piece.path.name] = lines.get(piece.path.name, 0) + one.lines
        bad += [(piece.path.name, before + number, why) for number, why in one.bad[: MOST_BAD_LINES - len(bad)]]
        bad_count += one.bad_count
    return Gathered(lines, tuple(bad), bad_count, skipped)


def _ends(path: Path) -> Iterator[tuple[int, int]]:
    """Where each piece of a file begins and ends."""
    if path.suffix == ".gz":
        yield 0, sys.maxsize
        return
    size = path.stat().st_size
    begin = 0
    with path.open("rb") as file:
        while begin < size:
            file.seek(min(begin + PIECE_BYTES, size))
            while (part := file.readline(LONGEST_LINE)) and not part.endswith(b"\n"):
                pass
            yield begin, file.tell()
            begin = file.tell()


def _lines(piece: Piece) -> Iterator[bytes]:
    """The lines of a piece; of one that is too long, enough to see it."""
    raw = gzip.GzipFile(piece.path) if piece.path.suffix == ".gz" else piece.path.open("rb", buffering=0)
    with BufferedReader(raw, BUFFER_BYTES) as file:
        begin = piece.begin or (len(BOM_UTF8) if file.peek(3).startswith(BOM_UTF8) else 0)
        file.seek(begin)
        left = piece.end - begin
        while left > 0 and (line := file.readline(MOST_OF_A_LINE)):
            left -= len(line)
            rest = line
            while len(rest) == MOST_OF_A_LINE and not rest.endswith(b"\n"):
                rest = file.readline(MOST_OF_A_LINE)
                left -= len(rest)
            yield line


def _is_utf8(text: bytes) -> bool:
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
