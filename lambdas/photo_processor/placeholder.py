"""What a page shows before the picture is there."""

import base64

import thash
from PIL import Image

_HASHED_SIDE = 32
"""Pixels; a ThumbHash keeps seven waves at most along a side."""

_COLOURS = 8
"""Groups the picture's colours are put into; the largest is the dominant one."""


def thumb_hash(image: Image.Image) -> str:
    """In base64: at most 25 bytes for a picture without transparency."""
    small = image.copy()
    small.thumbnail((_HASHED_SIDE, _HASHED_SIDE))
    return base64.b64encode(bytes(thash.encode(small, backend="pure"))).decode()


def dominant_colour(image: Image.Image) -> str:
    """Of an RGB picture, as "#rrggbb"."""
    grouped = image.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT)
    of_each_group = grouped.histogram()
    first = 3 * of_each_group.index(max(of_each_group))
    return "#" + bytes((grouped.getpalette() or [])[first : first + 3]).hex()
