"""The corpus of tests/photos: each file's verdict as written down, and how accepted ones look.

The gate takes a part of the accepted ones; `make photos` takes all.
"""

import random
import re
from collections.abc import Iterator
from itertools import islice

import pyvips

from photo_processor.pillow_image_cleaner import QUALITY, PillowImageCleaner
from photo_processor.ports import CleanPhoto, Rejected
from tests.photos.accepted import accepted, avifs, heics, jpegs, webps
from tests.photos.photo import Photo
from tests.photos.pngs import pngs
from tests.photos.refused import MAX_PIXELS, refused
from tests.photos.scene import colour_distance, encoded_alike, likeness

CLEANER = PillowImageCleaner(MAX_PIXELS)

ALIKE = 0.98
"""Least SSIM between what is stored and what another decoder shows."""
COLOURS_APART = 2.0
"""Most of mean ΔE; 1 is what an eye just sees."""

_JPEG_METADATA = re.compile(rb"\xff[\xe1-\xef\xfe]")
"""APP1…15 and comments; APP0 says that it is a JPEG. 0xff in pixels is followed by 0."""


_IN_THE_GATE = re.compile("MPO|no known space|AVIF nclx (P3|XYZ)")


def in_the_gate() -> Iterator[Photo]:
    yield from islice(pngs(), 10)  # grey, of every depth
    for photos in (jpegs, webps, avifs, heics):
        for at, photo in enumerate(photos()):
            if at % 4 == 0 or _IN_THE_GATE.search(photo.name):
                yield photo


def verdict(data: bytes) -> str:
    try:
        CLEANER.clean(data)
    except Rejected as rejected:
        return rejected.reason
    return "READY"


def test_what_is_no_photo_is_refused_for_the_reason_written_down() -> None:
    files = list(refused())
    found = {file.name: (verdict(file.data), file.reason.value) for file in files}
    assert {name: both for name, both in found.items() if both[0] != both[1]} == {}
    assert len(found) == len(files) >= 140, "each by its own name"


def test_photos_look_as_another_decoder_shows_them_and_nothing_else_is_left(in_full: bool) -> None:
    photos = list(accepted() if in_full else in_the_gate())
    faults = {photo.name: found for photo in photos if (found := list(faults_of(photo)))}
    assert faults == {}
    assert len(photos) >= (140 if in_full else 30)


def test_whatever_is_changed_in_a_photo_there_is_a_verdict(in_full: bool) -> None:
    """Anything but `Rejected` is taken for a mistake of ours, tried again and told to operators."""
    chance = random.Random(15)  # noqa: S311 - the same files each time
    photos = list(accepted() if in_full else islice(jpegs(), 12))
    for _ in range(6_000 if in_full else 60):
        changed = bytearray(chance.choice(photos).data)
        reach = chance.choice((200, 1_000, len(changed)))  # most that is read stands at the start
        for _ in range(chance.choice((1, 2, 8))):
            changed[chance.randrange(min(reach, len(changed)))] = chance.choice((0, 127, 128, 255))
        assert verdict(bytes(changed))


def faults_of(photo: Photo) -> Iterator[str]:
    try:
        clean = CLEANER.clean(photo.data)
    except Rejected as rejected:
        yield rejected.reason
        return
    yield from metadata_in(clean)
    expected = photo.expected()
    if (clean.width, clean.height) != (expected.width, expected.height):
        yield f"{clean.width} × {clean.height}"
        return
    both = encoded_alike(expected, QUALITY) if photo.few_colours else (expected, expected)
    for data, wanted in zip((clean.image.jpeg, clean.image.webp), both, strict=True):
        shown = pyvips.Image.new_from_buffer(data, "")
        if (ssim := likeness(shown, wanted)) < ALIKE:
            yield f"SSIM {ssim:.3f}"
        if (apart := colour_distance(shown, wanted)) > COLOURS_APART:
            yield f"ΔE {apart:.1f}"


def metadata_in(clean: CleanPhoto) -> Iterator[str]:
    for picture in (clean.image, clean.thumbnail):
        if _JPEG_METADATA.search(picture.jpeg) or not picture.jpeg.endswith(b"\xff\xd9"):
            yield "JPEG with more than pixels"
        # The whole file is one chunk of pixels.
        size = int.from_bytes(picture.webp[16:20], "little")
        if picture.webp[12:16] != b"VP8 " or len(picture.webp) != 20 + size + size % 2:
            yield "WebP with more than pixels"
