"""Work set in motion by time."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable

logger = logging.getLogger(__name__)


async def repeat(
    work: Callable[[], Awaitable[object]],
    *,
    every_seconds: float,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Run `work` for ever; whatever it raises is logged and the next round comes all the same.

    Each pause is drawn from half to one and a half times `every_seconds`, so that tasks started
    together drift apart.
    """
    while True:
        await after(every_seconds * random.uniform(0.5, 1.5), work, sleep=sleep)  # noqa: S311 - spreads load


async def after(
    seconds: float,
    work: Callable[[], Awaitable[object]],
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Run `work` once; what it raises is logged."""
    await sleep(seconds)
    try:
        await work()
    except Exception:
        name = getattr(work, "__name__", type(work).__name__)
        logger.exception("background work failed", extra={"reason": name})
