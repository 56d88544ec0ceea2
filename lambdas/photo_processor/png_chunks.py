"""What Pillow does not say of a PNG (PNG specification, third edition). Pure."""

import struct
import zlib
from collections.abc import Iterator

_FIRST_CHUNK = 8
"""Where the signature ends."""

_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Of each colour type."""

_AT_ONCE = ((0, 0, 1, 1),)
_ADAM7 = (
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
    *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
)
"""Left, top, and steps to the right and down of each pass of an interlaced picture."""

_UNPACKED = 65_536
"""Bytes at a time, so that no second copy of the picture exists."""


def profiles(data: bytes) -> int:
    """Colour profiles; one is legal. Each is unpacked, to a mebibyte from a kilobyte."""
    return sum(name == b"iCCP" for name, _ in _chunks(data))


def has_all_rows(data: bytes) -> bool:
    """False when the packed pixels end before the picture does. Pillow leaves the rest black, and
    tells only when they end within a row. For data with the header of a picture that is not too
    large; raises zlib.error."""
    missing = _unpacked_size(*struct.unpack_from(">IIBBxxB", data, _FIRST_CHUNK + 8))
    stream = zlib.decompressobj()
    for name, content in _chunks(data):
        packed, full = content, name == b"IDAT"
        while full and missing > 0:
            rows = stream.decompress(packed, _UNPACKED)
            packed, full = stream.unconsumed_tail, len(rows) == _UNPACKED
            missing -= len(rows)
    return missing <= 0


def _unpacked_size(width: int, height: int, depth: int, colour: int, interlaced: int) -> int:
    """Bytes; each row has one more, for its filter."""
    bits = depth * _CHANNELS[colour]
    size = 0
    for left, top, across, down in _ADAM7 if interlaced else _AT_ONCE:
        columns, rows = -(-(width - left) // across), -(-(height - top) // down)
        size += rows * (1 + -(-columns * bits // 8))
    return size


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = _FIRST_CHUNK
    while at + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        yield name, data[at + 8 : at + 8 + length]
        at += length + 12
