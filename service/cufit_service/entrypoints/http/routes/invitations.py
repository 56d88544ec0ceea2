"""/v1/invitations"""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from cufit_service.domain import errors
from cufit_service.entrypoints.http.context import (
    CallingMember,
    ContextOf,
    UseCasesOf,
    WindowAsked,
    cursor_after,
)
from cufit_service.entrypoints.http.idempotency import CreationOf, Made
from cufit_service.entrypoints.http.openapi import refusals
from cufit_service.entrypoints.http.schemas.common import List
from cufit_service.entrypoints.http.schemas.members import (
    InvitationAnswer,
    InvitationBody,
    MemberAnswer,
)

router = APIRouter(prefix="/v1/invitations", tags=["invitations"])


@router.post(
    "",
    status_code=201,
    response_model=InvitationAnswer,
    summary="Invite somebody: an ADMIN a MAKER, a MAKER a CANDIDATE",
    responses=refusals(errors.NotAllowed, errors.KeyReused, errors.StillRunning),
)
async def create_invitation(
    body: InvitationBody, member: CallingMember, context: ContextOf, creation: CreationOf
) -> Response:
    async def make(code: str) -> Made:
        invitation = await context.use_cases.invite(member, body.kind, body.relation, code)
        return 201, {}, InvitationAnswer.of(invitation, invitation.created_at)

    return await creation.answer(context, member, body, context.ids.invitation_code, make)


@router.get("", summary="Your invitations", responses=refusals(errors.NotAllowed))
async def list_invitations(
    member: CallingMember, window: WindowAsked, context: ContextOf
) -> List[InvitationAnswer]:
    page = await context.use_cases.list_invitations(member, window)
    now = context.clock.now()
    items = [InvitationAnswer.of(invitation, now) for invitation in page.items]
    return List(items=items, next=cursor_after(page))


@router.post(
    "/{code}/accept",
    summary="Take the role an invitation offers",
    responses=refusals(
        errors.InvitationUnknown,
        errors.InvitationOwn,
        errors.InvitationUsed,
        errors.InvitationExpired,
        errors.RoleTaken,
    ),
)
async def accept_invitation(
    code: Annotated[str, Path(max_length=64)], member: CallingMember, use_cases: UseCasesOf
) -> MemberAnswer:
    return MemberAnswer.model_validate(await use_cases.accept_invitation(member, code))
