"""What no file can do: take more memory or time than a photo, or the process with it."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cufit_contracts.photos import RejectionReason
from photo_processor import confined_image_cleaner
from photo_processor.confined_image_cleaner import ConfinedImageCleaner, DecoderFailed
from photo_processor.pillow_image_cleaner import PillowImageCleaner
from photo_processor.ports import CleanPhoto, Rejected
from stacks.photo_rules import DECODER_MIB, PHOTO_PROCESSOR_MEMORY, SHARE
from tests.benchmarks.photos import cleaned
from tests.photos.hostile import hungry, slow


class Decoder:
    def __init__(self, does: Callable[[], object]) -> None:
        self._does = does

    def clean(self, data: bytes) -> CleanPhoto:
        self._does()
        raise AssertionError


def _loop() -> None:
    while True:
        pass


@pytest.mark.parametrize(
    "does",
    [
        lambda: bytes(2 * 1024**3),
        lambda: os.kill(os.getpid(), signal.SIGKILL),  # as a crash ends it, by a signal
        _loop,
    ],
    ids=["memory", "crash", "loop"],
)
def test_a_file_that_breaks_its_decoder_is_damaged(does: Callable[[], object]) -> None:
    with pytest.raises(Rejected) as refused:
        ConfinedImageCleaner(Decoder(does), 1024, cpu_seconds=1).clean(b"")
    assert refused.value.reason is RejectionReason.UNREADABLE
    assert multiprocessing.active_children() == []


def test_a_decoder_that_waits_for_ever_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined_image_cleaner, "_WAITED", 0.2)
    with pytest.raises(Rejected):
        ConfinedImageCleaner(Decoder(lambda: time.sleep(60)), 1024).clean(b"")
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize(
    "does", [lambda: int("a word"), lambda: os._exit(0)], ids=["exception", "no answer"]
)
def test_a_mistake_of_ours_is_no_fault_of_the_file(does: Callable[[], object]) -> None:
    with pytest.raises(DecoderFailed):
        ConfinedImageCleaner(Decoder(does), 1024).clean(b"")
    assert multiprocessing.active_children() == []


def test_a_small_file_cannot_take_the_functions_memory(tmp_path: Path) -> None:
    file = tmp_path / "photo"
    file.write_bytes(hungry())
    found = cleaned(file)
    assert found.verdict == RejectionReason.UNREADABLE
    assert found.mib < SHARE * PHOTO_PROCESSOR_MEMORY


def test_a_small_file_cannot_take_minutes() -> None:
    """This one would take 8, at the most that is accepted four times as long."""
    cleaner = ConfinedImageCleaner(PillowImageCleaner(50_000_000), DECODER_MIB, cpu_seconds=1)
    with pytest.raises(Rejected) as refused:
        cleaner.clean(slow((4000, 3000)))
    assert refused.value.reason is RejectionReason.UNREADABLE
