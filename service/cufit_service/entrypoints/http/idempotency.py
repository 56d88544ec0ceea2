"""`Idempotency-Key`: a request sent again gets the answer the first one got."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Header, Response
from fastapi.routing import APIRoute

from cufit_service.domain.record import Recorded
from cufit_service.entrypoints.http.context import Call, CallOf
from cufit_service.entrypoints.http.request_log import CORRELATION_HEADER
from cufit_service.entrypoints.http.schemas.common import Answer, Body

KEY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotency-Replayed"

_Key = Annotated[
    str | None,
    Header(
        alias=KEY_HEADER,
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="Your name for this request. Sent again with the same body within 15 days it "
        "gets the same answer; with another body 409.",
        examples=["8e03978e-40d5-43e8-bc93-6894a57f9324"],
    ),
]

Made = tuple[Mapping[str, str], Answer]
"""Headers and body of the answer that tells of what was made or changed."""


@dataclass(frozen=True, slots=True)
class Repeatable:
    """A request that makes or changes something; how it is answered does not depend on being sent
    once."""

    call: Call
    key: str | None

    async def answer(
        self, body: Body | None, reserve: Callable[[], str], make: Callable[[str], Awaitable[Made]]
    ) -> Response:
        """Answer what `make` makes of the reserved id."""

        scope = self.call.request.scope
        route: APIRoute = scope["route"]

        async def act(reserved_id: str) -> Recorded:
            headers, answer = await make(reserved_id)
            status = route.status_code or HTTPStatus.OK
            return Recorded(status, headers, answer.model_dump_json(by_alias=True))

        if self.key is None:
            return self._response(await act(reserve()), replayed=False)
        recorded, replayed = await self.call.use_cases.once(
            _digest(self.call.member.member_id, self.key),
            self.call.member,
            _digest(
                f"{scope['method']} {scope['path']}",
                "" if body is None else body.model_dump_json(),
            ),
            reserve,
            act,
        )
        return self._response(recorded, replayed=replayed)

    def _response(self, recorded: Recorded, *, replayed: bool) -> Response:
        headers = dict(recorded.headers)
        if CORRELATION_HEADER in headers:
            self.call.request.state.correlation_id = headers.pop(CORRELATION_HEADER)
        if replayed:
            headers[REPLAYED_HEADER] = "true"
        return Response(recorded.body, recorded.status, headers, "application/json")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


async def _repeatable(call: CallOf, key: _Key = None) -> Repeatable:
    return Repeatable(call, key)


RepeatableOf = Annotated[Repeatable, Depends(_repeatable)]
