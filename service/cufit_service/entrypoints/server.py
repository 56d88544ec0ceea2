"""The process's life: serve, be a lame duck for a while after SIGTERM, drain, exit 0."""

import asyncio
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

import uvicorn

from cufit_service import lifetimes
from cufit_service.entrypoints.http.connection import BoundedConnection

TICKS_A_SECOND = 10
"""uvicorn's, of Server.main_loop."""


@dataclass(slots=True)
class Lifecycle:
    """Whether routers should still send requests here."""

    draining: bool = False


class LameDuckServer(uvicorn.Server):
    """After the first signal it goes on serving, not ready, for `lame_duck` seconds.

    Routers learn from /ready that this task is leaving and from `Connection: close` that each
    connection is; a second signal ends the wait.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        lifecycle: Lifecycle,
        lame_duck: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(config)
        self._lifecycle = lifecycle
        self._lame_duck = lame_duck
        self._clock = clock
        self._closes_at: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's
        if self._lifecycle.draining:
            self.should_exit = True
            return
        self._lifecycle.draining = True
        self._closes_at = self._clock() + self._lame_duck

    async def on_tick(self, counter: int) -> bool:
        if self._closes_at is not None and self._clock() >= self._closes_at:
            self.should_exit = True
        if counter % TICKS_A_SECOND == 0:
            self._end_late()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # uvicorn no longer ticks, but waits for whoever does not read an answer.
        watching = asyncio.create_task(self._keep_ending_late())
        try:
            await super().shutdown(sockets)
        finally:
            watching.cancel()

    async def _keep_ending_late(self) -> None:
        while True:
            self._end_late()
            await asyncio.sleep(1)

    def _end_late(self) -> None:
        for connection in list(self.server_state.connections):
            if isinstance(connection, BoundedConnection):
                connection.end_if_late()


def server_config(app: Callable[..., object], host: str, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="auto",
        http=BoundedConnection,
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=lifetimes.KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=lifetimes.DRAIN_SECONDS,
    )
