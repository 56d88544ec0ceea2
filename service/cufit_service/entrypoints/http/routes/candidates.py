"""/v1/candidates"""

from fastapi import APIRouter, Response

from cufit_service.domain import errors
from cufit_service.domain.candidate import Candidate
from cufit_service.domain.member import Member
from cufit_service.entrypoints.http.context import (
    CallingMember,
    Context,
    ContextOf,
    MemberRoute,
    PageAsked,
    cursor_after,
)
from cufit_service.entrypoints.http.etag import VersionRead, tag
from cufit_service.entrypoints.http.problems import refusals
from cufit_service.entrypoints.http.schemas.candidates import (
    CandidateAnswer,
    CardAnswer,
    OwnProfileAnswer,
    PauseBody,
    ProfileBody,
)
from cufit_service.entrypoints.http.schemas.common import Id, List
from cufit_service.entrypoints.http.schemas.photos import PhotoAnswer

router = APIRouter(prefix="/v1/candidates", tags=["candidates"], route_class=MemberRoute)


@router.put(
    "/me",
    summary="Save your profile",
    responses={
        201: {"description": "The first profile.", "model": OwnProfileAnswer},
        **refusals(errors.NotAllowed, errors.Stale),
    },
)
async def put_profile(
    member: CallingMember,
    context: ContextOf,
    response: Response,
    version_read: VersionRead,
    body: ProfileBody,
) -> OwnProfileAnswer:
    candidate = await context.use_cases.save_profile(
        member, body.of_domain(context.clock.now()), read_version=version_read
    )
    response.status_code = 201 if candidate.version == 1 else 200
    return await _own(context, member, response, candidate)


@router.get(
    "/me",
    summary="Your profile and photos",
    responses=refusals(errors.NotAllowed, errors.ProfileUnknown),
)
async def get_profile(
    member: CallingMember, context: ContextOf, response: Response
) -> OwnProfileAnswer:
    return await _own(context, member, response, await context.use_cases.read_profile(member))


@router.put(
    "/me/pause",
    summary="Rest from matching (쉬어가기), or come back",
    responses=refusals(errors.NotAllowed, errors.ProfileUnknown),
)
async def put_pause(
    member: CallingMember, context: ContextOf, response: Response, body: PauseBody
) -> OwnProfileAnswer:
    return await _own(
        context, member, response, await context.use_cases.pause_matching(member, body.paused)
    )


@router.get("", summary="The candidates you introduce", responses=refusals(errors.NotAllowed))
async def list_candidates(
    member: CallingMember, context: ContextOf, query: PageAsked
) -> List[CandidateAnswer]:
    page = await context.use_cases.list_candidates(member, query.window)
    now = context.clock.now()
    items = [CandidateAnswer.whole(candidate, now) for candidate in page.items]
    return List(items=items, next=cursor_after(page))


@router.get(
    "/{candidate_id}",
    summary="A candidate: your own whole, another maker's as a card",
    responses=refusals(errors.NotAllowed, errors.CandidateUnknown),
)
async def get_candidate(
    member: CallingMember, context: ContextOf, candidate_id: Id
) -> CandidateAnswer | CardAnswer:
    found = await context.use_cases.view_candidate(member, candidate_id)
    if isinstance(found, Candidate):
        return CandidateAnswer.whole(found, context.clock.now())
    return CardAnswer.of(found)


async def _own(
    context: Context, member: Member, response: Response, candidate: Candidate
) -> OwnProfileAnswer:
    photos = [PhotoAnswer.of(photo) for photo in await context.use_cases.list_photos.own(member)]
    tag(response, candidate.version)
    return OwnProfileAnswer.own(candidate, photos, context.clock.now())
