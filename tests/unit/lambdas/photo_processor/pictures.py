"""Photos made for tests, honest and hostile ones."""

import io
import struct
import zlib

from PIL import Image


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (400, 300), mode: str = "RGB", **options: object
) -> bytes:
    """Left half red, right half blue."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    target = io.BytesIO()
    image.convert(mode).save(target, kind, **options)
    return target.getvalue()


def with_gps(orientation: int = 1) -> bytes:
    """A JPEG that says where it was taken, by what, and how it must be turned."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SECRET-CAMERA"
    exif.get_ifd(0x8825)[2] = (37.0, 33.0, 59.0)
    return picture(exif=exif, comment=b"SECRET-COMMENT", icc_profile=b"SECRET-PROFILE")


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A few hundred bytes of PNG that claim 3.6 billion pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + checksum

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )
