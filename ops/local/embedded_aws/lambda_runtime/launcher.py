"""Writes the launcher of functions: an executable that takes a worker script's path.

MiniStack starts `<one executable> <script>`, and what is wanted is an interpreter without
site-packages (`-I -S`) that runs `bootstrap` first.
"""

import shlex
import sys
from pathlib import Path

_BOOTSTRAP = Path(__file__).with_name("bootstrap.py")


def provided_packages() -> Path:
    """Where the packages of Lambda's runtime are installed; a missing folder means no install."""
    return Path(sys.prefix) / "lambda-runtime"


def write(path: Path, interpreter: Path) -> None:
    words = [interpreter, "-I", "-S", "-X", "utf8", _BOOTSTRAP, provided_packages()]
    path.write_text(f'#!/bin/sh\nexec {shlex.join(map(str, words))} "$@"\n')
    path.chmod(0o755)
