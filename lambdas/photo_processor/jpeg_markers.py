"""What Pillow does not say of a JPEG (ITU-T T.81, annex B). Pure."""

import re
from collections.abc import Iterator

_MARKER = re.compile(rb"\xff([^\x00\x01\xff\xd0-\xd8])")
"""Those with a length; zero is none but a byte 0xff of the pixels, the others stand alone. Any
number of 0xff may come before, and a longer pattern would look at each of them again and again."""
_START_OF_SCAN, _END_OF_IMAGE = b"\xda", b"\xd9"

_MORE = b"".join(
    b"\xff" + bytes((restart,)) + bytes(range(1, 200)) for restart in range(0xD0, 0xD8)
)
"""Pixels of some kind, also for a decoder that waits for any of the eight restarts."""


def scans(data: bytes) -> int:
    """Of the first picture. Each is a pass over all of its pixels, however few bytes it has."""
    return sum(marker == _START_OF_SCAN for marker, _ in _markers(data))


def with_more_pixels(data: bytes) -> bytes:
    """The first picture with bytes before its end that are none of it. Who has decoded all of it
    passes over them, and who waits for more takes them."""
    end = next((at for marker, at in _markers(data) if marker == _END_OF_IMAGE), len(data))
    return data[:end] + bytes(range(1, 200)) + _MORE + data[end:]


def _markers(data: bytes) -> Iterator[tuple[bytes, int]]:
    """Each with its place; the end of the first picture is the last."""
    at = 0
    while found := _MARKER.search(data, at):
        yield found[1], found.start()
        if found[1] == _END_OF_IMAGE:
            return
        at = found.end() + int.from_bytes(data[found.end() : found.end() + 2], "big")
