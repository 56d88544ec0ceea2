"""The service's port under abuse: a process of its own, asked by clients without manners."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from cufit_contracts.environment import variable
from cufit_service.entrypoints.http.admission import MAX_UNDER_WAY
from cufit_service.entrypoints.http.connection import (
    MAX_CONNECTIONS,
    MAX_HEAD_BYTES,
    MAX_PIPELINED,
    MAX_TARGET_BYTES,
)
from tests.benchmarks.population import Population
from tests.benchmarks.system_under_load import environment, free_port, in_memory_aws
from tests.unit.service.signing import token

MEBIBYTE = 2**20

QUICKLY = """
from cufit_service import lifetimes
lifetimes.HEAD_SECONDS = lifetimes.BODY_SECONDS = 1.0
lifetimes.TAKE_SECONDS = lifetimes.LINGER_SECONDS = 1.0
lifetimes.KEEP_ALIVE_SECONDS = 2
from cufit_service.__main__ import main
raise SystemExit(main())
"""
"""The service, with less patience than it has, so that the tests need less."""

SOON = 6.0
"""By when the service has ended whatever it should, with these limits, on a busy machine."""


@dataclass(frozen=True)
class Port:
    number: int
    process: psutil.Process
    log: Path

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.number), SOON)

    def resident(self) -> float:
        """MiB."""
        return float(self.process.memory_info().rss) / MEBIBYTE

    def lines(self, **fields: Any) -> list[dict[str, Any]]:
        """Of the log, with these values."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines()]
        return [line for line in lines if fields.items() <= line.items()]

    def ask(self, data: bytes) -> bytes:
        with self.connect() as connection:
            connection.sendall(data)
            return _answer(connection)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Port]:
    number = free_port()
    log = tmp_path_factory.mktemp("port") / "log"
    with in_memory_aws(Population(6), 1.0) as aws, log.open("w") as out:
        environ = {**environment(aws), variable("port"): str(number), "PATH": os.environ["PATH"]}
        process = subprocess.Popen(
            [sys.executable, "-c", QUICKLY], env=environ, stdout=out, stderr=subprocess.STDOUT
        )
        found = Port(number, psutil.Process(process.pid), log)
        try:
            _until(lambda: _answers(found))
            # Everything that is loaded late is there before memory is measured.
            for path in (b"/v1/members/me", b"/openapi.json"):
                found.ask(_request(path, _token(0), b"Connection: close"))
            yield found
        finally:
            process.terminate()
            assert process.wait(timeout=20) == 0


@pytest.fixture(autouse=True)
def _no_client_is_an_error(port: Port) -> Iterator[None]:
    before = len(port.lines(level="ERROR"))
    yield
    assert not port.lines(level="ERROR")[before:]
    assert b"200 OK" in port.ask(_request(b"/health"))


def _until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _answers(port: Port) -> bool:
    with suppress(OSError):
        return b"200 OK" in port.ask(_request(b"/health"))
    return False


def _token(maker: int) -> bytes:
    return b"Authorization: Bearer " + token(f"maker-{maker}").encode()


def _request(path: bytes, *headers: bytes, method: bytes = b"GET") -> bytes:
    return b"\r\n".join((method + b" " + path + b" HTTP/1.1", b"Host: cufit", *headers, b"", b""))


def _invitation(maker: int, *headers: bytes) -> bytes:
    """Without its body."""
    content_type = b"Content-Type: application/json"
    return _request(b"/v1/invitations", _token(maker), content_type, *headers, method=b"POST")


def _answer(connection: socket.socket) -> bytes:
    """One answer, or what came of it before the other side closed."""
    received = b""
    while b"\r\n\r\n" not in received or len(received) < _length(received):
        more = _received(connection)
        if not more:
            break
        received += more
    return received


def _received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65536)
    except ConnectionError:
        return b""


def _length(received: bytes) -> int:
    head, _, _ = received.partition(b"\r\n\r\n")
    announced = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    return len(head) + 4 + (int(announced.group(1)) if announced else 0)


def _is_closed(connection: socket.socket) -> bool:
    """Within SOON, after all that was sent."""
    connection.settimeout(SOON)
    with suppress(TimeoutError):
        while _received(connection):
            pass
        return True
    return False


def _trickle(connection: socket.socket, piece: bytes, seconds: float = SOON) -> bytes:
    """Send `piece` now and then until the other side answers or hangs up; what it said."""
    connection.settimeout(0.2)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        # Who sends to a closed connection can still read what was said before it was closed.
        with suppress(ConnectionError):
            connection.sendall(piece)
        with suppress(TimeoutError):
            return _answer(connection)
    raise AssertionError(f"still waiting after {seconds} s")


