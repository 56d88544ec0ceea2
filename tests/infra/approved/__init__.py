"""What somebody looked at and approved: roles with their permissions, names of what holds data."""

import difflib
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[2]
FOUND = ROOT / ".cache" / "approved"


def assert_approved(name: str, found: dict[str, Any], question: str) -> None:
    """`found` is what approved/NAME.json says; else show the difference and how to approve it."""
    approved, now = FOLDER / f"{name}.json", FOUND / f"{name}.json"
    before = approved.read_text(encoding="utf-8") if approved.exists() else ""
    after = json.dumps(found, indent=2, sort_keys=True) + "\n"
    if before == after:
        return
    now.parent.mkdir(parents=True, exist_ok=True)
    now.write_text(after, encoding="utf-8")
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), "approved", "now", n=2, lineterm=""
    )
    command = f"cp {now.relative_to(ROOT)} {approved.relative_to(ROOT)}"
    raise AssertionError("\n".join([*lines, "", f"{question} To approve it: {command}"]))
