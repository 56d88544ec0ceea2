"""Versions in two locks (`requirements.txt`, as `make lock` writes it)."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from cufit_ops.review.findings import Sentence

_PINNED = re.compile(r"^(?P<name>[A-Za-z0-9][\w.-]*)(\[[^]]*\])?==(?P<version>[^\s;\\]+)", re.M)
_MOST = 6
"""Packages named in a sentence; all of them are in the evidence."""


@dataclass(frozen=True)
class Versions:
    """Those that differ; false when none does."""

    lines: tuple[str, ...] = field(default=())
    """`pydantic 2.14.3 → 2.15.0`, `httpx 1.0 added`."""

    def __bool__(self) -> bool:
        return bool(self.lines)

    @property
    def said(self) -> Sentence:
        shown, more = self.lines[:_MOST], len(self.lines) - _MOST
        text = ", ".join(shown)
        korean = text.replace(" added", " 추가").replace(" removed", " 제거")
        if more > 0:
            return Sentence(f"{text} and {more} more", f"{korean} 외 {more}개")
        return Sentence(text, korean)


def changed_versions(old: Path, new: Path) -> Versions:
    """Of the locks in two folders; a lock that is not there has no package."""
    before, after = _pinned(old), _pinned(new)
    lines = []
    for name in sorted(before.keys() | after.keys()):
        one, other = before.get(name), after.get(name)
        if one is None:
            lines.append(f"{name} {other} added")
        elif other is None:
            lines.append(f"{name} {one} removed")
        elif one != other:
            lines.append(f"{name} {one} → {other}")
    return Versions(tuple(lines))


def _pinned(folder: Path) -> dict[str, str]:
    try:
        lock = (folder / "requirements.txt").read_text(encoding="utf-8")
    except OSError:
        return {}
    return {found["name"]: found["version"] for found in _PINNED.finditer(lock)}
