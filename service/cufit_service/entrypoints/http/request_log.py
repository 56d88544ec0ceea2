"""Around every request: its correlation id, its size limit, one log line, and the last catch."""

import asyncio
import logging
import re
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from ulid import ULID

from cufit_service import lifetimes
from cufit_service.domain.errors import Unavailable
from cufit_service.entrypoints.http.errors import answer_refusal
from cufit_service.entrypoints.http.problems import (
    INTERNAL_ERROR,
    MAX_BODY_BYTES,
    OF_BODY,
    problem,
)
from cufit_service.entrypoints.json_log import correlation

if TYPE_CHECKING:
    # At run time it imports connection.py, which imports this.
    from cufit_service.entrypoints.server import Lifecycle

CORRELATION_HEADER = "X-Correlation-Id"
_CORRELATION_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")

HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
"""Of every answer, unless it says how it may be cached."""

QUIET_ROUTES = frozenset({"/health", "/ready"})
"""Probed every few seconds; logged only when they fail."""

logger = logging.getLogger("cufit_service.request")


class RequestLog:
    def __init__(self, app: ASGIApp, lifecycle: "Lifecycle") -> None:
        self._app = app
        self._lifecycle = lifecycle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await _Exchange(scope, receive, send, self._lifecycle).serve(self._app)


class _Exchange:
    """One request and its answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, lifecycle: "Lifecycle") -> None:
        self.method: str = scope["method"]
        # HEAD is answered wherever GET is; the server leaves the body out.
        self.scope = {**scope, "method": "GET"} if self.method == "HEAD" else scope
        self._receive = receive
        self._send = send
        self._lifecycle = lifecycle
        self.headers = Headers(scope=scope)
        self.request = Request(self.scope)
        self.state: dict[str, Any] = self.scope.setdefault("state", {})
        self.state["correlation_id"] = self._correlation_id()
        self.status: int | None = None
        self.received = 0
        self.started_at = time.perf_counter()

    def _correlation_id(self) -> str:
        sent = self.headers.get(CORRELATION_HEADER, "")
        return sent if _CORRELATION_ID.fullmatch(sent) else str(ULID())

    async def serve(self, app: ASGIApp) -> None:
        token = correlation.set(self.state["correlation_id"])
        try:
            if self._announces_too_much():
                status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
                await self._answer(problem(self.request, status, *OF_BODY[status]))
            else:
                async with asyncio.timeout(lifetimes.REQUEST_SECONDS):
                    await app(self.scope, self.receive, self.send)
        except Exception as error:
            await self._answer_failure(error)
        finally:
            self._log()
            correlation.reset(token)

    async def _answer_failure(self, error: Exception) -> None:
        logger.error("request failed", exc_info=error)
        if self.status is not None:
            raise error
        if isinstance(error, TimeoutError):
            refusal = Unavailable("This takes too long; try again in a moment.")
            await self._answer(await answer_refusal(self.request, refusal))
        else:
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            await self._answer(problem(self.request, status, *INTERNAL_ERROR))

    def _announces_too_much(self) -> bool:
        announced = self.headers.get("content-length", "0")
        return announced.isdecimal() and int(announced) > MAX_BODY_BYTES

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self.received += len(message.get("body", b""))
            if self.received > MAX_BODY_BYTES:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers[CORRELATION_HEADER] = self.state["correlation_id"]
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if self._lifecycle.draining:
                # Routers drop their pooled connection instead of losing a request on it.
                headers["Connection"] = "close"
        await self._send(message)

    async def _answer(self, response: Response) -> None:
        await response(self.scope, self._receive, self.send)

    def _route(self) -> str:
        """The pattern of the address, never the address itself, which may name somebody."""
        if "route" in self.scope:
            return str(self.scope["route"].path)
        # Starlette's own routes, the document and its pages, have no parameters; its mounts say
        # where they begin.
        if "endpoint" in self.scope:
            return str(self.scope.get("root_path") or self.scope["path"])
        return "unmatched"

    def _log(self) -> None:
        route = self._route()
        if route in QUIET_ROUTES and self.status == HTTPStatus.OK:
            return
        fields = {
            "method": self.method,
            "route": route,
            "status": self.status,
            "ms": round((time.perf_counter() - self.started_at) * 1000, 1),
            "correlation_id": self.state["correlation_id"],
        }
        fields |= {name: self.state[name] for name in ("member_id", "code") if name in self.state}
        logger.info("request", extra=fields)
