"""What the client does when the network or AWS does not play."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress

import botocore.session
import pytest

from cufit_service.adapters.aws import client as aws_client
from cufit_service.adapters.aws.api import CONNECT_SECONDS, Bucket
from cufit_service.adapters.aws.clients import LateClient, aws_clients, bucket_url, endpoint
from cufit_service.adapters.aws.json_api import JSON_VERSION, TARGETS
from cufit_service.domain.errors import Unavailable
from tests.in_memory_aws.settings import REGION
from tests.integration.service.conftest import Ask
from tests.integration.service.hostile import ANSWER, Answer, answering


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

    def slowly(late: LateClient) -> aws_client.Client:
        time.sleep(0.3)
        return load(late)

    monkeypatch.setattr(LateClient, "_loaded", slowly)
    async with answering((200, {})) as acting:
        first = asyncio.create_task(ask(acting.port)("GetItem"))
        began = time.monotonic()
        await asyncio.sleep(0.01)
        assert time.monotonic() - began < 0.25
        assert await first == {}


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


async def test_connections_are_kept(ask: Ask) -> None:
    async with answering((200, {})) as acting:
        asks = ask(acting.port)
        for _ in range(3):
            await asks("GetItem")
        assert acting.connections == 1


async def test_a_connection_that_was_closed_while_idle_is_not_used(ask: Ask) -> None:
    async with answering((200, {})) as acting:
        asks = ask(acting.port)
        await asks("GetItem")
        acting.hang_up()
        await asyncio.sleep(0.05)
        await asks("GetItem")
    assert (acting.connections, len(acting.requests)) == (2, 2)


async def test_a_connection_is_let_go_before_aws_forgets_it(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aws_client, "IDLE_SECONDS", 0.05)
    async with answering((200, {})) as acting:
        asks = ask(acting.port)
        await asks("GetItem")
        await asyncio.sleep(0.2)
        assert [reader.at_eof() for reader in acting.readers] == [True]
        await asks("GetItem")
    assert acting.connections == 2


async def test_a_call_that_was_given_up_leaves_nothing_to_the_next(ask: Ask) -> None:
    async with answering(lambda: asyncio.sleep(5), (200, {"mine": True})) as acting:
        asks = ask(acting.port)
        given_up = asyncio.create_task(asks("GetItem"))
        while not acting.requests:
            await asyncio.sleep(0.01)
        given_up.cancel()
        with suppress(asyncio.CancelledError):
            await given_up
        await asyncio.sleep(0.05)
        assert [reader.at_eof() for reader in acting.readers] == [True], "told to stop"
        assert await asks("GetItem") == {"mine": True}


async def test_no_more_connections_than_allowed_are_made(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aws_client, "CONNECTIONS", 3)
    async with answering((200, {})) as acting:
        asks = ask(acting.port)
        await asyncio.gather(*(asks("GetItem") for _ in range(12)))
    assert acting.connections <= 3
    assert len(acting.requests) == 12


@pytest.mark.parametrize(
    ("answer", "connections"),
    [
        (ANSWER, 1),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n" + ANSWER, 1),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            b'5\r\n{"don\r\n6\r\ne": 1}\r\n0\r\n\r\n',
            1,
        ),
        (ANSWER.replace(b"Content", b"Connection: close\r\nContent"), 2),
        (ANSWER + ANSWER, 2),
    ],
    ids=["with its length", "with a hint before", "in chunks", "with a good-bye", "twice"],
)
async def test_an_answer_is_read_as_http_has_it(ask: Ask, answer: bytes, connections: int) -> None:
    """What could not be told from the next answer ends the connection."""
    async with answering(answer) as acting:
        asks = ask(acting.port)
        assert await asks("GetItem") == {"done": 1}
        assert await asks("GetItem") == {"done": 1}
        assert (acting.connections, len(acting.requests)) == (connections, 2)


async def test_what_is_no_http_is_no_answer(ask: Ask) -> None:
    async with answering(b"220 mail.example ESMTP\r\n", ANSWER) as acting:
        assert await ask(acting.port)("GetItem") == {"done": 1}
        assert acting.connections == 2


async def test_what_nobody_asked_for_answers_nothing(ask: Ask) -> None:
    async with answering(ANSWER, ANSWER.replace(b"1}", b"2}")) as acting:
        asks = ask(acting.port)
        await asks("GetItem")
        for writer in acting.open:
            writer.write(ANSWER.replace(b"1}", b"9}"))
        await asyncio.sleep(0.05)
        assert await asks("GetItem") == {"done": 2}
        assert acting.connections == 2


async def test_who_goes_on_for_ever_has_not_answered(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aws_client, "READ_SECONDS", 0.2)
    monkeypatch.setattr(aws_client, "CONNECT_SECONDS", 0.2)

    async def drip() -> None:
        for writer in acting.open:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n")
        for _ in range(40):
            await asyncio.sleep(0.05)
            for writer in acting.open:
                writer.write(b" ")

    async with answering(drip) as acting:
        async with asyncio.timeout(1.5):
            with pytest.raises(Unavailable):
                await ask(acting.port)("GetItem")
        assert len(acting.requests) == 2


async def test_half_an_answer_is_none(ask: Ask) -> None:
    async def half() -> None:
        for writer in acting.open:
            writer.write(ANSWER[:-1])
            writer.transport.close()

    async with answering(half, ANSWER) as acting:
        assert await ask(acting.port)("GetItem") == {"done": 1}
    assert len(acting.requests) == 2


async def test_who_finds_no_place_in_time_waits_no_longer(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aws_client, "CONNECTIONS", 1)
    monkeypatch.setattr(aws_client, "CONNECT_SECONDS", 0.05)
    monkeypatch.setattr(aws_client, "READ_SECONDS", 1.0)
    async with answering(lambda: asyncio.sleep(5)) as acting:
        asks = ask(acting.port)
        first, second = (asyncio.create_task(asks("GetItem")) for _ in range(2))
        await asyncio.sleep(0.6)
        assert len(acting.requests) == 2, "the retry has another place"
        for refused in (first, second):
            with pytest.raises(Unavailable):
                await refused
        acting.answers = [ANSWER]
        assert await asks("GetItem") == {"done": 1}


@pytest.mark.parametrize("fate", ["dropped", "forgotten"])
async def test_idle_connections_that_died_cost_a_retry_each_and_no_answer(
    fate: str, ask: Ask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Between here and AWS something forgot all of them, without a word or with a reset."""
    monkeypatch.setattr(aws_client, "READ_SECONDS", 0.1)
    caplog.set_level("INFO")
    async with answering(*[b""] * 6, ANSWER) as acting:
        asks = ask(acting.port)
        first = [asyncio.create_task(asks("GetItem")) for _ in range(6)]
        while len(acting.requests) < 6:
            await asyncio.sleep(0.001)
        for writer in acting.open:
            writer.write(ANSWER)
        assert await asyncio.gather(*first) == [{"done": 1}] * 6
        assert acting.connections == 6
        setattr(acting, fate, set(acting.open))
        for number in range(1, 10):
            assert await asks("GetItem") == {"done": 1}
            asked_again = [r for r in caplog.records if r.message == "AWS is asked again"]
            assert len(asked_again) == min(number, 6)


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
