"""/v1/candidates"""

from cufit_service.domain import errors
from cufit_service.domain.candidate import Candidate
from cufit_service.entrypoints.http.context import Call, PageQuery, cursor_after
from cufit_service.entrypoints.http.etag import VersionHeaders, tag
from cufit_service.entrypoints.http.routing import Router
from cufit_service.entrypoints.http.schemas.candidates import (
    CandidateAnswer,
    CardAnswer,
    OwnProfileAnswer,
    PauseBody,
    ProfileBody,
)
from cufit_service.entrypoints.http.schemas.common import Id, List
from cufit_service.entrypoints.http.schemas.photos import PhotoAnswer

router = Router("/v1/candidates", tag="candidates")


@router.operation(
    "PUT",
    "/me",
    refuses=(errors.NotAllowed, errors.Stale),
    other_answers={201: "The first profile."},
)
async def put_profile(call: Call, headers: VersionHeaders, body: ProfileBody) -> OwnProfileAnswer:
    """Save your profile."""
    candidate = await call.use_cases.save_profile(
        call.member, body.of_domain(call.context.clock.now()), read_version=headers.version_read
    )
    call.status = 201 if candidate.version == 1 else 200
    return await _own(call, candidate)


@router.operation("GET", "/me", refuses=(errors.NotAllowed, errors.ProfileUnknown))
async def get_profile(call: Call) -> OwnProfileAnswer:
    """Your profile and photos."""
    return await _own(call, await call.use_cases.read_profile(call.member))


@router.operation("PUT", "/me/pause", refuses=(errors.NotAllowed, errors.ProfileUnknown))
async def put_pause(call: Call, body: PauseBody) -> OwnProfileAnswer:
    """Rest from matching (쉬어가기), or come back."""
    return await _own(call, await call.use_cases.pause_matching(call.member, body.paused))


@router.operation("GET", refuses=(errors.NotAllowed,))
async def list_candidates(call: Call, query: PageQuery) -> List[CandidateAnswer]:
    """The candidates you introduce."""
    page = await call.use_cases.list_candidates(call.member, query.window)
    now = call.context.clock.now()
    items = [CandidateAnswer.whole(candidate, now) for candidate in page.items]
    return List(items=items, next=cursor_after(page))


@router.operation("GET", "/{candidate_id}", refuses=(errors.NotAllowed, errors.CandidateUnknown))
async def get_candidate(call: Call, candidate_id: Id) -> CandidateAnswer | CardAnswer:
    """A candidate: your own whole, another maker's as a card."""
    found = await call.use_cases.view_candidate(call.member, candidate_id)
    if isinstance(found, Candidate):
        return CandidateAnswer.whole(found, call.context.clock.now())
    return CardAnswer.of(found)


async def _own(call: Call, candidate: Candidate) -> OwnProfileAnswer:
    photos = [PhotoAnswer.of(photo) for photo in await call.use_cases.list_photos.own(call.member)]
    tag(call, candidate.version)
    return OwnProfileAnswer.own(candidate, photos, call.context.clock.now())
