"""The front door answers as an HTTP API: the authorizer first, then the function or the service."""

import asyncio
import io
import json
import threading
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from cufit_ops.laptop.platform.front_door import FrontDoor
from cufit_ops.laptop.platform.http_api import (
    HttpApi,
    JwtAuthorizer,
    LambdaTarget,
    Route,
    ServiceTarget,
)
from cufit_ops.laptop.platform.issuer import AUDIENCE, ISSUER, LocalIssuer

LOCAL = JwtAuthorizer(ISSUER, (AUDIENCE,))
API = HttpApi(
    "api",
    (
        Route("POST /v1/photos", LambdaTarget("photos"), LOCAL),
        Route("GET /health", ServiceTarget(30), None),
        Route("ANY /{proxy+}", ServiceTarget(30), LOCAL),
    ),
)


class NoTask:
    current = None
    restarts = 0

    def choose(self) -> None:
        return None

    def role_credentials(self, token: str) -> dict[str, str] | None:
        return {"AccessKeyId": "A"} if token == "task-token" else None


class FakeLambda:
    def __init__(self, answer: Any, failed: bool = False) -> None:
        self.answer, self.failed, self.events = answer, failed, list[dict[str, Any]]()

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:
        self.events.append(json.loads(Payload))
        failed = {"FunctionError": "Unhandled"} if self.failed else {}
        return {"Payload": io.BytesIO(json.dumps(self.answer).encode()), **failed}


@pytest.fixture
def issuer(tmp_path: Path) -> LocalIssuer:
    return LocalIssuer(tmp_path / "key.pem")


def calling(issuer: LocalIssuer, function: FakeLambda, api: HttpApi = API) -> httpx.AsyncClient:
    door = FrontDoor(lambda: api, NoTask(), issuer, lambda _: function)  # type: ignore[arg-type]  # the one attribute used
    return httpx.AsyncClient(transport=httpx.ASGITransport(door.app()), base_url="http://door")


def forged() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "admin", "exp": 4_000_000_000}
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "local-1"})


@pytest.mark.parametrize("case", ["none", "basic", "garbage", "forged", "expired", "unsigned"])
async def test_the_authorizer_refuses(issuer: LocalIssuer, case: str) -> None:
    unsigned = jwt.encode({"iss": ISSUER, "aud": AUDIENCE, "sub": "x"}, "", algorithm="none")
    headers = {
        "none": {},
        "basic": {"authorization": "Basic YWRtaW46YWRtaW4="},
        "garbage": {"authorization": "Bearer x.y.z"},
        "forged": {"authorization": f"Bearer {forged()}"},
        "expired": {"authorization": f"Bearer {issuer.token('maker-1', seconds=-10)}"},
        "unsigned": {"authorization": f"Bearer {unsigned}"},
    }[case]
    function = FakeLambda({"statusCode": 201})
    async with calling(issuer, function) as http:
        answer = await http.post("/v1/photos", json={}, headers=headers)
    assert answer.status_code == 401
    assert answer.json() == {"message": "Unauthorized"}
    assert function.events == []


@pytest.mark.parametrize(
    ("audience", "status"),
    [("app", 201), ("web", 201), (["another", "web"], 201), (["another"], 401), ("we", 401)],
)
async def test_one_of_the_authorizers_audiences_is_enough(
    issuer: LocalIssuer, audience: Any, status: int
) -> None:
    authorizer = JwtAuthorizer(ISSUER, ("web", "app"))
    api = HttpApi("api1", (Route("POST /v1/photos", LambdaTarget("F"), authorizer),))
    claims = {"iss": ISSUER, "aud": audience, "sub": "candidate-01", "exp": 4_000_000_000}
    bearer = jwt.encode(claims, issuer._key, algorithm="RS256", headers={"kid": "local-1"})
    function = FakeLambda({"statusCode": 201})
    async with calling(issuer, function, api) as http:
        answer = await http.post(
            "/v1/photos", json={}, headers={"authorization": f"Bearer {bearer}"}
        )
    assert answer.status_code == status


async def test_a_function_gets_the_claims_as_texts(issuer: LocalIssuer) -> None:
    function = FakeLambda({"statusCode": 201, "body": '{"photoId":"p"}', "headers": {"x-a": "1"}})
    async with calling(issuer, function) as http:
        answer = await http.post(
            "/v1/photos?x=1",
            json={"contentType": "image/png"},
            headers={"authorization": f"Bearer {issuer.token('candidate-01')}"},
        )
    assert (answer.status_code, answer.json(), answer.headers["x-a"]) == (
        201,
        {"photoId": "p"},
        "1",
    )
    (event,) = function.events
    claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
    assert claims["sub"] == "candidate-01"
    assert all(isinstance(value, str) for value in claims.values())
    assert json.loads(event["body"]) == {"contentType": "image/png"}
    assert event["routeKey"] == "POST /v1/photos"
    assert event["queryStringParameters"] == {"x": "1"}


async def test_a_failing_function_is_a_500_without_its_error(issuer: LocalIssuer) -> None:
    function = FakeLambda({"errorMessage": "secret detail"}, failed=True)
    async with calling(issuer, function) as http:
        answer = await http.post(
            "/v1/photos", headers={"authorization": f"Bearer {issuer.token('candidate-01')}"}
        )
    assert answer.status_code == 500
    assert answer.json() == {"message": "Internal Server Error"}


