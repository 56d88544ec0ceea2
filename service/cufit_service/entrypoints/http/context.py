"""What routes depend on: the use cases, the member who calls, the page they want."""

import asyncio
import base64
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Query, Request, Response
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from pydantic import AfterValidator, Field
from starlette.requests import ClientDisconnect

from cufit_contracts.identity import member_id_of
from cufit_service import lifetimes
from cufit_service.application.pages import Page, Position, Window
from cufit_service.application.ports import Clock, Identity, Ids, TokenRefused, Tokens
from cufit_service.application.use_cases import UseCases
from cufit_service.domain.member import Member
from cufit_service.entrypoints.http.admission import Admission
from cufit_service.entrypoints.http.rate_limits import RateLimits
from cufit_service.entrypoints.http.schemas.common import (
    DEFAULT_PAGE,
    MAX_PAGE,
    Parameters,
    request_time,
)
from cufit_service.entrypoints.server import Lifecycle

CURSOR_CHARACTERS = 200

_JSON = re.compile(r"application/([^/]+\+)?json")


@dataclass(frozen=True, slots=True)
class Context:
    """Everything the HTTP side needs, joined in bootstrap."""

    use_cases: UseCases
    tokens: Tokens
    clock: Clock
    ids: Ids
    lifecycle: Lifecycle
    rate_limits: RateLimits = field(default_factory=RateLimits)
    admission: Admission = field(default_factory=Admission)


def context_of(request: Request) -> Context:
    context: Context = request.app.state.context
    return context


_bearer = HTTPBearer(
    auto_error=False, description="An access or ID token of the configured OIDC issuer."
)


@dataclass(frozen=True, slots=True)
class Call:
    """A request of a member; of `response` the status and the headers are sent with the answer."""

    request: Request
    response: Response
    context: Context
    member: Member

    @property
    def use_cases(self) -> UseCases:
        return self.context.use_cases


# Asynchronous although it waits for nothing: FastAPI runs plain functions in threads.
async def _call(
    request: Request, response: Response, _: Annotated[object, Depends(_bearer)]
) -> Call:
    return Call(request, response, context_of(request), request.state.member)


CallOf = Annotated[Call, Depends(_call)]
"""Of a route that is a MemberRoute."""


class MemberRoute(APIRoute):
    """A route for members.

    FastAPI reads the body before it calls dependencies. Here the token is verified first: nobody
    makes the service read who may not, and who is not let in is not told what is wrong. A request
    takes its place among those worked on once all of it has arrived.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_member(request: Request) -> Response:
            context = context_of(request)
            identity = await _verified(request)
            if self.body_field is not None:
                if not _is_json(request):
                    raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
                await _read_body(request)
            with context.admission.place():
                request.state.member = await context.use_cases.members.identify(identity)
                request_time.set(context.clock.now())
                return await handle(request)

        return handle_member


async def _verified(request: Request) -> Identity:
    """Raises TokenRefused, RateLimited."""
    sent = await _bearer(request)
    if sent is None:
        raise TokenRefused("missing")
    context = context_of(request)
    identity = await context.tokens.verify(sent.credentials)
    member_id = member_id_of(identity.issuer, identity.subject)
    request.state.member_id = member_id
    context.rate_limits.admit(member_id, writes=request.method != "GET")
    return identity


async def _read_body(request: Request) -> None:
    """FastAPI finds it in the request. Raises HTTPException: it came too slowly or not whole."""
    try:
        async with asyncio.timeout(lifetimes.BODY_SECONDS):
            await request.body()
    except TimeoutError as error:
        # The rest may still come, and would be taken for the next request.
        headers = {"Connection": "close"}
        raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, headers=headers) from error
    except ClientDisconnect as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST) from error


def _is_json(request: Request) -> bool:
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return _JSON.fullmatch(media_type) is not None


def _position(cursor: str) -> Position:
    """Raises ValueError: it is not one `cursor_after` made."""
    padded = cursor + "=" * (-len(cursor) % 4)
    text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    created_at, separator, item_id = text.partition("|")
    if not (created_at and separator and item_id):
        raise ValueError(cursor)
    return Position(created_at, item_id)


def _readable(cursor: str) -> str:
    try:
        _position(cursor)
    except ValueError:
        raise ValueError("is not one this service gave") from None
    return cursor


class PageQuery(Parameters):
    limit: int = Field(default=DEFAULT_PAGE, ge=1, le=MAX_PAGE)
    cursor: Annotated[str, AfterValidator(_readable)] | None = Field(
        default=None,
        max_length=CURSOR_CHARACTERS,
        description="`next` of the page before, as it was given.",
        json_schema_extra={"format": "cursor"},
    )

    @property
    def window(self) -> Window:
        return Window(self.limit, None if self.cursor is None else _position(self.cursor))


PageAsked = Annotated[PageQuery, Query()]


def cursor_after(page: Page[Any]) -> str | None:
    if page.end is None:
        return None
    text = f"{page.end.created_at}|{page.end.item_id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
