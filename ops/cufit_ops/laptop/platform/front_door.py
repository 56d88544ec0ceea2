"""The front door: answers as the deployed HTTP API would, on 127.0.0.1."""

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from cufit_ops.laptop.platform import cors, lambda_proxy
from cufit_ops.laptop.platform.authorizer import Unauthorized, claims_of
from cufit_ops.laptop.platform.disconnects import unless_gone
from cufit_ops.laptop.platform.end_to_end import end_to_end
from cufit_ops.laptop.platform.http_api import HttpApi, LambdaTarget
from cufit_ops.laptop.platform.http_api import Route as ApiRoute
from cufit_ops.laptop.platform.issuer import LocalIssuer
from cufit_ops.laptop.platform.tasks import FargateService

logger = logging.getLogger(__name__)

_MADE_ANEW = {b"host", b"content-length"}
_SAID_HERE = {b"date", b"server"}
"""This server says them itself; each may come once (RFC 9110, 5.3)."""

CONNECTIONS = 200
"""To the task. Who has to wait waits here: httpx goes through all that wait whenever one goes."""

MAX_BODY_BYTES = 10_000_000
"""An HTTP API's payload size, "10 MB" (API Gateway quotas)."""


class _TooLarge(Exception):
    pass


class FrontDoor:
    def __init__(
        self,
        api: Callable[[], HttpApi],
        service: FargateService,
        issuer: LocalIssuer,
        clients: Callable[[str], Any],
    ) -> None:
        self._api = api
        self._service = service
        self._issuer = issuer
        self._clients = clients
        self._http = httpx.AsyncClient(
            trust_env=False,
            timeout=None,  # noqa: S113 - each request has its route's
            limits=httpx.Limits(max_connections=CONNECTIONS, keepalive_expiry=30),
        )
        self._free = asyncio.Semaphore(CONNECTIONS)

    def app(self) -> Starlette:
        app = Starlette(
            routes=[
                Route("/_local/jwks.json", self._jwks),
                Route("/_local/credentials", self._credentials),
                Route("/_local/status", self._status),
            ],
            exception_handlers={Exception: _internal_error},
        )
        self._no_websocket = app.router.default
        app.router.default = self._handle  # a route would not match a line break
        app.router.redirect_slashes = False
        return app

    async def close(self) -> None:
        await self._http.aclose()

    async def _jwks(self, _: Request) -> Response:
        return JSONResponse(self._issuer.jwks())

    async def _credentials(self, request: Request) -> Response:
        token = request.headers.get("authorization", "")
        found = await asyncio.to_thread(self._service.role_credentials, token)
        return JSONResponse(found) if found else JSONResponse({"message": "no"}, status_code=403)

    async def _status(self, _: Request) -> Response:
        task = self._service.current
        return JSONResponse(
            {
                "task": task
                and {
                    "pid": task.process.pid,
                    "port": task.port,
                    "definition": task.definition.arn,
                    "started": task.started,
                },
                "parked": self._service.parked,
                "restarts": self._service.restarts,
                "failures": self._service.failures,
            }
        )

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Everything but `/_local/…`, whatever the path holds."""
        if scope["type"] != "http":
            await self._no_websocket(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        api, path = self._api(), request.scope["path"]
        route = api.route(request.method, path)
        if route is None:
            if api.cors and cors.is_preflight(request.method, request.headers):
                allowed = api.cors.of_preflight(request.headers["origin"])
                return Response(status_code=204, headers=allowed)
            return JSONResponse({"message": "Not Found"}, status_code=404)
        try:
            token = request.headers.get("authorization", "")
            claims = claims_of(token, route.authorizer, self._issuer)
        except Unauthorized:
            return JSONResponse(
                {"message": "Unauthorized"}, status_code=401, headers={"www-authenticate": "Bearer"}
            )
        try:
            body = await _body(request)
        except _TooLarge:
            return JSONResponse({"message": "Request Entity Too Large"}, status_code=413)
        if isinstance(route.target, LambdaTarget):
            integration = self._invoke(api, route, route.target, request, body, claims)
        else:
            integration = self._forward(api, request, body, route.target.timeout_seconds)
        return await unless_gone(request, integration)

    async def _forward(
        self, api: HttpApi, request: Request, body: bytes, seconds: float
    ) -> Response:
        task = self._service.choose()
        if task is None:
            return _unavailable()
        try:
            # Header values are passed on as the bytes they came in.
            headers = [
                each for each in end_to_end(request.headers.raw) if each[0] not in _MADE_ANEW
            ]
            asked = httpx.Request(
                request.method, _target(request, task.port), headers=headers, content=body
            )
        except (httpx.InvalidURL, UnicodeDecodeError):
            return JSONResponse({"message": "Bad Request"}, status_code=400)
        try:
            with task.serving():
                async with asyncio.timeout(seconds), self._free:
                    answer = await self._http.send(asked, stream=True)
                    try:
                        content = b"".join([part async for part in answer.aiter_raw()])
                    finally:
                        await answer.aclose()
        except TimeoutError:
            return _unavailable()
        except httpx.LocalProtocolError:  # a header that HTTP does not allow
            return JSONResponse({"message": "Bad Request"}, status_code=400)
        except httpx.HTTPError as error:
            if task.in_service:
                asked_for = f"{request.method} {request.scope['path']!r}"
                logger.warning("%s: the task broke off: %r", asked_for, error)
            return _unavailable()
        response = Response(content, answer.status_code)
        response.raw_headers += [
            (name, value)
            for name, value in end_to_end(answer.headers.raw)
            if name not in _MADE_ANEW | _SAID_HERE
        ]
        return _with_cors(api, request, response)

    async def _invoke(
        self,
        api: HttpApi,
        route: ApiRoute,
        target: LambdaTarget,
        request: Request,
        body: bytes,
        claims: dict[str, Any] | None,
    ) -> Response:
        event = lambda_proxy.event_of(api.api_id, route.key, request, body, claims)

        def invoke() -> tuple[dict[str, Any], bytes]:
            answer = self._clients("lambda").invoke(
                FunctionName=target.function, Payload=json.dumps(event).encode()
            )
            return answer, answer["Payload"].read()

        try:
            async with asyncio.timeout(target.timeout_seconds):
                answer, payload = await asyncio.to_thread(invoke)
        except TimeoutError:
            return _unavailable()
        if "FunctionError" in answer:
            logger.error("%s failed: %s", target.function, payload.decode(errors="replace"))
            return _internal_error()
        try:
            response = lambda_proxy.answer_of(json.loads(payload or b"null"))
        except (TypeError, ValueError, AttributeError) as error:
            logger.error("%s returned no answer: %r", target.function, error)  # noqa: TRY400
            return _internal_error()
        return _with_cors(api, request, response)


def _with_cors(api: HttpApi, request: Request, response: Response) -> Response:
    if api.cors:
        for name in [name for name in response.headers if name.startswith(cors.HEADERS)]:
            del response.headers[name]
        response.headers.update(api.cors.of_answer(request.headers.get("origin", "")))
    return response


async def _body(request: Request) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BODY_BYTES:
            raise _TooLarge
        parts.append(part)
    return b"".join(parts)


def _unavailable() -> Response:
    """No task, or no answer in time: an HTTP API says 503 then (serverless/serverless #11222, of a
    function), where a REST API says 504."""
    return JSONResponse({"message": "Service Unavailable"}, status_code=503)


def _internal_error(*_: object) -> Response:
    return JSONResponse({"message": "Internal Server Error"}, status_code=500)


def _target(request: Request, port: int) -> httpx.URL:
    """The task's address with path and query as they were sent, not decoded and put together anew.

    Raises:
        httpx.InvalidURL, UnicodeDecodeError: no client that keeps to RFC 3986 sends these.
    """
    path, query = request.scope["raw_path"], request.scope["query_string"]
    target = path + b"?" + query if query else path
    return httpx.URL(scheme="http", host="127.0.0.1", port=port, raw_path=target)
