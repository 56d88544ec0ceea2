"""What a client may send to the service's port, and how long it may take."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import pytest

from cufit_service.entrypoints.http.problems import MAX_HEAD_BYTES, MAX_TARGET_BYTES
from tests.integration.service.rude import (
    MEBIBYTE,
    Port,
    answer_on,
    assert_problem,
    invitation,
    is_closed,
    request,
    trickle,
)

pytestmark = pytest.mark.usefixtures("no_client_is_an_error")


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
            connection.sendall(request(b"/health"))
            assert b"200 OK" in answer_on(connection)
        connection.sendall(begun)
        return trickle(connection, piece)

    with ExitStack() as open_connections, ThreadPoolExecutor(len(TRICKLES)) as threads:
        connections = [open_connections.enter_context(port.connect()) for _ in TRICKLES]
        for answer in threads.map(trickled, connections, TRICKLES):
            assert_problem(answer, 408, "headers_too_slow")
        assert all(map(is_closed, connections))


def test_a_connection_on_which_nothing_comes_is_closed(port: Port) -> None:
    with port.connect() as never_used, port.connect() as used:
        used.sendall(request(b"/health"))
        assert b"200 OK" in answer_on(used)
        assert is_closed(never_used)
        assert is_closed(used)


@pytest.mark.parametrize("length", [b"Content-Length: 60000", b"Transfer-Encoding: chunked"])
def test_a_body_that_trickles_in_is_answered_408_and_closed(port: Port, length: bytes) -> None:
    piece = b"1\r\n \r\n" if b"chunked" in length else b" "
    with port.connect() as connection:
        connection.sendall(invitation(1, length))
        assert_problem(trickle(connection, piece), 408, "body_too_slow")
        assert is_closed(connection)
    assert port.lines(status=408, code="body_too_slow", level="INFO", route="/v1/invitations")


def test_a_body_that_nobody_waits_for_is_not_waited_for(port: Port) -> None:
    stranger = request(b"/v1/invitations", b"Content-Length: 60000", method=b"POST")
    with port.connect() as connection:
        connection.sendall(stranger)
        assert answer_on(connection).startswith(b"HTTP/1.1 401")
        assert trickle(connection, b" ") == b""


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
    data = request(b"/health?" + b"a" * path, b"X-Filler: " + b"a" * header)
    with port.connect() as connection:
        for start in range(0, len(data), len(data) // pieces + 1):
            with suppress(ConnectionError):
                connection.sendall(data[start : start + len(data) // pieces + 1])
                time.sleep(0.02)
        assert_problem(answer_on(connection), status, code)
        assert is_closed(connection)


def test_more_empty_lines_than_a_head_may_have_bytes_are_a_large_head(port: Port) -> None:
    with port.connect() as connection:
        connection.sendall(b"\r\n" * (MAX_HEAD_BYTES // 2 + 1))
        assert_problem(answer_on(connection), 431, "headers_too_large")


@pytest.mark.parametrize("lines", [1, MAX_HEAD_BYTES // 2 + 1], ids=["a few", "many"])
def test_empty_lines_after_an_answer_get_none(port: Port, lines: int) -> None:
    """Who keeps the connection would take it for the answer to the next request."""
    with port.connect() as connection:
        connection.sendall(request(b"/health"))
        assert b"200 OK" in answer_on(connection)
        connection.sendall(b"\r\n" * lines)
        assert answer_on(connection) == b""


def test_an_empty_line_before_a_request_is_ignored(port: Port) -> None:
    with port.connect() as connection:
        for _ in range(2):
            connection.sendall(b"\r\n" + request(b"/health"))
            assert b"200 OK" in answer_on(connection)


def test_what_is_no_request_after_an_answer_is_still_told(port: Port) -> None:
    with port.connect() as connection:
        connection.sendall(request(b"/health"))
        assert b"200 OK" in answer_on(connection)
        connection.sendall(b"\0\r\n")
        assert_problem(answer_on(connection), 400, "request_not_http")


def test_who_would_rather_speak_another_protocol_is_answered_in_this_one(port: Port) -> None:
    before = len(port.lines(level="WARNING"))
    for other in (b"h2c", b"websocket"):
        asked = request(b"/health", b"Connection: Upgrade", b"Upgrade: " + other)
        assert b"200 OK" in port.ask(asked)
    assert not port.lines(level="WARNING")[before:]


def test_a_head_below_the_limit_is_read(port: Port) -> None:
    data = request(b"/health?" + b"a" * 8000, b"X-Filler: " + b"a" * 8000)
    with port.connect() as connection:
        for _ in range(3):
            connection.sendall(data)
            assert b"200 OK" in answer_on(connection)


@pytest.mark.parametrize(
    "begun",
    [
        b"GET /health HTTP/1.1\r\nX-Filler: ",
        b"GET /",
        b"GET /health HTTP/1.1\r\nX-Filler",
        request(b"/v1/invitations", b"Transfer-Encoding: chunked", method=b"POST") + b"1;",
        request(b"/v1/invitations", b"Content-Length: 99999999999", method=b"POST"),
        invitation(2, b"Transfer-Encoding: chunked") + b"ffffff\r\n",
        request(b"/health", b"Transfer-Encoding: chunked") + b"0\r\nX-Filler: ",
        b"\r\n" * 10_240,
    ],
    ids=[
        "header",
        "address",
        "header's name",
        "chunk's head",
        "body",
        "member's body",
        "trailer",
        "empty lines",
    ],
)
def test_what_is_sent_without_an_end_is_not_kept(port: Port, begun: bytes) -> None:
    """128 MiB are sent."""
    before = port.resident()
    megabyte = b"a" * MEBIBYTE
    with ExitStack() as open_connections:
        for _ in range(4):
            connection = open_connections.enter_context(port.connect())
            with suppress(ConnectionError):
                connection.sendall(begun)
                for _ in range(32):
                    connection.sendall(megabyte)
        assert port.resident() - before < 32


def test_a_body_may_come_in_chunks_and_its_trailers_are_no_headers(port: Port) -> None:
    body = b'{"kind": "CANDIDATE", "relation": "FRIEND"}'
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in body)
    chunked = invitation(2, b"Transfer-Encoding: chunked") + chunks
    for trailer in (b"", b"Idempotency-Key: the-same\r\n", b"Idempotency-Key: the-same\r\n"):
        answer = port.ask(chunked + b"0\r\n" + trailer + b"\r\n")
        assert answer.startswith(b"HTTP/1.1 201")
        assert b"idempotency-replayed" not in answer.lower()
