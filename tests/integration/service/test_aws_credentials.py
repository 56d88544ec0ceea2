"""Credentials: found, kept, renewed, and missing."""

import asyncio
import datetime as dt
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import time_machine
from botocore.utils import ContainerMetadataFetcher

from cufit_service.adapters.aws import credentials as aws_credentials
from cufit_service.adapters.aws.clients import aws_clients
from cufit_service.domain.errors import Unavailable
from tests.in_memory_aws.settings import REGION
from tests.integration.service.conftest import Ask
from tests.integration.service.hostile import Answer, Aws, answering


@pytest.fixture
def no_credentials(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    # Commands of `cufit` that ran before in this process have put away the shell's variables.
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr(ContainerMetadataFetcher, "SLEEP_TIME", 0)
    return monkeypatch


@asynccontextmanager
async def task_role(patch: pytest.MonkeyPatch, *answers: Answer) -> AsyncIterator[Aws]:
    """The credentials endpoint of a task, which is where this process looks for them."""
    async with answering(*answers) as task:
        uri = f"http://127.0.0.1:{task.port}/v2/credentials/x"
        patch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri)
        yield task


def credentials(key: str, seconds: int) -> Answer:
    """As a task's credentials endpoint gives them, good for a while."""
    end = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
    return 200, {
        "AccessKeyId": key,
        "SecretAccessKey": "secret",
        "Token": "token",
        "Expiration": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def used(aws: Aws) -> list[str]:
    """The key of each request that came."""
    found = (re.search(r"credential=(\w+)/", request["authorization"]) for request in aws.requests)
    return [match.group(1) for match in found if match]


async def test_a_tasks_credentials_are_fetched_once_for_all_who_wait_and_kept(
    ask: Ask, no_credentials: pytest.MonkeyPatch
) -> None:
    no_credentials.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Bearer of the task")
    async with (
        task_role(no_credentials, credentials("TASK", 3600)) as task,
        answering((200, {})) as acting,
    ):
        asks = ask(acting.port)
        await asyncio.gather(*(asks("GetItem") for _ in range(8)))
        await asks("GetItem")
    assert [request["authorization"] for request in task.requests] == ["bearer of the task"]
    assert used(acting) == ["task"] * 9
    assert {request["x-amz-security-token"] for request in acting.requests} == {"token"}


async def test_credentials_are_there_before_the_first_call(
    no_credentials: pytest.MonkeyPatch,
) -> None:
    async with (
        task_role(no_credentials, credentials("TASK", 3600)) as task,
        answering((200, {})) as acting,
    ):
        environ = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{acting.port}"}
        clients = aws_clients(environ, REGION, "photos", bucket_in_path=True)
        await clients.warm_up()
        assert (len(task.requests), acting.requests) == (1, [])
        await clients.dynamodb("GetItem")
        await clients.close()
    assert len(task.requests) == 1


async def test_known_credentials_serve_while_new_ones_are_on_their_way(
    ask: Ask, no_credentials: pytest.MonkeyPatch
) -> None:
    """botocore fetches them twice at first when they end within its 15 minutes."""
    arrives = asyncio.Event()
    ending = credentials("FIRST", 500)
    no_credentials.setattr(aws_credentials, "LOOK_SECONDS", 0.0)
    async with (
        task_role(
            no_credentials, ending, ending, arrives.wait, credentials("SECOND", 3600)
        ) as task,
        answering((200, {})) as acting,
    ):
        asks = ask(acting.port)
        for _ in range(3):
            await asyncio.wait_for(asks("GetItem"), 5)
        assert used(acting) == ["first"] * 3
        arrives.set()
        task.hang_up()  # the one that was waited for is asked anew
        async with asyncio.timeout(5):
            while used(acting)[-1] == "first":
                await asks("GetItem")
                await asyncio.sleep(0.05)
    assert used(acting)[-1] == "second"
    assert len(task.requests) == 4, "one renewal at a time"


async def test_credentials_that_cannot_be_renewed_serve_to_their_end_and_no_longer(
    ask: Ask, no_credentials: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    no_credentials.setattr(aws_credentials, "LOOK_SECONDS", 0.0)
    ending = credentials("FIRST", 60)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=61)
    async with (
        task_role(no_credentials, ending, ending, (500, {})) as task,
        answering((200, {})) as acting,
    ):
        asks = ask(acting.port)
        await asks("GetItem")
        await asyncio.sleep(0.2)
        await asks("GetItem")
        with time_machine.travel(later):
            with pytest.raises(Unavailable):
                await asks("GetItem")
            assert used(acting) == ["first"] * 2
            task.answers = [credentials("SECOND", 3600)]
            await asks("GetItem")
    assert used(acting) == ["first", "first", "second"]


@pytest.mark.parametrize("seconds", [14 * 60, 9 * 60], ids=["while there is time", "in haste"])
async def test_renewals_that_fail_are_told_once_in_a_while(
    ask: Ask, no_credentials: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, seconds: int
) -> None:
    no_credentials.setattr(aws_credentials, "LOOK_SECONDS", 0.0)
    no_credentials.setattr(aws_credentials, "TELL_SECONDS", 0.5)
    ending = credentials("FIRST", seconds)
    async with (
        task_role(no_credentials, ending, ending, (500, {})),
        answering((200, {})) as acting,
    ):
        asks = ask(acting.port)
        async with asyncio.timeout(10):
            while len(caplog.records) < 2:
                await asks("GetItem")
                await asyncio.sleep(0.01)
    assert set(used(acting)) == {"first"}
    assert {record.message for record in caplog.records} == {"credentials not renewed"}
    first, second = (record.__dict__["count"] for record in caplog.records)
    assert (first, second > 2) == (1, True)


async def test_without_credentials_nothing_is_sent(
    no_credentials: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with answering((200, {})) as acting:
        environ = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{acting.port}"}
        clients = aws_clients(environ, REGION, "photos", bucket_in_path=True)
        with pytest.raises(Unavailable):
            await clients.dynamodb("GetItem")
        with pytest.raises(Unavailable):
            await clients.photos.presigned_get("k", seconds=60, headers={})
        with pytest.raises(Unavailable):
            await clients.photos.delete("k")
        await clients.close()
    assert {record.__dict__["reason"] for record in caplog.records} == {"NoCredentialsError"}
    assert acting.requests == []


async def test_credentials_that_do_not_come_end_the_call(
    ask: Ask, no_credentials: pytest.MonkeyPatch
) -> None:
    no_credentials.setattr(aws_credentials, "CREDENTIALS_SECONDS", 0.1)
    silent: Answer = lambda: asyncio.sleep(5)  # noqa: E731
    async with task_role(no_credentials, silent) as task, answering((200, {})) as acting:
        began = time.monotonic()
        with pytest.raises(Unavailable):
            await ask(acting.port)("GetItem")
        assert time.monotonic() - began < 1
        task.hang_up()
    assert acting.requests == []
