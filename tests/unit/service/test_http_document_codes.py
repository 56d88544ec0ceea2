"""What the document lists is what the code can say: nothing missing, nothing dead."""

import ast
import gc
import re
from collections.abc import Iterator
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from cufit_contracts.items import StepSource, StepState
from cufit_contracts.photo_problems import StorageRefusal
from cufit_contracts.photos import RejectionReason, UploadRefusal, UploadType
from cufit_contracts.results import DecidedBy, FailureCode
from cufit_contracts.vocabulary import IndexState
from cufit_service.domain import errors
from cufit_service.entrypoints.http.problems import all_told, refusal_kinds
from tests.unit.service.http_world import UPLOAD_PATH, document

ROOT = Path(__file__).parents[3]
DEPLOYED = [
    (path, ast.parse(path.read_text(encoding="utf-8")))
    for path in chain(
        (ROOT / "service/cufit_service").rglob("*.py"), ROOT.glob("lambdas/*/**/*.py")
    )
]
LISTED: dict[tuple[str, str], type[StrEnum]] = {
    ("StepAnswer", "source"): StepSource,
    ("StepAnswer", "state"): StepState,
    ("FailureAnswer", "code"): FailureCode,
    ("ScorePartAnswer", "decidedBy"): DecidedBy,
    ("PhotoAnswer", "reason"): RejectionReason,
    ("CandidateAnswer", "indexState"): IndexState,
    ("UploadBody", "contentType"): UploadType,
    ("StorageRefusalAnswer", "code"): StorageRefusal,
}
ENDINGS = {StepState.READY, StepState.DEGRADED, StepState.FAILED}
"""A recommendation's status is the state of its last step (match_worker)."""


def _schemas() -> dict[str, Any]:
    schemas: dict[str, Any] = document()["components"]["schemas"]
    return schemas


def _enum(schema: dict[str, Any]) -> list[str]:
    for part in (schema, *schema.get("anyOf", [])):
        if "$ref" in part:
            return _enum(_schemas()[part["$ref"].rpartition("/")[2]])
        if "enum" in part:
            values: list[str] = part["enum"]
            return values
    raise AssertionError(f"no enumeration: {schema}")


@pytest.mark.parametrize("where", LISTED, ids=".".join)
def test_words_of_answers_are_enumerated(where: tuple[str, str]) -> None:
    model, field = where
    assert set(_enum(_schemas()[model]["properties"][field])) == {*LISTED[where]}


def _members_named(enumeration: type[StrEnum]) -> set[str]:
    """Members that deployed code names, other than where they are listed."""
    return {
        node.attr
        for _, tree in DEPLOYED
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == enumeration.__name__
    }


@pytest.mark.parametrize(
    "enumeration",
    [StepSource, StepState, FailureCode, RejectionReason, UploadRefusal, IndexState],
)
def test_no_word_is_dead(enumeration: type[StrEnum]) -> None:
    dead = {member.name for member in enumeration} - _members_named(enumeration)
    assert dead <= {ending.name for ending in ENDINGS} if enumeration is StepState else not dead


def _names_used() -> set[str]:
    return {
        name
        for path, tree in DEPLOYED
        if path.name != "errors.py" or "domain" not in path.parts
        for node in ast.walk(tree)
        for name in _raised(node)
    }


def _raised(node: ast.AST) -> Iterator[str]:
    """Names of classes that a statement raises, or a call or an argument hands on to be raised."""
    if isinstance(node, ast.Raise) and node.exc is not None:
        yield from _names(node.exc)
    if isinstance(node, ast.Call):
        yield from _names(node.func)
        for argument in node.args:
            if not (isinstance(node.func, ast.Name) and node.func.id == "refusals"):
                yield from _names(argument)


def _names(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            yield name
        case ast.Call(func=func):
            yield from _names(func)


def test_every_refusal_is_raised_somewhere_and_described_somewhere() -> None:
    kinds = {kind.__name__: kind.code for kind in refusal_kinds()}
    assert set(kinds) - _names_used() == set()
    raised = {
        name
        for _, tree in DEPLOYED
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and node.exc is not None
        for name in _names(node.exc)
    }
    known = {name for name, one in vars(errors).items() if isinstance(one, type)}
    never_told = {errors.Refusal.__name__, errors.ConcurrentChange.__name__}
    assert raised & known - set(kinds) <= never_told
    described = re.findall(r"`(\w+)`", str(_descriptions()))
    assert set(kinds.values()) - set(described) == set()


def _descriptions() -> list[str]:
    return [
        response["description"]
        for methods in document()["paths"].values()
        for operation in methods.values()
        for response in operation["responses"].values()
    ]


def test_codes_are_enumerated_once_for_all_operations() -> None:
    codes = _enum(_schemas()["Problem"]["properties"]["code"])
    assert codes == sorted(set(codes))
    assert set(codes) == {told[0] for _, told in all_told()} | {*UploadRefusal}
    assert "not_found" not in codes  # nobody raises a base
    assert set(document()["components"]["examples"]) == set(codes)


def test_a_refusal_written_tomorrow_is_in_the_document_by_itself() -> None:
    class Invented(errors.Conflict):
        code = "invented"
        message = "It is new."

    try:
        assert "invented" in {told[0] for _, told in all_told()}
    finally:
        del Invented
        gc.collect()  # a class is known to its base until then


def test_every_time_in_an_answer_has_milliseconds() -> None:
    found = 0
    for name, schema in _schemas().items():
        for field, told in schema.get("properties", {}).items():
            for part in (told, *told.get("anyOf", [])):
                if part.get("format") == "date-time":
                    assert part.get("pattern", "").endswith(r"\.\d{3}Z$"), f"{name}.{field}"
                    found += 1
    assert found > 10


def test_servers_and_security_are_said() -> None:
    assert document()["servers"][0]["url"] == "/"
    for path, methods in document()["paths"].items():
        for operation in methods.values():
            expected: list[Any] = [{"HTTPBearer": []}] if path.startswith("/v1/") else []
            assert operation["security"] == expected, path


def test_what_the_gateway_says_is_described_where_it_may_come() -> None:
    message = {"$ref": "#/components/schemas/GatewayMessage"}
    for path, methods in document()["paths"].items():
        for operation in methods.values():
            responses = operation["responses"]
            for status in ("429", "500", "503", *(["401"] if operation["security"] else [])):
                schema = responses[status]["content"]["application/json"]["schema"]
                assert message in (schema, *schema.get("anyOf", [])), (path, status)
            for status, response in responses.items():
                assert "X-Correlation-Id" in response["headers"], (path, status)
            assert "401" in responses or not operation["security"]


def test_the_upload_is_described_with_each_of_its_refusals() -> None:
    responses = document()["paths"][UPLOAD_PATH]["post"]["responses"]
    for refusal in UploadRefusal:
        described = responses[str(refusal.status.value)]
        assert f"`{refusal}`" in described["description"]
        assert refusal in described["content"]["application/problem+json"]["examples"]
    assert "400" not in responses
    assert set(_schemas()["UploadBody"]["required"]) == {"contentType", "contentLength", "sha256"}


@pytest.mark.parametrize("model", ["ProfileBody", "IdealTypeBody"])
def test_what_a_person_writes_says_how_it_may_be_written(model: str) -> None:
    texts = {
        name: told["format"]
        for name, told in _schemas()[model]["properties"].items()
        if told.get("type") == "string"
    }
    assert texts.pop("phone", "korean-mobile") == "korean-mobile"
    for name, written in texts.items():
        assert written == ("lines" if name in ("selfIntroduction", "freeText") else "line")
    assert texts
