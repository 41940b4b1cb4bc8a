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


def read(folder: Path, bucket: int) -> dict[str, dict[str, list[bytes]]]:
    """Everything of a bucket's people, by person and type of resource, from all the runs in a folder.

    The name of a run begins with the type of what it holds.
    """
    people: dict[str, dict[str, list[bytes]]] = {}
    for path in folder.iterdir():
        kind = path.name.partition("-")[0]
        file = os.open(path, os.O_RDONLY)
        try:
            ends = os.pread(file, 2 * OFFSET, bucket * OFFSET)
            begin, end = int.from_bytes(ends[:OFFSET], "little"), int.from_bytes(ends[OFFSET:], "little")
            if begin == end:
                continue
            for person, lines in _read(os.pread(file, end - begin, begin)).items():
                hers = people.get(person)
                if hers is None:
                    people[person] = {kind: lines}
                elif kind in hers:
                    hers[kind] += lines
                else:
                    hers[kind] = lines
        finally:
            os.close(file)
    return people
