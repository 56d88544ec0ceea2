"""Which connections the client keeps, and what it does with those that are no good any more."""

import asyncio
from contextlib import suppress

import pytest

from cufit_service.adapters.aws import client as aws_client
from cufit_service.domain.errors import Unavailable
from tests.integration.service.conftest import Ask
from tests.integration.service.hostile import ANSWER, answering


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
    monkeypatch.setattr(aws_client, "READ_SECONDS", 0.5)
    monkeypatch.setattr(aws_client, "CONNECT_SECONDS", 0.5)

    async def drip() -> None:
        # Not those of later: what comes before its request is no answer to it.
        mine = [*acting.open]
        for writer in mine:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n")
        for _ in range(200):
            await asyncio.sleep(0.05)
            for writer in mine:
                writer.write(b" ")

    async with answering(drip) as acting:
        async with asyncio.timeout(6):
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
