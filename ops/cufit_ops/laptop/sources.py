"""Digests of the code that background processes run, to notice that one is older than it."""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

from cufit_ops.workspace import ROOT


def of_platform() -> str:
    return _digest("ops/cufit_ops/laptop", "ops/cufit_ops/workspace.py", "requirements.txt")


def of_embedded_aws() -> str:
    return _digest("ops/embedded_aws")


def _digest(*names: str) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for name in names:
        for file in _files(ROOT / name):
            digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _files(path: Path) -> Iterator[Path]:
    """Sources and locks below `path`, or itself."""
    if path.is_file():
        yield path
    for suffix in (".py", ".txt"):
        yield from sorted(path.rglob(f"*{suffix}"))
