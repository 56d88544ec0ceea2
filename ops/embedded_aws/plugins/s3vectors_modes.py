"""GetIndex and UpdateIndexMode of S3 Vectors, a service that MiniStack does not have.

Of an index only what `cufit doctor` reads is answered (`embedded_aws.vector_indexes`).
"""

import json
from collections.abc import Mapping
from typing import Any

from ministack import app

from embedded_aws import vector_indexes
from embedded_aws.bedrock.errors import Response
from embedded_aws.plugins.records import keep_with_the_rest
from embedded_aws.plugins.s3vectors_resources import index_of

_CREATED = 1_790_000_000
"""Seconds since 1970; which day is no matter."""


def apply() -> None:
    app.SERVICE_HANDLERS["s3vectors"] = _handle
    keep_with_the_rest("cufit_s3vectors_modes", vector_indexes, "cloudformation")


async def _handle(
    _method: str, path: str, _headers: Mapping[str, str], body: bytes, _query: Mapping[str, Any]
) -> Response:
    request = json.loads(body or b"{}")
    arn = request.get("indexArn")
    try:
        index = index_of({"IndexArn": arn})
    except ValueError as error:
        return _answer(404, {"message": str(error)}, "NotFoundException")
    if path == "/UpdateIndexMode":
        vector_indexes.change(arn, request["indexMode"])
        return _answer(200, {})
    if path != "/GetIndex":
        return _answer(400, {"message": f"no {path} here"}, "ValidationException")
    bucket, _, name = arn.rpartition("/index/")
    described = {
        "vectorBucketName": bucket.rpartition("/")[2],
        "indexName": name,
        "indexArn": arn,
        "creationTime": _CREATED,
        "dataType": index["DataType"],
        "dimension": index["Dimension"],
        "distanceMetric": index["DistanceMetric"],
        "indexMode": vector_indexes.mode_of(arn),
    }
    return _answer(200, {"index": described})


def _answer(status: int, payload: Any, error: str | None = None) -> Response:
    headers = {"Content-Type": "application/json"}
    if error:
        headers["x-amzn-errortype"] = error
    return status, headers, json.dumps(payload).encode()
