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
from cufit_service.entrypoints.http.problems import OF_BODY, problem, status_of
from cufit_service.entrypoints.http.schemas.candidates import wire_name

_OF_FRAMEWORK: Final[Mapping[HTTPStatus, tuple[str, str]]] = {
    **OF_BODY,
    HTTPStatus.NOT_FOUND: ("route_unknown", "There is nothing at this address."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("method_not_allowed", "The address takes other methods."),
}


_NOT_JSON: Final = (ValueError, RecursionError)


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
        "token_invalid",
        detail,
        headers={"WWW-Authenticate": challenge},
    )


async def _unreadable(request: Request, error: RequestValidationError) -> Response:
    found = error.errors()
    if any(fault["type"] == "json_invalid" for fault in found):
        return await _framework(request, HTTPException(HTTPStatus.BAD_REQUEST))
    # The input itself is never repeated: it may hold what only its owner should see.
    faults = [(_field(fault["loc"]), fault["msg"]) for fault in found]
    kinds = (fault["type"] for fault in found)
    unknown = [
        field for (field, _), kind in zip(faults, kinds, strict=True) if kind == "extra_forbidden"
    ]
    detail = f"Unknown: {', '.join(unknown)}." if unknown else errors.Invalid.message
    return problem(
        request,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "fields_unknown" if unknown else errors.Invalid.code,
        detail,
        faults=faults,
    )


def _field(location: Sequence[str | int]) -> str:
    """`("body", "idealType", "ageRange")` as `idealType.ageRange`."""
    return ".".join(map(str, location[1:])) or "body"


async def _framework(request: Request, error: HTTPException) -> Response:
    status = HTTPStatus(error.status_code)
    if status is HTTPStatus.BAD_REQUEST:
        # FastAPI says 400 to whatever goes wrong while it reads a body.
        if isinstance(error.__cause__, ClientDisconnect):
            return problem(request, status, "body_cut_short", "The body ended too soon.")
        if error.__cause__ is not None and not isinstance(error.__cause__, _NOT_JSON):
            raise error.__cause__
    code, detail = _OF_FRAMEWORK.get(status, ("http_error", status.phrase))
    return problem(request, status, code, detail, headers=error.headers)


EXCEPTION_HANDLERS: Mapping[Any, Callable[[Request, Any], Awaitable[Response]]] = {
    errors.Refusal: answer_refusal,
    TokenRefused: _unauthorized,
    RequestValidationError: _unreadable,
    HTTPException: _framework,
}
"""Every error is answered as a problem; what is none of these by request_log."""
