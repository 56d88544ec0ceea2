"""cufit whole and in one process: two tasks of the service, the functions, AWS in memory.

Nothing happens by itself: a drill sends requests, delivers messages, lets the clock run and, when
it wants to know how things end, lets everything come to rest.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from cufit_contracts.environment import ConfigurationError
from cufit_contracts.vocabulary import instant
from cufit_service.application.sweep_outbox import GRACE
from tests.drills import functions
from tests.drills.boundary import Boundary, Crash
from tests.drills.clock import DrillClock
from tests.drills.functions import (
    CONSUMERS,
    MATCH_WORKER,
    PHOTO_PROCESSOR,
    PROFILE_INDEXER,
    UPLOAD_URL,
)
from tests.drills.service import Reply, Task
from tests.drills.speed import quick
from tests.drills.unlogged import Unlogged
from tests.in_memory_aws.botocore_clients import botocore_asks
from tests.in_memory_aws.clients import clients
from tests.in_memory_aws.cloud import Cloud, Snapshot
from tests.in_memory_aws.s3 import ObjectCreated
from tests.in_memory_aws.sqs import Message, Queue

SWEPT_AFTER_SECONDS = GRACE.total_seconds() + 1

INDEXED_AFTER_SECONDS = 1.0
"""What the knowledge base has accepted is what it finds by then (embedded_aws.bedrock)."""

ROUNDS = 60
"""Of sweeping and delivering; work that has not ended by then never will."""


class DrillError(BaseException):
    """The drill itself is out of date; nothing that is drilled may catch this."""


class NeverQuietError(AssertionError):
    """Work goes round and round, or waits for something nobody does."""


@dataclass(frozen=True)
class Delivered:
    """Something a function was given, for giving it again."""

    function: str
    event: dict[str, Any]


class World:
    def __init__(self) -> None:
        self.clock = DrillClock()
        self.cloud = Cloud(self.clock.seconds)
        self.boundary = Boundary(self.cloud, self.clock)
        self.delivered: list[Delivered] = []
        self._tasks: list[Task] = []
        self._sandboxes: list[dict[str, functions.Sandbox]] = []
        self._place = 0
        self._log = Unlogged()

    @contextmanager
    def running(self) -> Iterator["World"]:
        with ExitStack() as stack:
            stack.enter_context(self.clock)
            stack.enter_context(quick())
            stack.enter_context(botocore_asks(self.boundary.call))
            stack.enter_context(functions.environment(self.clock))
            self._tasks = [Task(number, clients(self.boundary.call)) for number in (0, 1)]
            for task in self._tasks:
                stack.callback(task.close)
            names = (MATCH_WORKER, PROFILE_INDEXER, UPLOAD_URL, PHOTO_PROCESSOR)
            self._sandboxes = [
                {name: functions.Sandbox(name, self.clock, beside=beside) for name in names}
                for beside in (False, True)
            ]
            loggers = [
                log for boxes in self._sandboxes for box in boxes.values() for log in box.loggers
            ]
            stack.enter_context(self._log.replacing_the_log(loggers))
            yield self

    @contextmanager
    def beside(self) -> Iterator[None]:
        """What happens inside is done by the other task and other sandboxes."""
        before, self._place = self._place, 1
        try:
            yield
        finally:
            self._place = before

    def restore(self, snapshot: Snapshot) -> None:
        """AWS as it was, and every process fresh."""
        self.clock.set(snapshot.now)
        self.cloud.restore(snapshot)
        self.delivered = []
        for task in self._tasks:
            task.restart()
        for sandboxes in self._sandboxes:
            for sandbox in sandboxes.values():
                sandbox.restart()

    def request(
        self,
        subject: str,
        method: str,
        target: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        """Raises Crash; the task is then running again."""
        task = self._tasks[self._place]
        try:
            reply = task.handle(subject, method, target, body, headers or {})
        except Crash:
            task.restart()
            raise
        if reply.status == 500:
            raise AssertionError(f"{method} {target} by {subject}: 500") from self._log.failure
        return reply

    def invoke(self, function: str, event: dict[str, Any]) -> Any:
        """Raises Crash, and what the handler raised; the sandbox is fresh after either."""
        sandbox = self._sandboxes[self._place][function]
        try:
            return sandbox(event)
        except ConfigurationError as error:
            raise DrillError(f"{function} does not start: {error}") from error
        except BaseException:
            sandbox.restart()
            raise

    def sweep(self) -> None:
        task = self._tasks[self._place]
        try:
            task.sweep()
        except Crash:
            task.restart()

    def reconcile(self) -> None:
        task = self._tasks[self._place]
        try:
            task.reconcile()
        except Crash:
            task.restart()

    def deliver(self, queue: str, first: int = 0) -> bool:
        """Give a batch of `queue` to its function; False when no message was visible."""
        held = self.cloud.sqs.queues[queue]
        messages = held.receive(self.clock.seconds(), CONSUMERS[queue].batch, first)
        self._deliver(held, messages)
        return bool(messages)

    def _deliver(self, queue: Queue, messages: list[Message]) -> None:
        if not messages:
            return
        function = CONSUMERS[queue.name].function
        event = functions.sqs_event(queue.name, messages)
        self.delivered.append(Delivered(function, event))
        try:
            failures = self.invoke(function, event)["batchItemFailures"]
            self._acknowledge(queue, messages, {one["itemIdentifier"] for one in failures})
        except (Crash, Exception):
            return

    def _acknowledge(self, queue: Queue, messages: list[Message], failed: set[str]) -> None:
        for message in messages:
            if message.message_id in failed:
                continue

            def delete(message_id: str = message.message_id) -> dict[str, Any]:
                queue.delete(message_id)
                return {}

            request = {"QueueUrl": queue.name}
            self.boundary.point("sqs", "DeleteMessage", request, delete)

    def deliver_a_copy(self, queue: str) -> None:
        """Give whatever is on `queue`, in flight or not, to its function once more."""
        held = self.cloud.sqs.queues[queue]
        messages = [replace(m, receives=m.receives + 1) for m in held.messages]
        self._deliver(held, messages)

    def process_upload(self, event: ObjectCreated, *, taken: bool = True) -> None:
        """Give an event of the bucket to photo_processor; not `taken`, a copy of one."""
        if taken:
            self.cloud.s3.events.remove(event)
        given = functions.object_created(event.key)
        self.delivered.append(Delivered(PHOTO_PROCESSOR, given))
        try:
            self.invoke(PHOTO_PROCESSOR, given)
        except (Crash, Exception):
            self.cloud.s3.failed(event)

    def deliver_all(self) -> bool:
        """Everything that is visible now, once; False when there was nothing."""
        busy = False
        for queue in CONSUMERS:
            while self.deliver(queue):
                busy = True
        for event in list(self.cloud.s3.events):
            self.process_upload(event)
            busy = True
        return busy

    def settle(self) -> None:
        """Let everything come to rest: deliver, sweep, wait for what is in flight.

        Raises:
            NeverQuietError
        """
        for _ in range(ROUNDS):
            busy = self.deliver_all()
            if waiting := self.cloud.dynamodb.tables["outbox"].items:
                due = min(instant(row["created_at"]["S"]) for row in waiting.values()).timestamp()
                self.clock.advance(SWEPT_AFTER_SECONDS + max(0.0, due - self.clock.seconds()))
                self.sweep()
                busy = True
            if busy:
                continue
            in_flight = [m for q in self.cloud.sqs.queues.values() for m in q.messages]
            if not in_flight:
                self.clock.advance(INDEXED_AFTER_SECONDS)
                return
            soonest = min(message.visible_at for message in in_flight)
            self.clock.advance(max(0.0, soonest - self.clock.seconds()))
            for queue in self.cloud.sqs.queues.values():
                queue.receive(self.clock.seconds(), 0)
        raise NeverQuietError(f"after {ROUNDS} rounds there is still work")

    def deliver_everything_again(self) -> None:
        """At least once means that anything may come twice, even long after."""
        for delivery in list(self.delivered):
            try:
                self.invoke(delivery.function, delivery.event)
            except Exception:  # noqa: S112 - its message would come once more
                continue

    def redrive(self) -> int:
        """Dead letters and given up events go back to where they came from; how many."""
        queues = self.cloud.sqs.queues.values()
        return sum(q.redrive(self.clock.seconds()) for q in queues) + self.cloud.s3.redrive()
