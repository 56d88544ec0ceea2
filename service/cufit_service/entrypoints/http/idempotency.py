"""`Idempotency-Key`: a creating request sent again gets the answer the first one got."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping

from pydantic import Field
from starlette.responses import Response

from cufit_service.application.once import Recorded
from cufit_service.entrypoints.http.context import Call
from cufit_service.entrypoints.http.request_log import CORRELATION_HEADER
from cufit_service.entrypoints.http.schemas.common import Answer, Body, Parameters

REPLAYED_HEADER = "Idempotency-Replayed"


class CreationHeaders(Parameters):
    idempotency_key: str | None = Field(
        default=None,
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="Your name for this request. Sent again with the same body within 15 days it "
        "gets the same answer; with another body 409.",
        examples=["8e03978e-40d5-43e8-bc93-6894a57f9324"],
    )


Made = tuple[int, Mapping[str, str], Answer]
"""Status, headers and body of the answer that tells of a new thing."""


async def answer_once(
    call: Call,
    headers: CreationHeaders,
    body: Body,
    reserve: Callable[[], str],
    make: Callable[[str], Awaitable[Made]],
) -> Response:
    """Answer what `make` makes of the reserved id; how does not depend on being asked once."""

    async def act(reserved_id: str) -> Recorded:
        status, made_headers, answer = await make(reserved_id)
        return Recorded(status, made_headers, answer.model_dump_json(by_alias=True))

    if headers.idempotency_key is None:
        return _response(call, await act(reserve()), replayed=False)
    route = f"{call.request.method} {call.request.scope['route'].path}"
    recorded, replayed = await call.use_cases.once(
        _digest(call.member.member_id, headers.idempotency_key),
        _digest(route, body.model_dump_json()),
        reserve,
        act,
    )
    return _response(call, recorded, replayed=replayed)


def _response(call: Call, recorded: Recorded, *, replayed: bool) -> Response:
    headers = dict(recorded.headers)
    if CORRELATION_HEADER in headers:
        call.request.state.correlation_id = headers.pop(CORRELATION_HEADER)
    if replayed:
        headers[REPLAYED_HEADER] = "true"
    return Response(recorded.body, recorded.status, headers, "application/json")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
