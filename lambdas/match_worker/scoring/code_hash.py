"""Which code a score was made by."""

import hashlib
from collections.abc import Iterable
from functools import cache
from inspect import getfile
from pathlib import Path
from typing import Final

from cufit_contracts import attention, places, profile, vocabulary

MODULES: Final = (
    *sorted(Path(__file__).parent.glob("*.py")),
    *(Path(getfile(one)) for one in (attention, places, profile, vocabulary)),
)
"""This folder, and of what all share that which decides points: where and how old somebody is, whom
they wish for, what was lately. The rubric has a hash of its own (model/prompt.py)."""


@cache
def scoring_hash() -> str:
    """First 12 hex digits of SHA-256 over MODULES: stamped on every result, so that one can tell
    whether code would decide the same today."""
    return hashed(MODULES)


def hashed(modules: Iterable[Path]) -> str:
    parts = (part for one in modules for part in (one.name.encode(), one.read_bytes()))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:12]
