"""The AWS in memory over HTTP, in the wire format of DynamoDB and SQS (JSON protocol 1.0); of S3
it takes DELETE, with the bucket in the path.

    python -m tests.in_memory_aws.server PORT LATENCY_MILLISECONDS

reads `{"tables": {name: [item…]}, "jwks": {…}}` from standard input, items as DynamoDB JSON, prints
a line when it listens, and ends when its standard input does. Every answer takes the latency. No
signature is checked; `GET /jwks` is an issuer's keys.
"""

import asyncio
import gc
import json
import re
import sys
import time
from typing import Final, cast
from urllib.parse import unquote

from pydantic_core import from_json, to_json

from tests.in_memory_aws.cloud import Cloud
from tests.in_memory_aws.errors import AwsError
from tests.in_memory_aws.tables import Held

JWKS_PATH: Final = b"/jwks"

SERVICES: Final = {
    "DynamoDB_20120810": ("dynamodb", "com.amazonaws.dynamodb.v20120810#"),
    "AmazonSQS": ("sqs", "com.amazonaws.sqs#"),
}
"""By target prefix: the service, and what its error types begin with."""

_TARGET = re.compile(rb"x-amz-target: *(\w+)\.(\w+)", re.IGNORECASE)
_DELETE = re.compile(rb"DELETE /[^/ ]+/([^ ]+) ")
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Connection(asyncio.Protocol):
    def __init__(self, cloud: Cloud, jwks: bytes, latency: float) -> None:
        self._cloud = cloud
        self._jwks = jwks
        self._latency = latency
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            head = self._received[:end]
            length = _LENGTH.search(head)
            after = end + 4 + (int(length.group(1)) if length else 0)
            if len(self._received) < after:
                return
            body, self._received = self._received[end + 4 : after], self._received[after:]
            status, answer = self._answer(head, body)
            asyncio.get_running_loop().call_later(
                self._latency, self._transport.write, _response(status, answer)
            )

    def _answer(self, head: bytes, body: bytes) -> tuple[int, bytes]:
        if head.startswith(b"GET " + JWKS_PATH):
            return 200, self._jwks
        if deleted := _DELETE.match(head):
            self._cloud.call("s3", "DeleteObject", {"Key": unquote(deleted.group(1).decode())})
            return 204, b""
        target = _TARGET.search(head)
        prefix, operation = (part.decode() for part in target.groups()) if target else ("", "")
        if prefix in SERVICES:
            service, shapes = SERVICES[prefix]
            try:
                # Compact and not escaped, as AWS writes it: what is parsed is part of the figures.
                return 200, to_json(self._cloud.call(service, operation, from_json(body)))
            except AwsError as error:
                said = {"__type": shapes + error.code, "message": error.message, **error.modeled}
                return error.status, to_json(said)
            except NotImplementedError:
                pass
        return 400, b'{"__type": "UnknownOperationException"}'


def _response(status: int, body: bytes) -> bytes:
    return (
        b"HTTP/1.1 %d X\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: %d\r\n\r\n%b"
        % (status, len(body), body)
    )


async def serve(port: int, latency: float) -> None:
    seed = json.loads(sys.stdin.readline())
    cloud = Cloud(time.time)
    for name, items in seed["tables"].items():
        table = cloud.dynamodb.tables[name]
        table.hold(Held({item[table.key]["S"]: item for item in items}, ()))
    jwks = json.dumps(seed["jwks"]).encode()
    gc.disable()  # items are many and never circular; looking through them takes most of a write
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(cloud, jwks, latency), "127.0.0.1", port)
    print("listening", flush=True)  # noqa: T201 - what the parent process waits for
    async with server:
        await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    import uvloop

    uvloop.run(serve(int(sys.argv[1]), float(sys.argv[2]) / 1000))
