"""Writes MiniStack's state while it is in use, so that a killed server loses little.

MiniStack saves on a clean stop only. Here the services whose state changed are also written every
few seconds in which requests came in, and at once on `POST /_cufit/save` (after a deployment, for
example), in MiniStack's own format.
"""

import asyncio
import contextlib
import hashlib
import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ministack import app as ministack_app
from ministack.core import persistence as ministack_persistence

logger = logging.getLogger("embedded_aws.persistence")

INTERVAL_SECONDS = 3.0
ATTEMPTS = 10

_saving = threading.Lock()
_written: dict[str, bytes] = {}


class Activity:
    """Whether a request that may have changed something came in since the last save."""

    def __init__(self) -> None:
        self._dirty = False

    def note(self) -> None:
        self._dirty = True

    def take(self) -> bool:
        dirty, self._dirty = self._dirty, False
        return dirty


activity = Activity()


async def save_while_in_use() -> None:
    """Save every few seconds in which requests came in. Runs until cancelled."""
    with contextlib.suppress(asyncio.CancelledError):
        while True:
            await asyncio.sleep(INTERVAL_SECONDS)
            if activity.take():
                await asyncio.to_thread(save)


def save() -> None:
    """Write the state of every service that changed, each file atomically."""
    folder = Path(ministack_persistence.STATE_DIR)
    with _saving:
        folder.mkdir(parents=True, exist_ok=True)
        for service, get_state in ministack_app._build_persistence_save_dict().items():
            content = _content(service, get_state)
            if content is None:
                continue
            digest = hashlib.sha256(content).digest()
            if _written.get(service) != digest:
                _replace(folder / f"{service}.json", content)
                _written[service] = digest


def _content(service: str, get_state: Callable[[], Any]) -> bytes | None:
    """The file of a service's state; None when there is nothing to say."""
    for _ in range(ATTEMPTS):
        try:
            state = get_state()
            if state is None:
                return None
            version = ministack_persistence._state_format_version(service)
            return json.dumps(
                {"__ministack_format__": version, "payload": state},
                default=ministack_persistence._json_default,
            ).encode()
        except RuntimeError:  # it changed while it was read
            continue
    logger.warning("the state of %s changes all the time; saved at the next turn", service)
    activity.note()
    return None


def _replace(path: Path, content: bytes) -> None:
    partial = path.with_suffix(".partial")
    partial.write_bytes(content)
    partial.replace(path)
