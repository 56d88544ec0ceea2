"""The benchmarks' own parts: what they count is what happened."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from itertools import repeat
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from tests.benchmarks import http_load, limits
from tests.benchmarks.http_load import Generator
from tests.benchmarks.limits import SIZES, LimitsUnavailable, limited
from tests.benchmarks.load import main
from tests.benchmarks.population import Population, Request
from tests.benchmarks.scenarios import percentiles
from tests.benchmarks.system_under_load import PROGRAMS, in_memory_aws, service

ASK = Request("read", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")


@asynccontextmanager
async def server(*answers: bytes, pause: float = 0.0) -> AsyncIterator[int]:
    """Gives `answers` in turn, whoever asks; an empty one closes the connection."""
    turns = iter(answers)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, asyncio.CancelledError):
            while await reader.readuntil(b"\r\n\r\n"):
                await asyncio.sleep(pause)
                answer = next(turns)
                if not answer:
                    break
                writer.write(answer)
        writer.close()

    # Closed without `async with`, which from Python 3.12 on waits until every client has hung up.
    started = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield started.sockets[0].getsockname()[1]
    finally:
        started.close()


def answer(status: int) -> bytes:
    return b"HTTP/1.1 %d X\r\nContent-Length: 2\r\n\r\nok" % status


async def test_every_ending_is_counted_and_only_two_kinds_are_fine() -> None:
    async with server(answer(200), answer(202), answer(429), answer(503), b"") as port:
        outcome = await Generator(port, repeat(ASK)).at_rate(200, 5 / 200)
    assert dict(outcome.endings) == {
        "200": 1,
        "202": 1,
        "429": 1,
        "503": 1,
        "connection lost": 1,
    }
    assert outcome.failed == 2
    assert outcome.requests == 5


async def test_latency_counts_from_when_a_request_was_due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_load, "CONNECTIONS", 1)
    async with server(*[answer(200)] * 4, pause=0.05) as port:
        outcome = await Generator(port, repeat(ASK)).at_rate(400, 4 / 400)
    latencies = sorted(outcome.latencies["read"])
    # One connection: the fourth waits for the three before it, and that is part of its latency.
    assert latencies[3] > 0.18
    assert outcome.failed == 0


async def test_who_does_not_answer_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_load, "ANSWER_SECONDS", 0.05)
    async with server(answer(200), pause=5) as port:
        outcome = await Generator(port, repeat(ASK)).at_rate(100, 1 / 100)
    assert dict(outcome.endings) == {"TimeoutError": 1}


def test_percentiles_are_ranks_in_milliseconds() -> None:
    assert percentiles([n / 1000 for n in range(1, 101)]) == {
        "p50": 51.0,
        "p95": 96.0,
        "p99": 100.0,
        "max": 100.0,
    }
    assert percentiles([0.5])["p99"] == 500.0


@pytest.fixture(scope="module")
def population() -> Population:
    return Population(makers=6)


@pytest.fixture(scope="module")
def aws_port(population: Population) -> Iterator[int]:
    with in_memory_aws(population, latency_ms=0) as port:
        yield port


def test_what_stands_for_aws_speaks_its_language(aws_port: int) -> None:
    client = boto3.client(
        "dynamodb",
        region_name="ap-northeast-2",
        endpoint_url=f"http://127.0.0.1:{aws_port}",
        config=Config(retries={"total_max_attempts": 1}),
    )
    key = {"member_id": {"S": "m_1"}}
    assert "Item" not in client.get_item(TableName="members", Key=key)
    client.put_item(TableName="members", Item={**key, "role": {"S": "BASIC"}})
    client.update_item(
        TableName="members",
        Key=key,
        UpdateExpression="SET #s0 = :s0",
        ExpressionAttributeNames={"#s0": "role"},
        ExpressionAttributeValues={":s0": {"S": "MAKER"}},
    )
    assert client.get_item(TableName="members", Key=key)["Item"]["role"] == {"S": "MAKER"}
    with pytest.raises(client.exceptions.ConditionalCheckFailedException) as refused:
        client.put_item(
            TableName="members",
            Item=key,
            ConditionExpression="attribute_not_exists(member_id)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    told: dict[str, Any] = dict(refused.value.response)
    assert told["Item"]["role"] == {"S": "MAKER"}
    client.delete_item(TableName="members", Key=key)
    assert "Item" not in client.get_item(TableName="members", Key=key)
    with pytest.raises(client.exceptions.ClientError, match="UnknownOperation"):
        client.list_tables()


@pytest.mark.parametrize("client", list(PROGRAMS))
def test_every_request_of_the_mix_succeeds(
    client: str, population: Population, aws_port: int, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with log.open("w") as file, service(aws_port, client=client, log=file) as running:
        generator = Generator(running.port, population.requests(writes=0.5))
        outcome = asyncio.run(generator.at_rate(40, 1))
    assert outcome.failed == 0, outcome.endings
    assert outcome.requests == 40
    assert all(outcome.latencies.values()), "reads and writes"
    assert [line for line in log.read_text().splitlines() if '"level": "INFO"' not in line] == []


def test_limits_that_cannot_be_set_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ROOT", Path("/proc/nowhere"))
    with pytest.raises(LimitsUnavailable, match="/proc/nowhere"), limited(SIZES[0.25]):
        pass


def test_an_unknown_scenario_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["nonsense"])
    assert "no scenario nonsense; there are capacity, rate, burst, soak" in capsys.readouterr().err


def test_the_same_mix_comes_each_time() -> None:
    def kinds(population: Population) -> list[str]:
        requests = population.requests(0.2)
        return [next(requests).kind for _ in range(50)]

    assert kinds(Population(6)) == kinds(Population(6))
    assert json.loads(Population(6).seed())["jwks"]["keys"]
