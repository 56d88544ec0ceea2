"""Whether the process lives, and whether it wants requests. Neither asks anything else."""

from fastapi import APIRouter
from starlette.responses import JSONResponse

from cufit_service.entrypoints.http.context import ContextOf

router = APIRouter(tags=["health"])


@router.get("/health", summary="The process answers")
async def health() -> dict[str, str]:
    return {"status": "ok"}


@router.get(
    "/ready",
    summary="The process wants requests",
    responses={503: {"description": "It is stopping and finishes what it has."}},
)
async def ready(context: ContextOf) -> JSONResponse:
    if context.lifecycle.draining:
        return JSONResponse({"status": "stopping"}, status_code=503)
    return JSONResponse({"status": "ready"})
