"""The service as one process: the real HTTP application on the real AWS adapters.

Two parts are replaced: threads, because a drill must repeat exactly, and the check of a token's
signature, which has no part in what is drilled: here a token is the subject's name.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI

from cufit_service.adapters.aws.api import AwsClients
from cufit_service.application.ports import Identity
from cufit_service.application.use_cases import UseCases
from cufit_service.bootstrap import aws_ports
from cufit_service.entrypoints.http.app import create_app
from cufit_service.entrypoints.http.context import Context
from cufit_service.entrypoints.server import Lifecycle
from tests.in_memory_aws.settings import ISSUER, SETTINGS

ADMIN = "admin"


@dataclass(frozen=True)
class Reply:
    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def code(self) -> str | None:
        return self.body.get("code") if isinstance(self.body, dict) else None


class _NamesAsTokens:
    async def verify(self, token: str) -> Identity:
        return Identity(ISSUER, token)


@cache
def _application(task: int) -> FastAPI:
    """Routes are made once per task; everything that works is in the context."""
    return create_app(_context(_NO_CLIENTS))


def _context(clients: AwsClients) -> Context:
    ports = aws_ports(SETTINGS, clients)
    use_cases = UseCases.on(ports, admin_subjects={ADMIN})
    return Context(use_cases, _NamesAsTokens(), ports.clock, ports.ids, Lifecycle())


_NOTHING: Any = None
_NO_CLIENTS = AwsClients(_NOTHING, _NOTHING, _NOTHING, _NOTHING, _NOTHING)


class Task:
    """A running task of the service."""

    def __init__(self, number: int, clients: AwsClients) -> None:
        self._clients = clients
        self._app = _application(number)
        self._loop = asyncio.new_event_loop()
        # A task that is interrupted by another waits in its own event loop meanwhile.
        self._thread = ThreadPoolExecutor(1) if number else None
        self._fresh = False

    def restart(self) -> None:
        """A fresh process: whatever the last one had in memory is gone."""
        self._fresh = False

    def handle(
        self, subject: str, method: str, target: str, body: Any, headers: Mapping[str, str]
    ) -> Reply:
        """Raises Crash."""
        self._app.state.context = self._context
        reply: Reply = self._run(self._exchange(subject, method, target, body, headers))
        return reply

    def sweep(self) -> None:
        """What the process does beside its requests, once.

        Raises:
            Crash
        """
        sweep = self._context.use_cases.sweep_outbox
        self._run(_quietly(sweep))
        self._run(_quietly(sweep.forget))

    def reconcile(self) -> None:
        """The same, less often. Raises Crash."""
        self._run(_quietly(self._context.use_cases.reconcile))

    @property
    def _context(self) -> Context:
        if not self._fresh:
            self._app.state.context, self._fresh = _context(self._clients), True
        context: Context = self._app.state.context
        return context

    def close(self) -> None:
        self._loop.close()
        if self._thread is not None:
            self._thread.shutdown()

    def _run(self, work: Any) -> Any:
        if self._thread is None:
            return self._loop.run_until_complete(work)
        return self._thread.submit(self._loop.run_until_complete, work).result()

    async def _exchange(
        self, subject: str, method: str, target: str, body: Any, headers: Mapping[str, str]
    ) -> Reply:
        url = urlsplit(target)
        sent = b"" if body is None else json.dumps(body).encode()
        answer = _Answer()
        await self._app(
            {
                "type": "http",
                "asgi": {"version": "3.0"},
                "http_version": "1.1",
                "method": method,
                "scheme": "http",
                "path": url.path,
                "raw_path": url.path.encode(),
                "query_string": url.query.encode(),
                "root_path": "",
                "headers": _encoded(
                    {
                        "authorization": f"Bearer {subject}",
                        "content-type": "application/json",
                        **headers,
                    }
                ),
                "client": ("127.0.0.1", 1),
                "server": ("cufit", 80),
            },
            _Body(sent),
            answer,
        )
        return answer.reply()


class _Body:
    def __init__(self, sent: bytes) -> None:
        self._sent = sent

    async def __call__(self) -> dict[str, Any]:
        return {"type": "http.request", "body": self._sent, "more_body": False}


class _Answer:
    def __init__(self) -> None:
        self._status = 0
        self._headers: dict[str, str] = {}
        self._body = b""

    async def __call__(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self._body += message.get("body", b"")

    def reply(self) -> Reply:
        return Reply(self._status, json.loads(self._body) if self._body else None, self._headers)


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


async def _quietly(work: Callable[[], Any]) -> None:
    """As entrypoints.background runs it: what it raises is logged, and it is run again later."""
    try:
        await work()
    except Exception:
        return
