"""Another commit of this repository, checked out beside this one for as long as it is needed."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cufit_ops.workspace import ROOT


class RevisionError(Exception):
    """A revision is none of this repository's; the message is git's."""


@contextmanager
def worktree(revision: str, folder: Path, *, root: Path = ROOT) -> Iterator[Path]:
    """`revision` (a commit, branch or tag) in `folder`, which is removed afterwards.

    Raises:
        RevisionError: there is no such revision.
    """
    try:
        git("worktree", "add", "--detach", "--force", str(folder), revision, root=root)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        # Twice: who is stopped while git checks out leaves it locked.
        with suppress(RevisionError):  # never added
            git("worktree", "remove", "--force", "--force", str(folder), root=root)


def git(*arguments: str, root: Path = ROOT) -> str:
    """What git says. Raises RevisionError with its reason."""
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=root, check=True, capture_output=True, text=True
        )
    except subprocess.CalledProcessError as error:
        raise RevisionError(error.stderr.strip()) from error
    return done.stdout.strip()
