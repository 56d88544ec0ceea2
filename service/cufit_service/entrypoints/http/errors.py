"""Refusals and faults as problem+json (RFC 9457), each with a stable `code`."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from cufit_service.application.ports import TokenRefused
from cufit_service.domain import errors
from cufit_service.entrypoints.http.schemas.candidates import wire_name

RETRY_SECONDS = 1

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


def status_of(kind: type[errors.Refusal]) -> HTTPStatus:
    """What a refusal of this kind is answered with. Raises StopIteration: no base has a status."""
    return next(STATUS_OF[base] for base in kind.__mro__ if base in STATUS_OF)


MAX_BODY_BYTES: Final = 64 * 1024
"""The largest legal profile is under 10 KiB, however its text is escaped."""

OF_BODY: Final[Mapping[HTTPStatus, tuple[str, str]]] = {
    HTTPStatus.BAD_REQUEST: ("body_not_json", "The body is not valid JSON."),
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

_OF_FRAMEWORK: Final[Mapping[HTTPStatus, tuple[str, str]]] = {
    **OF_BODY,
    HTTPStatus.NOT_FOUND: ("route_unknown", "There is nothing at this address."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("method_not_allowed", "The address takes other methods."),
}


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


class Unreadable(Exception):
    """What was sent does not have the form it must have.

    Args:
        faults: as pydantic tells them, each with its `type`, `loc` and `msg`.
    """

    def __init__(self, faults: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


async def _refused(request: Request, refusal: errors.Refusal) -> Response:
    status = status_of(type(refusal))
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


async def _unreadable(request: Request, error: Unreadable) -> Response:
    faults = [(".".join(map(str, fault["loc"])) or "body", fault["msg"]) for fault in error.faults]
    kinds = (fault["type"] for fault in error.faults)
    unknown = [
        field for (field, _), kind in zip(faults, kinds, strict=True) if kind == "extra_forbidden"
    ]
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
    code, detail = _OF_FRAMEWORK.get(status, ("http_error", status.phrase))
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


EXCEPTION_HANDLERS: Mapping[Any, Callable[[Request, Any], Awaitable[Response]]] = {
    errors.Refusal: _refused,
    TokenRefused: _unauthorized,
    Unreadable: _unreadable,
    HTTPException: _framework,
}
"""Every error is answered as a problem; what is none of these by request_log."""
