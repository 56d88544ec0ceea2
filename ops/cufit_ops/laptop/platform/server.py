"""The server in front of everything: uvicorn on 127.0.0.1."""

import contextlib
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

KEEP_ALIVE_SECONDS = 75
"""Longer than clients keep idle connections, so that they close them: with uvicorn's 5 s a request
may meet a connection that is just being closed."""


class Server(uvicorn.Server):
    """uvicorn that leaves signals alone: the task must be ended before this process is."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def server_of(app: ASGIApp, port: int) -> Server:
    return Server(
        uvicorn.Config(
            app, host="127.0.0.1", port=port,
            access_log=False, log_level="warning", timeout_graceful_shutdown=2,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
    )  # fmt: skip
