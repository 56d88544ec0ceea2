"""What a use case does when another writer was first."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from cufit_service.domain.errors import ConcurrentChange, Unavailable

Outcome = TypeVar("Outcome")

ATTEMPTS = 3
"""One writer in three loses twice in a row only when many write the same item at once."""


async def retry_lost_races(attempt: Callable[[], Awaitable[Outcome]]) -> Outcome:
    """Run `attempt`, which reads, decides and writes, again when it lost a race.

    Raises:
        Unavailable: it lost every time.
    """
    for _ in range(ATTEMPTS):
        try:
            return await attempt()
        except ConcurrentChange:
            continue
    raise Unavailable("Too many are changing this at once; try again in a moment.")
