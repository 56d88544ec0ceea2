"""An HTTP/1.1 load generator on asyncio: open loop at a rate, or closed loop as fast as it goes.

In the open loop a request is due at a time of its own, whatever became of those before it, and its
latency counts from then: a service that stalls cannot hide the requests it kept from being sent.
"""

import asyncio
import re
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from tests.benchmarks.population import Kind, Request

CONNECTIONS = 2000
"""At most; a gateway in front of the service opens as many as it has requests."""

ANSWER_SECONDS = 30.0
"""A request without an answer by then has failed."""

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@dataclass
class Outcome:
    """Latencies in seconds by kind, and how requests ended: a status, or what went wrong."""

    latencies: dict[Kind, list[float]] = field(default_factory=lambda: {"read": [], "write": []})
    endings: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def all_latencies(self) -> list[float]:
        return [seconds for latencies in self.latencies.values() for seconds in latencies]

    @property
    def requests(self) -> int:
        return self.endings.total()

    @property
    def failed(self) -> int:
        """Neither 2xx nor 429."""
        return sum(n for ending, n in self.endings.items() if ending[0] != "2" and ending != "429")


class _Connection(asyncio.Protocol):
    """One request at a time; `answered` holds the status line's code."""

    def __init__(self) -> None:
        self._received = b""
        self._waiting: asyncio.Future[str] | None = None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def ask(self, data: bytes) -> asyncio.Future[str]:
        assert self.transport is not None
        self._waiting = asyncio.get_running_loop().create_future()
        self.transport.write(data)
        return self._waiting

    def data_received(self, data: bytes) -> None:
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return
        length = _LENGTH.search(self._received, 0, end)
        if len(self._received) < end + 4 + (int(length.group(1)) if length else 0):
            return
        status, self._received = self._received[9:12].decode(), b""
        self._end(status)

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        self._end("connection lost")

    def _end(self, ending: str) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(ending)


class Generator:
    def __init__(self, port: int, requests: Iterator[Request]) -> None:
        self._port = port
        self._requests = requests
        self._idle: deque[_Connection] = deque()
        self._places = asyncio.Semaphore(CONNECTIONS)
        self.outcome = Outcome()

    async def at_rate(self, per_second: float, seconds: float) -> Outcome:
        """Send `per_second` × `seconds` requests, evenly spread; wait for every answer."""
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for number in range(round(per_second * seconds)):
                due = began + number / per_second
                if (pause := due - time.perf_counter()) > 0:
                    await asyncio.sleep(pause)
                group.create_task(self._send(next(self._requests), due))
        return self._finish(began)

    async def flat_out(self, connections: int, seconds: float) -> Outcome:
        """Each connection sends its next request when it has its answer."""
        began = time.perf_counter()

        async def one() -> None:
            while time.perf_counter() - began < seconds:
                await self._send(next(self._requests), time.perf_counter())

        async with asyncio.TaskGroup() as group:
            for _ in range(connections):
                group.create_task(one())
        return self._finish(began)

    async def _send(self, request: Request, due: float) -> None:
        async with self._places:
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    connection = await self._connection()
                    ending = await connection.ask(request.data)
            except (OSError, TimeoutError) as error:
                self.outcome.endings[type(error).__name__] += 1
                return
        if connection.transport is not None:
            self._idle.append(connection)
        self.outcome.endings[ending] += 1
        self.outcome.latencies[request.kind].append(time.perf_counter() - due)

    async def _connection(self) -> _Connection:
        while self._idle:
            connection = self._idle.pop()
            if connection.transport is not None:
                return connection
        loop = asyncio.get_running_loop()
        _, made = await loop.create_connection(_Connection, "127.0.0.1", self._port)
        return made

    def _finish(self, began: float) -> Outcome:
        self.outcome.seconds = time.perf_counter() - began
        for connection in self._idle:
            if connection.transport is not None:
                connection.transport.close()
        return self.outcome
