"""/v1/operations"""

from fastapi import APIRouter
from pydantic import Field

from cufit_service.domain import errors
from cufit_service.entrypoints.http.context import CallOf, MemberRoute
from cufit_service.entrypoints.http.problems import refusals
from cufit_service.entrypoints.http.schemas.common import Answer, Id, Time

router = APIRouter(prefix="/v1/operations", tags=["operations"], route_class=MemberRoute)


class OperationsAnswer(Answer):
    """How work goes: counts and ages, nobody's profile."""

    pending_recommendations: int
    oldest_pending_at: Time | None
    unsent_events: int
    oldest_unsent_at: Time | None


class LiftedAnswer(Answer):
    """Of the blocks of a pair, how many were lifted and how many stay."""

    lifted: int
    kept: int = Field(description="Of makers who are here; they lift their own.")


@router.get("", summary="How work goes", responses=refusals(errors.NotAllowed))
async def get_operations(call: CallOf) -> OperationsAnswer:
    return OperationsAnswer.model_validate(await call.use_cases.operations.see(call.member))


@router.delete(
    "/blocks/{candidate_id}/{other_id}",
    summary="Allow a pair that makers who have left ruled out",
    responses=refusals(errors.NotAllowed),
)
async def lift_blocks(call: CallOf, candidate_id: Id, other_id: Id) -> LiftedAnswer:
    lifted = await call.use_cases.operations.lift_blocks(call.member, candidate_id, other_id)
    return LiftedAnswer.model_validate(lifted)
