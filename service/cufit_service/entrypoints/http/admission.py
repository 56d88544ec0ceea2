"""No more requests at once than can be answered in time; who comes on top is told at once.

Without this a burst makes everybody wait, until nobody is answered in time. It counts the whole
process, rate_limits one member.
"""

from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from cufit_service.domain.errors import Overloaded
from cufit_service.entrypoints.http.errors import answer_refusal
from cufit_service.entrypoints.http.request_log import QUIET_ROUTES

MAX_UNDER_WAY: Final = 128
"""At the 70 requests a second of the smallest task the last one waits 1.8 s (docs/performance.md);
API Gateway gives up after 15 (stacks/components/entry.py)."""

AGAIN_IN_SECONDS: Final = 1
"""By then the requests under way are answered."""


class Admission:
    def __init__(self, app: ASGIApp, limit: int = MAX_UNDER_WAY) -> None:
        self._app = app
        self._limit = limit
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in QUIET_ROUTES:
            await self._app(scope, receive, send)
            return
        if self._under_way >= self._limit:
            await self._turn_away(scope, receive, send)
            return
        self._under_way += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._under_way -= 1

    async def _turn_away(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = Overloaded(again_in_seconds=AGAIN_IN_SECONDS)
        response = await answer_refusal(Request(scope), refusal)
        await response(scope, receive, send)
