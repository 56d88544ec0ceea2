"""The whole API in one process: what API Gateway does before the service, the service, and the
function that answers `POST /v1/photos`."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Final

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from cufit_contracts.environment import variable
from cufit_service.application.ports import TokenRefused
from cufit_service.entrypoints.http.document import OF_GATEWAY
from photo_upload_url import handler
from tests.in_memory_aws.botocore_clients import botocore_asks
from tests.in_memory_aws.settings import BUCKET, REGION
from tests.integration.lambdas.context import context
from tests.unit.service.http_world import UPLOAD_PATH, HttpWorld, operations
from tests.unit.service.signing import ISSUER

ENVIRONMENT: Final = {
    "AWS_REGION": REGION,
    variable("env"): "local",
    variable("members_table"): "members",
    variable("photos_table"): "photos",
    variable("photo_bucket"): BUCKET,
    variable("oidc_issuer"): ISSUER,
    variable("upload_ttl_seconds"): "300",
    variable("max_upload_bytes"): "10485760",
    variable("photos_per_candidate"): "6",
    variable("uploads_per_day"): "20",
}

PUBLIC: Final = {
    "/openapi.json",
    *(path for path, _, operation in operations() if not operation["security"]),
}
"""tests/infra/test_service.py compares the document's with the routes deployed."""


class Edge:
    """An ASGI application in front of `http`, which may be another from request to request."""

    def __init__(self, http: HttpWorld) -> None:
        self.http = http

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.http.app(scope, receive, send)
            return
        request = Request(scope, receive)
        if not self._is_public(request) and not await self._is_let_in(request):
            response: Response = gateway_says(HTTPStatus.UNAUTHORIZED)
        elif (request.method, request.url.path) == ("POST", UPLOAD_PATH):
            response = await self._ask_function(request)
        else:
            await self.http.app(scope, receive, send)
            return
        await response(scope, receive, send)

    @staticmethod
    def _is_public(request: Request) -> bool:
        return request.method == "GET" and request.url.path in PUBLIC

    async def _is_let_in(self, request: Request) -> bool:
        """As the JWT authorizer does: signature, issuer, audience, time."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        try:
            identity = await self.http.app.state.context.tokens.verify(token)
        except TokenRefused:
            return False
        request.state.subject = identity.subject
        return scheme.lower() == "bearer"

    async def _ask_function(self, request: Request) -> Response:
        claims = {"iss": ISSUER, "sub": request.state.subject}
        event: dict[str, Any] = {
            "version": "2.0",
            "headers": {name.lower(): value for name, value in request.headers.items()},
            "requestContext": {"authorizer": {"jwt": {"claims": claims}}},
            "body": (await request.body()).decode(errors="replace"),
            "isBase64Encoded": False,
        }
        with botocore_asks(self.http.world.cloud.call):
            answer = handler.handler(event, context())
        return Response(answer["body"], answer["statusCode"], answer["headers"])


def gateway_says(status: HTTPStatus) -> Response:
    headers = {"WWW-Authenticate": "Bearer"} if status is HTTPStatus.UNAUTHORIZED else {}
    return JSONResponse({"message": OF_GATEWAY[status]}, status.value, headers)


@contextmanager
def function_is_deployed() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        handler._app.cache_clear()
        yield
        handler._app.cache_clear()
