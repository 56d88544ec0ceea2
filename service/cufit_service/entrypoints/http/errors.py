"""Refusals and faults as problem+json (RFC 9457), each with a stable `code`."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from cufit_service.application.ports import TokenRefused
from cufit_service.domain import errors
from cufit_service.entrypoints.http.schemas.candidates import wire_name

RETRY_SECONDS = 1

_PLACES = ("body", "query", "path", "header")

STATUS_OF: Mapping[type[errors.Refusal], HTTPStatus] = {
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


def problem(
    status: HTTPStatus,
    code: str,
    detail: str,
    correlation_id: str,
    *,
    faults: Sequence[tuple[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> ProblemResponse:
    body: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "code": code,
        "correlationId": correlation_id,
    }
    if faults:
        body["errors"] = [{"field": field, "message": message} for field, message in faults]
    return ProblemResponse(body, status_code=status.value, headers=headers)


def answer_errors(app: FastAPI) -> None:
    """Make `app` answer every error as a problem."""
    handlers: dict[type[Exception], Callable[[Request, Any], Awaitable[Response]]] = {
        errors.Refusal: _refused,
        TokenRefused: _unauthorized,
        RequestValidationError: _unreadable,
        HTTPException: _framework,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


async def _refused(request: Request, refusal: errors.Refusal) -> Response:
    status = next(STATUS_OF[base] for base in type(refusal).__mro__ if base in STATUS_OF)
    faults: list[tuple[str, str]] = []
    if isinstance(refusal, errors.Invalid):
        faults = [(wire_name(fault.field), fault.message) for fault in refusal.faults]
    elif refusal.field is not None:
        faults = [(wire_name(refusal.field), str(refusal))]
    again = RETRY_SECONDS if isinstance(refusal, errors.Unavailable) else None
    if isinstance(refusal, errors.TooOften):
        again = refusal.again_in_seconds
    return _problem(
        request,
        status,
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
    return _problem(
        request,
        HTTPStatus.UNAUTHORIZED,
        "token_invalid",
        detail,
        headers={"WWW-Authenticate": challenge},
    )


async def _unreadable(request: Request, error: RequestValidationError) -> Response:
    found = error.errors()
    if any(fault["type"] == "json_invalid" for fault in found):
        return _problem(
            request, HTTPStatus.BAD_REQUEST, "body_not_json", "The body is not valid JSON."
        )
    if any(fault["loc"] == ("body",) and _is_not_json(request) for fault in found):
        return _problem(
            request,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "content_type_not_json",
            "Send the body as application/json.",
        )
    # The input itself is never repeated: it may hold what only its owner should see.
    faults = [(_field(fault["loc"]), str(fault["msg"])) for fault in found]
    unknown = [field for (field, _), fault in zip(faults, found, strict=True) if _extra(fault)]
    detail = f"Unknown: {', '.join(unknown)}." if unknown else errors.Invalid.message
    return _problem(
        request,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "fields_unknown" if unknown else errors.Invalid.code,
        detail,
        faults=faults,
    )


async def _framework(request: Request, error: HTTPException) -> Response:
    status = HTTPStatus(error.status_code)
    known = {
        HTTPStatus.BAD_REQUEST: ("body_not_json", "The body is not valid JSON."),
        HTTPStatus.NOT_FOUND: ("route_unknown", "There is nothing at this address."),
        HTTPStatus.METHOD_NOT_ALLOWED: ("method_not_allowed", "The address takes other methods."),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("body_too_large", str(error.detail)),
    }
    code, detail = known.get(status, ("http_error", status.phrase))
    return _problem(request, status, code, detail, headers=error.headers)


def _problem(
    request: Request,
    status: HTTPStatus,
    code: str,
    detail: str,
    *,
    faults: Sequence[tuple[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    request.state.code = code
    correlation_id = request.state.correlation_id
    return problem(status, code, detail, correlation_id, faults=faults, headers=headers)


def _is_not_json(request: Request) -> bool:
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    return media_type != "application/json" and not media_type.endswith("+json")


def _extra(fault: Mapping[str, Any]) -> bool:
    return bool(fault["type"] == "extra_forbidden")


def _field(location: Sequence[Any]) -> str:
    """`("body", "idealType", "ageRange")` as `idealType.ageRange`."""
    rest = location[1:] if location and location[0] in _PLACES else location
    return ".".join(str(part) for part in rest) or "body"
