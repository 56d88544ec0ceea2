"""An AV1 picture of any size in a few hundred bytes, as no encoder writes it (AV1 bitstream
specification, 5.5 and 5.9): where a tile's data ends, decoders read zeros."""

import struct

Size = tuple[int, int]

_TILE = 128
_SUPERBLOCK, _MAX_TILE_WIDTH, _MAX_TILE_AREA = 64, 4096, 4096 * 2304

PROPERTY = bytes((0x81, 0x5F, 0x60, 0))
"""av1C: profile 2, any level, 12 bits, 4:4:4; what `still` writes."""


def still(size: Size) -> bytes:
    """With 12 bits and 4:4:4, which takes a decoder six bytes a pixel and more."""
    return _unit(2, b"") + _unit(1, _sequence(size)) + _unit(6, _frame(size))


def _unit(kind: int, payload: bytes) -> bytes:
    length, size = b"", len(payload)
    while size > 127:
        length += bytes((size & 127 | 128,))
        size >>= 7
    return bytes((kind << 3 | 2,)) + length + bytes((size,)) + payload


def _packed(bits: str) -> bytes:
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def _sequence(size: Size) -> bytes:
    sides = "".join(f"{side - 1:016b}" for side in size)
    of_a_still_picture = "010" + "11" + "11111"
    tools = "000" + "000"
    colours = "11" + "0" + "0" + "1" + "0" + "0"
    return _packed(of_a_still_picture + "1111" * 2 + sides + tools + colours + "0" + "1")


def _frame(size: Size) -> bytes:
    columns, rows = (-(-side // _SUPERBLOCK) for side in size)
    least_columns = _log2(_MAX_TILE_WIDTH // _SUPERBLOCK, columns)
    least = max(least_columns, _log2(_MAX_TILE_AREA // _SUPERBLOCK**2, columns * rows))
    least_rows = max(least - least_columns, 0)
    more_columns = "0" if least_columns < _log2(1, min(columns, 64)) else ""
    more_rows = "0" if least_rows < _log2(1, min(rows, 64)) else ""
    tiles = "1" + more_columns + more_rows + ("0" * least + "01" if least else "")
    quantizer = "11111111" + "0" + "0" * 2 + "0"
    filters = "0" * 6 + "0" * 6 + "000" + "0"
    header = "0" + "0" + "0" + tiles + quantizer + "0" + "0" + filters + "0" + "0"
    count = _tiles(columns, least_columns) * _tiles(rows, least_rows)
    # Each tile but the last with its length, less one.
    sized = struct.pack("<H", _TILE - 1) + bytes(_TILE)
    return _packed(header) + (b"\0" if count > 1 else b"") + sized * (count - 1) + bytes(_TILE)


def _log2(unit: int, target: int) -> int:
    return max(0, (-(-target // unit) - 1).bit_length())


def _tiles(superblocks: int, log2: int) -> int:
    each = -(-superblocks // (1 << log2))
    return -(-superblocks // each)
