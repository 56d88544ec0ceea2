"""What a browser, a broken client or one that left meets at the front door, on a real socket."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

import httpx
import pytest

from cufit_ops.laptop.platform.cors import Cors
from cufit_ops.laptop.platform.front_door import FrontDoor
from cufit_ops.laptop.platform.http_api import HttpApi, JwtAuthorizer, Route, ServiceTarget
from cufit_ops.laptop.platform.issuer import AUDIENCE, ISSUER, LocalIssuer
from cufit_ops.laptop.platform.server import server_of
from cufit_ops.laptop.processes import free_port

PAGE = "https://app.example"
LOCAL = JwtAuthorizer(ISSUER, (AUDIENCE,))
CORS = Cors((PAGE,), ("GET", "PUT"), ("authorization", "if-match"), ("location",), 3600, False)
BY_NAME = (
    Route("GET /health", ServiceTarget(30), None),
    Route("GET /{proxy+}", ServiceTarget(30), LOCAL),
    Route("PUT /{proxy+}", ServiceTarget(30), LOCAL),
)
PREFLIGHT = {"origin": PAGE, "access-control-request-method": "PUT"}

DEEP = base64.urlsafe_b64encode(b'{"a":' + b"[" * 30_000) + b".e30.e30"
"""A token whose header no JSON parser gets to the end of."""

Answer = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


class Service:
    """The task: a bare server that keeps what it was sent."""

    in_service = True
    serving = nullcontext
    restarts = 0

    def __init__(self) -> None:
        self.current = self
        self.port = 0
        self.heads: list[bytes] = []
        self.open = 0
        self.answer: Answer = self.says(b"")

    @staticmethod
    def says(*lines: bytes) -> Answer:
        async def answer(_: bytes, writer: asyncio.StreamWriter) -> None:
            head = b"\r\n".join([b"HTTP/1.1 200 OK", b"Content-Length: 2", *lines])
            writer.write(head + b"\r\n\r\nok")

        return answer

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        try:
            while True:
                self.heads.append(await reader.readuntil(b"\r\n\r\n"))
                await self.answer(self.heads[-1], writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.open -= 1
            writer.close()


class Door:
    def __init__(self, port: int, service: Service, token: str) -> None:
        self.port, self.service = port, service
        self.http = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False)
        self.signed_in = {"authorization": f"Bearer {token}"}

    async def raw(self, sent: bytes) -> bytes:
        """All that is answered until the connection closes or nothing comes for a while."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(sent)
        said = b""
        try:
            while part := await asyncio.wait_for(reader.read(65_536), 0.5):
                said += part
        except TimeoutError:
            pass
        writer.close()
        await writer.wait_closed()
        return said


@asynccontextmanager
async def opened(folder: Path, *routes: Route) -> AsyncIterator[Door]:
    service, issuer = Service(), LocalIssuer(folder / "key.pem")
    upstream = await asyncio.start_server(service.serve, "127.0.0.1", 0)
    service.port = upstream.sockets[0].getsockname()[1]
    api = HttpApi("api", routes, CORS)
    door = FrontDoor(lambda: api, service, issuer, lambda _: None)  # type: ignore[arg-type]  # the attributes used
    port = free_port()
    server = server_of(door.app(), port)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    made = Door(port, service, issuer.token("maker-1"))
    try:
        yield made
    finally:
        await made.http.aclose()
        server.should_exit = True
        await serving
        await door.close()
        upstream.close()


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with opened(tmp_path, *BY_NAME) as made:
        yield made


@pytest.mark.parametrize("path", ["/v1/members/me", "/nowhere", "/health"])
async def test_a_preflight_of_a_configured_page_needs_no_token(door: Door, path: str) -> None:
    answer = await door.http.options(path, headers=PREFLIGHT)
    assert answer.status_code == 204
    said = {name: value for name, value in answer.headers.items() if name.startswith("access-")}
    assert said == {
        "access-control-allow-origin": PAGE,
        "access-control-allow-methods": "GET,PUT",
        "access-control-allow-headers": "authorization,if-match",
        "access-control-max-age": "3600",
    }
    assert door.service.heads == []


async def test_another_page_is_not_let_in(door: Door) -> None:
    answer = await door.http.options(
        "/v1/members/me", headers=PREFLIGHT | {"origin": "https://evil"}
    )
    assert answer.status_code == 204
    assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_options_that_is_no_preflight_has_no_route(door: Door) -> None:
    answer = await door.http.options("/v1/members/me", headers={"origin": PAGE})
    assert (answer.status_code, answer.json()) == (404, {"message": "Not Found"})


