"""Puts a request back into match-requests with a delay, as a new message.

The delivery at hand then succeeds: a throttle uses up none of the receives after which a message
goes to the dead-letter queue.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from cufit_contracts.messages import CORRELATION_ATTRIBUTE, MatchRequested
from cufit_contracts.results import TokenUsage

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

MAX_DELAY_SECONDS = 900
"""Of one message (SQS SendMessage)."""


class SqsDelayedRequests:
    def __init__(self, client: "SQSClient", queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def put_off(
        self,
        recommendation_id: str,
        attempt: int,
        delay_seconds: int,
        now: datetime,
        usage: TokenUsage | None,
    ) -> None:
        message = MatchRequested.of(recommendation_id, now, attempt, usage)
        self._client.send_message(
            QueueUrl=self._queue_url,
            MessageBody=message.to_body(),
            DelaySeconds=min(delay_seconds, MAX_DELAY_SECONDS),
            MessageAttributes={
                CORRELATION_ATTRIBUTE: {
                    "DataType": "String",
                    "StringValue": message.correlation_id,
                }
            },
        )
