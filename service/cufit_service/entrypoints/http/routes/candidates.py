"""/v1/candidates"""

from fastapi import APIRouter

from cufit_contracts.photo_problems import Language
from cufit_service.domain import errors
from cufit_service.domain.candidate import Candidate
from cufit_service.entrypoints.http.context import (
    Call,
    CallOf,
    MemberRoute,
    PageAsked,
    cursor_after,
)
from cufit_service.entrypoints.http.etag import TAGGED, VersionRead, tag, tagged
from cufit_service.entrypoints.http.languages import LanguageAsked
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
        **tagged(),
        201: {"description": "The first profile.", "model": OwnProfileAnswer, **TAGGED},
        **refusals(errors.NotAllowed, errors.Stale, errors.Contended),
    },
)
async def put_profile(
    call: CallOf, version_read: VersionRead, body: ProfileBody, language: LanguageAsked
) -> OwnProfileAnswer:
    candidate = await call.use_cases.candidates.save_profile(
        call.member, body.of_domain(), read_version=version_read
    )
    call.response.status_code = 201 if candidate.version == 1 else 200
    return await _own(call, candidate, language)


@router.get(
    "/me",
    summary="Your profile and photos",
    responses=tagged() | refusals(errors.NotAllowed, errors.ProfileUnknown),
)
async def get_profile(call: CallOf, language: LanguageAsked) -> OwnProfileAnswer:
    return await _own(call, await call.use_cases.candidates.read_profile(call.member), language)


@router.put(
    "/me/pause",
    summary="Rest from matching (쉬어가기), or come back",
    responses=tagged() | refusals(errors.NotAllowed, errors.ProfileUnknown, errors.Contended),
)
async def put_pause(call: CallOf, body: PauseBody, language: LanguageAsked) -> OwnProfileAnswer:
    candidate = await call.use_cases.candidates.pause_matching(call.member, body.paused)
    return await _own(call, candidate, language)


@router.get("", summary="The candidates you introduce", responses=refusals(errors.NotAllowed))
async def list_candidates(call: CallOf, query: PageAsked) -> List[CandidateAnswer]:
    page = await call.use_cases.candidates.of_maker(call.member, query.window)
    now = call.context.clock.now()
    items = [CandidateAnswer.whole(candidate, now) for candidate in page.items]
    return List(items=items, next=cursor_after(page))


@router.get(
    "/{candidate_id}",
    summary="A candidate: your own whole, another maker's as a card",
    responses=refusals(errors.NotAllowed, errors.CandidateUnknown),
)
async def get_candidate(call: CallOf, candidate_id: Id) -> CandidateAnswer | CardAnswer:
    found = await call.use_cases.candidates.view(call.member, candidate_id)
    if isinstance(found, Candidate):
        return CandidateAnswer.whole(found, call.context.clock.now())
    return CardAnswer.model_validate(found)


async def _own(call: Call, candidate: Candidate, language: Language) -> OwnProfileAnswer:
    own = await call.use_cases.photos.own(call.member)
    photos = [PhotoAnswer.of(photo, language) for photo in own]
    tag(call.response, candidate.version)
    return OwnProfileAnswer.own(candidate, photos, call.context.clock.now())
