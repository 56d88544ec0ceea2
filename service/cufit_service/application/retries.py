"""What is done when another writer was first or has the item just now."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from typing import Final, TypeVar

from cufit_service.application.ports import Members
from cufit_service.domain.errors import ConcurrentChange, Contended, NotAllowed
from cufit_service.domain.member import Member

Outcome = TypeVar("Outcome")

PAUSES: Final = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 0.8, 0.8, 0.8, 0.8)
"""Seconds at most before each further attempt. A transaction has its items for some milliseconds.
Of 60 at once (rate_limits.WRITES) on one item that each has for 10 ms, none of 18,000 drawn lost
every time, and the last had it after 2.4 s: sooner than lifetimes.REQUEST_SECONDS."""


async def retry_lost_races(attempt: Callable[[], Awaitable[Outcome]]) -> Outcome:
    """Run `attempt`, which reads, decides and writes, again when it lost a race.

    Raises:
        Contended: it lost every time.
    """
    return await retried(attempt, ConcurrentChange)


async def retry_as_member(
    members: Members, member: Member, attempt: Callable[[], Awaitable[Outcome]]
) -> Outcome:
    """As retry_lost_races, for what only who is a member may do.

    Raises:
        Contended: it lost every time.
        NotAllowed: it lost, and the membership has ended; that is not to be won back.
    """

    async def attempt_as_member() -> Outcome:
        try:
            return await attempt()
        except ConcurrentChange:
            now = await members.find(member.member_id)
            if now is None or now.joined_at != member.joined_at:
                raise NotAllowed("Your membership has ended.") from None
            raise

    return await retry_lost_races(attempt_as_member)


async def retried(
    attempt: Callable[[], Awaitable[Outcome]], lost: type[ConcurrentChange]
) -> Outcome:
    """What `attempt` returns once it does not raise `lost`. Raises Contended: it always did."""
    for pause in _pauses():
        try:
            return await attempt()
        except lost:
            await asyncio.sleep(pause)
    try:
        return await attempt()
    except lost:
        raise Contended from None


def _pauses() -> Iterator[float]:
    """Drawn anew each time, so that those who met come back apart."""
    return (random.uniform(0, longest) for longest in PAUSES)  # noqa: S311 - spreads load
