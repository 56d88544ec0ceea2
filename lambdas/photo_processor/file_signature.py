"""What a file is by its bytes, whatever its uploader called it. Pure."""

import struct

JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"

_SNIFFED = 1024
"""First bytes in which PDF readers accept a header and browsers look for HTML."""

_MARKUP = (b"<script", b"<html", b"<svg", b"<!doctype", b"<?php", b"<iframe")
_ZIP_END = b"PK\x05\x06"
_ZIP_END_SIZE = 22
_ZIP_MAX_COMMENT = 65_535


def content_type_of(data: bytes) -> str | None:
    """The image type the magic bytes tell, or None for anything that is not accepted."""
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    return None


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
