"""Colours that HEIC and AVIF tell by numbers (ITU-T H.273; box colr, type nclx), as ICC profiles.

As HDR photos do, and what has no profile. Pure.
"""

import math
import struct
from collections.abc import Callable, Mapping
from typing import Any

Matrix = list[list[float]]

_BT_709, _PQ, _HLG = 1, 16, 18

_WHITE_NITS, _PEAK_NITS = 203, 1000
"""White of paper in HDR (ITU-R BT.2408), and the brightest of what phones take."""

_D50 = (0.9642, 1.0, 0.8249)
_BRADFORD: Matrix = [
    [0.8951, 0.2664, -0.1614],
    [-0.7502, 1.7135, 0.0367],
    [0.0389, -0.0685, 1.0296],
]
"""ICC.1:2022, annex E."""

_ENTRIES = 1024


def profile_of(nclx: Mapping[str, Any]) -> bytes | None:
    """From what pillow-heif tells of the box: `color_primaries`, `transfer_characteristics`, and
    the primaries as x and y. None for the colours of browsers, and where no primaries are told.

    All curves but those of HDR are taken for sRGB's: encoders write BT.709's for it.
    """
    to_light = {_PQ: _pq, _HLG: _hlg}.get(nclx["transfer_characteristics"], _srgb)
    if nclx["color_primaries"] == _BT_709 and to_light is _srgb:
        return None
    red, green, blue, white = points = [
        (nclx[f"color_primary_{name}_x"], nclx[f"color_primary_{name}_y"])
        for name in ("red", "green", "blue", "white")
    ]
    if not all(y for _, y in points):
        return None  # nothing told, or no colours of lamps but XYZ itself
    return _profile(_colorants((red, green, blue), white), to_light)


def _srgb(value: float) -> float:
    """IEC 61966-2-1."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _pq(value: float) -> float:
    """SMPTE ST 2084."""
    root = value ** (1 / 78.84375)
    light = max(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)
    return _for_a_screen(10_000 * light ** (1 / 0.1593017578125))


def _hlg(value: float) -> float:
    """ITU-R BT.2100, on a screen of 1000 nits."""
    light = value * value / 3
    if value > 0.5:
        light = (math.exp((value - 0.55991073) / 0.17883277) + 0.28466892) / 12
    return _for_a_screen(_PEAK_NITS * light**1.2)


def _for_a_screen(nits: float) -> float:
    """Reinhard's curve with a white (2002, equation 4): dark parts stay, bright ones draw near."""
    light, peak = nits / _WHITE_NITS, _PEAK_NITS / _WHITE_NITS
    return min(1.0, light * (1 + light / peak**2) / (1 + light))


def _colorants(primaries: tuple[tuple[float, float], ...], white: tuple[float, float]) -> Matrix:
    """XYZ of red, green and blue in its columns, seen in the light D50 that profiles are for."""
    columns = [[x / y, 1, (1 - x - y) / y] for x, y in primaries]
    rows = [list(row) for row in zip(*columns, strict=True)]
    x, y = white
    lit = [x / y, 1, (1 - x - y) / y]
    shares = _times(_inverse(rows), [[part] for part in lit])
    scaled = [[row[i] * shares[i][0] for i in range(3)] for row in rows]
    seen, wanted = (_times(_BRADFORD, [[part] for part in light]) for light in (lit, _D50))
    cones = [[wanted[i][0] / seen[i][0] * (i == j) for j in range(3)] for i in range(3)]
    return _times(_times(_times(_inverse(_BRADFORD), cones), _BRADFORD), scaled)


def _times(one: Matrix, other: Matrix) -> Matrix:
    columns = list(zip(*other, strict=True))
    return [
        [sum(a * b for a, b in zip(row, column, strict=True)) for column in columns] for row in one
    ]


def _inverse(of: Matrix) -> Matrix:
    def minor(row: int, column: int) -> float:
        a, b = ((row + 1) % 3, (row + 2) % 3)
        c, d = ((column + 1) % 3, (column + 2) % 3)
        return of[a][c] * of[b][d] - of[a][d] * of[b][c]

    determinant = sum(of[0][column] * minor(0, column) for column in range(3))
    return [[minor(column, row) / determinant for column in range(3)] for row in range(3)]


def _profile(colorants: Matrix, to_light: Callable[[float], float]) -> bytes:
    """A matrix profile of ICC.1, version 4, with what lcms reads of it."""
    values = [round(65535 * to_light(at / (_ENTRIES - 1))) for at in range(_ENTRIES)]
    curve = struct.pack(f">4sxxxxI{_ENTRIES}H", b"curv", _ENTRIES, *values)
    tags = {b"wtpt": _xyz(_D50)}
    for colour, column in zip((b"r", b"g", b"b"), zip(*colorants, strict=True), strict=True):
        tags[colour + b"XYZ"] = _xyz(column)
        tags[colour + b"TRC"] = curve
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        table += struct.pack(">4sII", name, start + len(body), len(content))
        body += content
    head = struct.pack(
        ">I4xI4s4s4s12x4s", start + len(body), 0x04400000, b"mntr", b"RGB ", b"XYZ ", b"acsp"
    )
    illuminant = _xyz(_D50)[8:]
    return (head.ljust(68, b"\0") + illuminant).ljust(128, b"\0") + table + body


def _xyz(parts: tuple[float, ...]) -> bytes:
    return struct.pack(">4s4x3i", b"XYZ ", *(round(65536 * part) for part in parts))