async def test_a_function_gets_repeated_and_foreign_headers(issuer: LocalIssuer) -> None:
    function = FakeLambda({"statusCode": 204, "headers": {"x-said": "caf\u00e9"}})
    headers = [
        (b"authorization", f"Bearer {issuer.token('candidate-01')}".encode()),
        (b"x-asked", b"caf\xe9"),
        (b"x-asked", b"2"),
    ]
    async with calling(issuer, function) as http:
        answer = await http.post("/v1/photos?a=1&a=2", headers=headers)
    assert dict(answer.headers.raw)[b"x-said"] == b"caf\xe9"
    (event,) = function.events
    assert event["headers"]["x-asked"] == "caf\u00e9,2"
    assert event["queryStringParameters"] == {"a": "1,2"}


async def test_a_function_gets_no_headers_of_the_connection(issuer: LocalIssuer) -> None:
    function = FakeLambda({"statusCode": 200})
    headers = {
        "authorization": f"Bearer {issuer.token('maker-1')}",
        "connection": "close, x-hop", "x-hop": "1", "te": "trailers", "x-kept": "1",
    }  # fmt: skip
    async with calling(issuer, function) as http:
        await http.post("/v1/photos", headers=headers, content=b"{}")
    (event,) = function.events
    assert not {"connection", "x-hop", "te"} & set(event["headers"])
    assert {"x-kept", "host", "content-length"} <= set(event["headers"])


async def test_a_function_that_takes_too_long_is_a_503(issuer: LocalIssuer) -> None:
    class Slow(FakeLambda):
        def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:
            late.wait(10)
            return super().invoke(FunctionName, Payload)

    late = threading.Event()
    quick = HttpApi("api", (Route("POST /v1/photos", LambdaTarget("photos", 0.05), None),))
    async with calling(issuer, Slow({"statusCode": 200}), quick) as http:
        answer = await http.post("/v1/photos")
    late.set()
    assert (answer.status_code, answer.json()) == (503, {"message": "Service Unavailable"})


@pytest.mark.parametrize(
    "returned", [{"statusCode": "x"}, {"statusCode": 200, "body": 7}, {"statusCode": None}]
)
async def test_a_function_that_returns_no_answer_is_a_500(
    issuer: LocalIssuer, returned: Any
) -> None:
    headers = {"authorization": f"Bearer {issuer.token('candidate-01')}"}
    async with calling(issuer, FakeLambda(returned)) as http:
        answer = await http.post("/v1/photos", headers=headers)
    assert (answer.status_code, answer.json()) == (500, {"message": "Internal Server Error"})


async def test_no_task_is_a_503(issuer: LocalIssuer) -> None:
    async with calling(issuer, FakeLambda(None)) as http:
        assert (await http.get("/health")).status_code == 503


class OneTask:
    """A service whose only task is a server of the test."""

    in_service = True
    serving = nullcontext

    def __init__(self, port: int) -> None:
        self.port = port

    def choose(self) -> "OneTask":
        return self


@pytest.mark.parametrize(
    "target",
    [
        "/v1/candidates/m%23x?cursor=a%2Fb&limit=1",
        "/v1/candidates/%1C%C3%A9%2F..%2F?x",
        "/v1/candidates/%EA%B0%80",
    ],
)
async def test_the_service_is_asked_for_the_very_target(issuer: LocalIssuer, target: str) -> None:
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).split()[1])
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        task = OneTask(server.sockets[0].getsockname()[1])
        door = FrontDoor(lambda: API, task, issuer, lambda _: None)  # type: ignore[arg-type]
        headers = {"authorization": f"Bearer {issuer.token('maker-1')}"}
        transport = httpx.ASGITransport(door.app())
        async with httpx.AsyncClient(transport=transport, base_url="http://door") as http:
            assert (await http.get(target, headers=headers)).status_code == 204
    assert asked == [target.encode()]


async def test_a_target_that_is_no_address_is_a_400(issuer: LocalIssuer) -> None:
    door = FrontDoor(lambda: API, OneTask(9), issuer, lambda _: None)  # type: ignore[arg-type]
    token = issuer.token("maker-1").encode()
    said: list[Any] = []

    parts = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> dict[str, Any]:
        for part in parts:
            return part
        await asyncio.sleep(60)  # the client stays
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        said.append(message)

    await door.app()(
        {
            "type": "http",
            "method": "GET",
            "path": "/v1/\ufffd",
            "raw_path": b"/v1/\xff",
            "query_string": b"",
            "headers": [(b"host", b"door"), (b"authorization", b"Bearer " + token)],
        },
        receive,
        send,
    )
    assert said[0]["status"] == 400


async def test_credentials_are_for_the_task_alone(issuer: LocalIssuer) -> None:
    async with calling(issuer, FakeLambda(None)) as http:
        refused = await http.get("/_local/credentials", headers={"authorization": "guess"})
        given = await http.get("/_local/credentials", headers={"authorization": "task-token"})
    assert refused.status_code == 403
    assert given.json() == {"AccessKeyId": "A"}


async def test_the_keys_never_hold_the_private_part(issuer: LocalIssuer) -> None:
    async with calling(issuer, FakeLambda(None)) as http:
        (key,) = (await http.get("/_local/jwks.json")).json()["keys"]
    assert set(key) <= {"kty", "key_ops", "n", "e", "kid", "use", "alg"}


def test_the_issuer_keeps_its_key(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    first = LocalIssuer(path).jwks()
    assert LocalIssuer(path).jwks() == first
    assert path.stat().st_mode & 0o077 == 0
    path.write_text("not a key")
    assert LocalIssuer(path).jwks() != first
