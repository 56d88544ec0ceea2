"""The functions as Lambda runs them: the real handlers, given what SQS, EventBridge and the HTTP
API give them. A sandbox is one instance of a function; another one runs beside it."""

import contextlib
import importlib
import importlib.util
import io
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any, NamedTuple

import pytest
from aws_lambda_powertools.utilities.circuit_breaker import base as circuit_breaker

from cufit_contracts.environment import variable
from stacks import timing
from stacks.photo_rules import DECODER_MIB
from stacks.tables import TABLES
from tests.drills.clock import DrillClock
from tests.drills.service import Reply
from tests.in_memory_aws.bedrock import DATA_SOURCE, KNOWLEDGE_BASE
from tests.in_memory_aws.cloud import MATCH_REQUESTS, PROFILE_CHANGES
from tests.in_memory_aws.settings import BUCKET, ISSUER, REGION, queue_url
from tests.in_memory_aws.sqs import Message

MATCH_WORKER, PROFILE_INDEXER = "match_worker", "profile_indexer"
UPLOAD_URL, PHOTO_PROCESSOR = "photo_upload_url", "photo_processor"

PHOTOS_PER_CANDIDATE, UPLOADS_PER_DAY = 3, 20

_TIMEOUTS = {
    MATCH_WORKER: timing.MATCH_WORKER_TIMEOUT,
    PROFILE_INDEXER: timing.PROFILE_INDEXER_TIMEOUT,
    UPLOAD_URL: timing.PHOTO_UPLOAD_URL_TIMEOUT,
    PHOTO_PROCESSOR: timing.PHOTO_PROCESSOR_TIMEOUT,
}


class Consumer(NamedTuple):
    function: str
    batch: int


CONSUMERS = {
    MATCH_REQUESTS: Consumer(MATCH_WORKER, 1),
    PROFILE_CHANGES: Consumer(PROFILE_INDEXER, 10),
}
"""By queue; batch sizes as in stacks/matching.py."""

ENVIRONMENT = {
    "POWERTOOLS_SERVICE_NAME": "drill",
    "POWERTOOLS_METRICS_NAMESPACE": "cufit",
    "POWERTOOLS_METRICS_DISABLED": "true",
    "AWS_REGION": REGION,
    "CUFIT_ENV": "local",
    **{variable(f"{table}_table"): table for table in TABLES},
    "CUFIT_MATCH_REQUESTS_QUEUE_URL": queue_url(MATCH_REQUESTS),
    "CUFIT_PHOTO_BUCKET": BUCKET,
    "CUFIT_KNOWLEDGE_BASE_ID": KNOWLEDGE_BASE,
    "CUFIT_DATA_SOURCE_ID": DATA_SOURCE,
    "CUFIT_MODEL_ARN": "arn:aws:bedrock:ap-northeast-2::foundation-model/cufit.simulated-v1",
    "CUFIT_MODEL_ID": "cufit.simulated-v1",
    "CUFIT_MATCHMAKER": "retrieve_and_generate",
    "CUFIT_SHORTLIST": "8",
    "CUFIT_NEAR_IN_MEANING": "2",
    "CUFIT_TEMPERATURE": "0.0",
    "CUFIT_MAX_TOKENS": "1500",
    "CUFIT_BEDROCK_TIMEOUT_SECONDS": "12",
    "CUFIT_PROMPT_VERSION": "v2",
    "CUFIT_BRAKE_PARAMETER": "/cufit/local/brake",
    "CUFIT_OIDC_ISSUER": ISSUER,
    "CUFIT_UPLOAD_TTL_SECONDS": "300",
    "CUFIT_MAX_UPLOAD_BYTES": "10485760",
    "CUFIT_PHOTOS_PER_CANDIDATE": str(PHOTOS_PER_CANDIDATE),
    "CUFIT_UPLOADS_PER_DAY": str(UPLOADS_PER_DAY),
    "CUFIT_MAX_PIXELS": "50000000",
    "CUFIT_DECODER_MIB": str(DECODER_MIB),
}