def _assert_problem(answer: bytes, status: int, code: str) -> None:
    head, _, body = answer.partition(b"\r\n\r\n")
    problem = json.loads(body)
    assert (int(head.split()[1]), problem["status"], problem["code"]) == (status, status, code)
    headers = head.decode().lower().splitlines()
    assert "content-type: application/problem+json" in headers
    assert f"x-correlation-id: {problem['correlationId'].lower()}" in headers
    assert "connection: close" in headers


TRICKLES = {
    "headers": (b"GET /health HTTP/1.1\r\nHost: cufit\r\n", b"X-Filler: 1\r\n"),
    "one header": (b"GET /health HTTP/1.1\r\nHost: cufit\r\nX-Filler: ", b"1"),
    "an address": (b"GET /", b"a"),
    "empty lines": (b"", b"\r\n"),
    "after another request": (b"GET /", b"a"),
}


def test_a_head_that_trickles_in_is_answered_408_and_closed(port: Port) -> None:
    def trickled(connection: socket.socket, what: str) -> bytes:
        begun, piece = TRICKLES[what]
        if what == "after another request":
            connection.sendall(_request(b"/health"))
            assert b"200 OK" in _answer(connection)
        connection.sendall(begun)
        return _trickle(connection, piece)

    with ExitStack() as open_connections, ThreadPoolExecutor(len(TRICKLES)) as threads:
        connections = [open_connections.enter_context(port.connect()) for _ in TRICKLES]
        for answer in threads.map(trickled, connections, TRICKLES):
            _assert_problem(answer, 408, "headers_too_slow")
        assert all(map(_is_closed, connections))


def test_a_connection_on_which_nothing_comes_is_closed(port: Port) -> None:
    with port.connect() as never_used, port.connect() as used:
        used.sendall(_request(b"/health"))
        assert b"200 OK" in _answer(used)
        assert _is_closed(never_used)
        assert _is_closed(used)


@pytest.mark.parametrize("length", [b"Content-Length: 60000", b"Transfer-Encoding: chunked"])
def test_a_body_that_trickles_in_is_answered_408_and_closed(port: Port, length: bytes) -> None:
    piece = b"1\r\n \r\n" if b"chunked" in length else b" "
    with port.connect() as connection:
        connection.sendall(_invitation(1, length))
        _assert_problem(_trickle(connection, piece), 408, "body_too_slow")
        assert _is_closed(connection)
    assert port.lines(status=408, code="body_too_slow", level="INFO", route="/v1/invitations")


def test_a_body_that_nobody_waits_for_is_not_waited_for(port: Port) -> None:
    stranger = _request(b"/v1/invitations", b"Content-Length: 60000", method=b"POST")
    with port.connect() as connection:
        connection.sendall(stranger)
        assert _answer(connection).startswith(b"HTTP/1.1 401")
        assert _trickle(connection, b" ") == b""


