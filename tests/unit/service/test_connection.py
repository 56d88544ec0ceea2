"""What no client on this machine can bring about: the system's buffers take all that it leaves."""

from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from cufit_service import lifetimes
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

    def get_extra_info(self, _: str) -> None:
        return None


class Loop:
    now = 0.0

    def time(self) -> float:
        return self.now


async def _application(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError(scope, receive, send)


@pytest.mark.parametrize(("seconds", "aborted"), [(0.0, False), (1.0, True)])
def test_a_closed_connection_ends_although_nobody_takes_what_is_left(
    seconds: float, *, aborted: bool
) -> None:
    loop: Any = Loop()
    connection = BoundedConnection(uvicorn.Config(_application), ServerState(), {}, _loop=loop)
    transport = Transport()
    connection.connection_made(transport)
    transport.close()
    for loop.now in (1.0, 1.0 + lifetimes.LINGER_SECONDS + seconds):
        connection.end_if_late()
    assert transport.aborted is aborted