class _Nowhere(io.TextIOBase):
    def write(self, text: str) -> int:
        return len(text)


_NOWHERE = _Nowhere()


_CIRCUITS: tuple[dict[str, Any], ...] = (
    circuit_breaker._LOCAL_FAILURES,
    circuit_breaker._LOCAL_SUCCESSES,
    circuit_breaker._LAST_OBSERVED_STATE,
)
"""What Powertools counts in a process, at module level."""


@dataclass
class _Context:
    function_name: str
    clock: DrillClock
    ends_at: float
    function_version: str = "$LATEST"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:ap-northeast-2:123456789012:function:drill"
    aws_request_id: str = "7f1d1c5e-0000-4000-8000-000000000001"

    def get_remaining_time_in_millis(self) -> int:
        return int((self.ends_at - self.clock.seconds()) * 1000)


class Sandbox:
    def __init__(self, function: str, clock: DrillClock, *, beside: bool = False) -> None:
        """`beside`: another instance, with module globals of its own."""
        self._function = function
        self._clock = clock
        self._module = _fresh(function) if beside else importlib.import_module(_handler(function))

    @property
    def loggers(self) -> list[logging.Logger]:
        """The standard library's, beneath Powertools'."""
        known = list(logging.root.manager.loggerDict)
        names = [self._module.logger.name, *(n for n in known if f".{self._function}." in n)]
        return [logging.getLogger(name) for name in names]

    def restart(self) -> None:
        self._module._app.cache_clear()
        for counters in _CIRCUITS:
            counters.clear()

    def __call__(self, event: dict[str, Any]) -> Any:
        """Raises Crash, and whatever the handler does."""
        ends_at = self._clock.seconds() + _TIMEOUTS[self._function]
        with contextlib.redirect_stdout(_NOWHERE):  # metrics
            return self._module.handler(event, _Context(self._function, self._clock, ends_at))


@contextmanager
def environment(clock: DrillClock) -> Iterator[None]:
    """The functions' environment, and a `sleep` that lets the drill's clock run."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        follow = importlib.import_module("profile_indexer.follow_profiles").FollowProfiles
        patch.setattr(follow.__init__, "__defaults__", (clock.advance,))
        try:
            yield
        finally:
            for function in _TIMEOUTS:
                importlib.import_module(_handler(function))._app.cache_clear()


def sqs_event(queue: str, messages: Sequence[Message]) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": message.message_id,
                "receiptHandle": message.message_id,
                "body": message.body,
                "attributes": {"ApproximateReceiveCount": str(message.receives)},
                "messageAttributes": {
                    "correlation_id": {"dataType": "String", "stringValue": message.correlation_id}
                },
                "md5OfBody": "",
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:ap-northeast-2:123456789012:{queue}",
                "awsRegion": "ap-northeast-2",
            }
            for message in messages
        ]
    }


def object_created(key: str) -> dict[str, Any]:
    return {"detail-type": "Object Created", "detail": {"object": {"key": key}}}


def http_event(subject: str, body: Mapping[str, Any]) -> dict[str, Any]:
    claims = {"iss": ISSUER, "sub": subject}
    return {
        "version": "2.0",
        "routeKey": "POST /v1/photos",
        "headers": {"content-type": "application/json"},
        "requestContext": {"authorizer": {"jwt": {"claims": claims}}},
        "body": json.dumps(body),
        "isBase64Encoded": False,
    }


def http_reply(answer: Mapping[str, Any]) -> Reply:
    return Reply(answer["statusCode"], json.loads(answer["body"]), answer["headers"])


def _handler(function: str) -> str:
    return f"{function}.handler"


def _fresh(function: str) -> ModuleType:
    spec = importlib.util.find_spec(_handler(function))
    assert spec is not None, function
    assert spec.loader is not None, function
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
