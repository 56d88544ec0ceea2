"""Files that are no photo, damaged, or hostile, each with the reason written down for it."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from cufit_contracts.photos import RejectionReason
from tests.photos.damaged import PLAIN, Files, damaged, sound
from tests.photos.hostile import lying
from tests.photos.png_writer import SIGNATURE, chunk, header
from tests.photos.pngs import scene_png
from tests.photos.scene import saved, scene

MAX_PIXELS = 4_000_000
"""Of the cleaner that the corpus is held against; the bombs claim more, or are small."""


@dataclass(frozen=True)
class Refused:
    name: str
    data: bytes
    reason: RejectionReason


def refused() -> Iterator[Refused]:
    for reason, files in (
        (RejectionReason.TYPE_UNSUPPORTED, unsupported()),
        (RejectionReason.SECOND_FORMAT, polyglots()),
        (RejectionReason.ANIMATED, animated()),
        (RejectionReason.TOO_MANY_PIXELS, enormous()),
        (RejectionReason.TOO_SMALL, small()),
        (RejectionReason.TOO_NARROW, narrow()),
        (RejectionReason.UNREADABLE, damaged()),
        (RejectionReason.UNREADABLE, bombs()),
    ):
        for name, data in files:
            yield Refused(name, data, reason)


def unsupported() -> Files:
    svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    yield "nothing", b""
    yield "one byte", b"\xff"
    yield "spaces", b" " * 100
    yield "zeros", bytes(1000)
    yield "SVG", svg
    yield "SVG with declaration", b'<?xml version="1.0"?>' + svg
    yield "SVG with a byte order mark", b"\xef\xbb\xbf" + svg
    yield "SVG in UTF-16", svg.decode().encode("utf-16")
    yield "packed SVG", zlib.compress(svg)
    yield "HTML", b"<!doctype html><script>alert(1)</script>"
    yield "HTML after spaces", b"\n\n\n<html><body onload=alert(1)>"
    yield "PHP", b"<?php system($_GET[0]); ?>"
    yield "JSON", b'{"contentType": "image/jpeg"}'
    yield "text", "사진입니다".encode()
    yield "PDF", b"%PDF-1.7\n" + bytes(100)
    yield "ELF", b"\x7fELF" + bytes(100)
    yield "Windows program", b"MZ" + bytes(200)
    yield "Java class", b"\xca\xfe\xba\xbe" + bytes(100)
    yield "ZIP", _zip()
    for kind in ("GIF", "BMP", "TIFF", "ICO", "TGA", "PPM", "JPEG2000"):
        yield kind, saved(scene(), kind)
    yield "PSD", b"8BPS\0\1" + bytes(100)
    yield "JPEG XL", b"\xff\x0a" + bytes(100)
    yield "JPEG XL in a container", b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(100)
    yield "WAV", b"RIFF\x24\0\0\0WAVEfmt " + bytes(100)
    for brand in (b"isom", b"mp42", b"qt  ", b"M4A ", b"crx ", b"mif1", b"miaf", b"jpeg"):
        yield (
            f"ftyp {brand.decode()}",
            b"\0\0\0\x18ftyp" + brand + bytes(4) + b"isommp42" + bytes(200),
        )
    yield "ftyp cut off", b"\0\0\0\x18ftyp"
    yield "start of a JPEG", b"\xff\xd8"
    yield "start of a PNG", SIGNATURE[:7]
    yield "JPEG after a line", b"\n" + sound()["JPEG"]
    yield "PNG spoiled by a transfer as text", sound()["PNG"].replace(b"\r\n", b"\n")


def _zip() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(zipfile.ZipInfo("payload.html"), "<script>")
    return target.getvalue()


def polyglots() -> Files:
    for name, data in sound().items():
        yield f"{name} and ZIP", data + _zip()
    for what, text in {
        "HTML": b"<HTML><ScRiPt>x()</script>",
        "PDF": b"%PDF-1.7",
        "PHP": b"<?php",
    }.items():
        yield f"JPEG and {what}", saved(scene(), "JPEG", comment=text)
        yield f"PNG and {what}", scene_png(PLAIN, chunk(b"tEXt", b"Comment\0" + text))
    yield (
        "WebP and SVG",
        saved(scene(), "WEBP").replace(b"WEBPVP8 ", b"WEBPjunk\x08\0\0\0<svg/>  VP8 "),
    )
    yield "ZIP with a comment", sound()["JPEG"] + _zip()[:-2] + b"\x05\0hello"


def animated() -> Files:
    frames = [Image.new("RGB", (100, 100), colour) for colour in ("red", "blue")]
    for kind in ("PNG", "WEBP", "AVIF"):
        yield f"moving {kind}", saved(frames[0], kind, save_all=True, append_images=frames[1:])
    for brand in (b"hevc", b"hevx", b"msf1", b"avis"):
        codec = b"avis" if brand == b"avis" else b"hevc"
        yield (
            f"film {brand.decode()}",
            b"\0\0\0\x18ftyp" + brand + bytes(4) + codec + b"mif1" + bytes(99),
        )


def enormous() -> Files:
    yield "PNG of 3.6 billion pixels", _claiming_png(60_000, 60_000)
    yield "PNG of one row too many", _claiming_png(2001, 2000)
    yield "PNG of 2^31 columns", _claiming_png(2**31 - 1, 64)
    yield "JPEG of 65,500 rows", _claiming_jpeg(65_500, 65_500)
    yield "WebP of 16,383 rows", _claiming_webp(16_384, 16_384)
    yield "JPEG too large", saved(Image.new("RGB", (2100, 2000)), "JPEG")
    yield "PNG too large", saved(Image.new("1", (2100, 2000)), "PNG")
    yield "AVIF too large", saved(Image.new("L", (2100, 2000)), "AVIF", speed=10)


def _claiming_png(width: int, height: int) -> bytes:
    pixels = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return SIGNATURE + header(width, height, PLAIN) + pixels + chunk(b"IEND", b"")


def _claiming_jpeg(width: int, height: int) -> bytes:
    data = bytearray(sound()["JPEG"])
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def _claiming_webp(width: int, height: int) -> bytes:
    extended = (
        struct.pack("<I", 0)
        + (width - 1).to_bytes(3, "little")
        + (height - 1).to_bytes(3, "little")
    )
    body = b"VP8X" + struct.pack("<I", 10) + extended + sound()["WebP"][12:]
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def small() -> Files:
    for kind in ("JPEG", "PNG", "WEBP", "AVIF", "HEIF"):
        yield f"small {kind}", saved(Image.new("RGB", (200, 62)), kind)
    yield "one pixel", saved(Image.new("RGB", (1, 1)), "PNG")


def narrow() -> Files:
    for kind in ("JPEG", "PNG", "WEBP"):
        yield f"wide {kind}", saved(Image.new("RGB", (641, 64)), kind)
        yield f"high {kind}", saved(Image.new("RGB", (64, 641)), kind)


def bombs() -> Files:
    packed = zlib.compress(bytes(80 * 1024 * 1024), 9)
    yield "zTXt bomb", scene_png(PLAIN, chunk(b"zTXt", b"Comment\0\0" + packed))
    yield "iTXt bomb", scene_png(PLAIN, chunk(b"iTXt", b"Comment\0\1\0\0\0" + packed))
    yield "iCCP bomb", scene_png(PLAIN, chunk(b"iCCP", b"P3\0\0" + packed))
    most = chunk(b"iCCP", b"P3\0\0" + zlib.compress(bytes(1024 * 1024), 9))
    yield "a thousand iCCP, each as large as allowed", scene_png(PLAIN, most * 1000)
    good = sound()["PNG"]
    yield "zTXt bomb after the pixels", good[:-12] + chunk(b"zTXt", b"C\0\0" + packed) + good[-12:]
    yield "as many pixels as allowed, and none there", _claiming_png(2000, 2000)
    yield from lying()
    yield "JPEG of 1,000 scans", with_scans(saved(scene(), "JPEG", progressive=True), 1000)


def with_scans(data: bytes, count: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again."""
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * count + data[-2:]
