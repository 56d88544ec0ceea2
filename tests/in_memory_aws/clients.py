"""The service's ways to AWS (cufit_service.adapters.aws.api), ending in memory.

What a real client adds is left out: signatures, connections and the second attempt. Its own tests
are in tests/integration/service.
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from botocore.exceptions import ReadTimeoutError

from cufit_service.adapters.aws.api import AwsClients, refusal
from cufit_service.domain.errors import Unavailable
from tests.in_memory_aws.errors import AwsError

Ask = Callable[[str, str, Mapping[str, Any]], dict[str, Any]]
"""Service, operation and request of a call; Cloud.call, or what stands before it."""


def clients(ask: Ask, latency: float = 0.0) -> AwsClients:
    """`latency` in seconds: a request is on its way for up to twice as long, so that others
    overtake it; an answer takes just as long."""
    return AwsClients(
        dynamodb=_Api("dynamodb", ask, latency),
        sqs=_Api("sqs", ask, latency),
        photos=_Bucket(ask),
        warm_up=_nothing,
        close=_nothing,
    )


async def _nothing() -> None: ...


class _Api:
    def __init__(self, service: str, ask: Ask, latency: float = 0.0) -> None:
        self._service = service
        self._ask = ask
        self._latency = latency

    async def __call__(self, operation: str, **parameters: Any) -> Any:
        if not self._latency:
            return self._answer(operation, parameters)
        await asyncio.sleep(random.uniform(0, 2) * self._latency)  # noqa: S311 - no secret
        try:
            return self._answer(operation, parameters)
        finally:
            await asyncio.sleep(self._latency)

    def _answer(self, operation: str, parameters: Mapping[str, Any]) -> Any:
        try:
            return self._ask(self._service, operation, parameters)
        except AwsError as error:
            reasons = error.modeled.get("CancellationReasons", [])
            codes = [reason["Code"] for reason in reasons]
            if refused := refusal(error.code, codes, error.modeled.get("Item")):
                raise refused from error
            raise Unavailable from error
        except ReadTimeoutError as error:
            raise Unavailable from error


class _Bucket:
    def __init__(self, ask: Ask) -> None:
        self._s3 = _Api("s3", ask)

    async def presigned_get(self, key: str, *, seconds: int, headers: Mapping[str, str]) -> str:
        return f"https://photos.test/{quote(key)}"

    async def delete(self, key: str) -> None:
        await self._s3("DeleteObject", Key=key)
