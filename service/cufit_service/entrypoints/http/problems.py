"""Problems (RFC 9457), the bodies of errors, each with a stable `code`."""

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse

from cufit_service import lifetimes
from cufit_service.domain import errors

Told = tuple[str, str]
"""Code and detail."""

STATUS_OF: Final[Mapping[type[errors.Refusal], HTTPStatus]] = {
    errors.Unknown: HTTPStatus.NOT_FOUND,
    errors.NotAllowed: HTTPStatus.FORBIDDEN,
    errors.InvitationExpired: HTTPStatus.GONE,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.Stale: HTTPStatus.PRECONDITION_FAILED,
    errors.Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.TooOften: HTTPStatus.TOO_MANY_REQUESTS,
    errors.Contended: HTTPStatus.CONFLICT,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""The nearest base of a refusal decides."""

MAX_HEAD_BYTES: Final = 16 * 1024
"""Of the request line and the headers; API Gateway lets 10,240 through (quotas of HTTP APIs)."""

MAX_TARGET_BYTES: Final = 8 * 1024
"""Of path and query. The longest address of this API is under 500."""

OF_CONNECTION: Final[Mapping[HTTPStatus, Told]] = {
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

OF_BODY: Final[Mapping[HTTPStatus, Told]] = {
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

OF_ADDRESS: Final[Mapping[HTTPStatus, Told]] = {
    HTTPStatus.NOT_FOUND: ("route_unknown", "There is nothing at this address."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("method_not_allowed", "The address takes other methods."),
}
"""How a request is refused that no operation takes."""

BODY_CUT_SHORT: Final[Told] = ("body_cut_short", "The body ended too soon.")
FIELDS_UNKNOWN: Final[Told] = ("fields_unknown", "Unknown: …")
INTERNAL_ERROR: Final[Told] = (
    "internal_error",
    "Something went wrong here. The correlation id finds it in the logs.",
)
TOKEN_INVALID: Final[Told] = ("token_invalid", "The bearer token is …")
_OF_ANY_MEMBER: Final[tuple[type[errors.Refusal], ...]] = (
    errors.RateLimited,
    errors.Overloaded,
    errors.Unavailable,
)
PROBLEM_JSON: Final = "application/problem+json"
PROBLEM_SCHEMA: Final = {"$ref": "#/components/schemas/Problem"}
"""document.Problem"""

Responses = dict[int | str, dict[str, Any]]


class ProblemResponse(JSONResponse):
    media_type = PROBLEM_JSON


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


_GROUPS: Final = (errors.Unknown, errors.Conflict, errors.TooOften)
"""What others derive from and nobody raises."""


def refusal_kinds(base: type[errors.Refusal] = errors.Refusal) -> Iterator[type[errors.Refusal]]:
    """Every kind of refusal that is raised."""
    for kind in base.__subclasses__():
        if kind not in _GROUPS:
            yield kind
        yield from refusal_kinds(kind)


def all_told() -> Iterator[tuple[HTTPStatus, Told]]:
    """Every code of the service, with its status."""
    for kind in refusal_kinds():
        yield status_of(kind), (kind.code, kind.message)
    for told in (OF_BODY, OF_ADDRESS, OF_CONNECTION):
        yield from told.items()
    yield HTTPStatus.BAD_REQUEST, BODY_CUT_SHORT
    yield HTTPStatus.UNPROCESSABLE_ENTITY, FIELDS_UNKNOWN
    yield HTTPStatus.UNAUTHORIZED, TOKEN_INVALID
    yield HTTPStatus.INTERNAL_SERVER_ERROR, INTERNAL_ERROR


def refusals(*kinds: type[errors.Refusal]) -> Responses:
    """`responses` of an operation that may refuse a member in these ways, and a stranger."""
    by_status: dict[HTTPStatus, list[Told]] = {HTTPStatus.UNAUTHORIZED: [TOKEN_INVALID]}
    for kind in (*kinds, *_OF_ANY_MEMBER):
        by_status.setdefault(status_of(kind), []).append((kind.code, kind.message))
    return {status.value: response_of(*told) for status, told in by_status.items()}


def located(status: int) -> Responses:
    """`responses` of an operation whose answer tells where the thing it made is."""
    location = {"description": "Where it is.", "schema": {"type": "string"}}
    return {status: {"headers": {"Location": location}}}


def response_of(*told: Told) -> dict[str, Any]:
    """A response of the document."""
    examples = {code: {"$ref": f"#/components/examples/{code}"} for code, _ in told}
    return {
        "description": " · ".join(f"`{code}`" for code, _ in told),
        "content": {PROBLEM_JSON: {"schema": PROBLEM_SCHEMA, "examples": examples}},
    }


def example_of(status: HTTPStatus, told: Told) -> dict[str, Any]:
    code, detail = told
    return {"summary": detail, "value": _body(status, code, detail, "01JDA2Z3C4E5F6G7H8J9K0M1N2")}


def _body(status: HTTPStatus, code: str, detail: str, correlation_id: str) -> dict[str, Any]:
    return {
        "type": f"/problems/{code}",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "code": code,
        "correlationId": correlation_id,
    }
