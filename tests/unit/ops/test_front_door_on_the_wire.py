"""What a browser or a broken client meets at the front door, on a real socket."""

import asyncio
import base64
from collections.abc import AsyncIterator
from http import HTTPStatus

import pytest
import pytest_asyncio

from cufit_ops.laptop.platform import front_door
from cufit_ops.laptop.platform.http_api import Route, ServiceTarget
from cufit_ops.laptop.platform.issuer import LocalIssuer
from cufit_service.entrypoints.http.document import OF_GATEWAY
from tests.unit.ops.opened_door import BY_NAME, LOCAL, PAGE, Door, Service, opened

PREFLIGHT = {"origin": PAGE, "access-control-request-method": "PUT"}

DEEP = base64.urlsafe_b64encode(b'{"a":' + b"[" * 30_000) + b".e30.e30"
"""A token whose header no JSON parser gets to the end of."""

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> LocalIssuer:
    return LocalIssuer(tmp_path_factory.mktemp("issuer") / "key.pem")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened_once(issuer: LocalIssuer) -> AsyncIterator[Door]:
    async with opened(issuer, *BY_NAME) as made:
        yield made


@pytest.fixture
def door(opened_once: Door) -> Door:
    opened_once.service.heads.clear()
    opened_once.service.answer = Service.says()
    return opened_once


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


async def test_an_authorizer_of_any_method_refuses_preflights(issuer: LocalIssuer) -> None:
    async with opened(issuer, Route("ANY /{proxy+}", ServiceTarget(30), LOCAL)) as door:
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


async def test_headers_of_the_connection_are_not_passed_on(door: Door) -> None:
    of_it = (b"Connection: close, X-Hop", b"Connection: ,x-other", b"X-Hop: 1", b"X-Other: 1")
    door.service.answer = Service.says(*of_it[1:], b"Connection: X-Hop", b"X-Kept: 1")
    said = await door.raw(
        b"\r\n".join([b"GET /health HTTP/1.1", b"Host: x", *of_it, b"X-Kept: 1", b"", b""])
    )
    for head in (door.service.heads[0].lower(), said.lower()):
        assert b"x-hop" not in head
        assert b"x-other" not in head
        assert b"\r\nx-kept: 1\r\n" in head


async def test_a_body_beyond_the_gateways_limit_goes_nowhere(
    issuer: LocalIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front_door, "MAX_BODY_BYTES", 1000)
    async with opened(issuer, Route("PUT /x", ServiceTarget(30), None)) as door:
        beyond = await door.http.put("/x", content=b"x" * 1001)
        assert not door.service.heads
        just = await door.http.put("/x", content=b"x" * 1000)
    message = OF_GATEWAY[HTTPStatus.REQUEST_ENTITY_TOO_LARGE]
    assert (beyond.status_code, beyond.json()) == (413, {"message": message})
    assert just.status_code == 200


async def test_a_service_that_does_not_answer_in_time_is_unavailable(issuer: LocalIssuer) -> None:
    too_late = asyncio.Event()

    async def wait(*_: object) -> None:
        await too_late.wait()

    async with opened(issuer, Route("GET /health", ServiceTarget(0.05), None)) as door:
        door.service.answer = wait
        answer = await door.http.get("/health")
        too_late.set()
    message = OF_GATEWAY[HTTPStatus.SERVICE_UNAVAILABLE]
    assert (answer.status_code, answer.json()) == (503, {"message": message})


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
