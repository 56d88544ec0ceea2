"""A front door on a real socket, with a bare server behind it for a task."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext

import httpx

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

Answer = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


class Service:
    """The task: a bare server that keeps what it was sent."""

    in_service = True
    serving = nullcontext
    restarts = 0

    def __init__(self) -> None:
        self.port = 0
        self.heads: list[bytes] = []
        self.open = 0
        self.answer: Answer = self.says()

    def choose(self) -> "Service":
        return self

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
async def opened(issuer: LocalIssuer, *routes: Route) -> AsyncIterator[Door]:
    service = Service()
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
