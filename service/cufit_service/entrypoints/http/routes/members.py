"""/v1/members"""

from fastapi import APIRouter

from cufit_service.entrypoints.http.context import CallingMember, UseCasesOf
from cufit_service.entrypoints.http.openapi import refusals
from cufit_service.entrypoints.http.schemas.members import MemberAnswer

router = APIRouter(prefix="/v1/members", tags=["members"])


@router.get("/me", summary="You; the first visit makes you BASIC", responses=refusals())
async def get_me(member: CallingMember, use_cases: UseCasesOf) -> MemberAnswer:
    return MemberAnswer.model_validate(await use_cases.sign_in(member))


@router.delete(
    "/me",
    status_code=204,
    summary="Leave: profile, photos and open work are removed",
    description="Matches both agreed to keep the ids of their two and nothing else.",
    responses=refusals(),
)
async def delete_me(member: CallingMember, use_cases: UseCasesOf) -> None:
    await use_cases.leave(member)
