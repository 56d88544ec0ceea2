"""Requests as bytes, as no well-behaved client would send them, and their answers read by h11."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import h11

from tests.attacks.people import Actor

ANSWER_SECONDS: Final = 30.0
"""A request without an answer by then is a finding; the service gives up after 10."""

ATTEMPTS: Final = 30
"""At a request whose member asks faster than the service answers one."""

_AGAIN: Final = (b'"rate_limited"', b'"overloaded"')
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")

Header = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    target: str
    """Path and query as sent: percent-encoded ASCII."""
    actor: Actor
    body: bytes | None = None
    headers: Sequence[Header] = ()
    content_type: bytes | None = b"application/json"

    @property
    def is_http(self) -> bool:
        """Whether RFC 9112 lets one send this: no control characters in field values."""
        return not any(_CONTROLS.search(value) for _, value in self.headers)

    def data(self) -> bytes:
        names = {name.lower() for name, _ in self.headers}
        lines = [f"{self.method} {self.target} HTTP/1.1".encode(), b"Host: cufit"]
        if self.actor.token and "authorization" not in names:
            lines.append(b"Authorization: Bearer " + self.actor.token.encode())
        if self.body is not None:
            if self.content_type is not None:
                lines.append(b"Content-Type: " + self.content_type)
            lines.append(b"Content-Length: %d" % len(self.body))
        lines += [name.encode() + b": " + value for name, value in self.headers]
        return b"\r\n".join(lines) + b"\r\n\r\n" + (self.body or b"")

    def __str__(self) -> str:
        """Short, and enough to send it again with a token of the actor."""
        parts = [self.method, _short(self.target.encode())]
        parts += [f"-H {name}: {_short(value)}" for name, value in self.headers]
        if self.body is not None:
            parts.append(f"-d {_short(self.body)}")
        return f"{' '.join(parts)}  as {self.actor.name}"


def _short(data: bytes, longest: int = 160) -> str:
    text = ascii(data.decode("latin-1"))[1:-1]
    return text if len(text) <= longest else f"{text[:longest]}… ({len(data)} bytes)"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    """0: there was none, and `body` says why."""
    headers: Sequence[tuple[bytes, bytes]] = ()
    body: bytes = b""
    seconds: float = 0.0

    def header(self, name: bytes) -> str | None:
        found = (value for key, value in self.headers if key.lower() == name)
        return next((value.decode("latin-1") for value in found), None)

    @property
    def content_type(self) -> str:
        return (self.header(b"content-type") or "").partition(";")[0]

    @property
    def everything(self) -> bytes:
        return b"\n".join([*(b": ".join(pair) for pair in self.headers), self.body])


class _Connection:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._h11 = h11.Connection(h11.CLIENT)
        self.used = False

    async def ask(self, request: Request) -> Answer:
        # h11 is told a plain request, so that it reads the answer; what is sent is `data()`.
        method = request.method if request.method in ("HEAD", "CONNECT") else "GET"
        self._h11.send(h11.Request(method=method, target="/", headers=[("Host", "cufit")]))
        self._h11.send(h11.EndOfMessage())
        self._writer.write(request.data())
        head: h11.Response | None = None
        body = b""
        while not isinstance(event := await self._event(), h11.EndOfMessage):
            if isinstance(event, h11.ConnectionClosed):
                raise ConnectionResetError
            if isinstance(event, h11.Response):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
        assert head is not None
        self.used = True
        return Answer(head.status_code, list(head.headers), body)

    async def _event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        while (event := self._h11.next_event()) is h11.NEED_DATA:
            self._h11.receive_data(await self._reader.read(65536))
        return event

    @property
    def again(self) -> bool:
        if self._h11.our_state is h11.DONE and self._h11.their_state is h11.DONE:
            self._h11.start_next_cycle()
            return True
        return False

    def close(self) -> None:
        with suppress(OSError):
            self._writer.close()


@dataclass
class Client:
    """Keeps connections alive, as the gateway does; counts every request it sends."""

    port: int
    at_once: int = 24
    sent: int = 0
    put_off: int = 0
    """Answers that told to ask again later, and were obeyed."""
    statuses: Counter[int] = field(default_factory=Counter)
    _idle: list[_Connection] = field(default_factory=list)

    async def send(self, request: Request) -> Answer:
        """The answer; asked again where it is the member's rate that was refused."""
        for _ in range(ATTEMPTS):
            answer = await self.once(request)
            if answer.status != 429 or not any(code in answer.body for code in _AGAIN):
                return answer
            self.put_off += 1
            await asyncio.sleep(float(answer.header(b"retry-after") or 1))
        return answer

    async def once(self, request: Request) -> Answer:
        began = time.perf_counter()
        self.sent += 1
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                answer = await self._ask(request)
        except TimeoutError:
            answer = Answer(0, body=b"no answer")
        except (OSError, h11.RemoteProtocolError) as error:
            answer = Answer(0, body=repr(error).encode())
        self.statuses[answer.status] += 1
        return Answer(answer.status, answer.headers, answer.body, time.perf_counter() - began)

    async def all(
        self, requests: Iterable[Request], look: Callable[[Request, Answer], None]
    ) -> None:
        """Each of `requests` once the one before it on its lane is answered and looked at."""
        waiting = iter(requests)

        async def lane() -> None:
            for request in waiting:
                look(request, await self.send(request))

        async with asyncio.TaskGroup() as group:
            for _ in range(self.at_once):
                group.create_task(lane())

    async def together(self, *requests: Request) -> list[Answer]:
        """All of `requests` at once, none of them twice."""
        return list(await asyncio.gather(*map(self.once, requests)))

    async def _ask(self, request: Request) -> Answer:
        while True:
            connection = self._idle.pop() if self._idle else await self._connect()
            try:
                answer = await connection.ask(request)
            except (OSError, h11.RemoteProtocolError):
                connection.close()
                if connection.used:  # it was being closed when this request was sent
                    continue
                raise
            except BaseException:
                connection.close()
                raise
            if connection.again:
                self._idle.append(connection)
            else:
                connection.close()
            return answer

    async def _connect(self) -> _Connection:
        return _Connection(*await asyncio.open_connection("127.0.0.1", self.port))

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()
