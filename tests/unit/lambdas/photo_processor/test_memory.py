"""The largest photos that are taken fit photo_processor's memory; measured with `make photos`."""

from pathlib import Path

from stacks.photo_rules import PHOTO_PROCESSOR_MEMORY, SHARE
from tests.benchmarks.photos import KINDS, LARGEST, allowed_mib, measured


def test_the_largest_photo_fits_whatever_its_kind(tmp_path: Path, in_full: bool) -> None:
    allowed = {kind: allowed_mib(kind, LARGEST) for kind in KINDS}
    assert max(allowed.values()) < SHARE * PHOTO_PROCESSOR_MEMORY
    if in_full:
        taken = {kind: measured(kind, LARGEST, tmp_path).mib for kind in KINDS}
        assert {kind: mib for kind, mib in taken.items() if mib > allowed[kind]} == {}
