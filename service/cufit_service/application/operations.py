"""How work goes: an admin looks at it, and time moves on what got stuck."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from cufit_contracts.items import Step
from cufit_contracts.results import Failure
from cufit_service.application.deliver_event import DeliverEvent
from cufit_service.application.ports import Clock, Outbox, Recommendations
from cufit_service.domain.errors import Unavailable
from cufit_service.domain.events import RecommendationRequested
from cufit_service.domain.member import Member, Role
from cufit_service.domain.recommendation import Recommendation

COUNTED = 1000
"""More than this many unsent events are not told apart."""

GRACE = timedelta(seconds=30)
"""An event younger than this is probably still being sent by the request that made it."""

BATCH = 100
"""Events one sweep sends."""

QUIET = timedelta(minutes=30)
"""Without any news for so long a request is asked again: longer than a message is retried
(five receives, each hidden for six timeouts of the worker's 60 s)."""

GIVEN_UP_AFTER = timedelta(hours=24)

NOT_ANSWERED = Failure("NOT_ANSWERED", "No answer came within a day; ask again.")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Operations:
    """Nobody's profile."""

    pending_recommendations: int
    oldest_pending_at: datetime | None
    unsent_events: int
    oldest_unsent_at: datetime | None


@dataclass(frozen=True, slots=True)
class OperationUseCases:
    recommendations: Recommendations
    outbox: Outbox
    deliver: DeliverEvent
    clock: Clock

    async def see(self, admin: Member) -> Operations:
        """Raises NotAllowed unless the member is an admin."""
        admin.require(Role.ADMIN)
        now = self.clock.now()
        pending = await self.recommendations.pending(before=now)
        unsent = await self.outbox.waiting(before=now, limit=COUNTED)
        return Operations(
            pending_recommendations=len(pending),
            oldest_pending_at=min((item.created_at for item in pending), default=None),
            unsent_events=len(unsent),
            oldest_unsent_at=min((event.at for event in unsent), default=None),
        )

    async def sweep_outbox(self) -> int:
        """Send what interrupted requests left in the outbox; how many events were sent.

        One that cannot be sent does not hold up the others.

        Raises:
            Unavailable: the outbox cannot be read.
        """
        sent = 0
        for event in await self.outbox.waiting(before=self.clock.now() - GRACE, limit=BATCH):
            try:
                await self.deliver(event, "sweeper")
            except Unavailable as error:
                logger.warning(
                    "event not sent by the sweeper",
                    extra={"correlation_id": event.correlation_id, "reason": type(error).__name__},
                )
            else:
                sent += 1
        return sent

    async def reconcile(self) -> int:
        """See recommendations that nobody answers any more to an end; how many were asked again
        or given up.

        The outbox loses nothing and the queue redelivers; this is for what neither foresees: a
        message that was lost for good, a dead-letter queue nobody redrives. Raises Unavailable.
        """
        now = self.clock.now()
        handled = 0
        for pending in await self.recommendations.pending(before=now - QUIET):
            if now - pending.asked_at >= GIVEN_UP_AFTER:
                end = Step(now, "reconciler", "FAILED", NOT_ANSWERED.code)
                if not await self.recommendations.fail(
                    pending.recommendation_id, NOT_ANSWERED, end
                ):
                    continue
                _log(pending, end)
            elif now - max(step.at for step in pending.timeline) >= QUIET:
                event = RecommendationRequested(pending.recommendation_id, pending.created_at)
                await self.outbox.keep(event)
                again = Step(now, "reconciler", "REQUEUED")
                await self.recommendations.note(pending.recommendation_id, again)
                _log(pending, again)
            else:
                continue
            handled += 1
        return handled


def _log(pending: Recommendation, step: Step) -> None:
    logger.error(
        "recommendation had to be reconciled",
        extra={"correlation_id": pending.recommendation_id, "reason": step.state},
    )
