"""Files that began as sound photos."""

import struct
from collections.abc import Iterator

import pillow_heif

from tests.photos.accepted import mpo
from tests.photos.png_writer import RGB, SIGNATURE, Kind, chunk, header
from tests.photos.pngs import scene_png
from tests.photos.scene import saved, scene

pillow_heif.register_heif_opener()

PLAIN = Kind(RGB, 8)
Files = Iterator[tuple[str, bytes]]
"""Each with its name."""


def sound() -> dict[str, bytes]:
    return {
        "JPEG": saved(scene(), "JPEG"),
        "progressive JPEG": saved(scene(), "JPEG", progressive=True),
        "MPO": mpo(),
        "PNG": scene_png(PLAIN),
        "WebP": saved(scene(), "WEBP"),
        "lossless WebP": saved(scene(), "WEBP", lossless=True),
        "AVIF": saved(scene(), "AVIF", speed=9),
        "HEIC": saved(scene(), "HEIF"),
    }


def damaged() -> Files:
    for name, data in sound().items():
        whole = data if name != "MPO" else data[: data.index(b"\xff\xd9", 2000)]
        for share in (10, 50, 90):
            yield f"{name}, {share} %", whole[: len(whole) * share // 100]
    yield "magic bytes of a JPEG", b"\xff\xd8\xff" + bytes(500)
    yield "magic bytes of a PNG", SIGNATURE
    yield "magic bytes of a WebP", b"RIFF\xff\0\0\0WEBP"
    yield "magic bytes of a HEIC", b"\0\0\0\x18ftypheic" + bytes(4) + b"mif1heic" + bytes(500)
    yield "magic bytes of an AVIF", b"\0\0\0\x1cftypavif" + bytes(4) + b"avifmif1miaf" + bytes(500)
    yield from _damaged_jpegs(sound()["JPEG"])
    yield from _cut_jpegs()
    yield from _damaged_pngs()


def _damaged_jpegs(data: bytes) -> Files:
    frame, tables, codes, scan = (
        data.index(marker) for marker in (b"\xff\xc0", b"\xff\xdb", b"\xff\xc4", b"\xff\xda")
    )

    def changed(at: int, new: bytes) -> bytes:
        return data[:at] + new + data[at + len(new) :]

    def without(at: int, until: int) -> bytes:
        return data[:at] + data[until:]

    yield "JPEG without a frame", without(frame, codes)
    yield "JPEG without quantization", without(tables, frame)
    yield "JPEG without a scan", without(scan, len(data) - 2)
    yield "JPEG of no rows", changed(frame + 5, bytes(2))
    yield "JPEG of no columns", changed(frame + 7, bytes(2))
    yield "JPEG of 3 bits", changed(frame + 4, b"\x03")
    yield "JPEG of no components", changed(frame + 9, b"\0")
    yield "JPEG of five components", changed(frame + 9, b"\5")
    yield "JPEG sampled 0 times", changed(frame + 11, b"\0")
    yield "JPEG sampled 15 times", changed(frame + 11, b"\xff")
    yield "JPEG with a table too many", changed(frame + 12, b"\x09")
    yield "JPEG with codes too long", changed(codes + 5, b"\xff" * 16)
    yield "JPEG of another process", changed(frame, b"\xff\xcb")
    yield "JPEG that begins twice", data[:2] + data
    yield "JPEG whose segment is too long", changed(frame + 2, b"\xff\xff")


def _cut_jpegs() -> Files:
    """Ended as if they were whole. Decoders make what is missing grey, and few tell."""
    for name, mode, options in (
        ("JPEG", "RGB", {}),
        ("4:4:4 JPEG", "RGB", {"subsampling": 0}),
        ("grey JPEG", "L", {}),
        ("CMYK JPEG", "CMYK", {}),
        ("JPEG with restarts", "RGB", {"restart_marker_blocks": 1}),
    ):
        whole = saved(scene(mode), "JPEG", **options)
        for share in (10, 50, 90):
            yield f"{name}, {share} % and an end", cut(whole, share)
    whole = saved(scene(), "JPEG", restart_marker_rows=1)
    yield "JPEG that ends before a restart", whole[: whole.index(b"\xff\xd3")] + b"\xff\xd9"
    # Cut in a later scan than its first, a picture is all there, only soft.
    yield "progressive JPEG, 1 % and an end", cut(saved(scene(), "JPEG", progressive=True), 1)
    yield "JPEG, 50 % and a film", cut(sound()["JPEG"], 50) + b"\0\0\0\x18ftypmp42" + bytes(500)


def cut(jpeg: bytes, share: int) -> bytes:
    """With so much of its pixels, in percent, and the marker of its end."""
    pixels = jpeg.index(b"\xff\xda") + 14
    return jpeg[: pixels + (len(jpeg) - pixels) * share // 100].rstrip(b"\xff") + b"\xff\xd9"


def _damaged_pngs() -> Files:
    good = sound()["PNG"]
    pixels = good.index(b"IDAT")

    def made(ihdr: tuple[int, ...], after: bytes = b"") -> bytes:
        return (
            SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", *ihdr)) + after + good[pixels - 4 :]
        )

    yield "PNG without a header", SIGNATURE + good[pixels - 4 :]
    yield "PNG of no columns", made((0, 120, 8, 2, 0, 0, 0))
    yield "PNG of a colour type that is none", made((160, 120, 8, 5, 0, 0, 0))
    yield "PNG of 3 bits", made((160, 120, 3, 0, 0, 0, 0))
    yield "PNG filtered otherwise", made((160, 120, 8, 2, 0, 1, 0))
    yield "PNG without pixels", SIGNATURE + header(160, 120, PLAIN) + chunk(b"IEND", b"")
    yield "PNG that ends between rows", scene_png(PLAIN, most_rows=60)
    yield "PNG without its last row", scene_png(PLAIN, most_rows=119)
    yield "interlaced PNG without its last row", scene_png(Kind(RGB, 8, True), most_rows=224)
    yield "PNG with a header's sum wrong", good[:29] + bytes(4) + good[33:]
    yield "PNG with a pixel's sum wrong", good[:-20] + bytes(8) + good[-12:]
    yield (
        "PNG with rubbish for pixels",
        SIGNATURE + header(160, 120, PLAIN) + chunk(b"IDAT", b"x" * 999),
    )
