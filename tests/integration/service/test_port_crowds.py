"""Many clients of the service's port, and those who do not wait or do not read."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from cufit_service.entrypoints.http.admission import MAX_UNDER_WAY
from cufit_service.entrypoints.http.connection import MAX_CONNECTIONS, MAX_PIPELINED
from tests.integration.service.rude import (
    Port,
    answer_on,
    answers,
    assert_problem,
    bearer,
    invitation,
    length_of,
    received_on,
    request,
    serving,
    until,
)

pytestmark = pytest.mark.usefixtures("no_client_is_an_error")


@pytest.fixture(scope="module")
def patient_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Port]:
    """Where hundreds of clients stay until they leave, however long a busy machine takes."""
    waits = ("HEAD_SECONDS", "BODY_SECONDS", "REQUEST_SECONDS", "KEEP_ALIVE_SECONDS")
    log = tmp_path_factory.mktemp("patient-port") / "log"
    with serving(log, **dict.fromkeys(waits, 60.0)) as port:
        yield port
    assert not port.lines(level="ERROR")


def test_slow_bodies_take_no_places(patient_port: Port) -> None:
    """More of them at once than there are places; three members, for one is limited before that."""
    slow = MAX_UNDER_WAY + 32
    with ExitStack() as open_connections:
        for number in range(slow):
            connection = open_connections.enter_context(patient_port.connect())
            connection.sendall(invitation(2 + number % 3, b"Content-Length: 100"))
        answers = [patient_port.ask(request(b"/v1/members/me", bearer(5))) for _ in range(20)]
        assert {answer.split()[1] for answer in answers} == {b"200"}
        assert patient_port.connections() >= slow


def test_idle_connections_make_room(port: Port) -> None:
    with ExitStack() as open_connections:
        for _ in range(MAX_CONNECTIONS + 20):
            open_connections.enter_context(port.connect())
        assert b"200 OK" in port.ask(request(b"/health"))


def test_more_connections_than_the_limit_are_refused_until_some_end(
    patient_port: Port,
) -> None:
    with ExitStack() as open_connections:
        # A few more, for one whose head is not read yet makes room.
        for _ in range(MAX_CONNECTIONS + 20):
            connection = open_connections.enter_context(patient_port.connect())
            with suppress(ConnectionError):
                connection.sendall(b"GET /")
        until(lambda: _refused(patient_port))
        with patient_port.connect() as one_more:
            refused = answer_on(one_more)
        assert_problem(refused, 503, "connections_used_up")
        assert b"retry-after: 1" in refused.lower()
        assert patient_port.connections() <= MAX_CONNECTIONS
    until(lambda: answers(patient_port))


def _refused(port: Port) -> bool:
    with port.connect() as one_more:
        one_more.settimeout(1)
        with suppress(TimeoutError):
            return answer_on(one_more).startswith(b"HTTP/1.1 503")
    return False


def test_pipelined_requests_are_answered_in_order(port: Port) -> None:
    paths = (b"/health", b"/nowhere") * (MAX_PIPELINED // 2)
    with port.connect() as connection:
        connection.sendall(b"".join(map(request, paths)))
        statuses = [_status(connection) for _ in paths]
    assert statuses == [200, 404] * (MAX_PIPELINED // 2)


def _status(connection: socket.socket) -> int:
    """Byte for byte, to leave the next answer where it is."""
    received = b""
    while b"\r\n\r\n" not in received or len(received) < length_of(received):
        received += connection.recv(1)
    return int(received.split()[1])


def test_a_pile_of_pipelined_requests_is_not_worked_off(port: Port) -> None:
    with port.connect() as connection:
        with suppress(ConnectionError):
            connection.sendall(request(b"/v1/members/me", bearer(5)) * 5000)
        answered = b""
        while more := received_on(connection):
            answered += more
    assert answered.count(b"HTTP/1.1 ") <= MAX_PIPELINED


def test_who_does_not_read_the_answer_is_not_waited_for(port: Port) -> None:
    until(lambda: port.connections() == 0)
    with ExitStack() as open_connections:
        for _ in range(4):
            open_connections.enter_context(_not_reading(port))
        until(lambda: port.connections() == 4)
        until(lambda: port.connections() == 0)


def test_stopping_does_not_wait_for_who_does_not_read_the_answer(tmp_path: Path) -> None:
    with ExitStack() as open_connections:
        with serving(tmp_path / "log", TAKE_SECONDS=2.0, LOCAL_LAME_DUCK_SECONDS=0.0) as stopping:
            for _ in range(4):
                open_connections.enter_context(_not_reading(stopping))
            until(lambda: stopping.connections() == 4)
        assert not stopping.lines(level="ERROR")


def _not_reading(port: Port) -> socket.socket:
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", port.number))
    connection.sendall(request(b"/docs/assets/swagger-ui-bundle.js") * 8)
    return connection


LEAVERS = {
    "in the head": b"GET /v1/members/me HTTP/1.1\r\nHost:",
    "in the body": invitation(1, b"Content-Length: 100") + b"{",
    "in a chunk": invitation(1, b"Transfer-Encoding: chunked") + b"50\r\n{",
    "before the answer": request(b"/v1/members/me", bearer(1)),
    "with more to be answered": request(b"/v1/members/me", bearer(1)) * 8,
    "in a large answer": request(b"/docs/assets/swagger-ui-bundle.js"),
}


@pytest.mark.parametrize("reset", [False, True], ids=["closes", "resets"])
@pytest.mark.parametrize("sent", LEAVERS.values(), ids=LEAVERS)
def test_who_leaves_in_the_middle_is_no_error(port: Port, sent: bytes, *, reset: bool) -> None:
    for _ in range(3):
        with _leaving(port, reset=reset) as connection:
            connection.sendall(sent)
            time.sleep(0.01)
    time.sleep(0.2)


@contextmanager
def _leaving(port: Port, *, reset: bool) -> Iterator[socket.socket]:
    with port.connect() as connection:
        yield connection
        if reset:
            linger = b"\x01\0\0\0\0\0\0\0"
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


def test_what_is_not_http_is_a_problem(port: Port) -> None:
    for odd in (b"\x16\x03\x01\x02\x00\r\n\r\n", b"GET\r\n\r\n", b"CONNECT a:1 HTTP/1.1\r\n\r\n"):
        assert_problem(port.ask(odd), 400, "request_not_http")
