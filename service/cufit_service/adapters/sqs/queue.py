"""A queue and the correlation id that travels beside every body."""

from cufit_contracts.messages import CORRELATION_ATTRIBUTE
from cufit_service.adapters.aws.api import AwsApi


class SqsQueue:
    def __init__(self, api: AwsApi, url: str) -> None:
        self._api = api
        self._url = url

    async def put(self, body: str, correlation_id: str) -> None:
        """Raises Unavailable; the message may then be in the queue all the same."""
        attribute = {"DataType": "String", "StringValue": correlation_id}
        await self._api(
            "SendMessage",
            QueueUrl=self._url,
            MessageBody=body,
            MessageAttributes={CORRELATION_ATTRIBUTE: attribute},
        )
