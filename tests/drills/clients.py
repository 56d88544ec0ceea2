"""The service's client of AWS, and boto3 for comparison, both of them ending at the boundary.

Of the client everything above signing and HTTP is real; its retries are left out,
as botocore's are (boundary.Fault.SENT_TWICE).
"""

import json
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from typing import Any, Literal, ParamSpec, TypeVar
from urllib.parse import unquote, urlsplit

from botocore.exceptions import ReadTimeoutError

from cufit_service.adapters.aws.api import AwsClients
from cufit_service.adapters.aws.bucket import S3Bucket
from cufit_service.adapters.aws.exchange import Answer, Request, Unanswered
from cufit_service.adapters.aws.json_api import DYNAMODB, SQS, JsonApi
from tests.benchmarks.boto3_clients import boto3_clients
from tests.drills.boundary import Boundary
from tests.drills.in_memory_aws.errors import AwsError

Kind = Literal["aiohttp", "boto3"]

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_SHAPES = {"dynamodb": "com.amazonaws.dynamodb.v20120810#", "sqs": "com.amazonaws.sqs#", "s3": ""}


def clients(kind: Kind, boundary: Boundary, region: str, bucket: str) -> AwsClients:
    if kind == "boto3":
        return boto3_clients({}, region, bucket, bucket_in_path=True, executor=_InThisThread())
    exchange = _Exchange(boundary)

    async def connect() -> _Exchange:
        return exchange

    return AwsClients(
        dynamodb=JsonApi(DYNAMODB, "http://dynamodb.test", connect),
        sqs=JsonApi(SQS, "http://sqs.test", connect),
        photos=S3Bucket(f"http://s3.test/{bucket}", connect),
        warm_up=_nothing,
        close=_nothing,
    )


async def _nothing() -> None: ...


class _Exchange:
    """Hands each request to the boundary, by the names botocore gives it."""

    def __init__(self, boundary: Boundary) -> None:
        self._boundary = boundary

    async def send(self, request: Request) -> Answer:
        operation, parameters = _operation(request)
        try:
            answer = self._boundary.call(request.service, operation, parameters)
        except AwsError as error:
            said = {"__type": _SHAPES[request.service] + error.code, **error.modeled}
            return Answer(error.status, json.dumps(said).encode())
        except ReadTimeoutError as error:
            raise Unanswered("TimeoutError") from error
        return Answer(200, json.dumps(answer).encode())

    async def presign(self, request: Request, seconds: int) -> str:
        return request.url


def _operation(request: Request) -> tuple[str, Mapping[str, Any]]:
    if request.service == "s3":
        assert request.method == "DELETE", request.method
        return "DeleteObject", {"Key": unquote(urlsplit(request.url).path).split("/", 2)[2]}
    return request.headers["X-Amz-Target"].partition(".")[2], json.loads(request.body)


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
