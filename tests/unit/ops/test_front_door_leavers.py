"""Clients that go away before they are answered leave nothing behind at the front door."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cufit_ops.laptop.platform.issuer import LocalIssuer
from tests.unit.ops.opened_door import BY_NAME, Door, Service, opened


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with opened(LocalIssuer(tmp_path / "key.pem"), *BY_NAME) as made:
        yield made


async def test_clients_that_left_leave_nothing_behind(door: Door) -> None:
    never = asyncio.Event()

    async def wait(head: bytes, writer: asyncio.StreamWriter) -> None:
        if b"/v1/slow" in head:
            await never.wait()
        await Service.says()(head, writer)

    door.service.answer = wait
    token = door.signed_in["authorization"].encode()
    asked = b"GET /v1/slow HTTP/1.1\r\nHost: x\r\nAuthorization: " + token + b"\r\n\r\n"
    usual = await _seconds(door)
    files = _open_files()
    for _ in range(20):
        await asyncio.gather(*(_ask_and_leave(door.port, asked) for _ in range(100)))
    assert await _seconds(door) < usual + 0.5
    deadline = time.monotonic() + 5
    while len(asyncio.all_tasks()) > 20 and time.monotonic() < deadline:
        never.set()
        await asyncio.sleep(0.05)
    assert len(asyncio.all_tasks()) <= 20
    assert _open_files() <= files + 10


async def test_a_client_that_leaves_in_its_body_is_no_error(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    token = door.signed_in["authorization"].encode()
    head = b"PUT /v1/x HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nAuthorization: " + token
    await _ask_and_leave(door.port, head + b"\r\n\r\nhalf")
    await asyncio.sleep(0.1)
    assert (await door.http.get("/health")).status_code == 200
    assert not caplog.records
    assert len(door.service.heads) == 1


async def _ask_and_leave(port: int, asked: bytes) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(asked)
    await writer.drain()
    await asyncio.sleep(0.01)
    writer.close()
    await writer.wait_closed()


async def _seconds(door: Door) -> float:
    began = time.perf_counter()
    answer = await door.http.get("/health")
    assert answer.status_code == 200
    return time.perf_counter() - began


def _open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))
