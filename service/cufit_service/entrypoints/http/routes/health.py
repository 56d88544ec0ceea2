"""Whether the process lives, and whether it wants requests. Neither asks anything else."""

from http import HTTPStatus

from starlette.responses import JSONResponse, Response

from cufit_service.entrypoints.http.context import Context
from cufit_service.entrypoints.http.routing import Router
from cufit_service.entrypoints.http.schemas.common import Answer

router = Router(tag="health")


class HealthAnswer(Answer):
    status: str


@router.operation("GET", "/health", public=True)
async def health(_: Context) -> HealthAnswer:
    """The process answers."""
    return HealthAnswer(status="ok")


@router.operation(
    "GET",
    "/ready",
    public=True,
    answer=HealthAnswer,
    other_answers={503: "It is stopping and finishes what it has."},
)
async def ready(context: Context) -> Response:
    """The process wants requests."""
    if context.lifecycle.draining:
        return JSONResponse({"status": "stopping"}, HTTPStatus.SERVICE_UNAVAILABLE)
    return JSONResponse({"status": "ready"})
