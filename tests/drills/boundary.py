"""Between the clients and an AWS in memory: the place where every call can go wrong.

What the clients' own retries can do to a caller is the fault SENT_TWICE.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from botocore.exceptions import ReadTimeoutError

from tests.drills.clock import DrillClock
from tests.in_memory_aws.clients import Ask
from tests.in_memory_aws.cloud import Cloud
from tests.in_memory_aws.errors import AwsError

LATENCY_SECONDS = 0.004
"""Of every call, so that times differ and sort."""


class Crash(BaseException):
    """The process is gone. No `except Exception` of the code under test may live through it."""


class Fault(StrEnum):
    CRASH_BEFORE = "crash before"
    CRASH_AFTER = "crash after"
    ERROR = "error"
    ERROR_AFTER = "error after the effect"
    SENT_TWICE = "sent twice"
    """The first answer was lost, botocore sent the request again and returns the second answer."""


@dataclass(frozen=True)
class Call:
    number: int
    service: str
    operation: str
    request: Mapping[str, Any]

    def __str__(self) -> str:
        where = self.request.get("TableName") or self.request.get("QueueUrl") or ""
        if actions := self.request.get("TransactItems"):
            where = "+".join(str(next(iter(one.values()))["TableName"]) for one in actions)
        return f"#{self.number} {self.service}.{self.operation} {where}".strip()


Strike = Fault | Callable[[], None]
"""What happens at a call: a fault, or somebody else who is quicker."""

Rewrite = Callable[[str, str, Mapping[str, Any]], Mapping[str, Any]]
"""A request as it is sent instead: service, operation, request."""

Twist = Callable[[Ask, str, str, Mapping[str, Any]], dict[str, Any]]
"""A call as it is made instead: how to send, service, operation, request."""

_PASSING = {
    "dynamodb": "InternalServerError",
    "sqs": "InternalError",
    "s3": "InternalError",
    "ssm": "InternalServerError",
}
"""What a service answers when it is its own fault; Bedrock's is InternalServerException."""


@dataclass
class Boundary:
    cloud: Cloud
    clock: DrillClock
    calls: list[Call] = field(default_factory=list)
    """Since `watch` began."""
    twist: Twist | None = None
    ask: Ask = field(init=False)
    """Carries a call to AWS; replaced by who wants to listen."""
    _plan: dict[int, Strike] = field(default_factory=dict)
    _watching: bool = False
    _doomed: str | None = None

    @contextmanager
    def watch(self, plan: Mapping[int, Strike] | None = None) -> Iterator[list[Call]]:
        """Number the calls from 0 and strike those in `plan`, each once."""
        self.arm(plan or {})
        try:
            yield self.calls
        finally:
            self.disarm()

    def __post_init__(self) -> None:
        self.ask = self.cloud.call

    def arm(self, plan: Mapping[int, Strike]) -> None:
        """Watch from now on, until disarmed."""
        self.calls, self._plan, self._watching = [], dict(plan), True

    def disarm(self) -> None:
        self._plan, self._watching = {}, False

    def crash_after(self, operation: str) -> None:
        """While watching: strike the next call of `operation`, whichever number it has."""
        self._doomed = operation

    @property
    def unspent(self) -> bool:
        """Some planned fault has not happened: there were fewer calls."""
        return bool(self._plan)

    def point(
        self,
        service: str,
        operation: str,
        request: Mapping[str, Any],
        effect: Callable[[], dict[str, Any]],
    ) -> dict[str, Any]:
        """One call; the runtime's own, such as acknowledging a message, come here directly.

        Raises:
            Crash, AwsError, ReadTimeoutError
        """
        self.clock.advance(LATENCY_SECONDS)
        if not self._watching:
            return effect()
        call = Call(len(self.calls), service, operation, request)
        self.calls.append(call)
        strike = self._plan.pop(call.number, None)
        if operation == self._doomed:
            self._doomed, strike = None, Fault.CRASH_AFTER
        if strike is None:
            return effect()
        if not isinstance(strike, Fault):
            self._alone(strike)
            return effect()
        return _struck(strike, call, effect)

    def call(self, service: str, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """One call of a client of AWS. Raises as `point` does."""
        if self.twist is None:
            return self._send(service, operation, request)
        return self.twist(self._send, service, operation, request)

    def _send(self, service: str, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        return self.point(
            service, operation, request, lambda: self.ask(service, operation, request)
        )

    def _alone(self, rival: Callable[[], None]) -> None:
        """The rival's calls are neither numbered nor struck."""
        self._watching = False
        try:
            rival()
        finally:
            self._watching = True


def _struck(fault: Fault, call: Call, effect: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    match fault:
        case Fault.CRASH_BEFORE:
            raise Crash(call)
        case Fault.CRASH_AFTER:
            _unheard(effect)
            raise Crash(call)
        case Fault.ERROR:
            code = _PASSING.get(call.service, "InternalServerException")
            raise AwsError(code, "something broke", 500)
        case Fault.ERROR_AFTER:
            _unheard(effect)
            raise ReadTimeoutError(endpoint_url=call.service)
        case Fault.SENT_TWICE:
            _unheard(effect)
            return effect()


def _unheard(effect: Callable[[], dict[str, Any]]) -> None:
    """The call takes place; whatever it answers, nobody hears it."""
    try:
        effect()
    except AwsError:
        return
