"""What no client on this machine can bring about: the system's buffers take all that it leaves."""

from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from cufit_service import lifetimes
from cufit_service.entrypoints.http import connection as of_connection
from cufit_service.entrypoints.http.connection import BoundedConnection


class Transport:
    """Closes, when told to, only as soon as everything has been sent, which never happens."""

    closing = aborted = False

    def close(self) -> None:
        self.closing = True

    def abort(self) -> None:
        self.aborted = True

    def is_closing(self) -> bool:
        return self.closing

    def write(self, _: bytes) -> None:
        return None

    def get_extra_info(self, _: str) -> None:
        return None


class Loop:
    now = 0.0

    def time(self) -> float:
        return self.now

    def call_later(self, *_: Any) -> None:
        return None


async def _application(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError(scope, receive, send)


@pytest.mark.parametrize(("seconds", "aborted"), [(0.0, False), (1.0, True)])
def test_a_closed_connection_ends_although_nobody_takes_what_is_left(
    seconds: float, *, aborted: bool
) -> None:
    loop: Any = Loop()
    connection = _made(loop, ServerState())
    transport: Any = connection.transport
    transport.close()
    for loop.now in (1.0, 1.0 + lifetimes.LINGER_SECONDS + seconds):
        connection.end_if_late()
    assert transport.aborted is aborted


def test_the_connection_idle_longest_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was just made, or just answered, is about to be used."""
    monkeypatch.setattr(of_connection, "MAX_CONNECTIONS", 20)
    loop: Any = Loop()
    state = ServerState()
    made = []
    for loop.now in range(20):
        made.append(_made(loop, state))
    loop.now = 20
    made[0].on_response_complete()
    made += [_made(loop, state) for _ in range(3)]
    closed = [number for number, each in enumerate(made) if each.transport.is_closing()]
    assert closed == [1, 2, 3]


def _made(loop: Any, state: ServerState) -> BoundedConnection:
    connection = BoundedConnection(uvicorn.Config(_application), state, {}, _loop=loop)
    transport: Any = Transport()
    connection.connection_made(transport)
    return connection
