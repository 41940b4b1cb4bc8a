"""How do people stay apart on disk?  A run is one file: what was gathered of many people, bucket after bucket.

A bucket holds everything of some hundreds of people, so that memory does not grow with their number: whoever works on
a bucket has all that is known of each person in it and nothing of anybody else. A run begins with where each of its
buckets begins, so that one bucket is read from all runs without reading the others.
"""

from __future__ import annotations

import os
from pathlib import Path
from zlib import crc32

import msgspec

People = dict[str, list[bytes]]
"""Lines by person."""
OFFSET = 8
"""Bytes of a number in a run's beginning."""

_read = msgspec.msgpack.Decoder(People).decode
_written = msgspec.msgpack.Encoder().encode


def bucket_of(person: str, count: int) -> int:
    """The same for the same person, wherever and whenever it is asked."""
    return crc32(person.encode()) % count


def write(path: Path, buckets: list[People]) -> None:
    """One run, with all its buckets."""
    at = OFFSET * (len(buckets) + 1)
    begins = [at]
    with path.open("xb") as file:
        file.seek(at)
        for bucket in buckets:
            at += file.write(_written(bucket)) if bucket else 0
            begins.append(at)
        file.seek(0)
        file.write(b"".join(one.to_bytes(OFFSET, "little") for one in begins))


def read(folder: Path, bucket: int) -> People:
    """Everything of a bucket's people, from all the runs in a folder."""
    people: People = {}
    for path in folder.iterdir():
        file = os.open(path, os.O_RDONLY)
        try:
            ends = os.pread(file, 2 * OFFSET, bucket * OFFSET)
            begin, end = int.from_bytes(ends[:OFFSET], "little"), int.from_bytes(ends[OFFSET:], "little")
            if begin == end:
                continue
            for person, lines in _read(os.pread(file, end - begin, begin)).items():
                if person in people:
                    people[person] += lines
                else:
                    people[person] = lines
        finally:
            os.close(file)
    return people
