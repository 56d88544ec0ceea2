"""What is read from a request, and who is refused before anything is, whatever the operation is."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from cufit_service.domain.member import Role
from cufit_service.entrypoints.http.context import MemberRoute
from tests.unit.service.http_world import HttpWorld
from tests.unit.service.signing import token

Receive = Callable[[], Awaitable[dict[str, Any]]]

JSON = {"Content-Type": "application/json"}


def _http() -> HttpWorld:
    http = HttpWorld(shares_app=True)
    http.person("maker", Role.MAKER, "admin")
    return http


async def _invite(content: bytes, **headers: str) -> httpx.Response:
    async with _http().client("maker", **JSON, **headers) as client:
        return await client.post("/v1/invitations", content=content)


def _fields(answer: httpx.Response) -> list[str]:
    return [error["field"] for error in answer.json()["errors"]]


async def test_what_is_wrong_anywhere_is_told_at_once() -> None:
    sent = await _invite(b'{"kind": 1, "relation": "FRIEND"}', **{"idempotency-key": "no key"})
    assert (sent.status_code, _fields(sent)) == (422, ["Idempotency-Key", "kind"])
    async with _http().client("maker") as client:
        address = f"/v1/matches?limit=0&cursor={'c' * 201}&candidateId={'m' * 65}&unknown=1"
        asked = await client.get(address)
        too_long = await client.get(f"/v1/candidates/{'m' * 65}")
    assert (asked.status_code, _fields(asked)) == (422, ["limit", "cursor", "candidateId"])
    assert (too_long.status_code, _fields(too_long)) == (422, ["candidate_id"])


@pytest.mark.parametrize("body", [b"[]", b"null", b'"text"', b"1"])
async def test_json_that_is_no_object_is_the_body_s_fault(body: bytes) -> None:
    answer = await _invite(body)
    assert (answer.status_code, _fields(answer)) == (422, ["body"])


@pytest.mark.parametrize(
    "authorization",
    [None, f"Bearer {token('maker', key='stranger')}"],
    ids=["no token", "a forged one"],
)
@pytest.mark.parametrize("length", [b"2", b"60000"])
@pytest.mark.parametrize("media_type", [b"application/json", b"text/plain"])
async def test_a_stranger_s_body_is_not_read(
    authorization: str | None, length: bytes, media_type: bytes
) -> None:
    headers = [(b"content-length", length), (b"content-type", media_type)]
    if authorization is not None:
        headers.append((b"authorization", authorization.encode()))

    async def receive() -> dict[str, Any]:
        raise AssertionError("the body is read")

    assert await _posted(headers, receive) == (401, "token_invalid")


@pytest.mark.parametrize(
    ("broken", "answered"),
    [
        ({"type": "http.disconnect"}, (400, "body_cut_short")),
        (RuntimeError("a defect"), (500, "internal_error")),
    ],
    ids=["gone", "broken"],
)
async def test_only_what_is_no_json_is_called_so(
    broken: dict[str, Any] | Exception, answered: tuple[int, str]
) -> None:
    messages = iter([{"type": "http.request", "body": b"{", "more_body": True}, broken])

    async def receive() -> dict[str, Any]:
        message = next(messages)
        if isinstance(message, Exception):
            raise message
        return message

    headers = [
        (b"content-type", b"application/json"),
        (b"authorization", f"Bearer {token('maker')}".encode()),
    ]
    assert await _posted(headers, receive) == answered


async def _posted(headers: list[tuple[bytes, bytes]], receive: Receive) -> tuple[int, str]:
    """Status and code of what is answered to an invitation whose body comes by `receive`."""
    scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "path": "/v1/invitations",
        "raw_path": b"/v1/invitations", "query_string": b"limit=0", "root_path": "",
        "scheme": "http", "headers": headers,
    }  # fmt: skip
    sent: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    await _http().app(scope, receive, send)
    return sent[0]["status"], json.loads(sent[1]["body"])["code"]


async def test_what_has_no_body_has_no_type() -> None:
    async with _http().client("maker") as client:
        answer = await client.delete("/v1/members/me")
    assert (answer.status_code, answer.headers.get("Content-Type")) == (204, None)


def test_every_operation_but_health_s_is_for_members() -> None:
    operations = [
        route.original_route
        for route in iter_route_contexts(_http().app.routes)
        if isinstance(route.original_route, APIRoute) and route.original_route.include_in_schema
    ]
    public = {route.path for route in operations if not isinstance(route, MemberRoute)}
    assert public == {"/health", "/ready"}
    assert len(operations) > 20


async def test_head_is_answered_wherever_get_is() -> None:
    async with _http().client("maker") as client:
        for path in ("/health", "/v1/members/me", "/docs", "/openapi.json"):
            got, head = await client.get(path), await client.head(path)
            assert (head.status_code, head.content) == (200, b"")
            assert head.headers["Content-Length"] == got.headers["Content-Length"]
        assert (await client.head("/v1/candidates/me/pause")).status_code == 405


async def test_a_trailing_slash_is_another_address() -> None:
    async with _http().client("maker") as client:
        answer = await client.get("/v1/members/me/")
    assert (answer.status_code, answer.json()["code"]) == (404, "route_unknown")
