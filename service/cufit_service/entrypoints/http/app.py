"""The application: routes, errors, the log, the document."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import Lifespan

from cufit_service.entrypoints.http.admission import Admission
from cufit_service.entrypoints.http.context import Context
from cufit_service.entrypoints.http.docs import docs_routes
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

OPERATIONS = tuple(operation for router in _ROUTERS for operation in router.operations)


def create_app(context: Context, lifespan: Lifespan[Starlette] | None = None) -> Starlette:
    app = Starlette(
        routes=[*(operation.route() for operation in OPERATIONS), *docs_routes(OPERATIONS)],
        middleware=[Middleware(RequestLog, lifecycle=context.lifecycle), Middleware(Admission)],
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.context = context
    return app