async def test_an_authorizer_of_any_method_refuses_preflights(tmp_path: Path) -> None:
    async with opened(tmp_path, Route("ANY /{proxy+}", ServiceTarget(30), LOCAL)) as door:
        assert (await door.http.options("/v1/x", headers=PREFLIGHT)).status_code == 401


@pytest.mark.parametrize(("page", "told"), [(PAGE, PAGE), ("https://evil", None), (None, None)])
async def test_an_answer_gets_the_configured_headers_in_place_of_its_own(
    door: Door, page: str | None, told: str | None
) -> None:
    door.service.answer = Service.says(b"Access-Control-Allow-Origin: *", b"Location: /there")
    answer = await door.http.get("/health", headers={"origin": page} if page else {})
    assert answer.headers.get_list("access-control-allow-origin") == ([told] if told else [])
    assert answer.headers.get("access-control-expose-headers") == ("location" if told else None)
    assert answer.headers["location"] == "/there"


async def test_date_and_server_come_once(door: Door) -> None:
    door.service.answer = Service.says(b"Date: Thu, 01 Jan 1970 00:00:00 GMT", b"Server: other")
    headers = (await door.http.get("/health")).headers
    assert len(headers.get_list("date")) == len(headers.get_list("server")) == 1
    assert "1970" not in headers["date"]


@pytest.mark.parametrize("value", [b"caf\xe9", "소개팅".encode(), b"\x80\xff"])
async def test_header_values_outside_ascii_are_passed_on(door: Door, value: bytes) -> None:
    door.service.answer = Service.says(b"X-Said: " + value)
    answer = await door.http.get("/health", headers=[(b"x-asked", value)])
    assert answer.status_code == 200
    assert b"x-asked: " + value + b"\r\n" in door.service.heads[0]
    assert dict(answer.headers.raw)[b"x-said"] == value


async def test_nothing_is_added_to_what_the_client_sent(door: Door) -> None:
    await door.raw(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert door.service.heads == [
        b"GET /health HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % door.service.port
    ]


ADDRESSES = {
    b"/v1/a%0Ab": 401,
    b"/v1/a%0D%0ASet-Cookie:x": 401,
    b"/health%0A": 401,
    b"/v1/%00": 401,
    b"/v1/members/me%3Fx%23y": 401,
    b"/v1/%ff%fe": 401,
    b"/v1/%zz": 401,
    b"/": 404,
    b"/_local/status/": 401,
    b"/v1/\xff": 400,
    b"/v1/\x01": 400,
    b"*": 404,
    b"x": 400,
    b"http://evil.example/v1/x": 401,
    b"http://": 400,
}


@pytest.mark.parametrize("target", ADDRESSES)
async def test_an_odd_address_is_answered(door: Door, target: bytes) -> None:
    said = await door.raw(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 %d " % ADDRESSES[target]), said
    assert said.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    "target", [b"/v1/a%0Ab", b"/v1/a%0d%0aSet-Cookie:x", b"/v1/%00", b"/v1/%ff", b"/v1/%zz"]
)
async def test_an_odd_address_reaches_the_service_as_it_is(door: Door, target: bytes) -> None:
    token = door.signed_in["authorization"].encode()
    said = await door.raw(
        b"GET "
        + target
        + b" HTTP/1.1\r\nHost: [\r\nConnection: close\r\nAuthorization: "
        + token
        + b"\r\n\r\n"
    )
    assert said.startswith(b"HTTP/1.1 200 ")
    assert door.service.heads[0].startswith(b"GET " + target + b" HTTP/1.1\r\n")


@pytest.mark.parametrize("method", [b"TRACE", b"PROPFIND", b"DELETE"])
async def test_a_method_without_a_route_is_not_found(door: Door, method: bytes) -> None:
    said = await door.raw(method + b" /v1/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 404 ")
    assert said.endswith(b'{"message":"Not Found"}')


@pytest.mark.parametrize("token", [b"\xe9\xff", b"." * 5_000, b"e30.e30.e30", DEEP])
async def test_an_odd_token_is_refused(door: Door, token: bytes) -> None:
    answer = await door.http.get("/v1/x", headers=[(b"authorization", b"Bearer " + token)])
    assert answer.status_code == 401


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
    answer: Any = await door.http.get("/health")
    assert answer.status_code == 200
    return time.perf_counter() - began


def _open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))
