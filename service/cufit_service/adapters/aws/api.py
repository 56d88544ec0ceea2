"""What the other adapters ask of AWS, whoever carries it there: clients.py does.

The benchmarks' boto3 in threads passes the same tests (tests/integration/service).
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from cufit_service.domain.errors import ConcurrentChange

CONNECT_SECONDS: Final = 1.0
READ_SECONDS: Final = 2.0
ATTEMPTS: Final = 2
"""The first and one retry: a call ends within 2 × (1 + 2) s and the pause between."""

_CONDITION, _CONFLICT = "ConditionalCheckFailed", "TransactionConflict"
_VALIDATION = "ValidationError"


class TransactionConflict(ConcurrentChange):
    """Another transaction has an item just now; nothing was written, and nothing was decided."""


class ConditionFailed(ConcurrentChange):
    """A condition did not hold."""

    def __init__(self, stored: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self.stored = stored
        """The item the condition met, when ReturnValuesOnConditionCheckFailure asked for it."""


class NotComputed(Exception):
    """What an update of a transaction makes of its item is no value of DynamoDB's, such as a number
    of more than 38 digits; nothing was written."""

    def __init__(self, places: Collection[int]) -> None:
        super().__init__()
        self.places = places
        """Of the updates, in the transaction; perhaps not of all that would be refused."""


class AwsApi(Protocol):
    """The operations of one service, in the names and JSON shapes of its API reference."""

    async def __call__(self, operation: str, **parameters: Any) -> Any:
        """The answer.

        Raises:
            ConditionFailed, TransactionConflict, NotComputed
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


def refusal(
    code: str,
    cancellation_codes: Sequence[str | None] = (),
    stored: Mapping[str, Any] | None = None,
) -> ConcurrentChange | NotComputed | None:
    """What to raise for an error of DynamoDB that is about what is stored: somebody else was
    quicker, or an update does not suit it.

    Args:
        cancellation_codes: those of a TransactionCanceledException's reasons, one for each write.
        stored: the item a condition met, if the error has it.
    """
    if code == f"{_CONDITION}Exception":
        return ConditionFailed(stored)
    if code == f"{_CONFLICT}Exception":
        return TransactionConflict()
    if code == "TransactionCanceledException":
        reasons = set(cancellation_codes) - {"None"}
        # A throttled transaction has other codes and is worth no new decision.
        if reasons == {_CONFLICT}:
            return TransactionConflict()
        if _CONDITION in reasons and reasons <= {_CONDITION, _CONFLICT}:
            return ConditionFailed()
        if reasons == {_VALIDATION}:
            coded = enumerate(cancellation_codes)
            return NotComputed({place for place, one in coded if one == _VALIDATION})
    return None
