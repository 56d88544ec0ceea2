"""Work that repeats while the server runs."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

logger = logging.getLogger("embedded_aws.background")

_jobs: list[tuple[float, Callable[[], None]]] = []


def every(seconds: float, job: Callable[[], None]) -> None:
    """Run `job` every `seconds` from the server's start on, on its event loop."""
    _jobs.append((seconds, job))


async def run() -> None:
    """Run the jobs until cancelled."""
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*(_repeat(seconds, job) for seconds, job in _jobs))


async def _repeat(seconds: float, job: Callable[[], None]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            job()
        except Exception:
            logger.exception("%s.%s failed", job.__module__, job.__qualname__)
