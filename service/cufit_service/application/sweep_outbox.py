"""Every few seconds: what interrupted requests left in the outbox is sent, and who left is
forgotten."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from cufit_contracts.items import StepSource
from cufit_service.application.deliver_event import DeliverEvent
from cufit_service.application.event_ports import Outbox
from cufit_service.application.ports import Clock
from cufit_service.domain.errors import Unavailable

GRACE = timedelta(seconds=30)
"""An event younger than this is probably still being sent by the request that made it."""

BATCH = 100
"""Events one sweep delivers."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SweepOutbox:
    outbox: Outbox
    deliver: DeliverEvent
    clock: Clock

    async def __call__(self) -> int:
        """How many events were sent.

        One that cannot be sent does not hold up the others.

        Raises:
            Unavailable: the outbox cannot be read.
        """
        return await self._deliver(leaving=False)

    async def forget(self) -> int:
        """How many were forgotten, of those who have left. Beside the sending and not in it: to
        forget somebody takes minutes (SCANNED_A_SECOND). Raises as sending does."""
        return await self._deliver(leaving=True)

    async def _deliver(self, *, leaving: bool) -> int:
        sent = 0
        before = self.clock.now() - GRACE
        for event in await self.outbox.waiting(before, BATCH, leaving=leaving):
            try:
                await self.deliver(event, StepSource.SWEEPER)
            except Unavailable as error:
                logger.warning(
                    "event not sent by the sweeper",
                    extra={"correlation_id": event.correlation_id, "reason": type(error).__name__},
                )
            except Exception:
                # One row that nobody can read would end every sweep.
                logger.exception(
                    "event not sent by the sweeper", extra={"correlation_id": event.correlation_id}
                )
            else:
                sent += 1
        return sent
