"""The application: routes, errors, the log, the document."""

from threading import Lock
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi_offline import FastAPIOffline
from starlette.middleware import Middleware
from starlette.types import Lifespan

from cufit_service.entrypoints.http.context import Context
from cufit_service.entrypoints.http.errors import EXCEPTION_HANDLERS
from cufit_service.entrypoints.http.problems import Problem, describe_problems
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

# What is asked for most comes first: a request is compared with one route after the other.
_RESOURCES = (
    recommendations, candidates, matches, members, invitations, photos, blocks, operations, health
)  # fmt: skip

DESCRIPTION = """\
An introduction service (소개팅): makers introduce candidates, AI recommends, people decide.

Every answer carries `X-Correlation-Id`; of a recommendation it is the recommendation's id, and it
is the same in the queue, the functions and the logs. Errors are `application/problem+json` with a
`code` that never changes its meaning. Lists are newest first and continue with `cursor=<next>`.
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
    for resource in _RESOURCES:
        app.include_router(resource.router)
    _describe_problems(app)
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name


def _describe_problems(app: FastAPI) -> None:
    of_framework = app.openapi
    making = Lock()

    def openapi() -> dict[str, Any]:
        # It is made in a thread (process.py), while somebody may ask for it.
        with making:
            document = of_framework()
            if Problem.__name__ not in document["components"]["schemas"]:
                describe_problems(document)
            return document

    # FastAPI's way to extend the document: https://fastapi.tiangolo.com/how-to/extending-openapi/
    app.openapi = openapi  # type: ignore[method-assign]
