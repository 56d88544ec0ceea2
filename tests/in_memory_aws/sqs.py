"""Standard queues with dead letters: messages come at least once, in the order a drill picks."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.in_memory_aws.errors import AwsError


@dataclass(frozen=True)
class Message:
    message_id: str
    body: str
    correlation_id: str
    visible_at: float
    """Seconds; before it nobody is given the message."""
    receives: int = 0


@dataclass
class Queue:
    name: str
    visibility_seconds: float
    max_receives: int
    messages: list[Message] = field(default_factory=list)
    dead_letters: list[Message] = field(default_factory=list)
    sent: int = 0
    broken: bool = False
    """While true nothing can be sent."""

    def send(self, request: Mapping[str, Any], now: float) -> dict[str, Any]:
        if self.broken:
            raise AwsError("InternalError", "something broke", 500)
        self.sent += 1
        attributes = request.get("MessageAttributes") or {}
        correlation = attributes.get("correlation_id", {}).get("StringValue", "")
        message_id = f"{self.name}-{self.sent}"
        visible_at = now + request.get("DelaySeconds", 0)
        self.messages.append(Message(message_id, request["MessageBody"], correlation, visible_at))
        return {"MessageId": message_id, "MD5OfMessageBody": ""}

    def receive(self, now: float, limit: int, first: int = 0) -> list[Message]:
        """Up to `limit` visible messages, beginning with the `first`-th; they are in flight now."""
        self._bury(now)
        visible = [message for message in self.messages if message.visible_at <= now]
        if not visible:
            return []
        start = first % len(visible)
        taken = [
            replace(message, receives=message.receives + 1)
            for message in (visible[start:] + visible[:start])[:limit]
        ]
        in_flight = {
            message.message_id: replace(message, visible_at=now + self.visibility_seconds)
            for message in taken
        }
        self.messages = [in_flight.get(one.message_id, one) for one in self.messages]
        return taken

    def delete(self, message_id: str) -> None:
        self.messages = [one for one in self.messages if one.message_id != message_id]

    def redrive(self, now: float) -> int:
        """Move the dead letters back, as StartMessageMoveTask does: new ids, counted anew."""
        moved = len(self.dead_letters)
        for letter in self.dead_letters:
            self.sent += 1
            message_id = f"{self.name}-{self.sent}"
            self.messages.append(Message(message_id, letter.body, letter.correlation_id, now))
        self.dead_letters = []
        return moved

    def _bury(self, now: float) -> None:
        spent = [
            one for one in self.messages
            if one.visible_at <= now and one.receives >= self.max_receives
        ]  # fmt: skip
        self.dead_letters = [*self.dead_letters, *spent]
        self.messages = [one for one in self.messages if one not in spent]


class Sqs:
    def __init__(self, *queues: Queue) -> None:
        self.queues = {queue.name: queue for queue in queues}

    def call(self, operation: str, request: Mapping[str, Any], now: float) -> dict[str, Any]:
        if operation != "SendMessage":
            raise NotImplementedError(f"no code of cufit calls {operation}")
        name = request["QueueUrl"].rpartition("/")[2]
        if name not in self.queues:
            raise AwsError("QueueDoesNotExist", "The specified queue does not exist.")
        return self.queues[name].send(request, now)

    def snapshot(self) -> list[Queue]:
        return [
            replace(queue, messages=list(queue.messages), dead_letters=list(queue.dead_letters))
            for queue in self.queues.values()
        ]

    def restore(self, snapshot: list[Queue]) -> None:
        for held in snapshot:
            queue = self.queues[held.name]
            queue.messages, queue.dead_letters = list(held.messages), list(held.dead_letters)
            queue.sent = held.sent
