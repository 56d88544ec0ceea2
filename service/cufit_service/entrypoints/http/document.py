"""The OpenAPI document: what FastAPI says of the routes, and what it cannot know.

That is: errors are problems, what API Gateway answers before anybody here is asked, which headers
come with every answer, and `POST /v1/photos`, which a function answers behind the same gateway.
"""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema
from starlette.routing import BaseRoute

from cufit_contracts.photos import UploadRefusal
from cufit_service.domain.errors import Invalid
from cufit_service.entrypoints.http.idempotency import KEY_HEADER, REPLAYED_HEADER
from cufit_service.entrypoints.http.problems import (
    BODY_CUT_SHORT,
    FIELDS_UNKNOWN,
    INTERNAL_ERROR,
    OF_BODY,
    PROBLEM_JSON,
    PROBLEM_SCHEMA,
    STATUS_OF,
    all_told,
    example_of,
    response_of,
)
from cufit_service.entrypoints.http.request_log import CORRELATION_HEADER
from cufit_service.entrypoints.http.routes import photo_uploads

Operation = dict[str, Any]

_REF: Final = "#/components/schemas/{model}"
_HEADER_REF: Final = "#/components/headers/{name}"


class FieldError(BaseModel):
    field: str = Field(examples=["idealType.ageRange"])
    message: str = Field(examples=["min must not exceed max"])


class Problem(BaseModel):
    """Body of every error that cufit itself answers."""

    type: str = Field(examples=["/problems/fields_invalid"])
    title: str = Field(examples=["Unprocessable Entity"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["Some fields break a rule."])
    code: str = Field(
        examples=["fields_invalid"],
        description="Stable; for programs.",
        json_schema_extra={"enum": sorted({told[0] for _, told in all_told()} | {*UploadRefusal})},
    )
    correlation_id: str = Field(alias="correlationId", examples=["01JDA2Z3C4E5F6G7H8J9K0M1N2"])
    errors: list[FieldError] = Field(default=[], description="Fields at fault; at most 55.")


class GatewayMessage(BaseModel):
    """Body of what API Gateway answers by itself. It has no code and no correlation id."""

    message: str = Field(examples=["Unauthorized"])


OF_GATEWAY: Final[Mapping[HTTPStatus, str]] = {
    HTTPStatus.UNAUTHORIZED: "Unauthorized",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Request Entity Too Large",
    HTTPStatus.TOO_MANY_REQUESTS: "Too Many Requests",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Internal Server Error",
    HTTPStatus.SERVICE_UNAVAILABLE: "Service Unavailable",
}
"""What an HTTP API of API Gateway says by itself: its JWT authorizer, a body over 10 MB, its
throttling, a function that fails, a service it cannot reach in time."""

_HEADERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "CorrelationId": {
        "description": "Finds the request in the logs; absent where API Gateway answered.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"},
    },
    "Replayed": {
        "description": "The answer the first request with this key got.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "RetryAfter": {
        "description": "Seconds after which asking again may help.",
        "schema": {"type": "integer", "minimum": 1},
    },
    "WwwAuthenticate": {
        "description": "What was wrong with the token.",
        "schema": {"type": "string"},
    },
}
_WITH_STATUS: Final[Mapping[str, tuple[str, str]]] = {
    "401": ("WWW-Authenticate", "WwwAuthenticate"),
    "409": ("Retry-After", "RetryAfter"),
    "429": ("Retry-After", "RetryAfter"),
    "503": ("Retry-After", "RetryAfter"),
}


def document_of(app: FastAPI) -> dict[str, Any]:
    document = _described(app, app.routes)
    of_function = _described(app, photo_uploads.router.routes)
    for operation in _operations(document):
        _describe_leaving_out(operation)
        _describe_reading(operation)
    for operation in _operations(of_function):
        operation["responses"].pop(_key(HTTPStatus.UNPROCESSABLE_ENTITY))
        operation["responses"] |= photo_uploads.REFUSALS
    schemas = document["components"]["schemas"] | of_function["components"]["schemas"]
    for framework_s in ("HTTPValidationError", "ValidationError"):
        del schemas[framework_s]
    _, described = models_json_schema(
        [(Problem, "serialization"), (GatewayMessage, "serialization")], ref_template=_REF
    )
    document["paths"] |= of_function["paths"]
    document["components"] |= {
        "schemas": schemas | described["$defs"],
        "headers": {**_HEADERS},
        "examples": _examples(),
    }
    for operation in _operations(document):
        _describe_gateway(operation)
        _describe_headers(operation)
    return document


