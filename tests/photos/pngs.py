"""Sound PNGs: every colour type and depth, as in PngSuite, and what may stand between."""

import io
import struct
import zlib
from collections.abc import Iterator

from PIL import Image, ImageOps

from tests.photos import png_writer
from tests.photos.photo import ORIENTATIONS, Photo, exif, profile, turned
from tests.photos.png_writer import GREY, GREY_ALPHA, PALETTE, RGB, RGBA, Kind, chunk, png
from tests.photos.scene import SIZE, reference, saved, scene, to_pillow

DEPTHS = {
    GREY: (1, 2, 4, 8, 16),
    RGB: (8, 16),
    PALETTE: (1, 2, 4, 8),
    GREY_ALPHA: (8, 16),
    RGBA: (8, 16),
}
COLOUR_NAMES = {
    GREY: "grey",
    RGB: "rgb",
    PALETTE: "palette",
    GREY_ALPHA: "grey+alpha",
    RGBA: "rgba",
}


def pngs() -> Iterator[Photo]:
    for colour, depths in DEPTHS.items():
        for depth in depths:
            for interlaced in (False, True):
                kind = Kind(colour, depth, interlaced)
                name = f"PNG {COLOUR_NAMES[colour]} {depth}{' interlaced' if interlaced else ''}"
                few = depth < 8 or colour == PALETTE
                yield Photo(name, scene_png(kind), few_colours=few)
    for filter_type in range(1, 5):
        yield Photo(f"PNG filter {filter_type}", scene_png(Kind(RGB, 8, filter_type=filter_type)))
    for colour, depth in ((GREY, 2), (GREY, 4), (GREY, 8), (GREY, 16), (RGB, 8), (RGB, 16)):
        key = _sample(Kind(colour, depth))(80, 60)
        named = b"".join(struct.pack(">H", value) for value in key)
        data = scene_png(Kind(colour, depth), chunk(b"tRNS", named))
        name = f"PNG {COLOUR_NAMES[colour]} {depth} with a transparent colour"
        yield Photo(name, data, few_colours=depth < 8)
    data = scene_png(Kind(PALETTE, 8), chunk(b"tRNS", bytes(range(216))))
    yield Photo("PNG palette 8 half transparent", data, few_colours=True)
    # libvips does not read the profile of a palette.
    chunks = chunk(b"iCCP", b"P3\0\0" + zlib.compress(profile("p3")))
    plain = Image.open(io.BytesIO(scene_png(Kind(PALETTE, 8)))).convert("RGB")
    shown = to_pillow(reference(saved(plain, "PNG", icc_profile=profile("p3"))))
    data = scene_png(Kind(PALETTE, 8), chunks)
    yield Photo("PNG palette 8 with profile P3", data, shown, few_colours=True)
    yield from forgiven_pngs()
    for name, chunks in {
        "text": chunk(b"tEXt", b"Comment\0SECRET"),
        "packed text": chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"SECRET")),
        "international text": chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0SECRET"),
        "EXIF in text": chunk(b"tEXt", b"Raw profile type exif\0" + _in_text(exif(6))),
        "time": chunk(b"tIME", b"\x07\xea\x0b\x1c\x07\0\0"),
        "resolution": chunk(b"pHYs", struct.pack(">IIB", 11811, 11811, 1)),
        "profile P3": chunk(b"iCCP", b"P3\0\0" + zlib.compress(profile("p3"))),
        "unknown": chunk(b"seCr", b"SECRET"),
    }.items():
        yield Photo(f"PNG {name}", scene_png(Kind(RGB, 8), chunks))
    for orientation in ORIENTATIONS:
        says = chunk(b"eXIf", exif(orientation).removeprefix(b"Exif\0\0"))
        yield Photo(
            f"PNG EXIF {orientation}",
            scene_png(Kind(RGB, 8), says),
            ImageOps.exif_transpose(turned(scene(), orientation)),
        )


def _in_text(profile: bytes) -> bytes:
    """As ImageMagick wrote it before PNG had eXIf."""
    return b"\nexif\n%8d\n%b\n" % (len(profile), profile.hex().encode())


def forgiven_pngs() -> Iterator[Photo]:
    """Wrong where it harms nobody; libpng refuses them."""
    good = scene_png(Kind(RGB, 8))
    pixels = good.index(b"IDAT")
    head = png_writer.SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", *SIZE, 8, 2, 1, 0, 0))
    yield Photo("PNG packed by no method there is", head + good[pixels - 4 :], scene())
    endless = good[: pixels - 4] + b"\x7f\xff\xff\xff" + good[pixels:]
    yield Photo("PNG whose pixels never end", endless, scene())


def scene_png(kind: Kind, before: bytes = b"", most_rows: int | None = None) -> bytes:
    if kind.colour == PALETTE:
        before = chunk(b"PLTE", _palette(kind.depth)) + before
    return png(SIZE, kind, _sample(kind), before=before, most_rows=most_rows)


def _palette(depth: int) -> bytes:
    if depth == 8:  # six steps of each colour
        return bytes(step * 51 for i in range(216) for step in (i // 36, i // 6 % 6, i % 6))
    count = 2**depth
    return bytes(value for i in range(count) for value in (255 * i // (count - 1), 90, 160))


def _sample(kind: Kind) -> png_writer.Sample:
    """Pixels of the scene, as values of that kind. 16 bits are filled with both bytes different."""
    mode = {
        GREY: "L",
        PALETTE: "RGB" if kind.depth == 8 else "L",
        RGB: "RGB",
        GREY_ALPHA: "LA",
        RGBA: "RGBA",
    }[kind.colour]
    pixels = scene(mode).load()
    assert pixels is not None

    def sample(x: int, y: int) -> tuple[int, ...]:
        found = pixels[x, y]
        values = found if isinstance(found, tuple) else (int(found),)
        if kind.colour == PALETTE and kind.depth == 8:
            red, green, blue = (round(value / 51) for value in values)
            return (36 * red + 6 * green + blue,)
        if kind.depth == 16:
            return tuple(int(value) * 257 for value in values)
        return tuple(int(value) >> (8 - kind.depth) for value in values)

    return sample
