"""Make a screenshot small: at most 256 colours, chosen by how often they stand there.

Pages have few colours and many shades of their edges, so the commonest colours are kept as they are and every other
pixel takes the nearest of them. Reads what Chromium writes: 8 bits, RGB or RGBA, not interlaced.
"""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from pathlib import Path

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST = 256
EXACT = 160
"""So many of the commonest colours are kept; the rest of the palette goes to colours far from all of them."""


def shrink(path: Path) -> int:
    """Write the picture anew with a palette. Returns its size in bytes."""
    wide, high, depth, rows = _read(path.read_bytes())
    pixels = [row[at : at + 3] for row in rows for at in range(0, len(row), depth)]
    counted = Counter(pixels)
    palette = _palette(counted)
    index = {colour: _nearest(colour, palette) for colour in counted}
    line = bytes(index[one] for one in pixels)
    flat = b"".join(b"\0" + line[at : at + wide] for at in range(0, wide * high, wide))
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 3, 0, 0, 0)),
        (b"PLTE", b"".join(palette)),
        (b"IDAT", zlib.compress(flat, 9)),
        (b"IEND", b""),
    ]
    path.write_bytes(SIGNATURE + b"".join(_chunk(name, body) for name, body in chunks))
    return path.stat().st_size


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _read(png: bytes) -> tuple[int, int, int, list[bytes]]:
    """(width, height, bytes a pixel, rows without their filters)."""
    at, data, wide, high, depth = len(SIGNATURE), b"", 0, 0, 3
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        body = png[at + 8 : at + 8 + length]
        if name == b"IHDR":
            wide, high, bits, kind = struct.unpack(">IIBB", body[:10])
            if (bits, kind, body[12]) not in ((8, 2, 0), (8, 6, 0)):
                raise ValueError("Only 8 bit RGB or RGBA without interlace is read")
            depth = 3 if kind == 2 else 4
        elif name == b"IDAT":
            data += body
        at += length + 12
    raw, size, before, rows = zlib.decompress(data), wide * depth, bytes(wide * depth), []
    for start in range(0, len(raw), size + 1):
        before = _unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + size]), before, depth)
        rows.append(before)
    return wide, high, depth, rows


def _unfiltered(how: int, row: bytearray, above: bytes, depth: int) -> bytes:
    """The five filters of PNG, taken back."""
    for at in range(len(row)) if how else ():
        left = row[at - depth] if at >= depth else 0
        up, corner = above[at], above[at - depth] if at >= depth else 0
        guess = (0, left, up, (left + up) // 2, _paeth(left, up, corner))[how]
        row[at] = (row[at] + guess) & 255
    return bytes(row)


def _paeth(left: int, up: int, corner: int) -> int:
    to = left + up - corner
    by_left, by_up, by_corner = abs(to - left), abs(to - up), abs(to - corner)
    if by_left <= by_up and by_left <= by_corner:
        return left
    return up if by_up <= by_corner else corner


def _palette(counted: Counter[bytes]) -> list[bytes]:
    common = [colour for colour, _ in counted.most_common()]
    palette, far = common[:EXACT], 36
    for colour in common[EXACT:]:
        if len(palette) == MOST:
            break
        if min(_distance(colour, one) for one in palette) > far:
            palette.append(colour)
    return palette


def _nearest(colour: bytes, palette: list[bytes]) -> int:
    return min(range(len(palette)), key=lambda at: _distance(colour, palette[at]))


def _distance(one: bytes, other: bytes) -> int:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2
