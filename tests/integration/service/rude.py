"""The service as a process of its own, and clients without manners."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from cufit_contracts.environment import variable
from tests.benchmarks.population import Population
from tests.benchmarks.system_under_load import environment, free_port, in_memory_aws
from tests.unit.service.signing import token

MEBIBYTE = 2**20

QUICKLY = {
    "HEAD_SECONDS": 1.0,
    "BODY_SECONDS": 1.0,
    "TAKE_SECONDS": 1.0,
    "LINGER_SECONDS": 1.0,
    "KEEP_ALIVE_SECONDS": 2,
}
"""Less patience than the service has, so that the tests need less."""

SERVICE = """
import json, sys
from cufit_service import lifetimes
vars(lifetimes).update(json.loads(sys.argv.pop()))
from cufit_service.__main__ import main
raise SystemExit(main())
"""

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

    def connections(self) -> int:
        """Of clients, that the service has open."""
        found = self.process.net_connections("tcp")
        mine = (each for each in found if each.laddr and each.laddr.port == self.number)
        return sum(each.status == psutil.CONN_ESTABLISHED for each in mine)

    def lines(self, **fields: Any) -> list[dict[str, Any]]:
        """Of the log, with these values."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines()]
        return [line for line in lines if fields.items() <= line.items()]

    def ask(self, data: bytes) -> bytes:
        with self.connect() as connection:
            connection.sendall(data)
            return answer_on(connection)


@contextmanager
def serving(log: Path, **lifetimes: float) -> Iterator[Port]:
    """The service, with an AWS in memory and six makers; exits with 0 when it is told to stop.

    `lifetimes`: by name, where they are not QUICKLY.
    """
    number = free_port()
    with in_memory_aws(Population(6), 1.0) as aws, log.open("w") as out:
        environ = {**environment(aws), variable("port"): str(number), "PATH": os.environ["PATH"]}
        process = subprocess.Popen(
            [sys.executable, "-c", SERVICE, json.dumps(QUICKLY | lifetimes)],
            env=environ,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        found = Port(number, psutil.Process(process.pid), log)
        try:
            until(lambda: answers(found))
            # Everything that is loaded late is there before memory is measured.
            for path in (b"/v1/members/me", b"/openapi.json"):
                found.ask(request(path, bearer(0), b"Connection: close"))
            yield found
        finally:
            process.terminate()
            assert process.wait(timeout=20) == 0


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def answers(port: Port) -> bool:
    with suppress(OSError):
        return b"200 OK" in port.ask(request(b"/health"))
    return False


def bearer(maker: int) -> bytes:
    return b"Authorization: Bearer " + token(f"maker-{maker}").encode()


def request(path: bytes, *headers: bytes, method: bytes = b"GET") -> bytes:
    return b"\r\n".join((method + b" " + path + b" HTTP/1.1", b"Host: cufit", *headers, b"", b""))


def invitation(maker: int, *headers: bytes) -> bytes:
    """Without its body."""
    content_type = b"Content-Type: application/json"
    return request(b"/v1/invitations", bearer(maker), content_type, *headers, method=b"POST")


def answer_on(connection: socket.socket) -> bytes:
    """One answer, or what came of it before the other side closed."""
    received = b""
    while b"\r\n\r\n" not in received or len(received) < length_of(received):
        more = received_on(connection)
        if not more:
            break
        received += more
    return received


def received_on(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65536)
    except ConnectionError:
        return b""


def length_of(received: bytes) -> int:
    head, _, _ = received.partition(b"\r\n\r\n")
    announced = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    return len(head) + 4 + (int(announced.group(1)) if announced else 0)


def is_closed(connection: socket.socket) -> bool:
    """Within SOON, after all that was sent."""
    connection.settimeout(SOON)
    with suppress(TimeoutError):
        while received_on(connection):
            pass
        return True
    return False


def trickle(connection: socket.socket, piece: bytes, seconds: float = SOON) -> bytes:
    """Send `piece` now and then until the other side answers or hangs up; what it said."""
    connection.settimeout(0.2)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        # Who sends to a closed connection can still read what was said before it was closed.
        with suppress(ConnectionError):
            connection.sendall(piece)
        with suppress(TimeoutError):
            return answer_on(connection)
    raise AssertionError(f"still waiting after {seconds} s")


def assert_problem(answer: bytes, status: int, code: str) -> None:
    head, _, body = answer.partition(b"\r\n\r\n")
    problem = json.loads(body)
    assert (int(head.split()[1]), problem["status"], problem["code"]) == (status, status, code)
    headers = head.decode().lower().splitlines()
    assert "content-type: application/problem+json" in headers
    assert f"x-correlation-id: {problem['correlationId'].lower()}" in headers
    assert "connection: close" in headers
