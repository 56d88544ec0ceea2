"""Writes the launcher of functions: an executable that takes a worker script's path.

MiniStack starts `<one executable> <script>`, and what is wanted is an interpreter without
site-packages (`-I -S`) that runs `bootstrap` first.
"""

import shlex
import shutil
import sys
from pathlib import Path

from embedded_aws.exclusive import CannotStart

_BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
_PROVIDED = Path(sys.prefix) / "lambda-runtime"
"""Where `make install` puts the packages of Lambda's runtime."""

BUNDLES_KEPT = 20
"""Unpacked bundles that stay over a restart, 10 to 30 MB each; more than cufit has functions."""


def check_installed() -> None:
    """Raises: CannotStart when the packages of Lambda's runtime are missing."""
    if not _PROVIDED.is_dir():
        raise CannotStart(f"{_PROVIDED} is missing: make install")


def prepare(folder: Path, interpreter: Path) -> Path:
    """Make `folder` hold the launcher and the bundles in use; return the launcher."""
    bundles = folder / "bundles"
    bundles.mkdir(parents=True, exist_ok=True)
    _forget_oldest(bundles)
    launcher = folder / "python"
    words = [interpreter, "-I", "-S", "-X", "utf8", _BOOTSTRAP, _PROVIDED, bundles]
    launcher.write_text(f'#!/bin/sh\nexec {shlex.join(map(str, words))} "$@"\n')
    launcher.chmod(0o755)
    return launcher


def _forget_oldest(bundles: Path) -> None:
    newest_first = sorted(bundles.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in newest_first[BUNDLES_KEPT:]:
        shutil.rmtree(path)
