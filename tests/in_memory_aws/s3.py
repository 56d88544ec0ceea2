"""One bucket, and the events EventBridge makes of new objects under incoming/."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from botocore.response import StreamingBody

from tests.in_memory_aws.errors import AwsError

WATCHED = "incoming/"
ASYNC_ATTEMPTS = 3
"""Lambda tries an asynchronous event again twice (Lambda developer guide), then gives it up."""


@dataclass(frozen=True)
class ObjectCreated:
    key: str
    attempts: int = 0


@dataclass
class S3:
    objects: dict[str, bytes] = field(default_factory=dict)
    events: list[ObjectCreated] = field(default_factory=list)
    given_up: list[ObjectCreated] = field(default_factory=list)
    """In the failure destination."""

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        match operation:
            case "GetObject":
                if request["Key"] not in self.objects:
                    raise AwsError("NoSuchKey", "The specified key does not exist.", 404)
                data = self.objects[request["Key"]]
                return {"Body": StreamingBody(io.BytesIO(data), len(data))}
            case "PutObject":
                self.put(request["Key"], request["Body"])
                return {"ETag": '"etag"'}
            case "DeleteObject":
                self.objects.pop(request["Key"], None)
                return {}
            case "DeleteObjects":
                for one in request["Delete"]["Objects"]:
                    self.objects.pop(one["Key"], None)
                return {"Deleted": list(request["Delete"]["Objects"])}
        raise NotImplementedError(f"no code of cufit calls {operation}")

    def put(self, key: str, body: bytes) -> None:
        self.objects[key] = body
        if key.startswith(WATCHED):
            self.events.append(ObjectCreated(key))

    def failed(self, event: ObjectCreated) -> None:
        """An attempt at `event` ended badly: again, or given up."""
        tried = replace(event, attempts=event.attempts + 1)
        (self.events if tried.attempts < ASYNC_ATTEMPTS else self.given_up).append(tried)

    def redrive(self) -> int:
        moved, self.given_up = self.given_up, []
        self.events += [ObjectCreated(event.key) for event in moved]
        return len(moved)

    def snapshot(self) -> tuple[dict[str, bytes], list[ObjectCreated], list[ObjectCreated]]:
        return dict(self.objects), list(self.events), list(self.given_up)

    def restore(
        self, snapshot: tuple[dict[str, bytes], list[ObjectCreated], list[ObjectCreated]]
    ) -> None:
        objects, events, given_up = snapshot
        self.objects, self.events, self.given_up = dict(objects), list(events), list(given_up)
