"""Writes MiniStack's state while it is in use, so that a killed server loses little.

MiniStack saves on a clean stop only. Here every service's state is also written a few seconds
after requests came in, and at once on `POST /_cufit/save` (after a deployment, for example).
"""

import asyncio
import contextlib
import logging
import threading

from ministack import app as ministack_app
from ministack.core import persistence as ministack_persistence

logger = logging.getLogger("embedded_aws.persistence")

INTERVAL_SECONDS = 5.0

_saving = threading.Lock()


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
    """Write the state of every service that was used, each file atomically."""
    with _saving:
        ministack_persistence.save_all(ministack_app._build_persistence_save_dict())
