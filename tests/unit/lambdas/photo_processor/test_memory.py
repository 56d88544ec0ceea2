"""The largest photos that are taken fit photo_processor's memory; measured with `make photos`."""

from pathlib import Path

from stacks.photo_rules import (
    BYTES_PER_PIXEL,
    DECODER_MIB,
    MIB,
    PHOTO_PROCESSOR_MEMORY,
    SHARE,
    most_pixels,
)
from tests.benchmarks.photos import KINDS, LARGEST, allowed_mib, measured


def test_the_largest_photo_fits_whatever_its_kind(tmp_path: Path, in_full: bool) -> None:
    assert most_pixels() * max(BYTES_PER_PIXEL.values()) < DECODER_MIB * MIB
    allowed = {kind: allowed_mib(kind, LARGEST) for kind in KINDS}
    assert max(allowed.values()) < SHARE * PHOTO_PROCESSOR_MEMORY
    if in_full:
        found = {kind: measured(kind, LARGEST, tmp_path) for kind in KINDS}
        assert {kind: one for kind, one in found.items() if one.mib > allowed[kind]} == {}
        assert {one.verdict for one in found.values()} == {"READY"}
