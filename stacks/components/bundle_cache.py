"""Files of a cache named after digests: what is current stays, what nobody uses any more goes."""

import hashlib
import os
import shutil
import time
from collections.abc import Set
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

IDLE_SECONDS = 600
"""No command that runs beside this one has left longer ago what it still needs."""


def publish(content: bytes, file: Path) -> None:
    """Write `file` and its checksum so that a reader sees all of it or nothing."""
    for target, data in ((file, content), (_checksum_file(file), _checksum(content))):
        partial = target.with_name(f".{target.name}.{os.getpid()}")
        partial.write_bytes(data)
        partial.replace(target)


def is_whole(file: Path) -> bool:
    """Whether the cached file is still what was written; a damaged one is built again."""
    try:
        return _checksum_file(file).read_bytes() == _checksum(file.read_bytes())
    except OSError:
        return False


def note_use(path: Path) -> None:
    """Keep `path` for the command that is about to use it."""
    for used in (path, _checksum_file(path)):
        with suppress(FileNotFoundError):
            os.utime(used)


def forget_unused(folder: Path, current: Set[str]) -> None:
    """Remove entries of `folder` whose stem is not `current` and that nobody has used for a while.

    Several commands may do so at once.
    """
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # another command was first
            if path.stem not in current and time.time() - path.stat().st_mtime > IDLE_SECONDS:
                _remove(path)


def _remove(path: Path) -> None:
    if not path.is_dir():
        path.unlink()
        return
    # At once, so that nobody finds a half of it; a rest is removed the next time.
    gone = path.rename(path.with_name(f".{uuid4().hex}"))
    shutil.rmtree(gone, ignore_errors=True)


def _checksum_file(file: Path) -> Path:
    return file.with_suffix(".sha256")


def _checksum(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
