"""The service's two ways to AWS, both of them ending at the boundary.

Of the Common Runtime's client everything above signing and HTTP is real; its retries are left out,
as botocore's are (boundary.Fault.SENT_TWICE).
"""

import json
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from typing import Any, Literal, ParamSpec, TypeVar
from urllib.parse import unquote

from botocore.exceptions import ReadTimeoutError

from cufit_service.adapters import crt_api
from cufit_service.adapters.aws_api import AwsClients
from cufit_service.adapters.boto3_clients import boto3_clients
from cufit_service.adapters.crt_bucket import CrtBucket
from cufit_service.adapters.crt_connections import Answer
from tests.drills.boundary import Boundary
from tests.drills.in_memory_aws.errors import AwsError

Kind = Literal["crt", "boto3"]

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_SHAPES = {"dynamodb": "com.amazonaws.dynamodb.v20120810#", "sqs": "com.amazonaws.sqs#"}


def clients(kind: Kind, boundary: Boundary, region: str, bucket: str) -> AwsClients:
    if kind == "boto3":
        return boto3_clients(region, bucket, bucket_in_path=True, executor=_InThisThread())
    return AwsClients(
        dynamodb=_CrtApi(crt_api.DYNAMODB, boundary),
        sqs=_CrtApi(crt_api.SQS, boundary),
        photos=_CrtBucket(f"http://s3.test/{bucket}", boundary),
        close=lambda: None,
    )


class _CrtApi(crt_api.CrtApi):
    def __init__(self, protocol: crt_api.Protocol, boundary: Boundary) -> None:
        nothing: Any = None
        super().__init__(protocol, connections=nothing, signer=nothing)
        self._boundary = boundary

    async def _patiently(self, operation: str, body: bytes) -> bytes:
        service = self._protocol.service
        try:
            answer = self._boundary.call(service, operation, json.loads(body))
        except AwsError as error:
            said = {"__type": _SHAPES[service] + error.code, **error.modeled}
            raise crt_api._Refused(Answer(error.status, json.dumps(said).encode())) from error
        except ReadTimeoutError as error:
            raise TimeoutError from error
        return json.dumps(answer).encode()


class _CrtBucket(CrtBucket):
    def __init__(self, url: str, boundary: Boundary) -> None:
        unsigned: Any = _Unsigned()
        super().__init__(url, unsigned)
        exchanges: Any = _Objects(boundary)
        self._connections = exchanges


class _Unsigned:
    async def sign(self, *_: object) -> None: ...

    async def presign(self, *_: object) -> None: ...


class _Objects:
    """Takes the requests CrtBucket sends."""

    host = "s3.test"

    def __init__(self, boundary: Boundary) -> None:
        self._boundary = boundary

    async def exchange(self, request: Any) -> Answer:
        assert request.method == "DELETE", request.method
        key = unquote(request.path).split("/", 2)[2]
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
