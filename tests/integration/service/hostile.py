"""An AWS that hangs up, dawdles, drops connections and answers in other words."""

import asyncio
import json
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

ANSWER = b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"done": 1}'

Answer = tuple[int, Any] | bytes | Callable[[], Any]
"""A status and a body; all of it as bytes; or what is done instead, None for hanging up."""


@dataclass
class Aws:
    """Gives its answers in turn, the last one for ever."""

    answers: list[Answer]
    requests: list[dict[str, str]] = field(default_factory=list)
    connections: int = 0
    open: set[asyncio.StreamWriter] = field(default_factory=set)
    readers: list[asyncio.StreamReader] = field(default_factory=list)
    dropped: set[asyncio.StreamWriter] = field(default_factory=set)
    """Connections that are answered no more, as if something between had forgotten them."""
    forgotten: set[asyncio.StreamWriter] = field(default_factory=set)
    """The same, by something that says so when they are used (RST)."""
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open.add(writer)
        self.readers.append(reader)
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
                await reader.readexactly(int(headers.get("content-length", 0)))
                self.requests.append({"line": head[0], **headers})
                if not await self._answered(writer):
                    break
        writer.close()

    async def _answered(self, writer: asyncio.StreamWriter) -> bool:
        if writer in self.dropped:
            return True
        if writer in self.forgotten:
            reset = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
            writer.transport.abort()
            return False
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, bytes):
            writer.write(answer)
            return True
        if callable(answer):
            what = answer()
            if what is None:
                return False
            await what
            return True
        status, said = answer
        body = b"" if status == 204 else json.dumps(said).encode()
        writer.write(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body))
        return True

    def hang_up(self) -> None:
        for writer in self.open:
            writer.transport.abort()


ANSWER = b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"done": 1}'


@asynccontextmanager
async def answering(
    *answers: Answer, port: int = 0, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Aws]:
    acting = Aws(list(answers))
    server = await asyncio.start_server(acting.serve, "127.0.0.1", port, ssl=tls)
    acting.port = server.sockets[0].getsockname()[1]
    try:
        yield acting
    finally:
        server.close()
        acting.hang_up()
        await asyncio.sleep(0.01)
