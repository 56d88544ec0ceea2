"""/v1/operations"""

from fastapi import APIRouter

from cufit_service.domain import errors
from cufit_service.entrypoints.http.context import CallOf, MemberRoute
from cufit_service.entrypoints.http.problems import refusals
from cufit_service.entrypoints.http.schemas.common import Answer, Time

router = APIRouter(prefix="/v1/operations", tags=["operations"], route_class=MemberRoute)


class OperationsAnswer(Answer):
    """How work goes: counts and ages, nobody's profile."""

    pending_recommendations: int
    oldest_pending_at: Time | None
    unsent_events: int
    oldest_unsent_at: Time | None


@router.get("", summary="How work goes", responses=refusals(errors.NotAllowed))
async def get_operations(call: CallOf) -> OperationsAnswer:
    return OperationsAnswer.model_validate(await call.use_cases.operations.see(call.member))
