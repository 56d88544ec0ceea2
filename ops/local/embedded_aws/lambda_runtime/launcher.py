"""Writes the launcher of functions: an executable that takes a worker script's path.

MiniStack starts `<one executable> <script>`, and what is wanted is an interpreter without
site-packages (`-I -S`) that runs `bootstrap` first.
"""

import shlex
import sys
from pathlib import Path

from embedded_aws.exclusive import CannotStart

_BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
_PROVIDED = Path(sys.prefix) / "lambda-runtime"
"""Where `make install` puts the packages of Lambda's runtime."""


def check_installed() -> None:
    """Raises: CannotStart when the packages of Lambda's runtime are missing."""
    if not _PROVIDED.is_dir():
        raise CannotStart(f"{_PROVIDED} is missing: make install")


def write(path: Path, interpreter: Path) -> None:
    words = [interpreter, "-I", "-S", "-X", "utf8", _BOOTSTRAP, _PROVIDED]
    path.write_text(f'#!/bin/sh\nexec {shlex.join(map(str, words))} "$@"\n')
    path.chmod(0o755)