def _described(app: FastAPI, routes: Iterable[BaseRoute]) -> dict[str, Any]:
    return get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=[*routes],
        servers=[{"url": "/", "description": "Where this document was read."}],
    )


def _examples() -> dict[str, Any]:
    """By code; where both refuse with one, the service's."""
    of_function = {
        one.value: example_of(one.status, photo_uploads.told_of(one)) for one in UploadRefusal
    }
    of_service = {told[0]: example_of(status, told) for status, told in all_told()}
    return of_function | of_service


def _operations(document: Mapping[str, Any]) -> list[Operation]:
    return [operation for path in document["paths"].values() for operation in path.values()]


def _describe_leaving_out(operation: Operation) -> None:
    """A parameter or a header may be left out; it cannot be null, as FastAPI has it."""
    for parameter in operation.get("parameters", []):
        schema = parameter["schema"]
        kinds = [one for one in schema.get("anyOf", []) if one != {"type": "null"}]
        if len(kinds) == 1:
            del schema["anyOf"]
            schema |= kinds[0]


def _describe_reading(operation: Operation) -> None:
    """What may be wrong with a request is told as a problem too."""
    responses = operation["responses"]
    if "requestBody" in operation:
        told = {status: [one] for status, one in OF_BODY.items()}
        told[HTTPStatus.BAD_REQUEST].append(BODY_CUT_SHORT)
        responses |= {_key(status): response_of(*these) for status, these in told.items()}
    unprocessable = STATUS_OF[Invalid]
    if _key(unprocessable) in responses:
        these = [(Invalid.code, Invalid.message)]
        if "requestBody" in operation:
            these.append(FIELDS_UNKNOWN)
        responses[_key(unprocessable)] = response_of(*these)
    if operation.get("security"):
        internal = HTTPStatus.INTERNAL_SERVER_ERROR
        responses[_key(internal)] = response_of(INTERNAL_ERROR)


def _describe_gateway(operation: Operation) -> None:
    operation.setdefault("security", [])  # public
    for status, message in OF_GATEWAY.items():
        if status is HTTPStatus.UNAUTHORIZED and not operation["security"]:
            continue
        if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE and "requestBody" not in operation:
            continue
        response = operation["responses"].setdefault(
            _key(status), {"description": "API Gateway's own answer."}
        )
        response["content"] = _with_message(message, response.get("content", {}))


def _with_message(message: str, content: Mapping[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = {"$ref": _REF.format(model=GatewayMessage.__name__)}
    if PROBLEM_JSON in content:
        # Generated clients look at the first media type alone, and must bear both bodies.
        schema = {"anyOf": [PROBLEM_SCHEMA, schema]}
    elif known := content.get("application/json"):
        schema = {"anyOf": [known["schema"], schema]}
    told = {"schema": schema, "examples": {"gateway": {"value": {"message": message}}}}
    return {"application/json": told} | {
        media_type: one for media_type, one in content.items() if media_type != "application/json"
    }


def _describe_headers(operation: Operation) -> None:
    sent = {parameter["name"] for parameter in operation.get("parameters", [])}
    for status, response in operation["responses"].items():
        names = [(CORRELATION_HEADER, "CorrelationId")]
        if status in _WITH_STATUS:
            names.append(_WITH_STATUS[status])
        if KEY_HEADER in sent and status.startswith("2"):
            names.append((REPLAYED_HEADER, "Replayed"))
        common = {header: {"$ref": _HEADER_REF.format(name=name)} for header, name in names}
        response["headers"] = common | response.get("headers", {})


def _key(status: HTTPStatus) -> str:
    return str(status.value)
