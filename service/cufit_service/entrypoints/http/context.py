"""What a handler is given: the use cases, the member who calls, the page they want."""

import base64
from dataclasses import dataclass, field
from typing import Any, Self

from pydantic import Field
from starlette.requests import Request

from cufit_contracts.identity import member_id_of
from cufit_service.application.ports import Clock, Ids, Page, Position, TokenRefused, Tokens, Window
from cufit_service.application.use_cases import UseCases
from cufit_service.domain.errors import Fault, Invalid
from cufit_service.domain.member import Member
from cufit_service.entrypoints.http.rate_limits import RateLimits
from cufit_service.entrypoints.http.schemas.common import DEFAULT_PAGE, MAX_PAGE, Parameters
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


@dataclass(slots=True)
class Call:
    """A request of a member, and what its answer carries besides its body."""

    request: Request
    context: Context
    member: Member
    status: int
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def use_cases(self) -> UseCases:
        return self.context.use_cases

    @classmethod
    async def of(cls, request: Request, context: Context, status: int) -> Self:
        """Raises TokenRefused, RateLimited."""
        identity = await context.tokens.verify(_bearer_token(request))
        member_id = member_id_of(identity.issuer, identity.subject)
        request.state.member_id = member_id
        context.rate_limits.admit(member_id, writes=request.method not in ("GET", "HEAD"))
        return cls(request, context, await context.use_cases.identify_member(identity), status)


def _bearer_token(request: Request) -> str:
    """RFC 6750, 2.1."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise TokenRefused("missing")
    return token


class PageQuery(Parameters):
    limit: int = Field(default=DEFAULT_PAGE, ge=1, le=MAX_PAGE)
    cursor: str | None = Field(
        default=None, max_length=CURSOR_CHARACTERS, description="`next` of the page before."
    )

    @property
    def window(self) -> Window:
        """Raises Invalid: the cursor is not one this service gave."""
        return Window(self.limit, None if self.cursor is None else _position(self.cursor))


def cursor_after(page: Page[Any]) -> str | None:
    if page.end is None:
        return None
    text = f"{page.end.created_at}|{page.end.item_id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _position(cursor: str) -> Position:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except ValueError as error:  # not base64, or not of ASCII
        raise Invalid([Fault("cursor", "is not one this service gave")]) from error
    created_at, separator, item_id = text.partition("|")
    if not (created_at and separator and item_id):
        raise Invalid([Fault("cursor", "is not one this service gave")])
    return Position(created_at, item_id)
