"""A service of AWS that speaks JSON, called through the AWS Common Runtime.

With it a whole request takes a third of the processor time it takes with boto3 in threads
(docs/performance.md). Retries follow botocore's standard mode: once more after a lost connection, a
time-out, a 5xx or a throttle.
"""

import asyncio
import io
import json
import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from awscrt.exceptions import AwsCrtError
from awscrt.http import HttpHeaders, HttpRequest

from cufit_service.adapters.aws_api import (
    ATTEMPTS,
    CONNECT_SECONDS,
    READ_SECONDS,
    ConditionFailed,
    is_race,
)
from cufit_service.adapters.crt_connections import Answer, CrtConnections
from cufit_service.adapters.crt_signer import CrtSigner
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


class CrtApi:
    def __init__(self, protocol: Protocol, connections: CrtConnections, signer: CrtSigner) -> None:
        self._protocol = protocol
        self._connections = connections
        self._signer = signer

    async def __call__(self, operation: str, **parameters: Any) -> Any:
        body = json.dumps(parameters).encode()
        try:
            return json.loads(await self._patiently(operation, body))
        except _Refused as error:
            if is_race(error.code, error.cancellation_codes):
                raise ConditionFailed(error.stored) from error
            logger.exception("AWS refused a call", extra={"reason": error.code})
            raise Unavailable from error
        except (AwsCrtError, TimeoutError) as error:
            logger.exception("AWS did not answer", extra={"reason": _reason(error)})
            raise Unavailable from error

    async def _patiently(self, operation: str, body: bytes) -> bytes:
        for _ in range(ATTEMPTS - 1):
            try:
                return await self._attempt(operation, body)
            except _Refused as error:
                if not error.passes:
                    raise
            except (AwsCrtError, TimeoutError) as error:
                logger.info("AWS is asked again", extra={"reason": _reason(error)})
            await asyncio.sleep(random.uniform(0, PAUSE_SECONDS))  # noqa: S311 - spreads load
        return await self._attempt(operation, body)

    async def _attempt(self, operation: str, body: bytes) -> bytes:
        """The answer's body. Raises _Refused, AwsCrtError, TimeoutError."""
        request = HttpRequest("POST", "/", HttpHeaders(list(self._headers(operation).items())))
        await self._signer.sign(request, body)
        request.headers.add("Content-Length", str(len(body)))
        request.body_stream = io.BytesIO(body)
        async with asyncio.timeout(CONNECT_SECONDS + READ_SECONDS):
            answer = await self._connections.exchange(request)
        if answer.status != 200:
            raise _Refused(answer)
        return answer.body

    def _headers(self, operation: str) -> Mapping[str, str]:
        return {
            "Host": self._connections.host,
            "Content-Type": f"application/x-amz-json-{self._protocol.json_version}",
            "X-Amz-Target": f"{self._protocol.target_prefix}.{operation}",
        }


def _object(body: bytes) -> dict[str, Any]:
    """Empty when AWS, or what is between, answers in other words."""
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _reason(error: Exception) -> str:
    return error.name if isinstance(error, AwsCrtError) else type(error).__name__
