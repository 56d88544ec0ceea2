"""What comes out of any upload: clean JPEG pixels, or a reason."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from photo_processor.file_signature import content_type_of, second_format
from photo_processor.pillow_image_cleaner import MAX_SIDE, THUMBNAIL_SIDE, PillowImageCleaner
from photo_processor.ports import CleanPhoto, Rejected
from tests.unit.lambdas.photo_processor.pictures import (
    animated,
    bomb,
    picture,
    with_gps,
    zip_polyglot,
)

CLEANER = PillowImageCleaner(max_pixels=4_000_000)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def is_red(image: Image.Image, x: int, y: int) -> bool:
    pixel = image.getpixel((x, y))
    assert isinstance(pixel, tuple)
    return pixel[0] > 150 and pixel[2] < 100


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "RGB"),
        ("JPEG", "L"),
        ("JPEG", "CMYK"),
        ("PNG", "RGB"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("PNG", "LA"),
        ("PNG", "I;16"),
        ("PNG", "1"),
        ("WEBP", "RGB"),
        ("WEBP", "RGBA"),
    ],
)
def test_every_accepted_kind_becomes_two_plain_jpegs(kind: str, mode: str) -> None:
    clean = CLEANER.clean(picture(kind, mode=mode), f"image/{kind.lower()}")
    for data in (clean.image, clean.thumbnail):
        image = opened(data)
        assert (image.format, image.mode) == ("JPEG", "RGB")
    assert (clean.width, clean.height) == opened(clean.image).size == (400, 300)
    assert max(opened(clean.thumbnail).size) == THUMBNAIL_SIDE


def test_no_metadata_survives() -> None:
    data = with_gps()
    assert b"SECRET-CAMERA" in data
    clean = CLEANER.clean(data, "image/jpeg")
    for result in (clean.image, clean.thumbnail):
        assert b"SECRET" not in result
        assert not opened(result).getexif()
        assert set(opened(result).info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "progressive",
            "progression",
        }


@pytest.mark.parametrize(
    ("orientation", "red_corner", "size"),
    [
        (1, (0, 0), (400, 300)),
        (3, (399, 0), (400, 300)),
        (6, (0, 0), (300, 400)),
        (8, (0, 399), (300, 400)),
    ],
)
def test_photos_stand_upright(
    orientation: int, red_corner: tuple[int, int], size: tuple[int, int]
) -> None:
    image = opened(CLEANER.clean(with_gps(orientation), "image/jpeg").image)
    assert image.size == size
    assert is_red(image, *red_corner)


def test_large_photos_shrink_and_small_ones_do_not_grow() -> None:
    large = CLEANER.clean(picture(size=(2400, 1200)), "image/jpeg")
    assert (large.width, large.height) == (MAX_SIDE, MAX_SIDE // 2)
    small = CLEANER.clean(picture(size=(100, 80)), "image/jpeg")
    assert (small.width, small.height) == (100, 80)


def test_transparency_becomes_white() -> None:
    target = io.BytesIO()
    Image.new("RGBA", (100, 100), (0, 0, 0, 0)).save(target, "PNG")
    image = opened(CLEANER.clean(target.getvalue(), "image/png").image)
    assert image.getpixel((50, 50)) == (255, 255, 255)


NOT_SOUND = {
    "PNG called JPEG": (picture("PNG"), "image/jpeg", "TYPE_MISMATCH"),
    "SVG": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png", "TYPE_MISMATCH"),
    "HEIC": (b"\0\0\0\x18ftypheic" + b"\0" * 100, "image/jpeg", "TYPE_MISMATCH"),
    "GIF": (b"GIF89a" + b"\0" * 100, "image/png", "TYPE_MISMATCH"),
    "nothing": (b"", "image/jpeg", "TYPE_MISMATCH"),
    "JPEG and ZIP": (zip_polyglot(), "image/jpeg", "SECOND_FORMAT"),
    "JPEG and HTML": (picture(comment=b"<script>x()</script>"), "image/jpeg", "SECOND_FORMAT"),
    "JPEG and PDF": (picture(comment=b"%PDF-1.7"), "image/jpeg", "SECOND_FORMAT"),
    "bomb": (bomb(), "image/png", "TOO_MANY_PIXELS"),
    "one row too many": (bomb(2001, 2000), "image/png", "TOO_MANY_PIXELS"),
    "as many as allowed": (bomb(2000, 2000), "image/png", "UNREADABLE"),
    "large JPEG": (picture(size=(2100, 2000)), "image/jpeg", "TOO_MANY_PIXELS"),
    "sliver": (picture(size=(63, 400)), "image/jpeg", "TOO_SMALL"),
    "animated PNG": (animated("PNG"), "image/png", "ANIMATED"),
    "animated WebP": (animated("WEBP"), "image/webp", "ANIMATED"),
    "without an end": (picture()[:-400], "image/jpeg", "UNREADABLE"),
    "header only": (picture()[:200], "image/jpeg", "UNREADABLE"),
    "magic bytes only": (b"\xff\xd8\xff" + b"\0" * 500, "image/jpeg", "UNREADABLE"),
    "start of a WebP": (picture("WEBP")[:40], "image/webp", "UNREADABLE"),
}


@pytest.mark.parametrize("name", NOT_SOUND)
def test_what_is_not_a_sound_photo_is_rejected_with_a_reason(name: str) -> None:
    data, content_type, reason = NOT_SOUND[name]
    with pytest.raises(Rejected) as raised:
        CLEANER.clean(data, content_type)
    assert raised.value.reason == reason


def test_data_that_phones_append_is_no_second_format() -> None:
    motion_photo = picture() + b"MotionPhoto_Data" + b"\0\0\0\x18ftypmp42" + b"\0" * 500
    assert second_format(motion_photo) is None
    assert isinstance(CLEANER.clean(motion_photo, "image/jpeg"), CleanPhoto)


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(["JPEG", "PNG", "WEBP"]),
    position=st.integers(12, 3000),
    garbage=st.binary(min_size=1, max_size=40),
)
def test_damaged_photos_are_cleaned_or_rejected_but_never_crash(
    kind: str, position: int, garbage: bytes
) -> None:
    data = bytearray(picture(kind))
    position = min(position, len(data))
    data[position : position + len(garbage)] = garbage
    try:
        clean = CLEANER.clean(bytes(data), f"image/{kind.lower()}")
    except Rejected:
        return
    assert content_type_of(clean.image) == "image/jpeg"
