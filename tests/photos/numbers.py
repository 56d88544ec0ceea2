"""Pictures whose colours are told by numbers (ITU-T H.273), and what they shall look like, by the
formulae of their standards."""

from collections.abc import Callable, Iterator

from PIL import Image

from tests.photos.photo import Photo
from tests.photos.scene import from_pillow, scene, to_pillow

Light = tuple[float, float, float]

BT_709, BT_2020, XYZ, P3 = 1, 9, 10, 12
BT_709_CURVE, SRGB, PQ, HLG = 1, 13, 16, 18

_TO_BT_709 = {
    BT_709: ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    BT_2020: ((1.6605, -0.5876, -0.0728), (-0.1246, 1.1329, -0.0083), (-0.0182, -0.1006, 1.1187)),
}
"""Of linear light (ITU-R BT.2087)."""


def by_numbers(kind: str, data: bytes) -> Iterator[Photo]:
    """`data`: the scene, with the box that encoders write; the same pixels mean other colours."""

    def told(primaries: int, transfer: int) -> bytes:
        written = b"nclx" + bytes((0, BT_709, 0, SRGB))
        assert data.count(written) == 1
        return data.replace(written, b"nclx" + bytes((0, primaries, 0, transfer)))

    p3 = from_pillow(scene()).icc_transform("srgb", input_profile="p3", intent="relative")
    yield Photo(f"{kind} nclx P3", told(P3, SRGB), to_pillow(p3))
    yield Photo(f"{kind} nclx BT.709", told(BT_709, BT_709_CURVE), scene())
    yield Photo(f"{kind} nclx of nothing", told(2, 2), scene())
    yield Photo(f"{kind} nclx XYZ", told(XYZ, SRGB), scene())
    yield Photo(f"{kind} nclx BT.2020", told(BT_2020, SRGB), shown(BT_2020, srgb))
    yield Photo(f"{kind} nclx PQ", told(BT_2020, PQ), shown(BT_2020, pq))
    yield Photo(f"{kind} nclx HLG", told(BT_2020, HLG), shown(BT_2020, hlg))


def shown(primaries: int, to_light: Callable[[float], float]) -> Image.Image:
    lights = [to_light(code / 255) for code in range(256)]
    rows = _TO_BT_709[primaries]

    def converted(pixel: tuple[int, ...]) -> bytes:
        light = [lights[code] for code in pixel]
        return bytes(
            _code(sum(share * part for share, part in zip(row, light, strict=True))) for row in rows
        )

    picture = scene()
    channels = iter(picture.tobytes())
    pixels = map(converted, zip(channels, channels, channels, strict=True))
    return Image.frombytes("RGB", picture.size, b"".join(pixels))


def _code(light: float) -> int:
    light = min(1.0, max(0.0, light))
    return round(
        255 * (12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055)
    )


def srgb(code: float) -> float:
    return code / 12.92 if code <= 0.04045 else float(((code + 0.055) / 1.055) ** 2.4)


def pq(code: float) -> float:
    """SMPTE ST 2084, its numbers as fractions."""
    m1, m2 = 2610 / 16384, 2523 / 4096 * 128
    c1, c2, c3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    root = code ** (1 / m2)
    return on_a_screen(10_000 * (max(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1))


def hlg(code: float) -> float:
    """ITU-R BT.2100: the inverse OETF, then a gamma of 1.2 for 1000 nits."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene_light = code**2 / 3 if code <= 0.5 else (2.718281828459045 ** ((code - c) / a) + b) / 12
    return on_a_screen(1000 * scene_light**1.2)


def on_a_screen(nits: float) -> float:
    """Reinhard et al. 2002, equation 4: 203 nits are white paper, 1000 the brightest."""
    light, brightest = nits / 203, 1000 / 203
    return min(1.0, light * (1 + light / brightest**2) / (1 + light))
