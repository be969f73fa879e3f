"""Makes a PNG lighter: at most 256 colours, each near its own; enough for pictures of text."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {2: 3, 6: 4}
_MOST = 256


def lighter(png: bytes) -> bytes:
    """Return a picture of 8 bits a channel with a palette. Raises ValueError for other PNGs."""
    found = list(_chunks(png))
    width, height, depth, kind, *_ = struct.unpack(">IIBBBBB", found[0][1])
    if depth != 8 or kind not in _CHANNELS:  # noqa: PLR2004 - bits a channel
        raise ValueError(depth, kind)
    data = zlib.decompress(b"".join(body for name, body in found if name == b"IDAT"))
    channels = _CHANNELS[kind]
    pixels = [
        row[at : at + 3]
        for row in _rows(data, width * channels, channels)
        for at in range(0, width * channels, channels)
    ]
    palette, index = _palette(Counter(pixels))
    rows = (pixels[at * width : (at + 1) * width] for at in range(height))
    body = b"".join(b"\0" + bytes([index[one] for one in row]) for row in rows)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return (
        _SIGNATURE
        + _chunk(b"IHDR", header)
        + _chunk(b"PLTE", b"".join(palette))
        + _chunk(b"IDAT", zlib.compress(body, 9))
        + _chunk(b"IEND", b"")
    )


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _rows(data: bytes, length: int, step: int) -> Iterator[bytes]:
    """Undo the filters of a picture's rows."""
    last = bytearray(length)
    for start in range(0, len(data), length + 1):
        row = bytearray(data[start + 1 : start + 1 + length])
        _unfilter(data[start], row, last, step)
        yield bytes(row)
        last = row


def _unfilter(kind: int, row: bytearray, last: bytearray, step: int) -> None:
    for at, value in enumerate(row):
        left = row[at - step] if at >= step else 0
        corner = last[at - step] if at >= step else 0
        guess = (0, left, last[at], (left + last[at]) // 2, 0)[kind]
        row[at] = (value + (_nearest(left, last[at], corner) if kind == 4 else guess)) & 255  # noqa: PLR2004 - Paeth's


def _nearest(left: int, above: int, corner: int) -> int:
    middle = left + above - corner
    return min((left, above, corner), key=lambda one: abs(middle - one))


def _palette(counts: Counter[bytes]) -> tuple[list[bytes], dict[bytes, int]]:
    """Return the commonest colours, and which of them stands for each colour."""
    palette = [colour for colour, _ in counts.most_common(_MOST)]
    own = {colour: at for at, colour in enumerate(palette)}

    def near(colour: bytes) -> int:
        def distance(at: int) -> int:
            return sum((one - other) ** 2 for one, other in zip(colour, palette[at], strict=True))

        return min(range(len(palette)), key=distance)

    return palette, {colour: own[colour] if colour in own else near(colour) for colour in counts}
