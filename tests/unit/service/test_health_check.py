"""The container's health check tells a service that answers from one that does not, for little."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socket import create_server, socket

import pytest

from cufit_ops.laptop.processes import free_port
from cufit_service import health_check


def ended_with(port: int, answer_seconds: float = health_check.ANSWER_SECONDS) -> int:
    _, *arguments = health_check.command(port, answer_seconds)
    done = subprocess.run(
        [sys.executable, *arguments], stderr=subprocess.DEVNULL, timeout=5, check=False
    )
    return done.returncode


@contextmanager
def listening(serve: Callable[[socket], object]) -> Iterator[int]:
    """The port of a server that does this with its one connection."""
    with create_server(("127.0.0.1", 0)) as server:

        def work() -> None:
            connection, _ = server.accept()
            with connection:
                serve(connection)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(10)


def answering(status: bytes) -> Callable[[socket], object]:
    def serve(connection: socket) -> None:
        assert connection.recv(1000).startswith(b"GET /health HTTP/1.")
        connection.sendall(b"HTTP/1.1 " + status + b"\r\nContent-Length: 2\r\n\r\n{}")

    return serve


@pytest.mark.parametrize(
    ("status", "code"),
    [(b"200 OK", 0), (b"503 Service Unavailable", 1), (b"500 200", 1), (b"204 No Content", 1)],
)
def test_what_counts_is_a_200(status: bytes, code: int) -> None:
    with listening(answering(status)) as port:
        assert ended_with(port) == code


def test_a_service_that_is_down_is_ill() -> None:
    assert ended_with(free_port()) == 1


def test_a_service_that_hangs_up_is_ill() -> None:
    with listening(lambda connection: connection.recv(1000)) as port:
        assert ended_with(port) == 1


def test_a_service_that_does_not_answer_is_ill() -> None:
    checked = threading.Event()
    with listening(lambda _: checked.wait(10)) as port:
        assert ended_with(port, answer_seconds=0.1) == 1
        checked.set()


def test_ecs_waits_for_the_check_to_say_why() -> None:
    assert health_check.ANSWER_SECONDS < health_check.TIMEOUT_SECONDS


def test_python_starts_with_next_to_nothing() -> None:
    """A module more is a millisecond more, a few hundred thousand times a month."""
    program = "import sys; import _socket; print(len(sys.modules))"
    _, *options = health_check.command(1)[:-1]
    done = subprocess.run(
        [sys.executable, *options, program], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 40
    (imported,) = [
        line for line in health_check.command(1)[-1].splitlines() if line.startswith("import")
    ]
    assert imported == "import _socket"
