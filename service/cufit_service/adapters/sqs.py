"""A queue and the correlation id that travels beside every body."""

from concurrent.futures import Executor
from typing import TYPE_CHECKING

from cufit_contracts.messages import CORRELATION_ATTRIBUTE

from cufit_service.adapters.aws_clients import AwsCalls

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class SqsQueue:
    def __init__(self, client: "SQSClient", executor: Executor, url: str) -> None:
        self._client = client
        self._calls = AwsCalls(executor)
        self._url = url

    async def put(self, body: str, correlation_id: str) -> None:
        """Raises Unavailable; the message may then be in the queue all the same."""
        attribute = {"DataType": "String", "StringValue": correlation_id}
        await self._calls.run(
            self._client.send_message,
            QueueUrl=self._url,
            MessageBody=body,
            MessageAttributes={CORRELATION_ATTRIBUTE: attribute},
        )
