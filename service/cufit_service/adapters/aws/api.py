"""What the other adapters ask of AWS, whoever carries it there: clients.py does.

The benchmarks' boto3 in threads passes the same tests (tests/integration/service).
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from cufit_service.domain.errors import ConcurrentChange

CONNECT_SECONDS: Final = 1.0
READ_SECONDS: Final = 2.0
ATTEMPTS: Final = 2
"""The first and one retry: a call ends within 2 × (1 + 2) s and the pause between."""

_RACES: Final = frozenset({"ConditionalCheckFailed", "TransactionConflict"})


class ConditionFailed(ConcurrentChange):
    """A condition did not hold, or another transaction had an item."""

    def __init__(self, stored: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self.stored = stored
        """The item the condition met, when ReturnValuesOnConditionCheckFailure asked for it."""


class AwsApi(Protocol):
    """The operations of one service, in the names and JSON shapes of its API reference."""

    async def __call__(self, operation: str, **parameters: Any) -> Any:
        """The answer.

        Raises:
            ConditionFailed
            Unavailable: anything else; the reason is logged.
        """


class Bucket(Protocol):
    async def presigned_get(self, key: str, *, seconds: int, headers: Mapping[str, str]) -> str:
        """A URL that reads `key` for a while.

        `headers` of the answer, by the names of GetObject's parameters (ResponseContentType…).

        Raises:
            Unavailable: there are no credentials to sign with.
        """

    async def delete(self, key: str) -> None:
        """Also what is not there. Raises Unavailable."""


@dataclass(frozen=True, slots=True)
class AwsClients:
    """One per service.

    `warm_up` loads and fetches what the first call would wait for; it may raise. `close` is
    to be called after the last use.
    """

    dynamodb: AwsApi
    sqs: AwsApi
    photos: Bucket
    warm_up: Callable[[], Awaitable[None]]
    close: Callable[[], Awaitable[None]]


def is_race(code: str, cancellation_codes: Collection[str | None] = ()) -> bool:
    """Whether an error of DynamoDB means that somebody else was quicker.

    `cancellation_codes` are those of a TransactionCanceledException's reasons.
    """
    if code == "TransactionCanceledException":
        reasons = set(cancellation_codes)
        # A throttled transaction has other codes beside "None" and is worth no new decision.
        return bool(reasons & _RACES) and reasons <= _RACES | {"None"}
    return code in ("ConditionalCheckFailedException", "TransactionConflictException")
