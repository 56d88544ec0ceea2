"""The application: routes, errors, the log, the document."""

from threading import Lock
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi_offline import FastAPIOffline
from starlette.middleware import Middleware
from starlette.types import Lifespan

from cufit_service.entrypoints.http.context import Context
from cufit_service.entrypoints.http.document import document_of
from cufit_service.entrypoints.http.errors import EXCEPTION_HANDLERS
from cufit_service.entrypoints.http.request_log import RequestLog
from cufit_service.entrypoints.http.routes import (
    blocks,
    candidates,
    health,
    invitations,
    matches,
    members,
    operations,
    photo_uploads,
    photos,
    recommendations,
)

# What is asked for most comes first: a request is compared with one route after the other.
_RESOURCES = (
    recommendations, candidates, matches, members, invitations, photos, blocks, operations, health
)  # fmt: skip

DESCRIPTION = """\
An introduction service (소개팅): makers introduce candidates, AI recommends, people decide.

Every answer carries `X-Correlation-Id`; of a recommendation it is the recommendation's id, and it
is the same in the queue, the functions and the logs. Errors are `application/problem+json` with a
`code` that never changes its meaning; with 429, 503 and 409 `changed_at_once` comes `Retry-After`.
A POST with an `Idempotency-Key` may be sent again: it is answered as the first time, with
`Idempotency-Replayed: true`. Lists are newest first and continue with `cursor=<next>`.

What API Gateway answers before anybody here is asked (a bad token, too many requests, a service
that cannot be reached) is `application/json` with a `message`, and has neither code nor id.

A connection may be refused before there is a request: 400 `request_not_http`, 408
`headers_too_slow`, 414 `address_too_long`, 431 `headers_too_large`, 503 `connections_used_up`.

Text (format `line` or `lines`) is kept in Unicode's NFC and without space around it; its length is
counted in code points after that. Refused are control and format characters (direction overrides
and isolates, tags, zero-width space), what is no assigned character, and text of which nothing can
be seen. Lines may be broken in `lines` alone, and no list names anything twice. Times are in UTC
with milliseconds. Parameters that are not listed are not looked at; fields of a body that are not
listed are refused.
"""


def create_app(context: Context, lifespan: Lifespan[FastAPI] | None = None) -> FastAPI:
    app = FastAPIOffline(
        title="cufit",
        version="1",
        description=DESCRIPTION,
        lifespan=lifespan,
        redoc_url=None,
        static_url="/docs/assets",
        middleware=[Middleware(RequestLog, lifecycle=context.lifecycle)],
        exception_handlers=EXCEPTION_HANDLERS,
        generate_unique_id_function=_operation_id,
        redirect_slashes=False,
        # OpenTelemetry's spans, metrics and log records: nothing here collects them.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.context = context
    app.state.methods_at = _methods_at
    for resource in _RESOURCES:
        app.include_router(resource.router)
    _describe_whole(app)
    return app


def _methods_at(path: str) -> set[str]:
    """All that the address takes. Starlette names those of the first route that has the path."""
    routes = [
        route
        for resource in (*_RESOURCES, photo_uploads)
        for route in resource.router.routes
        if isinstance(route, APIRoute) and route.path_regex.fullmatch(path)
    ]
    # As OpenAPI has it: a path without parameters comes before those it would fit as well.
    concrete = [route for route in routes if route.path == path]
    methods = {method for route in concrete or routes for method in route.methods or ()}
    return methods | {"HEAD"} if "GET" in methods else methods


def _operation_id(route: APIRoute) -> str:
    return route.name


def _describe_whole(app: FastAPI) -> None:
    making = Lock()

    def openapi() -> dict[str, Any]:
        # It is made in a thread (process.py), while somebody may ask for it.
        with making:
            if not app.openapi_schema:
                app.openapi_schema = document_of(app)
            return app.openapi_schema

    # FastAPI's way to extend the document: https://fastapi.tiangolo.com/how-to/extending-openapi/
    app.openapi = openapi  # type: ignore[method-assign]
