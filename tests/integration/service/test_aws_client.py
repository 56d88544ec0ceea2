"""What the client does when the network or AWS does not play."""

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any, Final

import botocore.session
import pytest

from cufit_service.adapters.aws import api as aws_api
from cufit_service.adapters.aws import client as aws_client
from cufit_service.adapters.aws.api import CONNECT_SECONDS, Bucket, NotComputed
from cufit_service.adapters.aws.clients import LateClient, aws_clients, bucket_url, endpoint
from cufit_service.adapters.aws.json_api import JSON_VERSION, TARGETS
from cufit_service.adapters.dynamodb.database import DynamoDb
from cufit_service.application import retries
from cufit_service.domain.errors import ConcurrentChange, Contended, Unavailable
from tests.in_memory_aws.settings import REGION
from tests.integration.service.conftest import Ask
from tests.integration.service.hostile import Answer, answering


def refusal(code: str) -> dict[str, str]:
    return {"__type": f"com.amazonaws.dynamodb.v20120810#{code}"}


@pytest.mark.parametrize("service", TARGETS)
def test_services_are_spoken_to_as_botocore_does(service: str) -> None:
    model = botocore.session.get_session().get_service_model(service)
    assert TARGETS[service] == model.metadata["targetPrefix"]
    assert model.metadata["jsonVersion"] == JSON_VERSION
    assert service == model.signing_name


