"""Changes of profiles, on the queue profile_indexer reads."""

from cufit_service.adapters.sqs.event_messages import profile_changed
from cufit_service.adapters.sqs.queue import SqsQueue
from cufit_service.domain.events import ProfileChanged


class SqsProfileChanges:
    def __init__(self, queue: SqsQueue) -> None:
        self._queue = queue

    async def send(self, change: ProfileChanged) -> None:
        await self._queue.put(profile_changed(change).to_body(), change.correlation_id)
