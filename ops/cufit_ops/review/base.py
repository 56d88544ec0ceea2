"""The version that a change is compared with, built as that version says: its own packages,
contracts, service and functions. A constant that was renamed since is still called by its old name
there, and what another aws-cdk-lib makes of the same stacks is seen."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from cufit_ops.git_worktree import worktree
from cufit_ops.review.synthesis import Outcome, Synthesis, build, empty
from cufit_ops.workspace import ROOT, VENV_BIN

CACHE = ROOT / ".cache/review"
KEPT = 3
"""Environments in the cache, of about 900 MB each where files cannot be shared with uv's cache."""
_SECONDS = 300


class PackagesError(Exception):
    """A lock cannot be installed; the message is uv's."""


def build_base(revision: str, output: Path, scratch: Path, *, root: Path = ROOT) -> Synthesis:
    """Synthesize a commit, branch or tag of this repository into `output`; checked out below
    `scratch` meanwhile.

    Raises:
        RevisionError: there is no such revision.
    """
    with worktree(revision, scratch / "checkout", root=root) as checkout:
        try:
            python = _python(checkout)
        except PackagesError as error:
            failed = Synthesis(Outcome.PACKAGES, (_first_words(str(error)),), str(error))
            empty(output)
            failed.write(output)
            return failed
        return build(checkout, output, validate=False, python=python)


def _python(checkout: Path) -> Path:
    """A Python with what the checkout's lock names: this one when the locks are equal."""
    lock = checkout / "requirements.txt"
    if not lock.is_file() or lock.read_bytes() == (ROOT / "requirements.txt").read_bytes():
        return VENV_BIN / "python"
    of_python = f"{sys.version_info[:2]}".encode()
    venv = CACHE / hashlib.sha256(of_python + lock.read_bytes()).hexdigest()[:16]
    CACHE.mkdir(parents=True, exist_ok=True)
    with FileLock(CACHE / "lock"):
        installed = venv / ".installed"
        if not installed.is_file():
            shutil.rmtree(venv, ignore_errors=True)
            _install(lock, venv)
        installed.touch()
        _forget_oldest()
    return venv / "bin/python"


def _install(lock: Path, venv: Path) -> None:
    python = getattr(sys, "_base_executable", sys.executable)
    _uv("venv", "--python", python, str(venv))
    _uv("pip", "sync", "--require-hashes", "--python", str(venv / "bin/python"), str(lock))


def _uv(*words: str) -> None:
    env = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    env["COLUMNS"] = "10000"  # uv breaks its lines there; _first_words reads one as a whole
    command = [str(VENV_BIN / "uv"), "--quiet", *words]
    try:
        done = subprocess.run(
            command, env=env, capture_output=True, text=True, check=False, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise PackagesError(f"uv was not done after {_SECONDS} s") from error
    if done.returncode:
        raise PackagesError(done.stderr.strip() or f"uv ended with {done.returncode}")


def _first_words(said: str) -> str:
    """What uv could not do, and the nearest cause; what lies deeper is in the whole text."""
    return ": ".join(re.sub(r"^\s*(error|cause): ", "", line) for line in said.splitlines()[:2])


def _forget_oldest() -> None:
    """Of the environments, those used longest ago."""
    stamps = sorted(CACHE.glob("*/.installed"), key=lambda stamp: stamp.stat().st_mtime)
    for stamp in stamps[:-KEPT]:
        shutil.rmtree(stamp.parent, ignore_errors=True)
