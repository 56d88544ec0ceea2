"""boto3 clients in threads, with every time limit said, and botocore's errors kept inside."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any, Final

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from cufit_service.domain.errors import ConcurrentChange, Unavailable

THREADS: Final = 8
"""Calls to AWS at once. More do not help: one vCPU is busy with four to eight boto3 calls."""

CONNECT_SECONDS: Final = 1.0
READ_SECONDS: Final = 2.0
ATTEMPTS: Final = 2
"""The first and one retry: a call ends within 2 × (1 + 2) s and botocore's pause between."""

CLIENT_CONFIG: Final = Config(
    connect_timeout=CONNECT_SECONDS,
    read_timeout=READ_SECONDS,
    retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
    max_pool_connections=THREADS,
    tcp_keepalive=True,
)

_RACES: Final = frozenset({"ConditionalCheckFailed", "TransactionConflict"})

logger = logging.getLogger(__name__)


def aws_threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="aws")


class AwsCalls:
    """Runs a blocking client call off the event loop and translates how it fails."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def run(self, call: Callable[..., Any], **parameters: Any) -> Any:
        """The response of `call(**parameters)`.

        Raises:
            ConcurrentChange: a condition failed, or another transaction had an item.
            Unavailable: anything else; the reason is logged.
        """
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._executor, lambda: call(**parameters))
        except ClientError as error:
            if _is_race(error):
                raise ConcurrentChange from error
            logger.exception("AWS refused a call", extra={"reason": _code(error)})
            raise Unavailable from error
        except BotoCoreError as error:
            logger.exception("AWS did not answer", extra={"reason": type(error).__name__})
            raise Unavailable from error


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", "unknown"))


def _is_race(error: ClientError) -> bool:
    code = _code(error)
    if code == "TransactionCanceledException":
        reasons = {reason.get("Code") for reason in error.response.get("CancellationReasons", [])}
        # A throttled transaction has other codes beside "None" and is worth no new decision.
        return bool(reasons & _RACES) and reasons <= _RACES | {"None"}
    return code in ("ConditionalCheckFailedException", "TransactionConflictException")
