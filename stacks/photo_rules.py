"""What a photo may take of photo_processor's memory, and so how many pixels it may have."""

from collections.abc import Iterator

from stacks.settings import Environment

PHOTO_PROCESSOR_MEMORY = 1769
"""MiB; with so much a function has one whole vCPU (Lambda developer guide, "Configure function
memory"), and time is what photos cost: less memory would take as much longer."""

MIB = 1024 * 1024
FIXED_BYTES = 200 * MIB
"""Python, libraries and clients, some of it in both processes, the upload itself up to three times,
what is written."""

BYTES_PER_PIXEL = {
    "JPEG": 10,  # progressive, CMYK, nothing subsampled: libjpeg holds all coefficients
    "PNG": 8,  # RGBA, or 16 bits each
    "WEBP": 18,  # lossless with alpha; libwebp's canvas is held twice
    "HEIF": 22,  # 10 bits, 4:4:4, with alpha; phones' 4:2:0 takes 8
    "AVIF": 18,  # 12 bits, 4:4:4, with alpha
}
"""The most of any file of that format, beyond FIXED_BYTES; measured at 12 and 50 megapixels on
2026-11-28 by `make photos`, which fails where the largest takes more. JPEGs of more than 26
megapixels that are not progressive take less: libjpeg shrinks them while it reads."""

SHARE = 0.8
"""Of the memory; the rest is for what was not thought of."""

DECODER_MIB = int(SHARE * PHOTO_PROCESSOR_MEMORY) - 100
"""What a decoder may write to, whatever a file tells of itself. The 100 are for what it only reads
(libraries, 60), and for what the process it was forked of has for itself meanwhile."""


def most_pixels() -> int:
    """Of a photo, in any format."""
    free = SHARE * PHOTO_PROCESSOR_MEMORY * MIB - FIXED_BYTES
    return int(free / max(BYTES_PER_PIXEL.values()))


def the_largest_photo_fits(environment: Environment) -> Iterator[str]:
    pixels, most = environment.photos.max_pixels, most_pixels()
    if pixels > most:
        worst = max(BYTES_PER_PIXEL, key=BYTES_PER_PIXEL.__getitem__)
        yield (
            f"photos.max_pixels = {pixels}: a {worst} of that size takes {BYTES_PER_PIXEL[worst]} "
            f"bytes a pixel to decode, and photo_processor has {PHOTO_PROCESSOR_MEMORY} MiB; up to "
            f"{most} is legal"
        )
