"""HEIC and AVIF with what no encoder writes (ISO/IEC 14496-12, boxes; 23008-12, items)."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

HVC1, AV01, GRID = b"hvc1", b"av01", b"grid"


@dataclass(frozen=True)
class Item:
    codec: bytes
    payload: bytes
    properties: Sequence[bytes]
    """Boxes, in that order; the same one may come again."""
    made_of: Sequence[int] = field(default=())
    """Numbers of other items, for a grid."""


def box(name: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", 8 + len(body), name) + body


def full(name: bytes, *content: bytes, version: int = 0, flags: int = 0) -> bytes:
    return box(name, struct.pack(">I", version << 24 | flags), *content)


def ispe(width: int, height: int) -> bytes:
    return full(b"ispe", struct.pack(">II", width, height))


def irot(quarters: int) -> bytes:
    return box(b"irot", bytes((quarters,)))


def nclx(primaries: int, transfer: int, matrix: int) -> bytes:
    return box(b"colr", b"nclx", struct.pack(">HHHB", primaries, transfer, matrix, 0x80))


def box_of(data: bytes, name: bytes) -> bytes:
    """The first box of that name in a file."""
    at = data.index(name) - 4
    return data[at : at + int.from_bytes(data[at : at + 4], "big")]


def heif(*items: Item) -> bytes:
    """Numbered from one; the first is the primary picture."""
    brand = b"avif" if any(item.codec == AV01 for item in items) else b"heic"
    head = box(b"ftyp", brand, bytes(4), b"mif1", brand)
    payloads = b"".join(item.payload for item in items)
    at = len(head) + len(_meta(items, 0)) + 8
    return head + _meta(items, at) + box(b"mdat", payloads)


def _meta(items: Sequence[Item], at: int) -> bytes:
    count = struct.pack(">H", len(items))
    places, names, linked, references = b"", b"", b"", b""
    known = list(dict.fromkeys(box for item in items for box in item.properties))
    for number, item in enumerate(items, 1):
        places += struct.pack(">HHHII", number, 0, 1, at, len(item.payload))
        at += len(item.payload)
        names += full(b"infe", struct.pack(">HH", number, 0), item.codec, b"\0", version=2)
        its = bytes(known.index(box) + 1 for box in item.properties)
        linked += struct.pack(">HB", number, len(its)) + its
        if item.made_of:
            parts = struct.pack(f">{len(item.made_of)}H", *item.made_of)
            references += box(b"dimg", struct.pack(">HH", number, len(item.made_of)), parts)
    return full(
        b"meta",
        full(b"hdlr", bytes(4), b"pict", bytes(13)),
        full(b"pitm", struct.pack(">H", 1)),
        full(b"iloc", b"\x44\0", count, places),
        full(b"iinf", count, names),
        full(b"iref", references) if references else b"",
        box(b"iprp", box(b"ipco", *known), full(b"ipma", struct.pack(">I", len(items)), linked)),
    )
