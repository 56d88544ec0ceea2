"""A photo of the corpus, and what many of them carry."""

from dataclasses import dataclass
from functools import cache

import pyvips
from PIL import Image

from tests.photos.scene import from_pillow, reference

ORIENTATIONS = range(1, 9)


@dataclass(frozen=True)
class Photo:
    name: str
    data: bytes
    looks: Image.Image | None = None
    """Known because the file was made of it; else what libvips decodes."""
    few_colours: bool = False
    """A drawing rather than a photo: JPEG and WebP themselves lose more of it than decoding may."""

    def expected(self) -> pyvips.Image:
        return reference(self.data) if self.looks is None else from_pillow(self.looks)


@cache
def profile(name: str) -> bytes:
    """libvips brings p3, srgb and cmyk."""
    return bytes(pyvips.Image.profile_load(name))


def exif(orientation: int | None, byte_order: str = "<") -> bytes:
    """With a camera and a place."""
    image = Image.Exif()
    image.endian = byte_order
    if orientation is not None:
        image[0x0112] = orientation
    image[0x010F] = "SECRET-CAMERA"
    image.get_ifd(0x8825)[2] = (37.0, 33.0, 59.0)
    return image.tobytes()


def turned(image: Image.Image, orientation: int) -> Image.Image:
    copy = image.copy()
    copy.getexif()[0x0112] = orientation
    return copy