@pytest.mark.parametrize(
    ("status", "code", "path", "header"),
    [
        (414, "address_too_long", MAX_TARGET_BYTES, 0),
        (431, "headers_too_large", 0, MAX_HEAD_BYTES),
        (431, "headers_too_large", MAX_TARGET_BYTES - 100, MAX_HEAD_BYTES - MAX_TARGET_BYTES + 100),
    ],
)
@pytest.mark.parametrize("pieces", [1, 7])
def test_a_head_may_have_so_many_bytes(
    port: Port, status: int, code: str, path: int, header: int, pieces: int
) -> None:
    data = _request(b"/health?" + b"a" * path, b"X-Filler: " + b"a" * header)
    with port.connect() as connection:
        for start in range(0, len(data), len(data) // pieces + 1):
            with suppress(ConnectionError):
                connection.sendall(data[start : start + len(data) // pieces + 1])
                time.sleep(0.02)
        _assert_problem(_answer(connection), status, code)
        assert _is_closed(connection)


def test_a_head_below_the_limit_is_read(port: Port) -> None:
    data = _request(b"/health?" + b"a" * 8000, b"X-Filler: " + b"a" * 8000)
    with port.connect() as connection:
        for _ in range(3):
            connection.sendall(data)
            assert b"200 OK" in _answer(connection)


@pytest.mark.parametrize(
    "begun",
    [
        b"GET /health HTTP/1.1\r\nX-Filler: ",
        b"GET /",
        b"GET /health HTTP/1.1\r\nX-Filler",
        _request(b"/v1/invitations", b"Transfer-Encoding: chunked", method=b"POST") + b"1;",
        _request(b"/v1/invitations", b"Content-Length: 99999999999", method=b"POST"),
        _invitation(2, b"Transfer-Encoding: chunked") + b"ffffff\r\n",
        _request(b"/health", b"Transfer-Encoding: chunked") + b"0\r\nX-Filler: ",
    ],
    ids=["header", "address", "header's name", "chunk's head", "body", "member's body", "trailer"],
)
def test_what_is_sent_without_an_end_is_not_kept(port: Port, begun: bytes) -> None:
    before = port.resident()
    megabyte = b"a" * MEBIBYTE
    with ExitStack() as open_connections:
        for _ in range(4):
            connection = open_connections.enter_context(port.connect())
            with suppress(ConnectionError):
                connection.sendall(begun)
                for _ in range(32):
                    connection.sendall(megabyte)
        assert port.resident() - before < 8


def test_a_body_may_come_in_chunks_and_its_trailers_are_no_headers(port: Port) -> None:
    body = b'{"kind": "CANDIDATE", "relation": "FRIEND"}'
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in body)
    chunked = _invitation(2, b"Transfer-Encoding: chunked") + chunks
    for trailer in (b"", b"Idempotency-Key: the-same\r\n", b"Idempotency-Key: the-same\r\n"):
        answer = port.ask(chunked + b"0\r\n" + trailer + b"\r\n")
        assert answer.startswith(b"HTTP/1.1 201")
        assert b"idempotency-replayed" not in answer.lower()


def test_slow_bodies_take_no_places(port: Port) -> None:
    """More of them at once than there are places; two members, for one is limited before that."""
    slow = MAX_UNDER_WAY + 32
    with ExitStack() as open_connections:
        for number in range(slow):
            connection = open_connections.enter_context(port.connect())
            connection.sendall(_invitation(2 + number % 3, b"Content-Length: 100"))
        answers = [port.ask(_request(b"/v1/members/me", _token(5))) for _ in range(20)]
        assert {answer.split()[1] for answer in answers} == {b"200"}


def test_idle_connections_make_room(port: Port) -> None:
    with ExitStack() as open_connections:
        for _ in range(MAX_CONNECTIONS + 20):
            open_connections.enter_context(port.connect())
        assert b"200 OK" in port.ask(_request(b"/health"))


def test_more_connections_than_the_limit_are_refused_until_some_end(port: Port) -> None:
    with ExitStack() as open_connections:
        for _ in range(MAX_CONNECTIONS):
            connection = open_connections.enter_context(port.connect())
            connection.sendall(b"GET /")
        time.sleep(0.2)
        with port.connect() as one_more:
            refused = _answer(one_more)
        _assert_problem(refused, 503, "connections_used_up")
        assert b"retry-after: 1" in refused.lower()
        assert len(port.process.net_connections()) < MAX_CONNECTIONS + 50
        _until(lambda: _answers(port))


def test_pipelined_requests_are_answered_in_order(port: Port) -> None:
    paths = (b"/health", b"/nowhere") * (MAX_PIPELINED // 2)
    with port.connect() as connection:
        connection.sendall(b"".join(map(_request, paths)))
        statuses = [_status(connection) for _ in paths]
    assert statuses == [200, 404] * (MAX_PIPELINED // 2)


def _status(connection: socket.socket) -> int:
    """Byte for byte, to leave the next answer where it is."""
    received = b""
    while b"\r\n\r\n" not in received or len(received) < _length(received):
        received += connection.recv(1)
    return int(received.split()[1])


def test_a_pile_of_pipelined_requests_is_not_worked_off(port: Port) -> None:
    before = port.resident()
    with ExitStack() as open_connections:
        for _ in range(8):
            connection = open_connections.enter_context(port.connect())
            with suppress(ConnectionError):
                connection.sendall(_request(b"/v1/members/me", _token(5)) * 5000)
            assert _is_closed(connection)
    assert port.resident() - before < 16


def test_who_does_not_read_the_answer_is_not_waited_for(port: Port) -> None:
    before = len(port.process.net_connections())
    with ExitStack() as open_connections:
        for _ in range(4):
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", port.number))
            open_connections.enter_context(connection)
            connection.sendall(_request(b"/docs/assets/swagger-ui-bundle.js") * 4)
        _until(lambda: len(port.process.net_connections()) <= before)


LEAVERS = {
    "in the head": b"GET /v1/members/me HTTP/1.1\r\nHost:",
    "in the body": _invitation(1, b"Content-Length: 100") + b"{",
    "in a chunk": _invitation(1, b"Transfer-Encoding: chunked") + b"50\r\n{",
    "before the answer": _request(b"/v1/members/me", _token(1)),
    "with more to be answered": _request(b"/v1/members/me", _token(1)) * 3,
    "in a large answer": _request(b"/docs/assets/swagger-ui-bundle.js"),
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
        _assert_problem(port.ask(odd), 400, "request_not_http")
