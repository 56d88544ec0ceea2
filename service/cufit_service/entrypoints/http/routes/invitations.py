"""/v1/invitations"""

from fastapi import APIRouter, Response

from cufit_service.domain import errors
from cufit_service.entrypoints.http.context import (
    CallingMember,
    ContextOf,
    MemberRoute,
    PageAsked,
    cursor_after,
)
from cufit_service.entrypoints.http.idempotency import CreationOf, Made
from cufit_service.entrypoints.http.problems import refusals
from cufit_service.entrypoints.http.schemas.common import Id, List
from cufit_service.entrypoints.http.schemas.members import (
    InvitationAnswer,
    InvitationBody,
    MemberAnswer,
)

router = APIRouter(prefix="/v1/invitations", tags=["invitations"], route_class=MemberRoute)


@router.post(
    "",
    status_code=201,
    response_model=InvitationAnswer,
    summary="Invite somebody: an ADMIN a MAKER, a MAKER a CANDIDATE",
    responses=refusals(errors.NotAllowed, errors.KeyReused, errors.StillRunning),
)
async def create_invitation(
    creation: CreationOf, member: CallingMember, context: ContextOf, body: InvitationBody
) -> Response:

    async def make(code: str) -> Made:
        invitation = await context.use_cases.invite(member, body.kind, body.relation, code)
        return {}, InvitationAnswer.of(invitation, invitation.created_at)

    return await creation.answer(body, context.ids.invitation_code, make)


@router.get("", summary="Your invitations", responses=refusals(errors.NotAllowed))
async def list_invitations(
    member: CallingMember, context: ContextOf, query: PageAsked
) -> List[InvitationAnswer]:
    page = await context.use_cases.list_invitations(member, query.window)
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
async def accept_invitation(member: CallingMember, context: ContextOf, code: Id) -> MemberAnswer:
    return MemberAnswer.model_validate(await context.use_cases.accept_invitation(member, code))
