"""A queue that match_worker (RecommendationRequests) or profile_indexer (ProfileChanges) reads."""

from cufit_contracts.messages import CORRELATION_ATTRIBUTE
from cufit_service.adapters.aws.api import AwsApi
from cufit_service.adapters.sqs.event_messages import message_of
from cufit_service.domain.events import ProfileChanged, RecommendationRequested


class SqsQueue:
    def __init__(self, api: AwsApi, url: str) -> None:
        self._api = api
        self._url = url

    async def send(self, event: RecommendationRequested | ProfileChanged, /) -> None:
        """Raises Unavailable; the message may then be in the queue all the same."""
        # The correlation id travels beside every body.
        attribute = {"DataType": "String", "StringValue": event.correlation_id}
        await self._api(
            "SendMessage",
            QueueUrl=self._url,
            MessageBody=message_of(event).to_body(),
            MessageAttributes={CORRELATION_ATTRIBUTE: attribute},
        )
