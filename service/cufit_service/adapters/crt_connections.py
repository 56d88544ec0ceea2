"""Connections of the AWS Common Runtime to one endpoint, kept alive and used by asyncio.

The runtime has a thread of its own for all input and output. What it reports is handed over to the
event loop that asked.
"""

import asyncio
import os
from collections import deque
from concurrent.futures import Future as ThreadFuture
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from awscrt import io
from awscrt.http import HttpClientConnection, HttpRequest

from cufit_service.adapters.aws_api import CONNECT_SECONDS

CONNECTIONS: Final = 64
"""Requests under way at once; what comes on top waits here instead of at AWS."""


Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


@cache
def bootstrap() -> io.ClientBootstrap:
    """One thread and one DNS cache for the whole process."""
    threads = io.EventLoopGroup(1)
    return io.ClientBootstrap(threads, io.DefaultHostResolver(threads))


@cache
def _tls() -> io.ClientTlsContext:
    options = io.TlsContextOptions()
    if bundle := os.environ.get("AWS_CA_BUNDLE"):
        options.override_default_trust_store_from_path(None, bundle)
    return io.ClientTlsContext(options)


class CrtConnections:
    """As many connections as there are requests under way; idle ones are used again."""

    def __init__(self, endpoint: str) -> None:
        """`endpoint` is a URL; of plain http, for a laptop, no connection is encrypted."""
        parts = urlsplit(endpoint)
        secure = parts.scheme == "https"
        host = parts.hostname or ""
        self.host = host if parts.port is None else f"{host}:{parts.port}"
        socket_options = io.SocketOptions()
        socket_options.connect_timeout_ms = int(CONNECT_SECONDS * 1000)
        socket_options.keep_alive = True
        self._options: dict[str, Any] = {
            "host_name": host,
            "port": parts.port or (443 if secure else 80),
            "socket_options": socket_options,
        }
        if secure:
            tls = _tls().new_connection_options()
            tls.set_server_name(host)
            self._options["tls_connection_options"] = tls
        self._idle: deque[HttpClientConnection] = deque()
        self._places = asyncio.Semaphore(CONNECTIONS)

    async def exchange(self, request: HttpRequest) -> Answer:
        """Send `request` and read its whole answer.

        Raises:
            AwsCrtError: no connection, or it broke.
        """
        async with self._places:
            connection = await self._connection()
            try:
                answer = await _Exchange(connection, request).answer
            except BaseException:
                # Half used, also when nobody waits any longer: nothing more can be sent on it.
                connection.close()
                raise
            self._idle.append(connection)
            return answer

    async def _connection(self) -> HttpClientConnection:
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open():
                return connection
        made: ThreadFuture[HttpClientConnection] = HttpClientConnection.new(
            bootstrap=bootstrap(), **self._options
        )
        return await arrival(made)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()


async def arrival(coming: "ThreadFuture[Result]") -> Result:
    """What the runtime sets. Giving up waiting does not cancel: it would set it all the same."""
    return await asyncio.shield(asyncio.wrap_future(coming))


class _Exchange:
    """One request on its way; everything but the constructor runs in the runtime's thread."""

    def __init__(self, connection: HttpClientConnection, request: HttpRequest) -> None:
        self._loop = asyncio.get_running_loop()
        self._chunks: list[bytes] = []
        self.answer: asyncio.Future[Answer] = self._loop.create_future()
        stream = connection.request(request, on_body=self._receive)
        stream.completion_future.add_done_callback(self._complete)
        stream.activate()

    def _receive(self, chunk: bytes, **_: Any) -> None:
        self._chunks.append(chunk)

    def _complete(self, completed: "ThreadFuture[int]") -> None:
        self._loop.call_soon_threadsafe(self._settle, completed)

    def _settle(self, completed: "ThreadFuture[int]") -> None:
        if self.answer.done():  # given up in the meantime
            return
        error = completed.exception()
        if error is not None:
            self.answer.set_exception(error)
        else:
            self.answer.set_result(Answer(completed.result(), b"".join(self._chunks)))
