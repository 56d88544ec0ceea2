"""/v1/operations"""

from datetime import datetime

from cufit_service.domain import errors
from cufit_service.entrypoints.http.context import Call
from cufit_service.entrypoints.http.routing import Router
from cufit_service.entrypoints.http.schemas.common import Answer

router = Router("/v1/operations", tag="operations")


class OperationsAnswer(Answer):
    """How work goes: counts and ages, nobody's profile."""

    pending_recommendations: int
    oldest_pending_at: datetime | None
    unsent_events: int
    oldest_unsent_at: datetime | None


@router.operation("GET", refuses=(errors.NotAllowed,))
async def get_operations(call: Call) -> OperationsAnswer:
    """How work goes."""
    return OperationsAnswer.model_validate(await call.use_cases.see_operations(call.member))
