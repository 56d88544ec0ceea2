"""A connection: uvicorn's protocol, with bounds on what a client sends and how long it takes.

uvicorn's own keep a header of any size, and wait for a request or for a reader without an end.
"""

from enum import Enum, auto
from http import HTTPStatus
from typing import Any, Final

from starlette.requests import Request
from ulid import ULID
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from cufit_service import lifetimes
from cufit_service.entrypoints.http.admission import AGAIN_IN_SECONDS
from cufit_service.entrypoints.http.problems import (
    MAX_HEAD_BYTES,
    MAX_TARGET_BYTES,
    OF_CONNECTION,
    problem,
)
from cufit_service.entrypoints.http.request_log import CORRELATION_HEADER, HEADERS, logger

MAX_FRAMING_BYTES: Final = 64 * 1024
"""Of a body in chunks, what is not the body: the chunks' sizes, extensions and trailers."""

MAX_CONNECTIONS: Final = 512
"""Four times what is answered at once (admission.py), and half the 1,024 files that a process may
often open. Heads and bodies that have not arrived take 40 MiB at most."""

MAX_PIPELINED: Final = 8
"""Requests waiting for their turn on one connection. Neither API Gateway nor an ALB sends any."""


class _Part(Enum):
    """What arrives."""

    NOTHING = auto()
    HEAD = auto()
    BODY = auto()


class _TooMuch(Exception):
    """Ends the parser's work; uvicorn takes it for a request that is none."""


