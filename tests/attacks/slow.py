"""Clients that take their time, send without an end, or do not read; others must not notice."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

from tests.attacks.exchange import Client
from tests.attacks.judge import Judge
from tests.attacks.people import ADMIN_SUBJECTS, Actor
from tests.attacks.system import System
from tests.attacks.wire import QUIET_SECONDS, Heard, still_well

HEADS: Final = 300
BODIES: Final = 150
"""More than the 128 requests the service works on at once."""
PATIENCE: Final = 25.0
"""Seconds after which no connection that only trickles may be left; a request may take 12."""
WELL_SECONDS: Final = 5.0
PART_SECONDS: Final = 0.02
"""Between the parts of what has no end: 3 MiB a second each."""
MEBIBYTES: Final = 64
"""What the service's memory may grow by in all of this."""

PART: Final = b"a" * 65536


class _Ear:
    """Hears a connection from its beginning."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._data = b""
        self._began = time.perf_counter()
        self.closed = False
        self.writer = writer
        self.listening = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        with suppress(OSError):
            while heard := await self._reader.read(65536):
                self._data += heard
        self.closed = True

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self._began

    @property
    def heard(self) -> Heard:
        return Heard(self._data, self.closed, self.seconds)


@dataclass
class Slow:
    system: System
    client: Client
    judge: Judge
    well: list[bytes]

    async def trickle(self, first: bytes, part: bytes, every: float = 1.0) -> Heard:
        """`first`, then a part every so many seconds, until it is closed or PATIENCE ends."""
        async with self._ear(first) as ear:
            with suppress(OSError, TimeoutError):
                while not ear.closed and ear.seconds < PATIENCE:
                    ear.writer.write(part)
                    async with asyncio.timeout(PATIENCE):
                        await ear.writer.drain()
                    await asyncio.wait([ear.listening], timeout=every)
            await asyncio.wait([ear.listening], timeout=QUIET_SECONDS)
        return ear.heard

    async def deaf(self) -> None:
        """Asks and asks, and never reads."""
        self.client.sent += 1
        request = b"\r\n".join([*self.well, b"", b""]) * 200
        with socket.socket() as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.setblocking(False)
            loop = asyncio.get_running_loop()
            with suppress(OSError, TimeoutError):
                await loop.sock_connect(one, ("127.0.0.1", self.system.port))
                for _ in range(10):
                    async with asyncio.timeout(1):
                        await loop.sock_sendall(one, request)
            await asyncio.sleep(3)

    @asynccontextmanager
    async def _ear(self, first: bytes) -> AsyncIterator["_Ear"]:
        self.client.sent += 1
        ear = _Ear(*await asyncio.open_connection("127.0.0.1", self.system.port))
        ear.writer.write(first)
        try:
            yield ear
        finally:
            ear.listening.cancel()
            ear.writer.transport.abort()
            self.client.statuses.update(ear.heard.statuses)

    async def while_others_ask(self, name: str, *clients: Coroutine[Any, Any, Any]) -> list[Any]:
        """What the clients return; meanwhile somebody asks each second, and is answered."""
        running = asyncio.gather(*clients)
        while not running.done():
            self.client.sent += 1
            if await still_well(self.system.port, self.well) > WELL_SECONDS:
                self.judge.find("5xx", f"{name}: others are not answered", "the port", "")
            await asyncio.wait([running], timeout=1)
        return await running

    def judge_ends(self, name: str, ends: list[Heard]) -> None:
        for heard in ends:
            if not heard.closed:
                told = f"{name}: still open after {PATIENCE:.0f} s"
                self.judge.find("wrong", told, "the port", f"{len(ends)} of them")
            for status in heard.statuses:
                if status >= 500:
                    self.judge.find("5xx", f"{name}: {status}", "the port", heard.data[:200])
                elif status < 400:
                    self.judge.find("wrong", f"{name}: {status}", "the port", heard.data[:200])


async def _slow(slow: Slow, member: bytes) -> None:
    head = b"GET /v1/members/me HTTP/1.1\r\nHost: cufit\r\n"
    heads = [slow.trickle(head, b"X-a: b\r\n") for _ in range(HEADS)]
    slow.judge_ends("slow heads", await slow.while_others_ask("slow heads", *heads))
    post = b"POST /v1/invitations HTTP/1.1\r\nHost: cufit\r\nContent-Type: application/json\r\n"
    whole = post + member + b"\r\nContent-Length: 5000\r\n\r\n"
    bodies = [slow.trickle(whole, b" ") for _ in range(BODIES)]
    slow.judge_ends("slow bodies", await slow.while_others_ask("slow bodies", *bodies))
    chunked = post + member + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunks = [slow.trickle(chunked, b"1\r\n \r\n") for _ in range(BODIES)]
    slow.judge_ends("slow chunks", await slow.while_others_ask("slow chunks", *chunks))
    stranger = [slow.trickle(post + b"Content-Length: 5000\r\n\r\n", b" ") for _ in range(BODIES)]
    slow.judge_ends("strangers", await slow.while_others_ask("strangers' slow bodies", *stranger))


async def _endless(slow: Slow, member: bytes) -> None:
    head = b"GET /v1/members/me HTTP/1.1\r\nHost: cufit\r\n"
    post = b"POST /v1/invitations HTTP/1.1\r\nHost: cufit\r\nContent-Type: application/json\r\n"
    chunked = post + member + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + PART + b"\r\n"
    stranger = post + b"Transfer-Encoding: chunked\r\n\r\n"
    messages = {
        "an endless header": (head + b"X: ", PART),
        "endless headers": (head, b"X-Header: value\r\n" * 4_000),
        "an endless path": (b"GET /", PART),
        "an endless method": (b"", PART),
        "an endless body in chunks": (chunked, chunk),
        "a stranger's endless body": (stranger, chunk),
        "an endless chunk size": (chunked, b"0" * 65536),
        "an endless chunk extension": (chunked + b"1;", PART),
        "endless trailers": (chunked + b"0\r\n", b"X-Trailer: value\r\n" * 4_000),
    }
    sending = [slow.trickle(first, part, PART_SECONDS) for first, part in messages.values()]
    ends = await slow.while_others_ask("endless messages", *sending)
    for name, heard in zip(messages, ends, strict=True):
        slow.judge_ends(name, [heard])
    await slow.while_others_ask("deaf clients", *(slow.deaf() for _ in range(20)))


async def attack(system: System, client: Client, judge: Judge) -> None:
    admin, other = (Actor.signed_in(ADMIN_SUBJECTS[-number], "ADMIN") for number in (1, 2))
    bearer = b"Authorization: Bearer " + admin.token.encode()
    other_bearer = b"Authorization: Bearer " + other.token.encode()
    slow = Slow(
        system, client, judge, [b"GET /v1/members/me HTTP/1.1", b"Host: cufit", other_bearer]
    )
    before = system.service.rss_mib
    await _slow(slow, bearer)
    await _endless(slow, bearer)
    grown = system.service.rss_mib - before
    if grown > MEBIBYTES:
        told = f"memory grew by more than {MEBIBYTES} MiB"
        judge.find("wrong", told, "the port", f"{grown:.0f} MiB")
