"""Small files that ask a decoder for more memory or time than any photo."""

import struct
from collections.abc import Iterator
from functools import cache

import pillow_heif
from PIL import Image

from tests.photos import av1
from tests.photos.heif_writer import AV01, GRID, HVC1, Item, box, box_of, full, heif, irot, ispe
from tests.photos.scene import saved, scene

Size = tuple[int, int]


def hungry() -> bytes:
    """An AVIF of 4 kB that says 100 × 100: libavif unpacks 1.6 GB before it makes it so small."""
    properties = (ispe(100, 100), box(b"av1C", av1.PROPERTY), full(b"pixi", b"\3\x0c\x0c\x0c"))
    most_of_libavif = av1.still((16_384, 16_384))
    return heif(Item(AV01, most_of_libavif, properties))


def slow(size: Size) -> bytes:
    """A HEIC of a few kB that is turned 250 times."""
    config, pixels = _flat_hevc(size)
    return heif(Item(HVC1, pixels, (config, ispe(*size), *[irot(1)] * 250)))


def lying() -> Iterator[tuple[str, bytes]]:
    """What looks as bad and is found out at once."""
    config, pixels = _flat_hevc((4000, 3000))
    yield "HEIC larger than it says", heif(Item(HVC1, pixels, (config, ispe(100, 100))))
    side, count = 64, 30
    form = b"\0\0" + bytes((count - 1,) * 2) + struct.pack(">HH", *[side * count] * 2)
    grid = Item(GRID, form, (ispe(side * count, side * count),), made_of=[2] * count**2)
    tile = Item(HVC1, pixels, (config, ispe(side, side)))
    yield "HEIC of one large tile 900 times", heif(grid, tile)
    yield "JPEG of 9 MB of fill bytes", saved(scene(), "JPEG")[:-2] + b"\xff" * 9_000_000


@cache
def _flat_hevc(size: Size) -> tuple[bytes, bytes]:
    """Its configuration and its pixels: 3 kB for 12 megapixels."""
    pillow_heif.register_heif_opener()
    data = saved(Image.new("RGB", size, "red"), "HEIF", enc_params={"preset": "ultrafast"})
    return box_of(data, b"hvcC"), box_of(data, b"mdat")[8:]
