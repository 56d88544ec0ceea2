"""From the bytes of an upload to a few upright pixels, within limits of size, memory and time."""

import importlib
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pillow_heif
from PIL import ExifTags, Image, ImageOps

from cufit_contracts.photos import IMAGE_SIDE, RejectionReason
from photo_processor.colours import Key, opaque, transparent_key
from photo_processor.file_signature import Kind, is_sequence
from photo_processor.jpeg_markers import scans, with_more_pixels
from photo_processor.nclx import profile_of
from photo_processor.png_chunks import has_all_rows, profiles
from photo_processor.ports import Rejected

MIN_SIDE = 64
"""Pixels; anything smaller shows nobody."""

MAX_ASPECT = 10
"""Longer side by shorter one; phones' panoramas have less than 6."""

MAX_SCANS = 100
"""Of a progressive JPEG; encoders write about ten. A scan of a few bytes costs a pass over all
pixels, so that a small file can keep a decoder busy for minutes."""

_ENOUGH_SIDE = 2 * IMAGE_SIDE
"""What is left before the last, careful resizing; Pillow's thumbnail() does it so."""

_NO_PIXELS = {127, 128}
"""What libjpeg makes of nothing, in each channel."""

_BAND = 256
"""Rows that are worked on at a time, to hold no second copy of a large picture."""

# Of all that a container may hold, the picture alone: its small copies may show something else.
pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)


def load_formats() -> None:
    """Pillow loads them when they are wanted first, which would be in each forked child again."""
    Image.preinit()  # JPEG and PNG
    for name in ("Avif", "Mpo", "WebP"):
        importlib.import_module(f"PIL.{name}ImagePlugin")


def decoded(data: bytes, kind: Kind, max_pixels: int) -> tuple[Image.Image, bytes | None]:
    """Upright, without transparency, in mode L, RGB or CMYK, the longer side not much above
    `_ENOUGH_SIDE` pixels; and the ICC profile its colours are meant in.

    Raises:
        Rejected: too large, too small, moving, or damaged. Sizes are checked before any pixel is
            decoded.
    """
    if is_sequence(data):
        raise Rejected(RejectionReason.ANIMATED)
    if kind is Kind.JPEG and scans(data) > MAX_SCANS:
        raise Rejected(RejectionReason.UNREADABLE)
    if kind is Kind.PNG and profiles(data) > 1:
        raise Rejected(RejectionReason.UNREADABLE)
    with _damage_is_a_reason():
        image = Image.open(io.BytesIO(data), formats=[kind.value])
        _check(image, kind, max_pixels)
        if kind is Kind.PNG and not has_all_rows(data):
            raise Rejected(RejectionReason.UNREADABLE)
        key = transparent_key(image)
        if kind is Kind.JPEG:
            # libjpeg shrinks while it reads: less memory, same result.
            share = min(1.0, _ENOUGH_SIDE / max(image.size))
            image.draft(None, (int(image.width * share), int(image.height * share)))
        image.load()
        if kind is Kind.JPEG and _is_cut_short(data, image):
            raise Rejected(RejectionReason.UNREADABLE)
        orientation = _orientation(image, kind)
        profile = image.info.get("icc_profile") or _profile_by_numbers(data, image, kind)
    small = _shrunk(image, key)
    small.getexif()[ExifTags.Base.Orientation] = orientation
    return ImageOps.exif_transpose(small), profile


@contextmanager
def _damage_is_a_reason() -> Iterator[None]:
    """Decoders raise nearly anything at damaged files."""
    try:
        with warnings.catch_warnings():
            # Pillow's own bomb warning has another limit; ours is checked here.
            warnings.simplefilter("ignore")
            yield
    except Rejected:
        raise
    except Image.DecompressionBombError as error:
        raise Rejected(RejectionReason.TOO_MANY_PIXELS) from error
    except Exception as error:
        raise Rejected(RejectionReason.UNREADABLE) from error


def _check(image: Image.Image, kind: Kind, max_pixels: int) -> None:
    if image.width * image.height > max_pixels:
        raise Rejected(RejectionReason.TOO_MANY_PIXELS)
    if min(image.size) < MIN_SIDE:
        raise Rejected(RejectionReason.TOO_SMALL)
    if max(image.size) > MAX_ASPECT * min(image.size):
        raise Rejected(RejectionReason.TOO_NARROW)
    # Of the pictures in a JPEG or HEIC the first, or the one it calls so, is the photo; others are
    # for bursts, depths and brightness.
    one_of_several = kind in (Kind.JPEG, Kind.HEIC)
    if getattr(image, "is_animated", False) and not one_of_several:
        raise Rejected(RejectionReason.ANIMATED)


def _is_cut_short(data: bytes, image: Image.Image) -> bool:
    """True when the JPEG ended before its last pixels. libjpeg makes those grey and only warns, and
    Pillow tells nobody. A grey corner may be meant, so that what is there has to change when more
    bytes follow."""
    corner = image.getpixel((image.width - 1, image.height - 1))
    if not {*(corner if isinstance(corner, tuple) else (corner,))} <= _NO_PIXELS:
        return False
    return _smallest(data) != _smallest(with_more_pixels(data))


def _smallest(data: bytes) -> bytes:
    """A JPEG's pixels, one of 64."""
    image = Image.open(io.BytesIO(data), formats=[Kind.JPEG.value])
    image.draft(None, (image.width // 8, image.height // 8))
    return image.tobytes()


def _profile_by_numbers(data: bytes, image: Image.Image, kind: Kind) -> bytes | None:
    """Of HEIC and AVIF."""
    told = image.info.get("nclx_profile")
    if kind is Kind.AVIF:
        # Pillow does not tell; libheif does, without a decoder.
        try:
            told = pillow_heif.open_heif(data).info.get("nclx_profile")
        except Exception:
            return None  # it has limits that libavif has not
    return profile_of(told) if told else None


def _orientation(image: Image.Image, kind: Kind) -> int:
    """As EXIF counts; 1 is upright."""
    if kind is Kind.HEIC:
        return 1  # libheif has turned the pixels, and EXIF's word does not count in this format
    # Not getexif(): it believes XMP and texts of PNGs too, by which nothing else turns pictures.
    exif = Image.Exif()
    try:
        exif.load(image.info.get("exif", b""))
        return int(exif.get(ExifTags.Base.Orientation, 1))
    except Exception:
        return 1  # damaged EXIF is no reason to refuse a photo


def _shrunk(image: Image.Image, key: Key) -> Image.Image:
    factor = max(1, max(image.size) // _ENOUGH_SIDE)
    rows = _BAND * factor
    small = None
    for top in range(0, image.height, rows):
        box = (0, top, image.width, min(top + rows, image.height))
        band = opaque(image.crop(box), key)
        band = band.reduce(factor) if factor > 1 else band
        if small is None:
            small = Image.new(band.mode, (band.width, -(-image.height // factor)))
        small.paste(band, (0, top // factor))
    if small is None:
        raise Rejected(RejectionReason.UNREADABLE)
    return small
