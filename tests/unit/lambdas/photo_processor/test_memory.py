"""The largest photos that are taken fit photo_processor's memory: in full alone, `make photos`."""

from pathlib import Path

import pytest

from stacks.photo_rules import PHOTO_PROCESSOR_MEMORY, SHARE
from tests.benchmarks.photos import KINDS, LARGEST, allowed_mib, measured


@pytest.mark.parametrize("kind", KINDS)
def test_the_largest_photo_takes_no_more_than_is_counted_with(
    kind: str, tmp_path: Path, in_full: bool
) -> None:
    if not in_full:
        pytest.skip("seconds for each: make photos")
    allowed = allowed_mib(kind, LARGEST)
    assert measured(kind, LARGEST, tmp_path).mib < allowed < SHARE * PHOTO_PROCESSOR_MEMORY
