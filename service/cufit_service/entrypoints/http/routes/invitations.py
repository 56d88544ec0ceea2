"""/v1/invitations"""

from fastapi import APIRouter, Response

from cufit_service.domain import errors
from cufit_service.entrypoints.http.context import CallOf, MemberRoute, PageAsked, cursor_after
from cufit_service.entrypoints.http.idempotency import Made, RepeatableOf
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
    responses=refusals(errors.NotAllowed, errors.KeyReused, errors.StillRunning, errors.Contended),
)
async def create_invitation(call: CallOf, sent: RepeatableOf, body: InvitationBody) -> Response:
    async def make(code: str) -> Made:
        invitation = await call.use_cases.invitations.invite(
            call.member, body.kind, body.relation, code
        )
        return {}, InvitationAnswer.of(invitation, invitation.created_at)

    return await sent.answer(body, call.context.ids.invitation_code, make)


@router.get("", summary="Your invitations", responses=refusals(errors.NotAllowed))
async def list_invitations(call: CallOf, query: PageAsked) -> List[InvitationAnswer]:
    page = await call.use_cases.invitations.newest(call.member, query.window)
    now = call.context.clock.now()
    items = [InvitationAnswer.of(invitation, now) for invitation in page.items]
    return List(items=items, next=cursor_after(page))


@router.post(
    "/{code}/accept",
    response_model=MemberAnswer,
    summary="Take the role an invitation offers, or as a CANDIDATE without a maker another maker",
    responses=refusals(
        errors.InvitationUnknown,
        errors.InvitationOwn,
        errors.InvitationUsed,
        errors.InvitationExpired,
        errors.RoleTaken,
        errors.KeyReused,
        errors.StillRunning,
        errors.Contended,
    ),
)
async def accept_invitation(call: CallOf, sent: RepeatableOf, code: Id) -> Response:
    async def make(request_id: str) -> Made:
        joined = await call.use_cases.invitations.accept(call.member, code, request_id)
        return {}, MemberAnswer.model_validate(joined)

    return await sent.answer(None, call.context.ids.request_id, make)
