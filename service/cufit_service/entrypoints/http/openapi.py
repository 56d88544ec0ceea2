"""The API's own description: every error of every operation with its code, readable offline."""

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from cufit_service.domain import errors
from cufit_service.entrypoints.http.errors import OF_BODY, Problem, status_of
from cufit_service.entrypoints.http.routing import Operation, adapter_of

TITLE: Final = "cufit"
VERSION: Final = "1"
DESCRIPTION: Final = """\
An introduction service (소개팅): makers introduce candidates, AI recommends, people decide.

Every answer carries `X-Correlation-Id`; of a recommendation it is the recommendation's id, and it
is the same in the queue, the functions and the logs. Errors are `application/problem+json` with a
`code` that never changes its meaning. Lists are newest first and continue with `cursor=<next>`.
"""

_REF: Final = "#/components/schemas/{model}"
_BEARER: Final = "HTTPBearer"

_OF_ANY_MEMBER: Final = (errors.RateLimited, errors.Overloaded, errors.Unavailable)

_Schemas = dict[tuple[Any, JsonSchemaMode], dict[str, Any]]


def document(operations: Sequence[Operation]) -> dict[str, Any]:
    """OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1)."""
    kinds = dict.fromkeys(kind for operation in operations for kind in _kinds(operation))
    inputs = ((kind, mode, adapter_of(kind)) for kind, mode in kinds)
    schemas, definitions = TypeAdapter.json_schemas(inputs, ref_template=_REF)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        described = _operation(operation, schemas)
        paths.setdefault(operation.path, {})[operation.method.lower()] = described
    scheme = {
        "type": "http",
        "scheme": "bearer",
        "description": "An access or ID token of the configured OIDC issuer.",
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "description": DESCRIPTION, "version": VERSION},
        "paths": paths,
        "components": {
            "schemas": definitions["$defs"],
            "securitySchemes": {_BEARER: scheme},
        },
    }


def _kinds(operation: Operation) -> Iterator[tuple[Any, JsonSchemaMode]]:
    """What the operation's description refers to."""
    yield Problem, "serialization"
    if operation.answer is not None:
        yield operation.answer, "serialization"
    if operation.body is not None:
        yield operation.body, "validation"


def _operation(operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    described: dict[str, Any] = {
        "tags": [operation.tag],
        "summary": operation.summary,
        "operationId": operation.name,
    }
    if operation.description:
        described["description"] = operation.description
    if not operation.public:
        described["security"] = [{_BEARER: []}]
    if parameters := list(_parameters(operation)):
        described["parameters"] = parameters
    if operation.body is not None:
        content = _json(schemas[operation.body, "validation"])
        described["requestBody"] = {"required": True, "content": content}
    described["responses"] = _answers(operation, schemas) | _refusals(operation, schemas)
    return described


def _parameters(operation: Operation) -> Iterator[dict[str, Any]]:
    for name, kind in operation.parts.items():
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "schema": adapter_of(kind).json_schema(),
        }
    for place, model in (("query", operation.query), ("header", operation.headers)):
        if model is not None:
            yield from _fields(place, model)


def _fields(place: str, model: type[BaseModel]) -> Iterator[dict[str, Any]]:
    schema = model.model_json_schema()
    for name, field in schema["properties"].items():
        required = name in schema.get("required", ())
        described = {"name": name, "in": place, "required": required, "schema": field}
        if "description" in field:
            described["description"] = field.pop("description")
        yield described


def _answers(operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    meant = {operation.status: HTTPStatus(operation.status).phrase, **operation.other_answers}
    content = {}
    if operation.answer is not None:
        content = {"content": _json(schemas[operation.answer, "serialization"])}
    return {str(status): {"description": text, **content} for status, text in meant.items()}


def _refusals(operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    by_status: dict[HTTPStatus, list[tuple[str, str]]] = {}
    if not operation.public:
        by_status[HTTPStatus.UNAUTHORIZED] = [("token_invalid", "The bearer token is …")]
    if operation.body is not None:
        by_status |= {status: [said] for status, said in OF_BODY.items()}
    for kind in _refused(operation):
        by_status.setdefault(status_of(kind), []).append((kind.code, kind.message))
    problem = schemas[Problem, "serialization"]
    return {
        str(status.value): _refusal(status, codes, problem) for status, codes in by_status.items()
    }


def _refused(operation: Operation) -> Iterator[type[errors.Refusal]]:
    yield from operation.refuses
    if operation.parts or operation.query or operation.headers or operation.body:
        yield errors.Invalid
    if not operation.public:
        yield from _OF_ANY_MEMBER


def _refusal(
    status: HTTPStatus, codes: Sequence[tuple[str, str]], problem: dict[str, Any]
) -> dict[str, Any]:
    examples = {
        code: {
            "summary": detail,
            "value": {
                "type": f"/problems/{code}",
                "title": status.phrase,
                "status": status.value,
                "detail": detail,
                "code": code,
                "correlationId": "01JDA2Z3C4E5F6G7H8J9K0M1N2",
            },
        }
        for code, detail in codes
    }
    return {
        "description": " · ".join(f"`{code}`" for code, _ in codes),
        "content": {"application/problem+json": {"schema": problem, "examples": examples}},
    }


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
