"""A service of AWS that speaks JSON, asked by asyncio.

With it a whole request takes a fraction of the processor time it takes with boto3 in threads
(docs/performance.md). Retries follow botocore's standard mode: once more after a lost connection, a
time-out, a 5xx or a throttle.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from pydantic_core import from_json, to_json

from cufit_service.adapters.aws.api import (
    ATTEMPTS,
    ConditionFailed,
    is_race,
)
from cufit_service.adapters.aws.asyncio_connections import Answer, Connections, Request
from cufit_service.adapters.aws.signing import Signer, Unsigned, reason_of
from cufit_service.domain.errors import Unavailable

PAUSE_SECONDS: Final = 0.2
"""The longest pause before a retry; each is drawn anew, so that clients come back apart."""

SERVER_ERROR: Final = 500

_THROTTLES: Final = frozenset(
    {
        # botocore.retries.standard.ThrottledRetryableChecker, as far as these services answer so.
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "ThrottlingException",
        "TransactionInProgressException",
    }
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Protocol:
    """How a service is spoken to: `metadata` of its model in botocore."""

    service: str
    target_prefix: str
    json_version: str


DYNAMODB: Final = Protocol("dynamodb", "DynamoDB_20120810", "1.0")
SQS: Final = Protocol("sqs", "AmazonSQS", "1.0")


class _Refused(Exception):
    """AWS answered with an error."""

    def __init__(self, answer: Answer) -> None:
        said = _object(answer.body)
        self.code = str(said.get("__type", answer.status)).rpartition("#")[2]
        self.cancellation_codes = [
            reason.get("Code") for reason in said.get("CancellationReasons") or []
        ]
        self.stored = said.get("Item")
        self.passes = answer.status >= SERVER_ERROR or self.code in _THROTTLES
        super().__init__(self.code)


class AsyncioApi:
    def __init__(
        self, protocol: Protocol, connections: Connections, signer: Callable[[], Signer]
    ) -> None:
        self._protocol = protocol
        self._connections = connections
        self._signer = signer

    async def __call__(self, operation: str, **parameters: Any) -> Any:
        body = to_json(parameters)
        try:
            return from_json(await self._patiently(operation, body))
        except _Refused as error:
            if is_race(error.code, error.cancellation_codes):
                raise ConditionFailed(error.stored) from error
            logger.exception("AWS refused a call", extra={"reason": error.code})
            raise Unavailable from error
        except (OSError, Unsigned) as error:
            logger.exception("AWS did not answer", extra={"reason": reason_of(error)})
            raise Unavailable from error

    async def _patiently(self, operation: str, body: bytes) -> bytes:
        for _ in range(ATTEMPTS - 1):
            try:
                return await self._attempt(operation, body)
            except _Refused as error:
                if not error.passes:
                    raise
            except (OSError, Unsigned) as error:
                logger.info("AWS is asked again", extra={"reason": reason_of(error)})
            await asyncio.sleep(random.uniform(0, PAUSE_SECONDS))  # noqa: S311 - spreads load
        return await self._attempt(operation, body)

    async def _attempt(self, operation: str, body: bytes) -> bytes:
        """The answer's body. Raises _Refused, OSError, Unsigned."""
        request = await self._signer().sign(Request("POST", "/", self._headers(operation), body))
        answer = await self._connections.exchange(request)
        if answer.status != 200:
            raise _Refused(answer)
        return answer.body

    def _headers(self, operation: str) -> list[tuple[str, str]]:
        return [
            ("Host", self._connections.host),
            ("Content-Type", f"application/x-amz-json-{self._protocol.json_version}"),
            ("X-Amz-Target", f"{self._protocol.target_prefix}.{operation}"),
        ]


def _object(body: bytes) -> dict[str, Any]:
    """Empty when AWS, or what is between, answers in other words."""
    try:
        said = from_json(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
