"""The places of a day that one request takes.

They are taken before what they are for is stored, because a count inside of that transaction would
make simultaneous requests of one owner conflict. A refused request gives back those that are its
own: another for the same may have taken one before, and need it still. One that ends in between, or
whose outcome nobody knows, keeps them: sent again it has the same places.
"""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from cufit_service.application.ports import Quotas
from cufit_service.domain.errors import Contended, Refusal, Unavailable
from cufit_service.domain.quota import Place, Quota, Taken

Take = Callable[[str, str], Awaitable[None]]
"""Of an owner, for the id of what is counted. Raises the quota's refusal: there is none left."""

logger = logging.getLogger(__name__)


@asynccontextmanager
async def places(
    quotas: Quotas, quota: Quota, now: datetime, *, overtaken: type[Refusal] | None = None
) -> AsyncIterator[Take]:
    """Ways to take places of the day that `now` is in; whoever is refused inside keeps none.

    Args:
        overtaken: the refusal which says that another request for the same was stored: it needs
            the place, whichever of the two took it.
    """
    taken: list[Place] = []

    async def take(owner_id: str, taken_for: str) -> None:
        place = quota.place(owner_id, taken_for, now)
        if place in taken:
            return
        found = await quotas.take(place, quota.a_day)
        if found is None:
            raise quota.refusal(now)
        if found is Taken.NEW:
            taken.append(place)

    try:
        yield take
    except Refusal as refusal:
        known = not isinstance(refusal, Unavailable) or isinstance(refusal, Contended)
        if known and (overtaken is None or not isinstance(refusal, overtaken)):
            for place in taken:
                await _give_back(quotas, place)
        raise


async def _give_back(quotas: Quotas, place: Place) -> None:
    try:
        await quotas.give_back(place)
    except Unavailable:
        # The refusal is what the client has to hear; the place is lost until midnight.
        logger.warning("a place of the day is lost", extra={"reason": place.kind})
