"""Another commit of this repository, checked out beside this one for as long as it is needed."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
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
    git("worktree", "add", "--detach", "--force", str(folder), revision, root=root)
    try:
        yield folder
    finally:
        git("worktree", "remove", "--force", str(folder), root=root)


def git(*arguments: str, root: Path = ROOT) -> str:
    """What git says. Raises RevisionError with its reason."""
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=root, check=True, capture_output=True, text=True
        )
    except subprocess.CalledProcessError as error:
        raise RevisionError(error.stderr.strip()) from error
    return done.stdout.strip()
