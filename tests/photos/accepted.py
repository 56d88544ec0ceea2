"""Sound photos of every kind that is taken, each with what it shall look like."""

import io
from collections.abc import Iterator
from typing import Any

import pillow_heif
from PIL import Image, ImageOps

from tests.photos.numbers import by_numbers
from tests.photos.photo import ORIENTATIONS, Photo, exif, profile, turned
from tests.photos.pngs import pngs
from tests.photos.scene import SIZE, from_pillow, on_white, saved, scene, to_pillow


def accepted() -> Iterator[Photo]:
    yield from jpegs()
    yield from pngs()
    yield from webps()
    yield from avifs()
    yield from heics()


def jpegs() -> Iterator[Photo]:
    rgb = scene()
    kinds: dict[str, dict[str, Any]] = {
        "baseline": {},
        "progressive": {"progressive": True},
        "4:4:4": {"subsampling": 0},
        "4:2:2": {"subsampling": 1},
        "optimized": {"optimize": True},
        "restarts": {"restart_marker_rows": 1},
        "comment": {"comment": b"SECRET-COMMENT"},
        "xmp": {"xmp": b"<x:xmpmeta>SECRET</x:xmpmeta>"},
        "profile P3": {"icc_profile": profile("p3")},
        "profile broken": {"icc_profile": b"SECRET-PROFILE" * 20},
        "profile of no known space": {"icc_profile": profile("p3").replace(b"RGB ", b"\xffGB ", 1)},
        "resolution": {"dpi": (300, 300)},
    }
    for name, options in kinds.items():
        yield Photo(f"JPEG {name}", saved(rgb, "JPEG", quality=95, **options))
    yield Photo("JPEG grey", saved(scene("L"), "JPEG", quality=95))
    yield Photo(
        "JPEG grey with RGB profile",
        saved(scene("L"), "JPEG", quality=95, icc_profile=profile("srgb")),
        scene("L"),
    )
    yield Photo("JPEG CMYK of Adobe", saved(scene("CMYK"), "JPEG", quality=95))
    yield Photo("JPEG CMYK of nobody", _without_adobe(saved(scene("CMYK"), "JPEG", quality=95)))
    yield Photo(
        "JPEG CMYK with profile",
        saved(scene("CMYK"), "JPEG", quality=95, icc_profile=profile("cmyk")),
    )
    for orientation in ORIENTATIONS:
        for order in "<>":
            data = saved(rgb, "JPEG", quality=95, exif=exif(orientation, order))
            yield Photo(f"JPEG EXIF {order}{orientation}", data)
    yield Photo("JPEG EXIF 9", saved(rgb, "JPEG", quality=95, exif=exif(9)))
    yield Photo(
        "JPEG EXIF broken", saved(rgb, "JPEG", quality=95, exif=b"Exif\0\0II*\0\xff\xff\xff")
    )
    says = b'<x:xmpmeta><a tiff:Orientation="6"/></x:xmpmeta>'
    data = saved(rgb, "JPEG", quality=95, exif=exif(None), xmp=says)
    yield Photo("JPEG turned by XMP alone", data)
    yield Photo("MPO", mpo())
    yield Photo("MPO turned", mpo(6))
    yield Photo("MPO index broken", mpo().replace(b"MPF\0", b"MPF\0\xff\xff", 1), rgb)
    yield Photo("Ultra HDR", mpo(xmp=b'<x:xmpmeta hdrgm:Version="1.0"/>'))
    cornered = rgb.copy()
    cornered.paste((128, 128, 128), (80, 60, *SIZE))
    for name, options in {"": {}, " progressive": {"progressive": True}}.items():
        yield Photo(
            f"JPEG{name} with a grey corner", saved(cornered, "JPEG", quality=95, **options)
        )
    film = b"MotionPhoto_Data\0\0\0\x18ftypmp42" + bytes(5000)
    yield Photo("motion photo", saved(rgb, "JPEG", quality=95) + film)


def mpo(orientation: int = 1, xmp: bytes = b"") -> bytes:
    """As phones write it: the photo first, then another picture of it."""
    second = Image.new("RGB", SIZE, "blue")
    options = {"xmp": xmp} if xmp else {}
    return saved(
        scene(),
        "MPO",
        quality=95,
        save_all=True,
        append_images=[second],
        exif=exif(orientation),
        **options,
    )


