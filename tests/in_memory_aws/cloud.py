"""Everything of AWS that the code of cufit calls, in this process's memory."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from stacks import timing
from stacks.tables import TABLES
from tests.in_memory_aws.bedrock import Bedrock
from tests.in_memory_aws.dynamodb import DynamoDb
from tests.in_memory_aws.errors import AwsError
from tests.in_memory_aws.s3 import S3
from tests.in_memory_aws.sqs import Queue, Sqs

MATCH_REQUESTS, PROFILE_CHANGES = "match-requests", "profile-changes"
BRAKE_OFF, BRAKE_ON = "off", "rules"

_THROTTLED: Final = {
    "sqs": ("RequestThrottled", 400),
    "s3": ("SlowDown", 503),
    "ssm": ("ThrottlingException", 400),
    "bedrock-agent": ("ThrottlingException", 429),
    "bedrock-agent-runtime": ("ThrottlingException", 429),
}
"""Code and status, by service; DynamoDB says it in its own ways."""


@dataclass(frozen=True)
class Snapshot:
    now: float
    tables: Any
    queues: Any
    bucket: Any
    knowledge: Any


class Cloud:
    def __init__(self, seconds: Callable[[], float]) -> None:
        """`seconds` since the epoch, as AWS's clocks would show them."""
        self._seconds = seconds
        self.dynamodb = DynamoDb(TABLES, seconds)
        self.sqs = Sqs(
            _queue(MATCH_REQUESTS, timing.MATCH_WORKER_TIMEOUT),
            _queue(PROFILE_CHANGES, timing.PROFILE_INDEXER_TIMEOUT),
        )
        self.s3 = S3()
        self.bedrock = Bedrock(seconds)
        self.brake = BRAKE_OFF
        self.throttles: Counter[str] = Counter()
        """How many of the next calls are throttled, by operation."""

    def call(self, service: str, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Raises AwsError."""
        if self.throttles[operation]:
            self.throttles[operation] -= 1
            return self._throttled(service, operation, request)
        match service:
            case "dynamodb":
                return self.dynamodb.call(operation, request)
            case "sqs":
                return self.sqs.call(operation, request, self._seconds())
            case "s3":
                return self.s3.call(operation, request)
            case "ssm" if operation == "GetParameter":
                return {"Parameter": {"Name": request["Name"], "Value": self.brake}}
            case "bedrock-agent" | "bedrock-agent-runtime":
                return self.bedrock.call(operation, request)
        raise NotImplementedError(f"no code of cufit calls {service}:{operation}")

    def snapshot(self) -> Snapshot:
        return Snapshot(
            self._seconds(),
            self.dynamodb.snapshot(),
            self.sqs.snapshot(),
            self.s3.snapshot(),
            self.bedrock.snapshot(),
        )

    def restore(self, snapshot: Snapshot) -> None:
        """As it was; whoever has the clock sets it back to `snapshot.now`."""
        self.dynamodb.restore(snapshot.tables)
        self.sqs.restore(snapshot.queues)
        self.s3.restore(snapshot.bucket)
        self.bedrock.restore(snapshot.knowledge)
        self.brake = BRAKE_OFF
        self.throttles.clear()

    def _throttled(
        self, service: str, operation: str, request: Mapping[str, Any]
    ) -> dict[str, Any]:
        if service == "dynamodb":
            return self.dynamodb.throttled(operation, request)
        code, status = _THROTTLED[service]
        raise AwsError(code, "Rate exceeded", status)


def _queue(name: str, consumer_timeout: int) -> Queue:
    return Queue(name, consumer_timeout * timing.VISIBILITY_FACTOR, timing.MAX_RECEIVES)
