"""The service's two ways to AWS, both of them ending at the boundary.

Of asyncio's client everything above signing and HTTP is real; its retries are left out,
as botocore's are (boundary.Fault.SENT_TWICE).
"""

import json
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from typing import Any, Literal, ParamSpec, TypeVar
from urllib.parse import unquote

from botocore.exceptions import ReadTimeoutError

from cufit_service.adapters.aws import asyncio_api
from cufit_service.adapters.aws.api import AwsClients
from cufit_service.adapters.aws.asyncio_bucket import AsyncioBucket
from cufit_service.adapters.aws.asyncio_connections import Answer, Request
from cufit_service.adapters.aws.boto3_clients import boto3_clients
from tests.drills.boundary import Boundary
from tests.drills.in_memory_aws.errors import AwsError

Kind = Literal["asyncio", "boto3"]

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_SHAPES = {"dynamodb": "com.amazonaws.dynamodb.v20120810#", "sqs": "com.amazonaws.sqs#"}


def clients(kind: Kind, boundary: Boundary, region: str, bucket: str) -> AwsClients:
    if kind == "boto3":
        return boto3_clients(region, bucket, bucket_in_path=True, executor=_InThisThread())
    return AwsClients(
        dynamodb=_Api(asyncio_api.DYNAMODB, boundary),
        sqs=_Api(asyncio_api.SQS, boundary),
        photos=_Bucket(f"http://s3.test/{bucket}", boundary),
        warm_up=_nothing,
        close=lambda: None,
    )


async def _nothing() -> None: ...


class _Api(asyncio_api.AsyncioApi):
    def __init__(self, protocol: asyncio_api.Protocol, boundary: Boundary) -> None:
        nothing: Any = None
        super().__init__(protocol, connections=nothing, signer=nothing)
        self._boundary = boundary

    async def _patiently(self, operation: str, body: bytes) -> bytes:
        service = self._protocol.service
        try:
            answer = self._boundary.call(service, operation, json.loads(body))
        except AwsError as error:
            said = {"__type": _SHAPES[service] + error.code, **error.modeled}
            raise asyncio_api._Refused(Answer(error.status, json.dumps(said).encode())) from error
        except ReadTimeoutError as error:
            raise TimeoutError from error
        return json.dumps(answer).encode()


class _Bucket(AsyncioBucket):
    def __init__(self, url: str, boundary: Boundary) -> None:
        unsigned: Any = _Unsigned()
        super().__init__(url, lambda: unsigned)
        exchanges: Any = _Objects(boundary)
        self._connections = exchanges


class _Unsigned:
    async def sign(self, request: Request) -> Request:
        return request

    async def presign(self, request: Request, seconds: int) -> Request:
        return request


class _Objects:
    """Takes the requests AsyncioBucket sends."""

    host = "s3.test"

    def __init__(self, boundary: Boundary) -> None:
        self._boundary = boundary

    async def exchange(self, request: Request) -> Answer:
        assert request.method == "DELETE", request.method
        key = unquote(request.target).split("/", 2)[2]
        wanted: Mapping[str, Any] = {"Key": key}
        try:
            self._boundary.call("s3", "DeleteObject", wanted)
        except AwsError as error:
            return Answer(error.status, b"")
        except ReadTimeoutError as error:
            raise TimeoutError from error
        return Answer(204, b"")


class _InThisThread(Executor):
    """Threads would make one run differ from the next."""

    def submit(
        self,
        work: Callable[Arguments, Result],
        /,
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Future[Result]:
        future: Future[Result] = Future()
        try:
            future.set_result(work(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future
