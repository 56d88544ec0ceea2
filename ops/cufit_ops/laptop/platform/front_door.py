"""The front door: answers as the deployed HTTP API would, on 127.0.0.1."""

import asyncio
import base64
import json
import logging
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import jwt
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cufit_ops.laptop.environment import ACCOUNT
from cufit_ops.laptop.platform.http_api import HttpApi, JwtAuthorizer, LambdaTarget
from cufit_ops.laptop.platform.http_api import Route as ApiRoute
from cufit_ops.laptop.platform.issuer import ISSUER, LocalIssuer
from cufit_ops.laptop.platform.tasks import FargateService

logger = logging.getLogger(__name__)

# Of one connection, not of the request (RFC 9110, 7.6.1); a proxy must not pass them on.
_HOP_BY_HOP = {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te",
               "trailer", "transfer-encoding", "upgrade", "host", "content-length"}  # fmt: skip
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]


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
            trust_env=False, limits=httpx.Limits(max_connections=200, keepalive_expiry=30)
        )

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/_local/jwks.json", self._jwks),
                Route("/_local/credentials", self._credentials),
                Route("/_local/status", self._status),
                Route("/{path:path}", self._handle, methods=_METHODS),
            ]
        )

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
                "restarts": self._service.restarts,
                "failures": self._service.failures,
            }
        )

    async def _handle(self, request: Request) -> Response:
        route = self._api().route(request.method, request.url.path)
        if route is None:
            return JSONResponse({"message": "Not Found"}, status_code=404)
        try:
            claims = self._authorize(route.authorizer, request)
        except Unauthorized:
            return JSONResponse(
                {"message": "Unauthorized"}, status_code=401, headers={"www-authenticate": "Bearer"}
            )
        if isinstance(route.target, LambdaTarget):
            return await self._invoke(route, route.target, request, claims)
        return await self._forward(request, route.target.timeout_seconds)

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

    async def _forward(self, request: Request, seconds: float) -> Response:
        task = self._service.current
        if task is None:
            return JSONResponse({"message": "Service Unavailable"}, status_code=503)
        try:
            target = _target(request, task.port)
        except (httpx.InvalidURL, UnicodeDecodeError):
            return JSONResponse({"message": "Bad Request"}, status_code=400)
        try:
            with task.serving():
                answer = await self._http.request(
                    request.method,
                    target,
                    headers=[(k, v) for k, v in request.headers.items() if k not in _HOP_BY_HOP],
                    content=await request.body(),
                    timeout=seconds,
                )
        except httpx.TimeoutException:
            return JSONResponse({"message": "Endpoint request timed out"}, status_code=504)
        except httpx.HTTPError as error:
            if task.in_service:
                asked = f"{request.method} {request.url.path}"
                logger.warning("%s: the task broke off: %r", asked, error)
            return JSONResponse({"message": "Service Unavailable"}, status_code=503)
        response = Response(answer.content, answer.status_code)
        for name, value in answer.headers.multi_items():
            if name not in _HOP_BY_HOP and name != "content-encoding":
                response.headers.append(name, value)
        return response

    async def _invoke(
        self, route: ApiRoute, target: LambdaTarget, request: Request, claims: dict[str, Any] | None
    ) -> Response:
        event = await _event(self._api().api_id, route.key, request, claims)
        answer = await asyncio.to_thread(
            lambda: self._clients("lambda").invoke(
                FunctionName=target.function, Payload=json.dumps(event).encode()
            )
        )
        payload = await asyncio.to_thread(answer["Payload"].read)
        if "FunctionError" in answer:
            logger.error("%s failed: %s", target.function, payload.decode(errors="replace"))
            return JSONResponse({"message": "Internal Server Error"}, status_code=500)
        return _response(json.loads(payload or b"null"))


def _target(request: Request, port: int) -> httpx.URL:
    """The task's address with path and query as they were sent, not decoded and put together anew.

    Raises:
        httpx.InvalidURL, UnicodeDecodeError: no client that keeps to RFC 3986 sends these.
    """
    path, query = request.scope["raw_path"], request.scope["query_string"]
    target = path + b"?" + query if query else path
    return httpx.URL(scheme="http", host="127.0.0.1", port=port, raw_path=target)


async def _event(
    api_id: str, route_key: str, request: Request, claims: Mapping[str, Any] | None
) -> dict[str, Any]:
    """A request as payload format 2.0 hands it to a function (API Gateway developer guide)."""
    now = time.time()
    context: dict[str, Any] = {
        "accountId": ACCOUNT,
        "apiId": api_id,
        "domainName": request.url.netloc,
        "http": {
            "method": request.method,
            "path": request.url.path,
            "protocol": "HTTP/1.1",
            "sourceIp": request.client.host if request.client else "127.0.0.1",
            "userAgent": request.headers.get("user-agent", ""),
        },
        "requestId": uuid.uuid4().hex,
        "routeKey": route_key,
        "stage": "$default",
        "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
        "timeEpoch": int(now * 1000),
    }
    if claims is not None:
        # API Gateway hands every claim over as text.
        texts = {name: str(value) for name, value in claims.items()}
        context["authorizer"] = {"jwt": {"claims": texts, "scopes": None}}
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": request.url.path,
        "rawQueryString": request.url.query,
        "headers": dict(request.headers),
        "requestContext": context,
        "isBase64Encoded": False,
    }
    if request.query_params:
        event["queryStringParameters"] = dict(request.query_params)
    if body := await request.body():
        try:
            event["body"] = body.decode()
        except UnicodeDecodeError:
            event["body"] = base64.b64encode(body).decode()
            event["isBase64Encoded"] = True
    return event


def _response(answer: Any) -> Response:
    """A function's return value as API Gateway answers with it (payload format 2.0)."""
    if not isinstance(answer, dict) or "statusCode" not in answer:
        return JSONResponse(answer)
    body = answer.get("body") or ""
    content = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
    headers = {"content-type": "application/json", **answer.get("headers", {})}
    return Response(content, int(answer["statusCode"]), headers)
