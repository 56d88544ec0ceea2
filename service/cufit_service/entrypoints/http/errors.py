"""Which problem each exception is answered with."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from cufit_service.application.ports import TokenRefused
from cufit_service.domain import errors
from cufit_service.entrypoints.http.problems import (
    BODY_CUT_SHORT,
    FIELDS_UNKNOWN,
    OF_ADDRESS,
    OF_BODY,
    TOKEN_INVALID,
    problem,
    status_of,
)
from cufit_service.entrypoints.http.schemas.candidates import wire_name

_OF_FRAMEWORK: Final = {**OF_BODY, **OF_ADDRESS}

_NOT_JSON: Final = (ValueError, RecursionError)

NAMED: Final = 5
"""Unknown fields named in an answer; the others are counted."""

NAME_CHARACTERS: Final = 40
"""Of an unknown field's name."""

NAMED_OF_KNOWN: Final = 50
"""More than the fields of the largest body."""


async def answer_refusal(request: Request, refusal: errors.Refusal) -> Response:
    faults: list[tuple[str, str]] = []
    if isinstance(refusal, errors.Invalid):
        faults = [(wire_name(fault.field), fault.message) for fault in refusal.faults]
    elif refusal.field is not None:
        faults = [(wire_name(refusal.field), str(refusal))]
    again = refusal.again_in_seconds
    return problem(
        request,
        status_of(type(refusal)),
        refusal.code,
        str(refusal),
        faults=faults,
        headers=None if again is None else {"Retry-After": str(again)},
    )


async def _unauthorized(request: Request, refused: TokenRefused) -> Response:
    detail = f"The bearer token is {refused}."
    challenge = f'Bearer realm="cufit", error="invalid_token", error_description="{detail}"'
    if str(refused) == "missing":
        challenge = 'Bearer realm="cufit"'
    return problem(
        request,
        HTTPStatus.UNAUTHORIZED,
        TOKEN_INVALID[0],
        detail,
        headers={"WWW-Authenticate": challenge},
    )


async def _unreadable(request: Request, error: RequestValidationError) -> Response:
    found = error.errors()
    if any(fault["type"] == "json_invalid" for fault in found):
        return await _framework(request, HTTPException(HTTPStatus.BAD_REQUEST))
    # The input itself is never repeated: it may hold what only its owner should see.
    unknown = [fault for fault in found if fault["type"] == "extra_forbidden"]
    known = [fault for fault in found if fault["type"] != "extra_forbidden"]
    faults = [(_name_sent(fault), "is not known") for fault in unknown[:NAMED]]
    faults += [(_field(fault["loc"]), _message(fault)) for fault in known[:NAMED_OF_KNOWN]]
    code, detail = errors.Invalid.code, errors.Invalid.message
    if unknown:
        code, _ = FIELDS_UNKNOWN
        more = f" and {len(unknown) - NAMED} more" if len(unknown) > NAMED else ""
        detail = f"Unknown: {', '.join(map(_name_sent, unknown[:NAMED]))}{more}."
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return problem(request, status, code, detail, faults=faults)


def _field(location: Sequence[str | int]) -> str:
    """`("body", "idealType", "ageRange")` as `idealType.ageRange`."""
    place, *path = map(str, location)
    if place != "body":
        return ".".join(path)
    # By its name and not its alias where a field was left out and that is what is wrong.
    return wire_name(".".join(path)) or place


def _name_sent(fault: Mapping[str, Any]) -> str:
    """Of a field nobody knows, as it was sent, or its beginning."""
    name = ".".join(map(str, fault["loc"][1:]))
    return name if len(name) <= NAME_CHARACTERS else name[: NAME_CHARACTERS - 1] + "…"


def _message(fault: Mapping[str, Any]) -> str:
    match fault["type"]:
        case "model_attributes_type" | "model_type":
            return "must be a JSON object"
        case "string_unicode":
            return "must be Unicode text"
        case "value_error":
            return str(fault["ctx"]["error"])
        case _:
            return str(fault["msg"])


async def _framework(request: Request, error: HTTPException) -> Response:
    status = HTTPStatus(error.status_code)
    if status is HTTPStatus.BAD_REQUEST:
        # FastAPI says 400 to whatever goes wrong while it reads a body.
        if isinstance(error.__cause__, ClientDisconnect):
            return problem(request, status, *BODY_CUT_SHORT)
        if error.__cause__ is not None and not isinstance(error.__cause__, _NOT_JSON):
            raise error.__cause__
    headers = error.headers
    if status in OF_ADDRESS:
        methods: set[str] = request.app.state.methods_at(request.url.path)
        if methods and request.method not in methods:
            status, headers = HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": ", ".join(sorted(methods))}
    code, detail = _OF_FRAMEWORK[status]
    return problem(request, status, code, detail, headers=headers)


EXCEPTION_HANDLERS: Mapping[Any, Callable[[Request, Any], Awaitable[Response]]] = {
    errors.Refusal: answer_refusal,
    TokenRefused: _unauthorized,
    RequestValidationError: _unreadable,
    HTTPException: _framework,
}
"""Every error is answered as a problem; what is none of these by request_log."""
