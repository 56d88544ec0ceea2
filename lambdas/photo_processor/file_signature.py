"""What a file is by its bytes, whatever its uploader called it. Pure."""

import struct
from enum import StrEnum


class Kind(StrEnum):
    """Formats that are taken, by Pillow's names. A multi-picture JPEG is a JPEG."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    HEIC = "HEIF"
    AVIF = "AVIF"


_HEIC_SEQUENCES = frozenset({b"hevc", b"hevx", b"hevm", b"hevs"})
_SEQUENCE_BRANDS = _HEIC_SEQUENCES | {b"avis", b"msf1"}
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis"}) | _HEIC_SEQUENCES
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_CONTAINER_BRANDS = frozenset({b"mif1", b"miaf", b"msf1"})
"""ISO/IEC 23008-12 (HEIF), annex B, and the AVIF specification. A container brand says nothing of
the codec, which is among the compatible brands then; films of pictures have brands of their own."""
_MOST_BRANDS = 64

_SNIFFED = 1024
"""First bytes in which PDF readers accept a header and browsers look for HTML."""

_MARKUP = (b"<script", b"<html", b"<svg", b"<!doctype", b"<?php", b"<iframe")
_ZIP_END = b"PK\x05\x06"
_ZIP_END_SIZE = 22
_ZIP_MAX_COMMENT = 65_535


def kind_of(data: bytes) -> Kind | None:
    """The format the magic bytes tell, or None for anything that is not accepted."""
    if data.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Kind.WEBP
    return _kind_of_brands(_brands(data))


def is_sequence(data: bytes) -> bool:
    """True for HEIF and AVIF that are films of pictures by their own word."""
    return any(brand in _SEQUENCE_BRANDS for brand in _brands(data)[:1])


def _brands(data: bytes) -> list[bytes]:
    """Of a HEIF container, the major one first; empty for anything else."""
    if data[4:8] != b"ftyp":
        return []
    size = min(int.from_bytes(data[:4], "big"), len(data), 4 * _MOST_BRANDS)
    # Between the major brand and the compatible ones stands a version.
    return [data[8:12], *(data[at : at + 4] for at in range(16, size - 3, 4))]


def _kind_of_brands(brands: list[bytes]) -> Kind | None:
    telling = set(brands if brands[:1] and brands[0] in _CONTAINER_BRANDS else brands[:1])
    if telling & _AVIF_BRANDS:
        return Kind.AVIF
    return Kind.HEIC if telling & _HEIC_BRANDS else None


def second_format(data: bytes) -> str | None:
    """Name of another format the same bytes can be read as (a polyglot), or None.

    Re-encoding would defuse it; nobody uploads one by accident, so it is refused. Data after the
    image alone is no sign: phones append films and depth maps to their photos.
    """
    head = data[:_SNIFFED]
    if b"%PDF-" in head:
        return "PDF"
    if any(tag in head.lower() for tag in _MARKUP):
        return "HTML"
    return "ZIP" if _ends_in_zip(data) else None


def _ends_in_zip(data: bytes) -> bool:
    """True when an end-of-directory record's comment reaches exactly to the end of the file."""
    at = data.rfind(_ZIP_END, -(_ZIP_END_SIZE + _ZIP_MAX_COMMENT))
    if at < 0 or len(data) < at + _ZIP_END_SIZE:
        return False
    (comment,) = struct.unpack_from("<H", data, at + _ZIP_END_SIZE - 2)
    return at + _ZIP_END_SIZE + int(comment) == len(data)