class BoundedConnection(HttpToolsProtocol):
    """The server calls `end_if_late` every second."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # uvicorn sets it when a head begins, of which empty lines are no part.
        self.url = b""
        self._has_begun = False
        """Whether anything but empty lines came of this head."""
        self._part = _Part.NOTHING
        self._since = self.loop.time()
        """When this part began to arrive; of nothing, the last request or its answer's end."""
        self._answered: RequestResponseCycle | None = None
        """The last that was begun to be answered."""
        self._head_bytes = 0
        self._framing_bytes = 0
        self._chunk_bytes = 0
        self._refusal = HTTPStatus.BAD_REQUEST
        self._unread_since: float | None = None
        self._closing_since: float | None = None

    @property
    def is_idle(self) -> bool:
        arrives = self._part is not _Part.NOTHING
        return not (arrives or self._is_answering or self.transport.is_closing())

    @property
    def _is_answering(self) -> bool:
        return self._answered is not None and not self._answered.response_complete

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        if len(self.connections) <= MAX_CONNECTIONS:
            return
        others = (each for each in self.connections if isinstance(each, BoundedConnection))
        idle = (each for each in others if each is not self and each.is_idle)
        idle_longest = min(idle, key=lambda each: each._since, default=None)
        if idle_longest is None:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)
        else:
            idle_longest.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        # uvicorn tells the last request alone, which may be waiting behind the one being answered.
        if self._answered is not None:
            self._answered.disconnected = True
            self._answered.message_event.set()
        super().connection_lost(exc)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._answered = cycle
        super()._start_asgi_task(cycle, app)

    def data_received(self, data: bytes) -> None:
        if self._part is _Part.NOTHING:
            self._head_bytes = 0
            self._has_begun = False
            self._enter(_Part.HEAD)
        elif self._part is _Part.BODY:
            self._framing_bytes += len(data)
        self._chunk_bytes = len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._part is _Part.HEAD:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self._refuse(self._of_large_head())
        elif self._part is _Part.BODY and self._framing_bytes > MAX_FRAMING_BYTES:
            self._refuse(HTTPStatus.BAD_REQUEST)

    def on_message_begin(self) -> None:
        self._has_begun = True
        self._enter(_Part.HEAD)
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        # uvicorn adds trailers to the headers, of a request that is being answered.
        if self._part is _Part.HEAD:
            super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        self._framing_bytes = max(0, self._framing_bytes - len(body))
        super().on_body(body)

    def on_headers_complete(self) -> None:
        head_bytes = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if head_bytes > MAX_HEAD_BYTES or len(self.url) > MAX_TARGET_BYTES:
            self._refusal = self._of_large_head()
            raise _TooMuch
        if len(self.pipeline) >= MAX_PIPELINED:
            raise _TooMuch
        self._framing_bytes = 0
        self._enter(_Part.BODY)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._enter(_Part.NOTHING)
        # What follows in the same chunk is another head, of which this many bytes are not.
        self._head_bytes = -self._chunk_bytes
        super().on_message_complete()

    def _unsupported_upgrade_warning(self) -> None:
        """Nothing: a client may ask, and is answered without; uvicorn advises to install more."""

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's
        self._refuse(self._refusal)

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._unread_since is None:
            self._unread_since = self.loop.time()

    def resume_writing(self) -> None:
        super().resume_writing()
        if not self._is_answering:
            self._unread_since = None

    def on_response_complete(self) -> None:
        if not self.flow.write_paused:
            self._unread_since = None
        if self._part is _Part.NOTHING:
            self._since = self.loop.time()
        super().on_response_complete()

    def end_if_late(self) -> None:
        now = self.loop.time()
        if self.transport.is_closing():
            # What is still to be sent keeps a closed connection open until somebody takes it.
            self._closing_since = self._closing_since or now
            if now - self._closing_since > lifetimes.LINGER_SECONDS:
                self.transport.abort()
        elif self._unread_since is not None and self.flow.write_paused:
            if now - self._unread_since > lifetimes.TAKE_SECONDS:
                self.transport.abort()
        elif self.flow.read_paused:
            self._since = now
        else:
            self._end_if_arriving_late(now - self._since)

    def _end_if_arriving_late(self, seconds: float) -> None:
        if self._part is _Part.HEAD and seconds > lifetimes.HEAD_SECONDS:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        elif self._part is _Part.BODY and seconds > lifetimes.BODY_SECONDS + 1:
            # Whoever waits for this body has answered 408 by now; nobody needs this one.
            self.transport.close()
        elif self.cycle is None and seconds > lifetimes.KEEP_ALIVE_SECONDS:
            self.transport.close()

    def _enter(self, part: _Part) -> None:
        self._part = part
        self._since = self.loop.time()

    def _of_large_head(self) -> HTTPStatus:
        if len(self.url) > MAX_TARGET_BYTES:
            return HTTPStatus.REQUEST_URI_TOO_LONG
        return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer, unless that would be taken for the answer to another request, and close."""
        if self._may_answer:
            self._answer(status, str(ULID()))
        self.transport.close()

    @property
    def _may_answer(self) -> bool:
        if self._is_answering:
            of_body = self._part is _Part.BODY and self._answered is self.cycle
            return of_body and not self.cycle.response_started
        # Empty lines after a request are to be ignored (RFC 9112, 2.2): they ask for no answer.
        asked = self._part is not _Part.HEAD or self._has_begun
        return asked or self.cycle is None

    def _answer(self, status: HTTPStatus, correlation_id: str) -> None:
        code, detail = OF_CONNECTION[status]
        fields = {**HEADERS, CORRELATION_HEADER: correlation_id, "Connection": "close"}
        if status is HTTPStatus.SERVICE_UNAVAILABLE:
            fields["Retry-After"] = str(AGAIN_IN_SECONDS)
        nobody_s = Request({"type": "http", "state": {"correlation_id": correlation_id}})
        answer = problem(nobody_s, status, code, detail, headers=fields)
        headers = (*self.server_state.default_headers, *answer.raw_headers)
        lines = b"".join(b"%b: %b\r\n" % header for header in headers)
        self.transport.write(STATUS_LINE[status] + lines + b"\r\n" + bytes(answer.body))
        told = {"status": status, "code": code, "correlation_id": correlation_id}
        logger.info("no request", extra=told)
