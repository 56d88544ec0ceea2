"""Take an event from the outbox to those it concerns, then remove the row.

A crash between the steps leaves the row; it is sent again, which everybody it concerns bears.
"""

import asyncio
import logging
from dataclasses import dataclass

from cufit_contracts.items import Step, StepSource, StepState
from cufit_service.application.event_ports import Outbox, ProfileChanges, RecommendationRequests
from cufit_service.application.forget_member import ForgetMember
from cufit_service.application.ports import Clock, Recommendations
from cufit_service.domain.errors import Unavailable
from cufit_service.domain.events import Event, ProfileChanged, RecommendationRequested

INLINE_SECONDS = 2.0
"""How long a request waits for its event to be sent before it leaves that to the sweeper."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeliverEvent:
    outbox: Outbox
    requests: RecommendationRequests
    changes: ProfileChanges
    recommendations: Recommendations
    forget: ForgetMember
    clock: Clock

    async def __call__(self, event: Event, source: StepSource) -> None:
        """Raises Unavailable; the event is then still in the outbox."""
        if isinstance(event, RecommendationRequested):
            await self.requests.send(event)
            step = Step(self.clock.now(), source, StepState.SENT)
            await self.recommendations.note(event.recommendation_id, step)
        elif isinstance(event, ProfileChanged):
            await self.changes.send(event)
        elif (again := await self.forget(event)) is not None:
            await self.outbox.keep(again)
            return
        await self.outbox.remove(event)

    async def now_or_later(self, event: Event) -> None:
        """Deliver now if it goes quickly; otherwise the sweeper will. Never fails."""
        try:
            async with asyncio.timeout(INLINE_SECONDS):
                await self(event, StepSource.OUTBOX)
        except (Unavailable, TimeoutError) as error:
            logger.warning(
                "event left to the sweeper",
                extra={"correlation_id": event.correlation_id, "reason": type(error).__name__},
            )
        except Exception:
            # What the event tells of has happened, whatever is wrong here.
            logger.exception(
                "event left to the sweeper", extra={"correlation_id": event.correlation_id}
            )