def _without_adobe(data: bytes) -> bytes:
    at = data.index(b"\xff\xee")
    return data[:at] + data[at + 2 + int.from_bytes(data[at + 2 : at + 4], "big") :]


def webps() -> Iterator[Photo]:
    for name, mode, options in (
        ("lossy", "RGB", {"quality": 95}),
        ("lossless", "RGB", {"lossless": True}),
        ("lossy with alpha", "RGBA", {"quality": 95}),
        ("lossless with alpha", "RGBA", {"lossless": True}),
        ("profile P3", "RGB", {"quality": 95, "icc_profile": profile("p3")}),
        ("xmp", "RGB", {"quality": 95, "xmp": b"SECRET"}),
    ):
        yield Photo(f"WebP {name}", saved(scene(mode), "WEBP", **options))
    for orientation in ORIENTATIONS:
        data = saved(scene(), "WEBP", quality=95, exif=exif(orientation))
        yield Photo(f"WebP EXIF {orientation}", data)


def avifs() -> Iterator[Photo]:
    fine = {"quality": 95, "speed": 9}
    for name, mode, options in (
        ("4:2:0", "RGB", {}),
        ("4:4:4", "RGB", {"subsampling": "4:4:4"}),
        ("grey", "L", {}),
        ("alpha", "RGBA", {}),
        ("profile P3", "RGB", {"icc_profile": profile("p3")}),
        ("xmp", "RGB", {"xmp": b"SECRET"}),
    ):
        yield Photo(f"AVIF {name}", saved(scene(mode), "AVIF", **fine, **options))
    for depth in (10, 12):
        deep = from_pillow(scene()).colourspace("rgb16")
        data = deep.heifsave_buffer(compression="av1", bitdepth=depth, effort=0, Q=95)
        yield Photo(f"AVIF {depth} bits", data, scene())
    yield from by_numbers("AVIF", saved(scene(), "AVIF", **fine))
    for orientation in ORIENTATIONS:
        data = saved(scene(), "AVIF", exif=exif(orientation), **fine)
        yield Photo(
            f"AVIF irot and imir {orientation}",
            data,
            ImageOps.exif_transpose(turned(scene(), orientation)),
        )


def heics() -> Iterator[Photo]:
    """libvips' wheel has no HEVC, so that these are held against what they were made of."""
    fast = {"quality": 95, "enc_params": {"preset": "ultrafast"}}
    for name, mode, options in (
        ("4:2:0", "RGB", {}),
        ("4:4:4", "RGB", {"chroma": 444}),
        ("grey", "L", {}),
        ("alpha", "RGBA", {}),
        ("tiles", "RGB", {"tile_size": 64}),
        ("xmp", "RGB", {"xmp": b"SECRET"}),
    ):
        data = saved(scene(mode), "HEIF", **fast, **options)
        yield Photo(f"HEIC {name}", data, on_white(scene(mode)))
    p3 = from_pillow(scene()).icc_transform("p3", input_profile="srgb", intent="relative")
    inside = to_pillow(p3)
    yield Photo(
        "HEIC profile P3", saved(inside, "HEIF", icc_profile=profile("p3"), **fast), scene()
    )
    yield from by_numbers("HEIC", saved(scene(), "HEIF", **fast))
    for orientation in ORIENTATIONS:
        data = saved(scene(), "HEIF", exif=exif(orientation), **fast)
        yield Photo(
            f"HEIC irot and imir {orientation}",
            data,
            ImageOps.exif_transpose(turned(scene(), orientation)),
        )
    several = [Image.new("RGB", (100, 100), colour) for colour in ("red", "blue")]
    data = saved(
        several[0],
        "HEIF",
        save_all=True,
        append_images=[scene(), several[1]],
        primary_index=1,
        **fast,
    )
    yield Photo("HEIC burst", data, scene())
    plain = saved(scene(), "HEIF", **fast)
    yield Photo("HEIC named mif1", plain[:8] + b"mif1" + plain[12:], scene())
    deep = from_pillow(scene()).colourspace("rgb16").write_to_memory()
    target = io.BytesIO()
    pillow_heif.from_bytes("RGB;16", SIZE, deep).save(target, **fast)
    yield Photo("HEIC 10 bits", target.getvalue(), scene())
