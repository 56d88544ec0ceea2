"""Decodes a photo under a pixel cap and encodes it anew, without any metadata, with Pillow."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from cufit_contracts.photos import RejectionReason
from photo_processor.file_signature import JPEG, PNG, WEBP, content_type_of, second_format
from photo_processor.ports import CleanPhoto, Rejected

MAX_SIDE = 1600
"""Pixels of the longer side shown; a phone's screen has fewer."""

THUMBNAIL_SIDE = 320

QUALITY, THUMBNAIL_QUALITY = 85, 75

MIN_SIDE = 64
"""Pixels; anything smaller shows nobody."""

_FORMATS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}

_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    MemoryError,
    EOFError,
    UnidentifiedImageError,
)
"""What Pillow's decoders raise on damaged files; SyntaxError is what its PNG reader uses."""


class PillowImageCleaner:
    def __init__(self, max_pixels: int) -> None:
        self._max_pixels = max_pixels

    def clean(self, data: bytes, content_type: str) -> CleanPhoto:
        if content_type_of(data) != content_type:
            raise Rejected(RejectionReason.TYPE_MISMATCH)
        if second_format(data):
            raise Rejected(RejectionReason.SECOND_FORMAT)
        image = self._decoded(data, content_type)
        photo = _fitted(image, MAX_SIDE)
        thumbnail = _fitted(photo, THUMBNAIL_SIDE)
        return CleanPhoto(
            image=_encoded(photo, QUALITY),
            thumbnail=_encoded(thumbnail, THUMBNAIL_QUALITY),
            width=photo.width,
            height=photo.height,
        )

    def _decoded(self, data: bytes, content_type: str) -> Image.Image:
        """Upright RGB pixels; the size is known, and checked, before any pixel is decoded."""
        try:
            with warnings.catch_warnings():
                # Pillow's own bomb warning has another limit; ours is checked below.
                warnings.simplefilter("ignore")
                opened = Image.open(io.BytesIO(data), formats=[_FORMATS[content_type]])
                self._check_size(opened)
                # A decoder may shrink a JPEG while reading it: less memory, same result.
                opened.draft("RGB", (MAX_SIDE, MAX_SIDE))
                return _flat(ImageOps.exif_transpose(opened))
        except Image.DecompressionBombError as error:
            raise Rejected(RejectionReason.TOO_MANY_PIXELS) from error
        except _BROKEN as error:
            raise Rejected(RejectionReason.UNREADABLE) from error

    def _check_size(self, image: Image.Image) -> None:
        if image.width * image.height > self._max_pixels:
            raise Rejected(RejectionReason.TOO_MANY_PIXELS)
        if min(image.size) < MIN_SIDE:
            raise Rejected(RejectionReason.TOO_SMALL)
        if getattr(image, "is_animated", False):
            raise Rejected(RejectionReason.ANIMATED)


def _flat(image: Image.Image) -> Image.Image:
    """RGB on white: JPEG has neither transparency nor a palette."""
    image.load()
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        canvas = Image.new("RGBA", image.size, "white")
        canvas.alpha_composite(image.convert("RGBA"))
        return canvas.convert("RGB")
    return image.convert("RGB")


def _fitted(image: Image.Image, side: int) -> Image.Image:
    """A copy whose longer side is at most `side` pixels."""
    copy = image.copy()
    copy.thumbnail((side, side), Image.Resampling.LANCZOS)
    return copy


def _encoded(image: Image.Image, quality: int) -> bytes:
    # Into a new image, so that no comment, profile or EXIF of the original can come along.
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    target = io.BytesIO()
    bare.save(target, "JPEG", quality=quality, optimize=True, progressive=True)
    return target.getvalue()
