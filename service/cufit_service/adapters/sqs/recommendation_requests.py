"""Requests for a ranking, on the queue match_worker reads."""

from cufit_service.adapters.sqs.event_messages import match_requested
from cufit_service.adapters.sqs.queue import SqsQueue
from cufit_service.domain.events import RecommendationRequested


class SqsRecommendationRequests:
    def __init__(self, queue: SqsQueue) -> None:
        self._queue = queue

    async def send(self, request: RecommendationRequested) -> None:
        await self._queue.put(match_requested(request).to_body(), request.correlation_id)
