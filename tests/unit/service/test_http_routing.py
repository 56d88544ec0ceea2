"""What is read from a request and written as its answer, whatever the operation is."""

import json
from typing import Any

import httpx
import pytest
from cufit_service.entrypoints.http.routing import Router
from pydantic import Field

from cufit_service.domain.member import Role
from cufit_service.entrypoints.http.context import Call, PageQuery
from cufit_service.entrypoints.http.idempotency import CreationHeaders
from cufit_service.entrypoints.http.schemas.common import Answer, Body, Id, List
from tests.unit.service.http_world import HttpWorld

JSON = {"Content-Type": "application/json"}

router = Router("/v1/echoes", tag="echoes")


class EchoBody(Body):
    word_said: str = Field(max_length=3)


class EchoAnswer(Answer):
    word_heard: str


class WholeEchoAnswer(EchoAnswer):
    secret: str


@router.operation("POST", "/{echo_id}", status=202)
async def create_echo(
    call: Call, echo_id: Id, query: PageQuery, headers: CreationHeaders, body: EchoBody
) -> List[EchoAnswer]:
    """Hear a word again.

    As often as
    the page is long.
    """
    call.headers["X-Key"] = headers.idempotency_key or echo_id
    heard = WholeEchoAnswer(word_heard=body.word_said, secret="hush")
    return List(items=[heard] * query.limit)


@router.operation("GET", "/{echo_id}")
async def get_echo(_: Call, echo_id: Id) -> EchoAnswer:
    """An echo."""
    return WholeEchoAnswer(word_heard=echo_id, secret="hush")


def _http() -> HttpWorld:
    http = HttpWorld()
    http.person("maker", Role.MAKER, "admin")
    http.app.router.routes[:0] = [operation.route() for operation in router.operations]
    return http


async def _post(target: str, content: bytes, subject: str | None = "maker", **headers: str) -> Any:
    async with _http().client(subject, **headers) as client:
        return await client.post(target, content=content)


def _fields(answer: httpx.Response) -> list[str]:
    return [error["field"] for error in answer.json()["errors"]]


async def test_a_handler_gets_what_its_annotations_name() -> None:
    sent = json.dumps({"wordSaid": "야호"}).encode()
    answer = await _post("/v1/echoes/e1?limit=2", sent, **JSON, **{"idempotency-key": "k"})
    assert (answer.status_code, answer.headers["X-Key"]) == (202, "k")
    assert answer.json() == {"items": [{"wordHeard": "야호"}] * 2, "next": None}


async def test_what_is_wrong_anywhere_is_told_at_once() -> None:
    target = f"/v1/echoes/{'e' * 65}?limit=0&cursor={'c' * 201}&unknown=1"
    answer = await _post(target, b'{"wordSaid": 1}', **JSON, **{"Idempotency-Key": "no key"})
    assert answer.status_code == 422
    assert _fields(answer) == ["echo_id", "limit", "cursor", "Idempotency-Key", "wordSaid"]


@pytest.mark.parametrize("body", [b"[]", b"null", b'"text"', b"1"])
async def test_json_that_is_no_object_is_the_body_s_fault(body: bytes) -> None:
    answer = await _post("/v1/echoes/e1", body, **JSON)
    assert (answer.status_code, _fields(answer)) == (422, ["body"])


@pytest.mark.parametrize("body", [b"{", b'{"wordSaid": 1}', b""])
async def test_who_is_not_let_in_is_not_told_what_is_wrong(body: bytes) -> None:
    answer = await _post("/v1/echoes/e1?limit=0", body, subject=None)
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
    assert "errors" not in answer.json()


async def test_no_field_is_written_that_the_answer_s_model_does_not_have() -> None:
    async with _http().client("maker") as client:
        one = await client.get("/v1/echoes/e1")
        many = await client.post("/v1/echoes/e1", json={"wordSaid": "hi"})
    assert one.json() == {"wordHeard": "e1"}
    assert "hush" not in many.text


def test_a_handler_s_docstring_describes_its_operation() -> None:
    create, get = router.operations
    assert (create.summary, create.description) == (
        "Hear a word again",
        "As often as the page is long.",
    )
    assert (get.summary, get.description) == ("An echo", "")
