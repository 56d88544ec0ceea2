"""The front door: answers as the deployed HTTP API would, on 127.0.0.1."""

import asyncio
import json
import logging
from collections.abc import Callable, Iterable
from typing import Any

import httpx
import jwt
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from cufit_ops.laptop.platform import cors, lambda_proxy
from cufit_ops.laptop.platform.disconnects import unless_gone
from cufit_ops.laptop.platform.http_api import HttpApi, JwtAuthorizer, LambdaTarget
from cufit_ops.laptop.platform.http_api import Route as ApiRoute
from cufit_ops.laptop.platform.issuer import ISSUER, LocalIssuer
from cufit_ops.laptop.platform.tasks import FargateService

logger = logging.getLogger(__name__)

# Of one connection, not of the request (RFC 9110, 7.6.1); a proxy must not pass them on.
_HOP_BY_HOP = {b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"te",
               b"trailer", b"transfer-encoding", b"upgrade", b"expect", b"host",
               b"content-length"}  # fmt: skip
_SAID_HERE = {b"date", b"server"}
"""This server says them itself; each may come once (RFC 9110, 5.3)."""

CONNECTIONS = 200
"""To the task. Who has to wait waits here: httpx goes through all that wait whenever one goes."""


class Unauthorized(Exception):
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
            if api.cors and _is_preflight(request):
                allowed = api.cors.of_preflight(request.headers["origin"])
                return Response(status_code=204, headers=allowed)
            return JSONResponse({"message": "Not Found"}, status_code=404)
        try:
            claims = self._authorize(route.authorizer, request)
        except Unauthorized:
            return JSONResponse(
                {"message": "Unauthorized"}, status_code=401, headers={"www-authenticate": "Bearer"}
            )
        await request.body()
        if isinstance(route.target, LambdaTarget):
            integration = self._invoke(api, route, route.target, request, claims)
        else:
            integration = self._forward(api, request, route.target.timeout_seconds)
        return await unless_gone(request, integration)

    def _authorize(
        self, authorizer: JwtAuthorizer | None, request: Request
    ) -> dict[str, Any] | None:
        if authorizer is None:
            return None
        if authorizer.issuer != ISSUER:
            raise Unauthorized  # no other issuer can be asked from here
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        try:
            claims: dict[str, Any] = jwt.decode(
                token if scheme.lower() == "bearer" else "",
                self._issuer.public_key(),
                algorithms=["RS256"],
                issuer=authorizer.issuer,
                audience=list(authorizer.audience),
                options={"require": ["exp", "iss", "sub"]},
            )
        except jwt.InvalidTokenError as error:
            raise Unauthorized from error
        return claims

    async def _forward(self, api: HttpApi, request: Request, seconds: float) -> Response:
        task = self._service.current
        if task is None:
            return JSONResponse({"message": "Service Unavailable"}, status_code=503)
        try:
            # Header values are passed on as the bytes they came in.
            asked = httpx.Request(
                request.method, _target(request, task.port),
                headers=_end_to_end(request.headers.raw), content=await request.body(),
            )  # fmt: skip
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
        except TimeoutError:  # HTTP APIs were seen to say this; REST APIs say 504
            return JSONResponse({"message": "Service Unavailable"}, status_code=503)
        except httpx.LocalProtocolError:  # a header that HTTP does not allow
            return JSONResponse({"message": "Bad Request"}, status_code=400)
        except httpx.HTTPError as error:
            if task.in_service:
                asked_for = f"{request.method} {request.scope['path']!r}"
                logger.warning("%s: the task broke off: %r", asked_for, error)
            return JSONResponse({"message": "Service Unavailable"}, status_code=503)
        response = Response(content, answer.status_code)
        said = _end_to_end(answer.headers.raw)
        response.raw_headers += [(name, value) for name, value in said if name not in _SAID_HERE]
        return _with_cors(api, request, response)

    async def _invoke(
        self,
        api: HttpApi,
        route: ApiRoute,
        target: LambdaTarget,
        request: Request,
        claims: dict[str, Any] | None,
    ) -> Response:
        event = await lambda_proxy.event_of(api.api_id, route.key, request, claims)
        answer = await asyncio.to_thread(
            lambda: self._clients("lambda").invoke(
                FunctionName=target.function, Payload=json.dumps(event).encode()
            )
        )
        payload = await asyncio.to_thread(answer["Payload"].read)
        if "FunctionError" in answer:
            logger.error("%s failed: %s", target.function, payload.decode(errors="replace"))
            return _internal_error()
        try:
            response = lambda_proxy.answer_of(json.loads(payload or b"null"))
        except (TypeError, ValueError, AttributeError) as error:
            logger.error("%s returned no answer: %r", target.function, error)  # noqa: TRY400
            return _internal_error()
        return _with_cors(api, request, response)


def _end_to_end(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Without those of the connection and those that `Connection` names."""
    sent = [(name.lower(), value) for name, value in headers]
    options = b",".join(value for name, value in sent if name == b"connection").split(b",")
    left_out = _HOP_BY_HOP | {option.strip().lower() for option in options}
    return [(name, value) for name, value in sent if name not in left_out]


def _is_preflight(request: Request) -> bool:
    needed = ("origin", "access-control-request-method")
    return request.method == "OPTIONS" and all(name in request.headers for name in needed)


def _with_cors(api: HttpApi, request: Request, response: Response) -> Response:
    if api.cors:
        for name in [name for name in response.headers if name.startswith(cors.HEADERS)]:
            del response.headers[name]
        response.headers.update(api.cors.of_answer(request.headers.get("origin", "")))
    return response


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
