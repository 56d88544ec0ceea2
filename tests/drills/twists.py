"""Ways to make the calls of the code under test other than it meant them.

They stand between the code and AWS, so they know AWS's operations and no line of the code: a left
out step, an error nobody hears of, two calls in the other order.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from tests.drills.boundary import Crash, Rewrite, Twist
from tests.drills.world import World
from tests.in_memory_aws.clients import Ask
from tests.in_memory_aws.errors import AwsError

Wrong = Callable[[World], AbstractContextManager[None]]
"""Something goes wrong in a world for as long as the context is open."""

Which = Callable[[str, Mapping[str, Any]], bool]
"""Whether a call, operation and request, is one of those meant."""


def calls(operation: str, target: str = "") -> Which:
    """Calls of `operation` to a table, a queue or an object with `target` in its name."""

    def meant(asked: str, request: Mapping[str, Any]) -> bool:
        where = request.get("TableName") or request.get("QueueUrl") or request.get("Key", "")
        return asked == operation and target in where

    return meant


def at_aws(make: Callable[[], Twist]) -> Wrong:
    """Every call goes through a twist, which is made anew for each run."""

    @contextmanager
    def wrong(world: World) -> Iterator[None]:
        world.boundary.twist = make()
        try:
            yield
        finally:
            world.boundary.twist = None

    return wrong


def sent_as(rewrite: Rewrite) -> Wrong:
    return at_aws(lambda: lambda send, *call: send(*call[:2], rewrite(*call)))


def acknowledged(function: str) -> Wrong:
    """Lambda hears of no failure of `function`, so its messages are gone."""

    @contextmanager
    def wrong(world: World) -> Iterator[None]:
        invoke = world.invoke

        def answered(name: str, event: dict[str, Any]) -> Any:
            answer = invoke(name, event)
            return {"batchItemFailures": []} if name == function else answer

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(world, "invoke", answered)
            yield

    return wrong


def without_parameter(name: str) -> Wrong:
    return sent_as(lambda _, __, request: {k: v for k, v in request.items() if k != name})


def without_member(action: str, table: str, *, beside: tuple[str, str]) -> Wrong:
    """Transactions that do `beside` (action and table) do not do `action` on `table`."""

    def rewrite(_: str, operation: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
        if operation != "TransactWriteItems":
            return request
        members = request["TransactItems"]
        if beside not in map(_member, members):
            return request
        kept = [one for one in members if _member(one) != (action, table)]
        assert kept, "nothing would be left"
        return {**request, "TransactItems": kept}

    return sent_as(rewrite)


def apart(table: str) -> Wrong:
    """Transactions with `table` in them are single writes, that table's first."""

    def twist(send: Ask, service: str, operation: str, request: Mapping[str, Any]) -> Any:
        members = request.get("TransactItems", [])
        if table not in [_member(one)[1] for one in members]:
            return send(service, operation, request)
        for one in sorted(members, key=lambda one: _member(one)[1] != table):
            send(service, operation, {"TransactItems": [one]})
        return {}

    return at_aws(lambda: twist)


def left_out(which: Which) -> Wrong:
    def twist(send: Ask, service: str, operation: str, request: Mapping[str, Any]) -> Any:
        return {} if which(operation, request) else send(service, operation, request)

    return at_aws(lambda: twist)


def unheard(which: Which, *, code: str = "") -> Wrong:
    """Those calls never fail, as far as the code hears; `code`: not with this error."""

    def twist(send: Ask, service: str, operation: str, request: Mapping[str, Any]) -> Any:
        try:
            return send(service, operation, request)
        except (AwsError, ReadTimeoutError) as error:
            if which(operation, request) and code in ("", getattr(error, "code", "")):
                return {}
            raise

    return at_aws(lambda: twist)


def after_failure(of: Which, which: Which, instead: Twist) -> Wrong:
    """Once one of those calls has failed, `which` are made as `instead` says."""

    class Afterwards:
        failed = False

        def __call__(
            self, send: Ask, service: str, operation: str, request: Mapping[str, Any]
        ) -> Any:
            if self.failed and which(operation, request):
                return instead(send, service, operation, request)
            try:
                return send(service, operation, request)
            except (AwsError, ReadTimeoutError):
                self.failed = self.failed or of(operation, request)
                raise

    return at_aws(Afterwards)


def later(first: Which, than: Which) -> Wrong:
    """Calls meant by `first` are made right after one of `than`, which comes after them; nobody
    makes them when that fails or the process crashes before."""

    class Later:
        def __init__(self) -> None:
            self._held: list[tuple[str, str, Mapping[str, Any]]] = []

        def __call__(
            self, send: Ask, service: str, operation: str, request: Mapping[str, Any]
        ) -> Any:
            if first(operation, request):
                self._held.append((service, operation, request))
                return {}
            try:
                answer = send(service, operation, request)
                if than(operation, request):
                    for held in self._held:
                        send(*held)
                    self._held = []
            except (Crash, AwsError, ReadTimeoutError):
                self._held = []
                raise
            return answer

    return at_aws(Later)


def answered_as(which: Which, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Wrong:
    def twist(send: Ask, service: str, operation: str, request: Mapping[str, Any]) -> Any:
        answer = send(service, operation, request)
        return change(answer) if which(operation, request) else answer

    return at_aws(lambda: twist)


def _member(one: Mapping[str, Any]) -> tuple[str, str]:
    ((action, write),) = one.items()
    return action, write["TableName"]
