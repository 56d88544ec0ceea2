"""What a team would write by default, as a peer: boto3 in threads, behind the service's port.

`python -m tests.benchmarks.boto3_clients` is the service with them.
"""

import asyncio
import logging
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, Literal

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from cufit_service.adapters.aws.api import (
    ATTEMPTS,
    CONNECT_SECONDS,
    READ_SECONDS,
    AwsClients,
    refusal,
)
from cufit_service.domain.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

THREADS: Final = 8
"""Calls to AWS at once. More do not help: one vCPU is busy with four to eight boto3 calls."""

CLIENT_CONFIG: Final = Config(
    connect_timeout=CONNECT_SECONDS,
    read_timeout=READ_SECONDS,
    retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
    max_pool_connections=THREADS,
    tcp_keepalive=True,
)

logger = logging.getLogger(__name__)


def boto3_clients(
    environ: Mapping[str, str],
    region: str,
    bucket: str,
    *,
    bucket_in_path: bool,
    executor: Executor | None = None,
) -> AwsClients:
    """In place of cufit_service's aws_clients."""
    session = boto3.Session(region_name=region)
    threads = executor or ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="aws")
    s3 = session.client("s3", config=CLIENT_CONFIG.merge(_signing(in_path=bucket_in_path)))

    async def warm_up() -> None:
        await in_thread(threads, session.get_credentials)

    async def close() -> None:
        threads.shutdown()

    return AwsClients(
        dynamodb=Boto3Api(session.client("dynamodb", config=CLIENT_CONFIG), threads),
        sqs=Boto3Api(session.client("sqs", config=CLIENT_CONFIG), threads),
        photos=Boto3Bucket(s3, threads, bucket),
        warm_up=warm_up,
        close=close,
    )


def _signing(*, in_path: bool) -> Config:
    """For the regional host `BUCKET.s3.REGION…`; botocore's default, the global, redirects."""
    style: Literal["path", "virtual"] = "path" if in_path else "virtual"
    return Config(signature_version="s3v4", s3={"addressing_style": style})


class Boto3Api:
    def __init__(self, client: Any, executor: Executor) -> None:
        self._client = client
        self._executor = executor

    async def __call__(self, operation: str, **parameters: Any) -> Any:
        return await in_thread(
            self._executor, getattr(self._client, xform_name(operation)), **parameters
        )


class Boto3Bucket:
    def __init__(self, client: "S3Client", executor: Executor, bucket: str) -> None:
        self._client = client
        self._executor = executor
        self._bucket = bucket

    async def presigned_get(self, key: str, *, seconds: int, headers: Mapping[str, str]) -> str:
        # Credentials may have to be fetched before anything can be signed: that call blocks.
        url: str = await in_thread(
            self._executor,
            self._client.generate_presigned_url,
            ClientMethod="get_object",
            Params={"Bucket": self._bucket, "Key": key, **headers},
            ExpiresIn=seconds,
        )
        return url

    async def delete(self, key: str) -> None:
        await in_thread(self._executor, self._client.delete_object, Bucket=self._bucket, Key=key)


async def in_thread(executor: Executor, call: Callable[..., Any], **parameters: Any) -> Any:
    """What `call(**parameters)` returns.

    Raises:
        ConditionFailed, TransactionConflict
        Unavailable: anything else; the reason is logged.
    """
    loop = asyncio.get_running_loop()
    try:
        return await loop.run_in_executor(executor, lambda: call(**parameters))
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", "unknown"))
        reasons = error.response.get("CancellationReasons", [])
        stored: Any = error.response.get("Item")
        if refused := refusal(code, [reason.get("Code") for reason in reasons], stored):
            raise refused from error
        logger.exception("AWS refused a call", extra={"reason": code})
        raise Unavailable from error
    except BotoCoreError as error:
        logger.exception("AWS did not answer", extra={"reason": type(error).__name__})
        raise Unavailable from error


if __name__ == "__main__":
    from cufit_service import bootstrap
    from cufit_service.__main__ import main

    vars(bootstrap)["aws_clients"] = boto3_clients
    sys.exit(main())
