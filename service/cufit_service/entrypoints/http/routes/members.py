"""/v1/members"""

from fastapi import APIRouter, Response

from cufit_service.domain import errors
from cufit_service.entrypoints.http.context import CallOf, MemberRoute
from cufit_service.entrypoints.http.problems import refusals
from cufit_service.entrypoints.http.schemas.members import MemberAnswer

router = APIRouter(prefix="/v1/members", tags=["members"], route_class=MemberRoute)


@router.get(
    "/me", summary="You; the first visit makes you BASIC", responses=refusals(errors.Contended)
)
async def get_me(call: CallOf) -> MemberAnswer:
    return MemberAnswer.model_validate(await call.use_cases.members.sign_in(call.member))


@router.delete(
    "/me",
    status_code=204,
    response_class=Response,
    summary="Leave: profile, photos, recommendations and invitations are removed",
    responses=refusals(errors.Contended),
)
async def delete_me(call: CallOf) -> None:
    """Everything is looked for again a few minutes later. Matches keep ids and nothing else."""
    await call.use_cases.members.leave(call.member)
