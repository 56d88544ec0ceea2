"""Decoders of hostile files in a child process, whose memory and time the kernel bounds.

What a file costs cannot be read from it: pictures in a HEIC or AVIF may be larger than it says, and
be turned 250 times. The child is forked of the warm process, in milliseconds. It has the function's
rights, so that this is no sandbox.
"""

import logging
import multiprocessing
import resource
from multiprocessing.connection import Connection

from cufit_contracts.photos import RejectionReason
from photo_processor.ports import CleanPhoto, ImageCleaner, Rejected

CPU_SECONDS = 10
"""The slowest of the photos that are taken needs 4 (`make photos`)."""

_WAITED = 30
"""Seconds, for a decoder that neither works nor ends. The function has a minute."""

_MIB = 1024 * 1024
logger = logging.getLogger(__name__)
_FORK = multiprocessing.get_context("fork")


class DecoderFailed(RuntimeError):
    """For no reason that lies in the file; the child has printed its traceback, if it had one."""


class ConfinedImageCleaner:
    def __init__(
        self, cleaner: ImageCleaner, memory_mib: int, cpu_seconds: int = CPU_SECONDS
    ) -> None:
        """`memory_mib`: all that the child may write to, what it has of this process included."""
        self._cleaner = cleaner
        self._memory = memory_mib * _MIB
        self._cpu_seconds = cpu_seconds

    def clean(self, data: bytes) -> CleanPhoto:
        """A file that takes more memory or time, or makes a decoder crash, is UNREADABLE: no photo
        of the sizes that are taken does.

        Raises:
            Rejected: as the cleaner says, or for what the file takes.
            DecoderFailed: the cleaner raised something else, or its process ended by itself.
        """
        here, there = _FORK.Pipe(duplex=False)
        child = _FORK.Process(target=self._answer, args=(data, there), daemon=True)
        with here:
            child.start()
            there.close()
            answer = self._answer_of(child, here)
        if isinstance(answer, CleanPhoto):
            return answer
        raise Rejected(answer)

    def _answer_of(
        self, child: multiprocessing.process.BaseProcess, here: Connection
    ) -> CleanPhoto | RejectionReason:
        try:
            if here.poll(_WAITED):
                answer: CleanPhoto | RejectionReason = here.recv()
                return answer
        except (EOFError, OSError):
            child.join(_WAITED)
            if child.exitcode is not None and child.exitcode >= 0:
                raise DecoderFailed(f"ended with {child.exitcode}") from None
        finally:
            child.kill()
            child.join()
        # Or a photo that wanted more than was thought: its owner only hears that it is damaged.
        logger.warning("a decoder was ended by signal %s", -(child.exitcode or 0))
        return RejectionReason.UNREADABLE

    def _answer(self, data: bytes, there: Connection) -> None:
        # Of the kinds of memory the one that is written to: address space is reserved freely.
        resource.setrlimit(resource.RLIMIT_DATA, (self._memory, self._memory))
        resource.setrlimit(resource.RLIMIT_CPU, (self._cpu_seconds, self._cpu_seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        try:
            there.send(self._cleaner.clean(data))
        except Rejected as rejected:
            there.send(rejected.reason)
        except MemoryError:
            there.send(RejectionReason.UNREADABLE)
