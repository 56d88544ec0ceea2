"""Unsent events: key `outbox_id`, nearly always empty, so it is scanned rather than indexed.

`created_at` is when an event became due: for one that is to be acted on later, a time to come.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from cufit_contracts.messages import UnreadableMessage
from cufit_contracts.vocabulary import timestamp
from cufit_service.adapters.dynamodb.database import DynamoDb
from cufit_service.adapters.dynamodb.expressions import Attr
from cufit_service.adapters.dynamodb.writes import Write, delete, put
from cufit_service.adapters.sqs.event_messages import LEAVING, addressed, event_of
from cufit_service.domain.events import Event, MemberLeft

logger = logging.getLogger(__name__)


class DynamoDbOutbox:
    def __init__(self, dynamodb: DynamoDb, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    async def waiting(
        self, before: datetime, limit: int, *, leaving: bool | None = None
    ) -> Sequence[Event]:
        due = Attr("created_at").lt(timestamp(before))
        if leaving is not None:
            queue = Attr("queue")
            due = due & (queue.eq(LEAVING) if leaving else queue.ne(LEAVING))
        events: list[Event] = []
        for row in await self._dynamodb.scan(self._table, due, limit):
            try:
                events.append(event_of(row["queue"], row["body"]))
            except UnreadableMessage:
                # Kept: a newer version of the service may have written it.
                logger.exception("outbox row unreadable", extra={"reason": row["outbox_id"]})
        return events

    async def keep(self, event: Event) -> None:
        await self._dynamodb.write(outbox_row(self._table, event))

    async def remove(self, event: Event) -> None:
        await self._dynamodb.write(delete(self._table, {"outbox_id": event.correlation_id}))


def outbox_row(table: str, event: Event) -> Write:
    """The write that keeps `event` until it has been sent."""
    queue, body = addressed(event)
    return put(
        table,
        {
            "outbox_id": event.correlation_id,
            "queue": queue,
            "body": body,
            "correlation_id": event.correlation_id,
            "created_at": timestamp(_due_at(event)),
        },
    )


def _due_at(event: Event) -> datetime:
    if isinstance(event, MemberLeft) and event.again_at is not None:
        return event.again_at
    return event.at
