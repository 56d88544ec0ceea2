"""/v1/candidates"""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from cufit_service.domain import errors
from cufit_service.domain.candidate import Candidate
from cufit_service.domain.member import Member
from cufit_service.entrypoints.http.context import (
    CallingMember,
    Context,
    ContextOf,
    WindowAsked,
    cursor_after,
)
from cufit_service.entrypoints.http.etag import IfMatch, tag, version_read
from cufit_service.entrypoints.http.openapi import refusals
from cufit_service.entrypoints.http.schemas.candidates import (
    CandidateAnswer,
    CardAnswer,
    OwnProfileAnswer,
    PauseBody,
    ProfileBody,
)
from cufit_service.entrypoints.http.schemas.common import List
from cufit_service.entrypoints.http.schemas.photos import PhotoAnswer

router = APIRouter(prefix="/v1/candidates", tags=["candidates"])


@router.put(
    "/me",
    summary="Save your profile",
    responses={
        201: {"model": OwnProfileAnswer, "description": "The first profile."},
        **refusals(errors.NotAllowed, errors.Stale),
    },
)
async def put_profile(
    body: ProfileBody,
    member: CallingMember,
    context: ContextOf,
    response: Response,
    if_match: IfMatch = None,
) -> OwnProfileAnswer:
    candidate = await context.use_cases.save_profile(
        member, body.of_domain(context.clock.now()), read_version=version_read(if_match)
    )
    response.status_code = 201 if candidate.version == 1 else 200
    return await _own(context, member, candidate, response)


@router.get(
    "/me",
    summary="Your profile and photos",
    responses=refusals(errors.NotAllowed, errors.ProfileUnknown),
)
async def get_profile(
    member: CallingMember, context: ContextOf, response: Response
) -> OwnProfileAnswer:
    candidate = await context.use_cases.read_profile(member)
    return await _own(context, member, candidate, response)


@router.put(
    "/me/pause",
    summary="Rest from matching (쉬어가기), or come back",
    responses=refusals(errors.NotAllowed, errors.ProfileUnknown),
)
async def put_pause(
    body: PauseBody, member: CallingMember, context: ContextOf, response: Response
) -> OwnProfileAnswer:
    candidate = await context.use_cases.pause_matching(member, body.paused)
    return await _own(context, member, candidate, response)


@router.get("", summary="The candidates you introduce", responses=refusals(errors.NotAllowed))
async def list_candidates(
    member: CallingMember, window: WindowAsked, context: ContextOf
) -> List[CandidateAnswer]:
    page = await context.use_cases.list_candidates(member, window)
    now = context.clock.now()
    items = [CandidateAnswer.whole(candidate, now) for candidate in page.items]
    return List(items=items, next=cursor_after(page))


@router.get(
    "/{candidate_id}",
    summary="A candidate: your own whole, another maker's as a card",
    responses=refusals(errors.NotAllowed, errors.CandidateUnknown),
)
async def get_candidate(
    candidate_id: Annotated[str, Path(max_length=64)], member: CallingMember, context: ContextOf
) -> CandidateAnswer | CardAnswer:
    found = await context.use_cases.view_candidate(member, candidate_id)
    if isinstance(found, Candidate):
        return CandidateAnswer.whole(found, context.clock.now())
    return CardAnswer.of(found)


async def _own(
    context: Context, member: Member, candidate: Candidate, response: Response
) -> OwnProfileAnswer:
    photos = [PhotoAnswer.of(photo) for photo in await context.use_cases.list_photos.own(member)]
    tag(response, candidate.version)
    return OwnProfileAnswer.own(candidate, photos, context.clock.now())
