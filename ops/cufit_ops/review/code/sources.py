"""Files of two checkouts' folders, and how they differ."""

import difflib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cufit_ops.review.findings import Sentence

_LOCK = "requirements.txt"
"""Told as versions (packages.py)."""
_LEFT_OUT = ("__pycache__",)


@dataclass(frozen=True)
class Change:
    """One file."""

    mark: str
    """`+` added, `−` removed, `~` changed."""
    path: str
    added: int
    """Lines; 0 for a file that is no text."""
    removed: int

    @property
    def line(self) -> str:
        return f"{self.mark} {self.path} (+{self.added} −{self.removed})"


@dataclass(frozen=True)
class Files:
    """Those that differ; false when none does."""

    changes: tuple[Change, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.changes)

    @property
    def counted(self) -> Sentence:
        """`3 files (+1 −0 ~2), +45 −12 lines`."""
        marks = {mark: sum(one.mark == mark for one in self.changes) for mark in "+−~"}
        parts = " ".join(f"{mark}{number}" for mark, number in marks.items())
        lines = f"+{sum(c.added for c in self.changes)} −{sum(c.removed for c in self.changes)}"
        count = len(self.changes)
        return Sentence(
            f"{count} file{'s' if count != 1 else ''} ({parts}), {lines} lines",
            f"파일 {count}개({parts}), {lines}줄",
        )

    def listed(self, folder: str) -> str:
        return "\n".join(
            Change(c.mark, f"{folder}/{c.path}", c.added, c.removed).line for c in self.changes
        )


@cache
def compared(old: Path, new: Path) -> Files:
    """`old` and `new` are folders, or are not there. Environments share them, so it is asked again
    and again."""
    before, after = _files(old), _files(new)
    changes = []
    for path in sorted(before.keys() | after.keys()):
        one, other = before.get(path), after.get(path)
        if one == other:
            continue
        mark = "+" if one is None else "−" if other is None else "~"
        changes.append(Change(mark, path, *_lines(one or b"", other or b"")))
    return Files(tuple(changes))


def _files(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and file.name != _LOCK and not {*file.parts}.intersection(_LEFT_OUT)
    }


def _lines(old: bytes, new: bytes) -> tuple[int, int]:
    """Added and removed."""
    try:
        before, after = old.decode().splitlines(), new.decode().splitlines()
    except UnicodeDecodeError:
        return 0, 0
    said = [*difflib.unified_diff(before, after, n=0, lineterm="")][2:]
    return sum(line[0] == "+" for line in said), sum(line[0] == "-" for line in said)
