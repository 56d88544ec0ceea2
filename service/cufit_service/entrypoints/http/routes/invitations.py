"""/v1/invitations"""

from starlette.responses import Response

from cufit_service.domain import errors
from cufit_service.entrypoints.http.context import Call, PageQuery, cursor_after
from cufit_service.entrypoints.http.idempotency import CreationHeaders, Made, answer_once
from cufit_service.entrypoints.http.routing import Router
from cufit_service.entrypoints.http.schemas.common import Id, List
from cufit_service.entrypoints.http.schemas.members import (
    InvitationAnswer,
    InvitationBody,
    MemberAnswer,
)

router = Router("/v1/invitations", tag="invitations")


@router.operation(
    "POST",
    status=201,
    answer=InvitationAnswer,
    refuses=(errors.NotAllowed, errors.KeyReused, errors.StillRunning),
)
async def create_invitation(call: Call, headers: CreationHeaders, body: InvitationBody) -> Response:
    """Invite somebody: an ADMIN a MAKER, a MAKER a CANDIDATE."""

    async def make(code: str) -> Made:
        invitation = await call.use_cases.invite(call.member, body.kind, body.relation, code)
        return 201, {}, InvitationAnswer.of(invitation, invitation.created_at)

    return await answer_once(call, headers, body, call.context.ids.invitation_code, make)


@router.operation("GET", refuses=(errors.NotAllowed,))
async def list_invitations(call: Call, query: PageQuery) -> List[InvitationAnswer]:
    """Your invitations."""
    page = await call.use_cases.list_invitations(call.member, query.window)
    now = call.context.clock.now()
    items = [InvitationAnswer.of(invitation, now) for invitation in page.items]
    return List(items=items, next=cursor_after(page))


@router.operation(
    "POST",
    "/{code}/accept",
    refuses=(
        errors.InvitationUnknown,
        errors.InvitationOwn,
        errors.InvitationUsed,
        errors.InvitationExpired,
        errors.RoleTaken,
    ),
)
async def accept_invitation(call: Call, code: Id) -> MemberAnswer:
    """Take the role an invitation offers."""
    return MemberAnswer.model_validate(await call.use_cases.accept_invitation(call.member, code))
