"""Problems (RFC 9457), the bodies of errors, each with a stable `code`; and their description."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse

from cufit_service import lifetimes
from cufit_service.domain import errors

STATUS_OF: Final[Mapping[type[errors.Refusal], HTTPStatus]] = {
    errors.Unknown: HTTPStatus.NOT_FOUND,
    errors.NotAllowed: HTTPStatus.FORBIDDEN,
    errors.InvitationExpired: HTTPStatus.GONE,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.Stale: HTTPStatus.PRECONDITION_FAILED,
    errors.Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.TooOften: HTTPStatus.TOO_MANY_REQUESTS,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""The nearest base of a refusal decides."""

MAX_HEAD_BYTES: Final = 16 * 1024
"""Of the request line and the headers; API Gateway lets 10,240 through (quotas of HTTP APIs)."""

MAX_TARGET_BYTES: Final = 8 * 1024
"""Of path and query. The longest address of this API is under 500."""

OF_CONNECTION: Final[Mapping[HTTPStatus, tuple[str, str]]] = {
    HTTPStatus.BAD_REQUEST: ("request_not_http", "This is not an HTTP/1.1 request."),
    HTTPStatus.REQUEST_TIMEOUT: (
        "headers_too_slow",
        f"The headers did not arrive within {lifetimes.HEAD_SECONDS:.0f} seconds.",
    ),
    HTTPStatus.REQUEST_URI_TOO_LONG: (
        "address_too_long",
        f"The address is longer than {MAX_TARGET_BYTES // 1024} KiB.",
    ),
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: (
        "headers_too_large",
        f"The headers are larger than {MAX_HEAD_BYTES // 1024} KiB.",
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "connections_used_up",
        "Too many connections are open; try again in a moment.",
    ),
}
"""How a connection may be refused, before there is a request: code and detail."""

MAX_BODY_BYTES: Final = 64 * 1024
"""The largest legal profile is under 10 KiB, however its text is escaped."""

OF_BODY: Final[Mapping[HTTPStatus, tuple[str, str]]] = {
    HTTPStatus.BAD_REQUEST: ("body_not_json", "The body is not valid JSON."),
    HTTPStatus.REQUEST_TIMEOUT: (
        "body_too_slow",
        f"The body did not arrive within {lifetimes.BODY_SECONDS:.0f} seconds.",
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        "body_too_large",
        f"The body is larger than {MAX_BODY_BYTES // 1024} KiB.",
    ),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: (
        "content_type_not_json",
        "Send the body as application/json.",
    ),
}
"""How a body may be refused unread: code and detail."""

_TOKEN_INVALID: Final = ("token_invalid", "The bearer token is …")
_OF_ANY_MEMBER: Final[tuple[type[errors.Refusal], ...]] = (
    errors.RateLimited,
    errors.Overloaded,
    errors.Unavailable,
)
_REF: Final = "#/components/schemas/{model}"

Responses = dict[int | str, dict[str, Any]]


class FieldError(BaseModel):
    field: str = Field(examples=["idealType.ageRange"])
    message: str = Field(examples=["min must not exceed max"])


class Problem(BaseModel):
    """Body of every error."""

    type: str = Field(examples=["/problems/fields_invalid"])
    title: str = Field(examples=["Unprocessable Entity"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["Some fields break a rule."])
    code: str = Field(examples=["fields_invalid"], description="Stable; for programs.")
    correlation_id: str = Field(alias="correlationId", examples=["01JDA2Z3C4E5F6G7H8J9K0M1N2"])
    errors: list[FieldError] = Field(default=[], description="Fields at fault.")


class ProblemResponse(JSONResponse):
    media_type = "application/problem+json"


def status_of(kind: type[errors.Refusal]) -> HTTPStatus:
    """What a refusal of this kind is answered with. Raises StopIteration: no base has a status."""
    return next(STATUS_OF[base] for base in kind.__mro__ if base in STATUS_OF)


def problem(
    request: Request,
    status: HTTPStatus,
    code: str,
    detail: str,
    *,
    faults: Sequence[tuple[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> ProblemResponse:
    """The answer to `request`, whose log line will have the code."""
    request.state.code = code
    body = _body(status, code, detail, request.state.correlation_id)
    if faults:
        body["errors"] = [{"field": field, "message": message} for field, message in faults]
    return ProblemResponse(body, status_code=status.value, headers=headers)


def refusals(*kinds: type[errors.Refusal]) -> Responses:
    """`responses` of an operation that may refuse a member in these ways, and a stranger."""
    by_status: dict[HTTPStatus, list[tuple[str, str]]] = {HTTPStatus.UNAUTHORIZED: [_TOKEN_INVALID]}
    for kind in (*kinds, *_OF_ANY_MEMBER):
        by_status.setdefault(status_of(kind), []).append((kind.code, kind.message))
    return {status.value: _response(status, *codes) for status, codes in by_status.items()}


def describe_problems(document: dict[str, Any]) -> None:
    """Say in the document FastAPI has made that what it cannot read is a problem as well."""
    invalid = errors.Invalid
    unprocessable = STATUS_OF[invalid]
    of_body = {str(status.value): _response(status, told) for status, told in OF_BODY.items()}
    for path in document["paths"].values():
        for operation in path.values():
            if "requestBody" in operation:
                operation["responses"] |= of_body
            if str(unprocessable.value) in operation["responses"]:
                told = _response(unprocessable, (invalid.code, invalid.message))
                operation["responses"][str(unprocessable.value)] = told
    schemas = document["components"]["schemas"]
    for framework_s in ("HTTPValidationError", "ValidationError"):
        del schemas[framework_s]
    described = Problem.model_json_schema(ref_template=_REF, mode="serialization")
    schemas |= described.pop("$defs") | {Problem.__name__: described}


def _response(status: HTTPStatus, *codes: tuple[str, str]) -> dict[str, Any]:
    examples = {
        code: {
            "summary": detail,
            "value": _body(status, code, detail, "01JDA2Z3C4E5F6G7H8J9K0M1N2"),
        }
        for code, detail in codes
    }
    schema = {"$ref": _REF.format(model=Problem.__name__)}
    return {
        "description": " · ".join(f"`{code}`" for code, _ in codes),
        "content": {ProblemResponse.media_type: {"schema": schema, "examples": examples}},
    }


def _body(status: HTTPStatus, code: str, detail: str, correlation_id: str) -> dict[str, Any]:
    return {
        "type": f"/problems/{code}",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "code": code,
        "correlationId": correlation_id,
    }
