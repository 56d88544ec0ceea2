"""Operations: a method at an address, what is read from its requests and written as its answer.

A handler's annotations say what it takes. `body`, `query` and `headers` are models of what is sent
there; every other parameter is a part of the address. What it returns is the model of its answer,
of which no other fields are written; None is 204. The document is made of the same operations.
"""

import inspect
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from cufit_service.domain.errors import Refusal
from cufit_service.entrypoints.http.context import Call, Context
from cufit_service.entrypoints.http.errors import Unreadable
from cufit_service.entrypoints.http.schemas.common import Answer, Parameters

HandlerT = TypeVar("HandlerT", bound=Callable[..., Awaitable[Answer | Response | None]])
"""Its first argument is the Call; of a public operation, which anybody may ask for, the Context."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What the service answers at one address to one method, and how it is described."""

    handler: Callable[..., Awaitable[Answer | Response | None]]
    method: str
    path: str
    tag: str
    summary: str
    description: str
    status: int
    answer: Any
    """A model or a union of models; None where there is no body."""
    refuses: tuple[type[Refusal], ...]
    other_answers: Mapping[int, str]
    """Further statuses that are no refusals, with what they mean."""
    public: bool
    parts: Mapping[str, Any]
    """Types of the address's parts."""
    query: type[Parameters] | None
    headers: type[Parameters] | None
    body: type[BaseModel] | None

    @property
    def name(self) -> str:
        return self.handler.__name__

    def route(self) -> Route:
        return Route(self.path, _Endpoint(self), methods=[self.method], name=self.name)


class Router:
    """The operations below one address, in the order in which requests are compared with them."""

    def __init__(self, prefix: str = "", *, tag: str) -> None:
        self.prefix = prefix
        self.operations: list[Operation] = []
        self._tag = tag

    def operation(
        self,
        method: str,
        path: str = "",
        *,
        status: int = 200,
        answer: Any = None,
        refuses: tuple[type[Refusal], ...] = (),
        other_answers: Mapping[int, str] | None = None,
        public: bool = False,
    ) -> Callable[[HandlerT], HandlerT]:
        """Make a function the handler of an operation; its docstring describes both.

        Args:
            answer: of a handler that returns a Response; else its annotation tells.
        """

        def add(handler: HandlerT) -> HandlerT:
            _, *taken = inspect.signature(handler).parameters
            annotations = inspect.get_annotations(handler)
            returned = annotations["return"]
            summary, _, rest = (inspect.getdoc(handler) or "").partition("\n\n")
            sources = {name: annotations[name] for name in taken}
            self.operations.append(
                Operation(
                    handler=handler,
                    method=method,
                    path=self.prefix + path,
                    tag=self._tag,
                    summary=summary.removesuffix("."),
                    description=" ".join(rest.split()),
                    status=204 if returned is None else status,
                    answer=answer if returned is Response else returned,
                    refuses=refuses,
                    other_answers=other_answers or {},
                    public=public,
                    query=sources.pop("query", None),
                    headers=sources.pop("headers", None),
                    body=sources.pop("body", None),
                    parts=sources,
                )
            )
            return handler

        return add


class _Endpoint:
    """Answers the requests of an operation."""

    def __init__(self, operation: Operation) -> None:
        self._operation = operation
        self._parts = {name: adapter_of(kind) for name, kind in operation.parts.items()}
        self._answer = None if operation.answer is None else adapter_of(operation.answer)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        context: Context = scope["app"].state.context
        if self._operation.public:
            answer = await self._operation.handler(context)
            response = self._response(answer, self._operation.status, {})
        else:
            # Who is not let in is not told what is wrong with the rest.
            call = await Call.of(request, context, self._operation.status)
            answer = await self._operation.handler(call, **await self._read(request))
            response = self._response(answer, call.status, call.headers)
        await response(scope, receive, send)

    async def _read(self, request: Request) -> dict[str, Any]:
        """The handler's arguments by name.

        Raises:
            Unreadable: with what is wrong at all places.
            HTTPException: 400 or 415, the body is not JSON.
        """
        asks, reading = self._operation, _Reading()
        for name, adapter in self._parts.items():
            reading.take(name, adapter.validate_python, request.path_params[name], (name,))
        if asks.query is not None:
            reading.take("query", asks.query.model_validate, dict(request.query_params))
        if asks.headers is not None:
            sent = asks.headers.sent_in(request.headers)
            reading.take("headers", asks.headers.model_validate, sent)
        if asks.body is not None:
            reading.take("body", asks.body.model_validate, await _json(request))
        return reading.arguments()

    def _response(
        self, answer: Answer | Response | None, status: int, headers: Mapping[str, str]
    ) -> Response:
        if isinstance(answer, Response):
            return answer
        if self._answer is None:
            return Response(status_code=status, headers=headers)
        body = self._answer.dump_json(answer, by_alias=True)
        return Response(body, status, headers, "application/json")


class _Reading:
    """Arguments as they are found to be right, and all that is wrong."""

    def __init__(self) -> None:
        self._arguments: dict[str, Any] = {}
        self._faults: list[Any] = []

    def take(
        self,
        name: str,
        validate: Callable[[Any], Any],
        sent: Any,
        location: tuple[str, ...] = (),
    ) -> None:
        try:
            self._arguments[name] = validate(sent)
        except ValidationError as error:
            # The input itself is never repeated: it may hold what only its owner should see.
            found = error.errors(include_url=False, include_context=False, include_input=False)
            self._faults += [fault | {"loc": (*location, *fault["loc"])} for fault in found]

    def arguments(self) -> dict[str, Any]:
        if self._faults:
            raise Unreadable(self._faults)
        return self._arguments


async def _json(request: Request) -> Any:
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    body = await request.body()
    if not body:
        raise Unreadable([{"type": "missing", "loc": ("body",), "msg": "Field required"}])
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST) from error


@cache
def adapter_of(kind: Any) -> TypeAdapter[Any]:
    """What reads, writes and describes a type; made once for each."""
    return TypeAdapter(kind)
