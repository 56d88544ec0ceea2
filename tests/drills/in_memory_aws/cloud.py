"""Everything of AWS that the code of cufit calls, in this process's memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stacks import timing
from tests.drills.clock import DrillClock
from tests.drills.in_memory_aws.bedrock import Bedrock
from tests.drills.in_memory_aws.dynamodb import DynamoDb
from tests.drills.in_memory_aws.s3 import S3
from tests.drills.in_memory_aws.sqs import Queue, Sqs
from tests.integration.service.tables import TABLES

MATCH_REQUESTS, PROFILE_CHANGES = "match-requests", "profile-changes"
BRAKE_OFF, BRAKE_ON = "off", "rules"


@dataclass(frozen=True)
class Snapshot:
    now: float
    tables: Any
    queues: Any
    bucket: Any
    knowledge: Any


class Cloud:
    def __init__(self, clock: DrillClock) -> None:
        self._clock = clock
        self.dynamodb = DynamoDb(TABLES)
        self.sqs = Sqs(
            _queue(MATCH_REQUESTS, timing.MATCH_WORKER_TIMEOUT),
            _queue(PROFILE_CHANGES, timing.PROFILE_INDEXER_TIMEOUT),
        )
        self.s3 = S3()
        self.bedrock = Bedrock(clock.seconds)
        self.brake = BRAKE_OFF

    def call(self, service: str, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Raises AwsError."""
        match service:
            case "dynamodb":
                return self.dynamodb.call(operation, request)
            case "sqs":
                return self.sqs.call(operation, request, self._clock.seconds())
            case "s3":
                return self.s3.call(operation, request)
            case "ssm" if operation == "GetParameter":
                return {"Parameter": {"Name": request["Name"], "Value": self.brake}}
            case "bedrock-agent" | "bedrock-agent-runtime":
                return self.bedrock.call(operation, request)
        raise NotImplementedError(f"no code of cufit calls {service}:{operation}")

    def snapshot(self) -> Snapshot:
        return Snapshot(
            self._clock.seconds(),
            self.dynamodb.snapshot(),
            self.sqs.snapshot(),
            self.s3.snapshot(),
            self.bedrock.snapshot(),
        )

    def restore(self, snapshot: Snapshot) -> None:
        """As it was, the time too."""
        self._clock.set(snapshot.now)
        self.dynamodb.restore(snapshot.tables)
        self.sqs.restore(snapshot.queues)
        self.s3.restore(snapshot.bucket)
        self.bedrock.restore(snapshot.knowledge)
        self.brake = BRAKE_OFF


def _queue(name: str, consumer_timeout: int) -> Queue:
    return Queue(name, consumer_timeout * timing.VISIBILITY_FACTOR, timing.MAX_RECEIVES)
