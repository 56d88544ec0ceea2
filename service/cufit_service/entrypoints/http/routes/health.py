"""Whether the process lives, and whether it wants requests. Neither asks anything else."""

from typing import Literal

from fastapi import APIRouter, Request, Response

from cufit_service.entrypoints.http.context import context_of
from cufit_service.entrypoints.http.schemas.common import Answer

router = APIRouter(tags=["health"])


class HealthAnswer(Answer):
    status: Literal["ok", "ready", "stopping"]


@router.get("/health", summary="The process answers")
async def health() -> HealthAnswer:
    return HealthAnswer(status="ok")


@router.get(
    "/ready",
    summary="The process wants requests",
    responses={
        503: {"description": "It is stopping and finishes what it has.", "model": HealthAnswer}
    },
)
async def ready(request: Request, response: Response) -> HealthAnswer:
    if context_of(request).lifecycle.draining:
        response.status_code = 503
        return HealthAnswer(status="stopping")
    return HealthAnswer(status="ready")
