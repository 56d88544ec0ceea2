"""/v1/members"""

from cufit_service.entrypoints.http.context import Call
from cufit_service.entrypoints.http.routing import Router
from cufit_service.entrypoints.http.schemas.members import MemberAnswer

router = Router("/v1/members", tag="members")


@router.operation("GET", "/me")
async def get_me(call: Call) -> MemberAnswer:
    """You; the first visit makes you BASIC."""
    return MemberAnswer.model_validate(await call.use_cases.sign_in(call.member))


@router.operation("DELETE", "/me")
async def delete_me(call: Call) -> None:
    """Leave: profile, photos and open work are removed.

    Matches both agreed to keep the ids of their two and nothing else.
    """
    await call.use_cases.leave(call.member)
