"""The application: routes, errors, the log, the document."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.middleware import Middleware

from cufit_service.entrypoints.http.admission import Admission
from cufit_service.entrypoints.http.context import Context
from cufit_service.entrypoints.http.errors import answer_errors
from cufit_service.entrypoints.http.openapi import TITLE, describe
from cufit_service.entrypoints.http.request_log import RequestLog
from cufit_service.entrypoints.http.routes import (
    blocks,
    candidates,
    health,
    invitations,
    matches,
    members,
    operations,
    photos,
    recommendations,
)

_ROUTERS = (
    # What is asked for most comes first: a request is compared with one route after the other.
    recommendations.router,
    candidates.router,
    matches.router,
    members.router,
    invitations.router,
    photos.router,
    blocks.router,
    operations.router,
    health.router,
)

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

VERSION = "1"


def create_app(context: Context, lifespan: Lifespan | None = None) -> FastAPI:
    app = FastAPI(
        title=TITLE,
        version=VERSION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        middleware=[Middleware(RequestLog, lifecycle=context.lifecycle), Middleware(Admission)],
        generate_unique_id_function=_operation_id,
        redirect_slashes=False,
        # Spans, metrics and log records of OpenTelemetry: nothing here collects them.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.context = context
    answer_errors(app)
    for router in _ROUTERS:
        app.include_router(router)
    describe(app)
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name
