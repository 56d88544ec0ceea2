"""What a route is given: the use cases, the member who calls, the page they want."""

import base64
import binascii
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Query
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request

from cufit_contracts.identity import member_id_of
from cufit_service.application.ports import Clock, Ids, Page, Position, TokenRefused, Tokens, Window
from cufit_service.application.use_cases import UseCases
from cufit_service.domain.errors import Fault, Invalid
from cufit_service.domain.member import Member
from cufit_service.entrypoints.http.rate_limits import RateLimits
from cufit_service.entrypoints.http.schemas.common import DEFAULT_PAGE, MAX_PAGE
from cufit_service.entrypoints.server import Lifecycle

CURSOR_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Context:
    """Everything the HTTP side needs, joined in bootstrap."""

    use_cases: UseCases
    tokens: Tokens
    clock: Clock
    ids: Ids
    lifecycle: Lifecycle
    rate_limits: RateLimits = field(default_factory=RateLimits)


# Asynchronous although nothing waits: FastAPI runs plain functions in threads, at a third of a
# request's processor time.
async def _context(request: Request) -> Context:
    return _context_of(request)


async def _use_cases(request: Request) -> UseCases:
    return _context_of(request).use_cases


def _context_of(request: Request) -> Context:
    # Called, not depended on, where that would do: each dependency costs a request as much again.
    context: Context = request.app.state.context
    return context


_bearer = HTTPBearer(
    auto_error=False, description="An access or ID token of the configured OIDC issuer."
)


async def _member(
    request: Request,
    sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Member:
    if sent is None:
        raise TokenRefused("missing")
    context = _context_of(request)
    identity = await context.tokens.verify(sent.credentials)
    member_id = member_id_of(identity.issuer, identity.subject)
    request.state.member_id = member_id
    context.rate_limits.admit(member_id, writes=request.method not in ("GET", "HEAD"))
    return await context.use_cases.identify_member(identity)


async def _window(
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = DEFAULT_PAGE,
    cursor: Annotated[
        str | None,
        Query(max_length=CURSOR_CHARACTERS, description="`next` of the page before."),
    ] = None,
) -> Window:
    return Window(limit, None if cursor is None else _position(cursor))


def cursor_after(page: Page[Any]) -> str | None:
    if page.end is None:
        return None
    text = f"{page.end.created_at}|{page.end.item_id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _position(cursor: str) -> Position:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Invalid([Fault("cursor", "is not one this service gave")]) from error
    created_at, separator, item_id = text.partition("|")
    if not (created_at and separator and item_id):
        raise Invalid([Fault("cursor", "is not one this service gave")])
    return Position(created_at, item_id)


ContextOf = Annotated[Context, Depends(_context)]
UseCasesOf = Annotated[UseCases, Depends(_use_cases)]
CallingMember = Annotated[Member, Depends(_member)]
WindowAsked = Annotated[Window, Depends(_window)]
