"""What somebody looked at and approved: permissions and their uses by role, what holds data."""

import difflib
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
APPROVE = os.environ.get("APPROVE")
"""The list that `make approve LIST=…` takes over as it is found."""


def assert_approved(name: str, found: Any, question: str) -> None:
    """`found` is what approved/NAME.json says; else show the difference and how to approve it."""
    file = FOLDER / f"{name}.json"
    now = _written(found)
    if name == APPROVE:
        file.write_text(now, encoding="utf-8")
    if difference := _difference(file.name, _read(file), now):
        raise AssertionError("\n".join([*difference, "", question, _how(name)]))


def assert_approved_each(
    folder: str,
    found: Mapping[str, Any],
    question: str,
    explain: Callable[[str, Any, Any], list[str]],
) -> None:
    """As assert_approved, of a file for each of `found` and no others.

    `explain` is given the name of a file that differs, what was approved (None: nothing) and what
    is found (None: it is gone), and says it in words.
    """
    files = {name: FOLDER / folder / f"{name}.json" for name in found}
    files |= {file.stem: file for file in (FOLDER / folder).glob("*.json")}
    told: list[str] = []
    for name, file in sorted(files.items()):
        now = _written(found[name]) if name in found else ""
        if folder == APPROVE:
            _write(file, now)
        before = _read(file)
        if difference := _difference(f"{folder}/{name}", before, now):
            words = explain(name, json.loads(before or "null"), found.get(name))
            told += [*words, *difference, ""]
    if told:
        raise AssertionError("\n".join([*told, question, _how(folder)]))


def _written(found: Any) -> str:
    return json.dumps(found, indent=2, sort_keys=True) + "\n"


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _write(file: Path, text: str) -> None:
    if text:
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    else:
        file.unlink()


def _difference(name: str, before: str, now: str) -> list[str]:
    lines = difflib.unified_diff(
        before.splitlines(), now.splitlines(), f"{name} approved", f"{name} now", n=2, lineterm=""
    )
    return [*lines]


def _how(name: str) -> str:
    return f"To approve it: make approve LIST={name}, and read what git diff shows."
