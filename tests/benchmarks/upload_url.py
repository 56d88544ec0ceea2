"""What `POST /v1/photos` takes in its function, over real connections to an AWS in memory:

    python -m tests.benchmarks.upload_url

boto3, its retries, signatures and the presigned URL are real; DynamoDB is tests/in_memory_aws in
another process, which answers at once. On AWS each call waits for the network besides, and 256 MB
have a seventh of a vCPU (1,769 MB are a whole one: Lambda developer guide, "Configure Lambda
function memory"). Promised: a median of 10 ms on a whole core.
"""

import base64
import hashlib
import json
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from photo_upload_url import handler
from tests.benchmarks.population import Population
from tests.benchmarks.system_under_load import in_memory_aws
from tests.contract.edge import ENVIRONMENT
from tests.in_memory_aws.settings import REGION
from tests.integration.lambdas.context import context
from tests.unit.service.signing import ISSUER

PEOPLE = 500
UPLOADS = 3
"""Of each: the first asks the index for what there is, the others know."""


def event(number: int) -> dict[str, Any]:
    claims = {"iss": ISSUER, "sub": f"candidate-{number}"}
    sha256 = hashlib.sha256(str(number).encode()).digest()
    body = {
        "contentType": "image/jpeg",
        "contentLength": 3_000_000,
        "sha256": base64.b64encode(sha256).decode(),
    }
    return {
        "version": "2.0",
        "headers": {"accept-language": "ko"},
        "requestContext": {"authorizer": {"jwt": {"claims": claims}}},
        "body": json.dumps(body),
    }


def measured() -> list[tuple[float, float]]:
    """Seconds, and seconds of processor time, of each call."""
    found = []
    for _ in range(UPLOADS):
        for number in range(PEOPLE):
            asked = event(number)
            clock, processor = time.perf_counter(), time.process_time()
            answer = handler.handler(asked, context())
            found.append((time.perf_counter() - clock, time.process_time() - processor))
            assert answer["statusCode"] == 201, answer["body"]
    return found


def main() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with in_memory_aws(Population(PEOPLE), latency_ms=0) as port, Path(os.devnull).open("w") as log:
        os.environ |= {
            **ENVIRONMENT,
            "AWS_ENDPOINT_URL_DYNAMODB": f"http://127.0.0.1:{port}",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "benchmark",
            "AWS_SECRET_ACCESS_KEY": "benchmark",
        }
        for each in handler.logger.handlers:
            each.stream = log  # type: ignore[attr-defined]  # written as on AWS, and not seen here
        handler.handler(event(0), context())  # makes the clients, as the start does on AWS
        say(measured())


def say(calls: list[tuple[float, float]]) -> None:
    sys.stdout.write(f"{len(calls)} uploads began, one after another\n")
    for name, part in (("first of a person", slice(PEOPLE)), ("later ones", slice(PEOPLE, None))):
        seconds, processor = zip(*calls[part], strict=True)
        tail = statistics.quantiles(seconds, n=100)
        sys.stdout.write(
            f"{name:18} p50 {tail[49] * 1000:.1f} ms, p95 {tail[94] * 1000:.1f}, "
            f"p99 {tail[98] * 1000:.1f}; processor {statistics.median(processor) * 1000:.1f} ms\n"
        )


if __name__ == "__main__":
    main()
