"""Decodes a photo under a pixel cap and encodes it anew, without any metadata, with Pillow."""

import io

from PIL import Image

from cufit_contracts.photos import IMAGE_SIDE, THUMBNAIL_SIDE, RejectionReason
from photo_processor.colours import to_srgb
from photo_processor.decoding import decoded, load_formats
from photo_processor.file_signature import kind_of, second_format
from photo_processor.placeholder import dominant_colour, thumb_hash
from photo_processor.ports import CleanPhoto, Encoded, Rejected

QUALITY, THUMBNAIL_QUALITY = 85, 75


class PillowImageCleaner:
    def __init__(self, max_pixels: int) -> None:
        self._max_pixels = max_pixels
        load_formats()

    def clean(self, data: bytes) -> CleanPhoto:
        kind = kind_of(data)
        if kind is None:
            raise Rejected(RejectionReason.TYPE_UNSUPPORTED)
        if second_format(data):
            raise Rejected(RejectionReason.SECOND_FORMAT)
        pixels, profile = decoded(data, kind, self._max_pixels)
        photo = to_srgb(_fitted(pixels, IMAGE_SIDE), profile)
        thumbnail = _fitted(photo, THUMBNAIL_SIDE)
        return CleanPhoto(
            image=_encoded(photo, QUALITY),
            thumbnail=_encoded(thumbnail, THUMBNAIL_QUALITY),
            width=photo.width,
            height=photo.height,
            placeholder=thumb_hash(thumbnail),
            dominant_colour=dominant_colour(thumbnail),
        )


def _fitted(image: Image.Image, side: int) -> Image.Image:
    """A copy whose longer side is at most `side` pixels."""
    copy = image.copy()
    copy.thumbnail((side, side), Image.Resampling.LANCZOS)
    return copy


def _encoded(image: Image.Image, quality: int) -> Encoded:
    # Into a new image, so that no comment, profile or EXIF of the original can come along.
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    jpeg, webp = io.BytesIO(), io.BytesIO()
    bare.save(jpeg, "JPEG", quality=quality, optimize=True, progressive=True)
    bare.save(webp, "WEBP", quality=quality)
    return Encoded(jpeg.getvalue(), webp.getvalue())
