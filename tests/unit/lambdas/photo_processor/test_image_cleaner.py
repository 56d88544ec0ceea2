"""What comes out of any upload: clean pixels in two formats and sizes, or a reason. The formats
that are taken, and what is refused, one by one: test_corpus.py."""

import base64
import io
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from thash import thumb_hash_to_average_rgba

from cufit_contracts.photos import IMAGE_SIDE, THUMBNAIL_SIDE
from photo_processor.file_signature import Kind, kind_of, second_format
from photo_processor.jpeg_markers import scans
from photo_processor.pillow_image_cleaner import PillowImageCleaner
from photo_processor.ports import CleanPhoto, Rejected
from tests.photos.accepted import mpo
from tests.photos.damaged import sound
from tests.photos.png_writer import GREY, png
from tests.photos.png_writer import Kind as PngKind
from tests.photos.refused import with_scans
from tests.unit.lambdas.photo_processor.pictures import picture, with_gps

CLEANER = PillowImageCleaner(max_pixels=4_000_000)
SOUND = sound()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def pictures_of(clean: CleanPhoto) -> list[bytes]:
    return [
        *(clean.image.jpeg, clean.image.webp),
        *(clean.thumbnail.jpeg, clean.thumbnail.webp),
    ]


@pytest.mark.parametrize("name", SOUND)
def test_every_kind_becomes_a_jpeg_and_a_webp_in_two_sizes(name: str) -> None:
    clean = CLEANER.clean(SOUND[name])
    shown = [opened(data) for data in pictures_of(clean)]
    assert [(image.format, image.mode) for image in shown] == [("JPEG", "RGB"), ("WEBP", "RGB")] * 2
    assert (clean.width, clean.height) == shown[0].size == shown[1].size == (160, 120)


def test_of_a_multi_picture_jpeg_the_first_is_the_photo() -> None:
    """As iPhones and Galaxys write them: taken for a film once, and refused."""
    image = opened(CLEANER.clean(mpo()).image.jpeg)
    assert image.getpixel((75, 75)) != (0, 0, 254), "the second picture"


def test_sixteen_bits_of_grey_stay_grey() -> None:
    """All but the darkest 256 of its 65,536 greys were white once."""
    half = png((100, 100), PngKind(GREY, 16), lambda _x, _y: (0x8000,))
    assert opened(CLEANER.clean(half).image.jpeg).getpixel((50, 50)) == (128, 128, 128)


def test_what_it_was_called_does_not_matter() -> None:
    assert kind_of(picture("PNG")) is Kind.PNG
    assert kind_of(b"\0\0\0\x18ftypheic") is Kind.HEIC
    assert kind_of(b"\0\0\0\x1cftypmif1\0\0\0\0mif1avif") is Kind.AVIF
    assert kind_of(b"\0\0\0\x1cftypisom\0\0\0\0mif1avif") is None


def test_no_metadata_survives() -> None:
    data = with_gps()
    assert b"SECRET-CAMERA" in data
    for result in pictures_of(CLEANER.clean(data)):
        assert b"SECRET" not in result
        assert not opened(result).getexif()


def test_large_photos_shrink_and_small_ones_do_not_grow() -> None:
    large = CLEANER.clean(picture(size=(2400, 1200)))
    assert (large.width, large.height) == (IMAGE_SIDE, IMAGE_SIDE // 2)
    assert max(opened(large.thumbnail.webp).size) == THUMBNAIL_SIDE
    small = CLEANER.clean(picture(size=(100, 80)))
    assert (small.width, small.height) == (100, 80)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_what_is_shrunk_in_bands_has_no_seams(kind: str) -> None:
    ramp = Image.linear_gradient("L").resize((6000, 3001))
    target = io.BytesIO()
    ramp.save(target, kind, quality=95)
    image = opened(PillowImageCleaner(50_000_000).clean(target.getvalue()).image.jpeg)
    column = [image.convert("L").getpixel((600, y)) for y in range(0, image.height, 40)]
    steps = [after - before for before, after in pairwise(column)]  # type: ignore[operator]
    assert image.size == (1280, 640)
    assert all(14 <= step <= 18 for step in steps), steps


def test_transparency_becomes_white() -> None:
    target = io.BytesIO()
    Image.new("RGBA", (100, 100), (0, 0, 0, 0)).save(target, "PNG")
    image = opened(CLEANER.clean(target.getvalue()).image.jpeg)
    assert image.getpixel((50, 50)) == (255, 255, 255)


def test_a_placeholder_is_small_and_of_the_photos_colours() -> None:
    target = io.BytesIO()
    image = Image.new("RGB", (400, 300), (200, 40, 40))
    image.paste((20, 20, 220), (300, 0, 400, 300))
    image.save(target, "PNG")
    clean = CLEANER.clean(target.getvalue())
    hashed = base64.b64decode(clean.placeholder)
    assert len(hashed) <= 40
    colour = thumb_hash_to_average_rgba(list(hashed))
    assert colour
    red, _, blue, alpha = colour
    assert red > blue
    assert alpha == 1
    assert clean.dominant_colour == "#c82828"


def test_scans_of_the_photo_alone_are_counted() -> None:
    progressive = picture(progressive=True, exif=b"Exif\0\0" + b"\xff\xda" * 500)
    assert scans(picture()) == 1
    assert scans(progressive + b"\xff\xda\0\2" * 500) == 10
    assert scans(with_scans(picture(progressive=True), 300)) == 309


def test_fill_bytes_are_looked_at_once() -> None:
    """Each of them was looked at again from every one before it: 10 MB would have taken days."""
    assert scans(b"\xff\xd8" + b"\xff" * 10_000_000) == 0


def test_data_that_phones_append_is_no_second_format() -> None:
    motion_photo = picture() + b"MotionPhoto_Data" + b"\0\0\0\x18ftypmp42" + b"\0" * 500
    assert second_format(motion_photo) is None
    assert isinstance(CLEANER.clean(motion_photo), CleanPhoto)


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(sorted(SOUND)),
    position=st.integers(12, 3000),
    garbage=st.binary(min_size=1, max_size=40),
)
def test_damaged_photos_are_cleaned_or_rejected_but_never_crash(
    kind: str, position: int, garbage: bytes
) -> None:
    data = bytearray(SOUND[kind])
    position = min(position, len(data))
    data[position : position + len(garbage)] = garbage
    try:
        clean = CLEANER.clean(bytes(data))
    except Rejected:
        return
    assert kind_of(clean.image.jpeg) is Kind.JPEG
