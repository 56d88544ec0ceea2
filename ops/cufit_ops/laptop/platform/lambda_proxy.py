"""Requests and answers of functions: payload format 2.0 (API Gateway developer guide)."""

import base64
import time
import uuid
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from cufit_ops.laptop.environment import ACCOUNT
from cufit_ops.laptop.platform.end_to_end import end_to_end


def event_of(
    api_id: str, route_key: str, request: Request, body: bytes, claims: Mapping[str, Any] | None
) -> dict[str, Any]:
    """A request as a function gets it."""
    now = time.time()
    path, query = request.scope["path"], request.scope["query_string"].decode("latin-1")
    context: dict[str, Any] = {
        "accountId": ACCOUNT,
        "apiId": api_id,
        "domainName": request.headers.get("host", ""),
        "http": {
            "method": request.method,
            "path": path,
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
        "rawPath": path,
        "rawQueryString": query,
        "headers": _joined(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in end_to_end(request.headers.raw)
        ),
        "requestContext": context,
        "isBase64Encoded": False,
    }
    if request.query_params:
        event["queryStringParameters"] = _joined(request.query_params.multi_items())
    if body:
        try:
            event["body"] = body.decode()
        except UnicodeDecodeError:
            event["body"] = base64.b64encode(body).decode()
            event["isBase64Encoded"] = True
    return event


def answer_of(returned: Any) -> Response:
    """A function's return value as API Gateway answers with it.

    Raises:
        TypeError, ValueError, AttributeError: it is no answer.
    """
    if not isinstance(returned, dict) or "statusCode" not in returned:
        return JSONResponse(returned)
    body = returned.get("body") or ""
    content = base64.b64decode(body) if returned.get("isBase64Encoded") else body.encode()
    headers = {"content-type": "application/json", **(returned.get("headers") or {})}
    texts = {name.lower(): str(value) for name, value in headers.items()}
    return Response(content, int(returned["statusCode"]), texts)


def _joined(pairs: Any) -> dict[str, str]:
    """What comes several times is joined with commas."""
    found: dict[str, str] = {}
    for name, value in pairs:
        found[name] = f"{found[name]},{value}" if name in found else value
    return found
