"""Every few minutes: recommendations that nobody answers any more are seen to an end.

The outbox loses nothing and the queue redelivers; this is for what neither foresees: a message that
was lost for good, a dead-letter queue nobody redrives.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from cufit_contracts.items import Step, StepSource, StepState
from cufit_contracts.results import Failure, FailureCode
from cufit_service.application.event_ports import Outbox
from cufit_service.application.ports import Clock, Recommendations
from cufit_service.domain.events import RecommendationRequested
from cufit_service.domain.recommendation import Recommendation

QUIET = timedelta(minutes=30)
"""Without any news for so long a request is asked again: longer than a message is retried
(five receives, each hidden for six timeouts of the worker's 60 s)."""

GIVEN_UP_AFTER = timedelta(hours=24)

NOT_ANSWERED = Failure(FailureCode.NOT_ANSWERED, "No answer came within a day; ask again.")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reconcile:
    recommendations: Recommendations
    outbox: Outbox
    clock: Clock

    async def __call__(self) -> int:
        """How many were asked again or given up. Raises Unavailable."""
        now = self.clock.now()
        handled = 0
        for pending in await self.recommendations.pending(before=now - QUIET):
            if now - pending.asked_at >= GIVEN_UP_AFTER:
                end = Step(now, StepSource.RECONCILER, StepState.FAILED, NOT_ANSWERED.code)
                if not await self.recommendations.fail(
                    pending.recommendation_id, NOT_ANSWERED, end
                ):
                    continue
                _log(pending, end)
            elif now - max(step.at for step in pending.timeline) >= QUIET:
                event = RecommendationRequested(pending.recommendation_id, pending.created_at)
                await self.outbox.keep(event)
                again = Step(now, StepSource.RECONCILER, StepState.REQUEUED)
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