async def test_a_request_says_what_it_is_and_who_asks(
    ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    async with answering((200, {"Item": {"a": {"S": "한"}}})) as acting:
        found = await ask(acting.port)("GetItem", TableName="t", Key={"a": {"S": "한"}})
    assert found == {"Item": {"a": {"S": "한"}}}
    (request,) = acting.requests
    assert request["line"] == "POST / HTTP/1.1"
    assert request["content-type"] == "application/x-amz-json-1.0"
    assert request["x-amz-target"] == "dynamodb_20120810.getitem"
    assert request["x-amz-security-token"] == "session"
    assert f"/{REGION}/dynamodb/aws4_request" in request["authorization"]
    assert "amz-security-token" not in caplog.text, "botocore would log what it signs"


async def test_loading_the_libraries_holds_up_nobody(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = LateClient._loaded
    loading, others_went_on = threading.Event(), threading.Event()
    in_time = []

    def slowly(late: LateClient) -> aws_client.Client:
        loading.set()
        in_time.append(others_went_on.wait(10))
        return load(late)

    monkeypatch.setattr(LateClient, "_loaded", slowly)
    async with answering((200, {})) as acting:
        first = asyncio.create_task(ask(acting.port)("GetItem"))
        await asyncio.to_thread(loading.wait, 10)
        others_went_on.set()
        assert await first == {}
    assert in_time == [True]


@pytest.mark.parametrize(
    "passing",
    [
        (500, refusal("InternalServerError")),
        (503, "not even an object"),
        (400, refusal("ProvisionedThroughputExceededException")),
        (400, refusal("ThrottlingException")),
        lambda: None,
    ],
)
async def test_what_passes_is_asked_once_more(ask: Ask, passing: Answer) -> None:
    async with answering(passing, (200, {"done": True})) as acting:
        assert await ask(acting.port)("PutItem") == {"done": True}
    assert len(acting.requests) == 2


async def test_what_does_not_pass_is_asked_twice_and_no_more(
    ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    async with answering((500, refusal("InternalServerError"))) as acting:
        with pytest.raises(Unavailable):
            await ask(acting.port)("PutItem")
    assert len(acting.requests) == 2
    assert [record.__dict__["reason"] for record in caplog.records] == ["InternalServerError"]


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException"])
async def test_a_refusal_is_not_argued_with(ask: Ask, code: str) -> None:
    async with answering((400, refusal(code))) as acting:
        with pytest.raises(Unavailable):
            await ask(acting.port)("PutItem")
    assert len(acting.requests) == 1


async def test_nobody_there_is_unavailable(unused_port: int, ask: Ask) -> None:
    with pytest.raises(Unavailable):
        await ask(unused_port)("GetItem")


async def test_who_does_not_answer_in_time_is_asked_again(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aws_client, "READ_SECONDS", 0.1)
    async with answering(lambda: asyncio.sleep(5), (200, {})) as acting:
        async with asyncio.timeout(CONNECT_SECONDS):
            assert await ask(acting.port)("GetItem") == {}
        assert acting.connections == 2, "the first may still answer to nobody"


@pytest.fixture
async def photos(keys: None, unused_port: int) -> AsyncIterator[tuple[Bucket, int]]:
    """A bucket, and the port it is asked at."""
    environ = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{unused_port}"}
    clients = aws_clients(environ, REGION, "photos", bucket_in_path=True)
    yield clients.photos, unused_port
    await clients.close()


async def test_deleting_a_photo_is_tried_twice(photos: tuple[Bucket, int]) -> None:
    bucket, port = photos
    async with answering((500, {}), (204, {}), port=port) as acting:
        await bucket.delete("photos/pho 1.jpg")
        assert len(acting.requests) == 2
        acting.answers = [(403, {})]
        with pytest.raises(Unavailable):
            await bucket.delete("photos/pho 1.jpg")
        assert len(acting.requests) == 3
    assert {request["line"] for request in acting.requests} == {
        "DELETE /photos/photos/pho%201.jpg HTTP/1.1"
    }


async def test_a_deletion_nobody_answers_ends(photos: tuple[Bucket, int]) -> None:
    bucket, port = photos
    async with answering(lambda: None, port=port) as acting:
        with pytest.raises(Unavailable):
            await bucket.delete("photos/pho_1.jpg")
    # aiohttp, too, repeats what may be repeated, once.
    assert len(acting.requests) == 4


def test_services_are_where_aws_has_them_unless_the_environment_says_otherwise() -> None:
    assert endpoint({}, "sqs", REGION) == f"https://sqs.{REGION}.amazonaws.com"
    moved = {"AWS_ENDPOINT_URL": "http://localhost:1", "AWS_ENDPOINT_URL_SQS": "http://localhost:2"}
    assert endpoint(moved, "sqs", REGION) == "http://localhost:2"
    assert endpoint(moved, "dynamodb", REGION) == "http://localhost:1"


def test_a_bucket_has_a_host_on_aws_and_a_path_on_a_laptop() -> None:
    assert bucket_url("https://s3.r.amazonaws.com", "b", in_path=False) == (
        "https://b.s3.r.amazonaws.com"
    )
    assert bucket_url("http://localhost:4577", "b", in_path=True) == "http://localhost:4577/b"


RAISED: Final = {"race": ConcurrentChange, "conflict": Contended, "down": Unavailable}


def _reasons(*codes: str) -> dict[str, Any]:
    return {"CancellationReasons": [{"Code": code} for code in codes]}


@pytest.mark.parametrize(
    ("code", "more", "raised"),
    [
        ("TransactionCanceledException", _reasons("None", "ConditionalCheckFailed"), "race"),
        ("TransactionCanceledException", _reasons("TransactionConflict", "None"), "conflict"),
        (
            "TransactionCanceledException",
            _reasons("TransactionConflict", "ConditionalCheckFailed"),
            "race",
        ),
        (
            "TransactionCanceledException",
            _reasons("TransactionConflict", "ThrottlingError"),
            "down",
        ),
        ("TransactionCanceledException", _reasons("ThrottlingError", "None"), "down"),
        (
            "TransactionCanceledException",
            _reasons("ThrottlingError", "ConditionalCheckFailed"),
            "down",
        ),
        (
            "TransactionCanceledException",
            _reasons("ValidationError", "ConditionalCheckFailed"),
            "down",
        ),
        ("TransactionConflictException", {}, "conflict"),
        ("ConditionalCheckFailedException", {}, "race"),
        ("ProvisionedThroughputExceededException", {}, "down"),
        ("InternalServerError", {}, "down"),
        ("AccessDeniedException", {}, "down"),
    ],
)
async def test_a_failed_call_is_a_race_or_unavailable(
    code: str,
    more: dict[str, Any],
    raised: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    ask: Ask,
) -> None:
    monkeypatch.setattr(retries, "PAUSES", (0.0, 0.0))
    said = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", **more}
    async with answering((400, said)) as acting:
        store = DynamoDb(ask(acting.port))
        with pytest.raises(RAISED[raised]):
            await store.write_together({"Put": {"TableName": "t", "Item": {"id": {"S": "1"}}}})
    if raised == "conflict":
        assert len(acting.requests) == 3
    logged = [getattr(record, "reason", None) for record in caplog.records]
    assert (code in logged) == (raised == "down")


async def test_a_sum_that_is_no_number_is_said_with_its_place(ask: Ask) -> None:
    said = {"__type": "x#TransactionCanceledException"} | _reasons("None", "ValidationError")
    async with answering((400, said)) as acting:
        with pytest.raises(NotComputed) as refused:
            await DynamoDb(ask(acting.port)).write_together({"Put": {"TableName": "t", "Item": {}}})
    assert refused.value.places == {1}


def test_every_call_ends_well_before_the_http_api_gives_up() -> None:
    longest = aws_api.ATTEMPTS * (aws_api.CONNECT_SECONDS + aws_api.READ_SECONDS)
    # Two calls in a row within API Gateway's 30 s, with room for the pauses.
    assert longest * 2 <= 15
