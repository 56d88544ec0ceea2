"""PNGs of every kind there is (PNG specification, third edition), also those no library writes."""

import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}

_ADAM7 = (
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
    *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
)
_AT_ONCE = ((0, 0, 1, 1),)

Sample = Callable[[int, int], Sequence[int]]
"""Of x and y: the values of a pixel's channels, in the image's depth."""


@dataclass(frozen=True)
class Kind:
    colour: int
    depth: int
    interlaced: bool = False
    filter_type: int = 0


def chunk(name: bytes, data: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(name + data))
    return struct.pack(">I", len(data)) + name + data + checksum


def header(width: int, height: int, kind: Kind) -> bytes:
    numbers = (width, height, kind.depth, kind.colour, 0, 0, kind.interlaced)
    return chunk(b"IHDR", struct.pack(">IIBBBBB", *numbers))


def png(
    size: tuple[int, int],
    kind: Kind,
    sample: Sample,
    *,
    before: bytes = b"",
    most_rows: int | None = None,
) -> bytes:
    """`before`: chunks between the header and the pixels. `most_rows`: those that are written, of
    an interlaced picture in the order of its passes."""
    pixels = b"".join(_rows(size, kind, sample)[:most_rows])
    body = chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")
    return SIGNATURE + header(*size, kind) + before + body


def _rows(size: tuple[int, int], kind: Kind, sample: Sample) -> Sequence[bytes]:
    found = []
    step = max(1, CHANNELS[kind.colour] * kind.depth // 8)
    for left, top, across, down in _ADAM7 if kind.interlaced else _AT_ONCE:
        above = b""
        for y in range(top, size[1], down):
            values = [value for x in range(left, size[0], across) for value in sample(x, y)]
            if values:
                row = _packed(values, kind.depth)
                found.append(_filtered(row, above or bytes(len(row)), kind.filter_type, step))
                above = row
    return found


def _packed(values: Sequence[int], depth: int) -> bytes:
    if depth == 16:
        return struct.pack(f">{len(values)}H", *values)
    if depth == 8:
        return bytes(values)
    bits = "".join(f"{value:0{depth}b}" for value in values)
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def _filtered(row: bytes, above: bytes, filter_type: int, step: int) -> bytes:
    def before(line: bytes, at: int) -> int:
        return line[at - step] if at >= step else 0

    def predicted(at: int) -> int:
        left, up, corner = before(row, at), above[at], before(above, at)
        paeth = min((left, up, corner), key=lambda value: abs(left + up - corner - value))
        return (0, left, up, (left + up) // 2, paeth)[filter_type]

    if filter_type == 0:
        return b"\0" + row
    return bytes([filter_type, *((value - predicted(at)) % 256 for at, value in enumerate(row))])
