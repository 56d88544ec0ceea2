"""Connections to one endpoint over HTTP/1.1, kept alive: asyncio carries, httptools parses.

Both are here for the server already. An exchange takes a fifth of the processor time it takes with
an HTTP client that has a thread of its own (docs/adr/0019-aws-through-asyncio.md).
"""

import asyncio
import os
import socket
import ssl
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final, cast
from urllib.parse import urlsplit

from httptools import HttpParserError, HttpResponseParser

from cufit_service.adapters.aws.api import CONNECT_SECONDS, READ_SECONDS

CONNECTIONS: Final = 64
"""Requests under way at once; what comes on top waits here instead of at AWS."""

FINAL_STATUS: Final = 200
"""What is below says that the answer is still to come (RFC 9110, 15.2)."""


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    target: str
    """Path and query, encoded."""

    headers: Iterable[tuple[str, str]]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


class Connections:
    """As many connections as there are requests under way; idle ones are used again.

    All of them belong to the event loop that asked first.
    """

    def __init__(self, endpoint: str) -> None:
        """`endpoint` is a URL; of plain http, for a laptop, no connection is encrypted."""
        parts = urlsplit(endpoint)
        self._secure = parts.scheme == "https"
        self._name = parts.hostname or ""
        self._port = parts.port or (443 if self._secure else 80)
        self.host = self._name if parts.port is None else f"{self._name}:{parts.port}"
        self._idle: deque[_Connection] = deque()
        self._places = asyncio.Semaphore(CONNECTIONS)

    async def exchange(self, request: Request) -> Answer:
        """Send `request` and read its whole answer.

        Raises:
            OSError: no connection, or it broke, or what came is not HTTP; TimeoutError among them,
                after CONNECT_SECONDS without a connection or READ_SECONDS without the answer.
        """
        connection = await self._connection()
        try:
            answer = await connection.exchange(request)
        except BaseException:
            # Half used, also when nobody waits any longer: nothing more can be sent on it.
            connection.close()
            raise
        finally:
            self._places.release()
        self._idle.append(connection)
        return answer

    async def _connection(self) -> "_Connection":
        """Takes a place."""
        if not self._places.locked() and (idle := self._open_one()):
            await self._places.acquire()
            return idle
        async with asyncio.timeout(CONNECT_SECONDS):
            await self._places.acquire()
            try:
                return self._open_one() or await self._new_one()
            except BaseException:
                self._places.release()
                raise

    def _open_one(self) -> "_Connection | None":
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open():
                return connection
        return None

    async def _new_one(self) -> "_Connection":
        _, connection = await asyncio.get_running_loop().create_connection(
            _Connection, self._name, self._port, ssl=_tls() if self._secure else None
        )
        return connection

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()


class _Connection(asyncio.Protocol):
    """One request and its answer at a time."""

    def __init__(self) -> None:
        self._parser = HttpResponseParser(self)
        self._chunks: list[bytes] = []
        self._answer: asyncio.Future[Answer] | None = None

    async def exchange(self, request: Request) -> Answer:
        """Raises OSError."""
        loop = asyncio.get_running_loop()
        self._chunks.clear()
        self._answer = loop.create_future()
        # Costs a tenth of asyncio.timeout(), and every call of AWS would pay for that.
        late = loop.call_later(READ_SECONDS, self._fail, TimeoutError())
        self._transport.write(_serialized(request))
        try:
            return await self._answer
        finally:
            late.cancel()

    def is_open(self) -> bool:
        return not self._transport.is_closing()

    def close(self) -> None:
        self._transport.abort()

    # What the event loop tells.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        # A host that vanished is noticed while no request waits for it.
        connected: socket.socket = transport.get_extra_info("socket")
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except HttpParserError as error:
            self._fail(ConnectionError(f"not HTTP: {error}"))

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(exc or ConnectionResetError("closed before the answer was whole"))

    def _fail(self, error: Exception) -> None:
        self.close()
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)

    # What the parser finds.

    def on_message_begin(self) -> None:
        if self._answer is None or self._answer.done():
            # Nobody asked: it could be taken for the answer to what is sent next.
            self.close()

    def on_body(self, chunk: bytes) -> None:
        self._chunks.append(chunk)

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        if status < FINAL_STATUS or self._answer is None or self._answer.done():
            return
        if not self._parser.should_keep_alive():
            self.close()
        self._answer.set_result(Answer(status, b"".join(self._chunks)))


def _serialized(request: Request) -> bytes:
    lines = [f"{request.method} {request.target} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in request.headers]
    lines.append(f"Content-Length: {len(request.body)}\r\n\r\n")
    return "\r\n".join(lines).encode("ascii") + request.body


@cache
def _tls() -> ssl.SSLContext:
    """The system's authorities, or those of AWS_CA_BUNDLE, which boto3 and the CLI know as well."""
    return ssl.create_default_context(cafile=os.environ.get("AWS_CA_BUNDLE") or None)
