"""/v1/matches"""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field, StringConstraints

from cufit_service.domain import errors
from cufit_service.domain.member import Role
from cufit_service.entrypoints.http.context import CallOf, MemberRoute, PageQuery, cursor_after
from cufit_service.entrypoints.http.etag import VersionRead, etag, tag, tagged
from cufit_service.entrypoints.http.idempotency import Made, RepeatableOf
from cufit_service.entrypoints.http.problems import located, refusals
from cufit_service.entrypoints.http.schemas.common import ID_CHARACTERS, Id, List
from cufit_service.entrypoints.http.schemas.matches import (
    ContactAnswer,
    MatchAnswer,
    MatchBody,
    ReplyBody,
    SuggestedAnswer,
)

router = APIRouter(prefix="/v1/matches", tags=["matches"], route_class=MemberRoute)

MatchId = Annotated[str, StringConstraints(max_length=2 * ID_CHARACTERS + 1)]


class MatchesQuery(PageQuery):
    candidate_id: Id | None = Field(default=None, description="Needed by makers.")


@router.post(
    "",
    status_code=201,
    response_model=SuggestedAnswer,
    summary="Suggest one of your candidates and another to each other",
    responses=located(201)
    | refusals(
        errors.NotAllowed,
        errors.CandidateUnknown,
        errors.SameGender,
        errors.CandidatePaused,
        errors.CandidateUnattached,
        errors.PairTaken,
        errors.PairBlocked,
        errors.SuggestionsUsedUp,
        errors.KeyReused,
        errors.StillRunning,
        errors.Contended,
    ),
)
async def create_match(call: CallOf, sent: RepeatableOf, body: MatchBody) -> Response:
    async def make(suggestion_id: str) -> Made:
        match = await call.use_cases.matches.suggest(
            call.member, body.candidate_id, body.other_candidate_id, suggestion_id
        )
        location = f"{router.prefix}/{match.match_id}"
        return {"Location": location}, SuggestedAnswer.of(match, match.created_at)

    return await sent.answer(body, call.context.ids.suggestion_id, make)


@router.get(
    "",
    summary="Your matches; as a MAKER those of one of your candidates",
    responses=refusals(errors.NotAllowed, errors.CandidateUnknown),
)
async def list_matches(call: CallOf, query: Annotated[MatchesQuery, Query()]) -> List[MatchAnswer]:
    read = call.use_cases.matches
    if call.member.role is Role.MAKER:
        if not query.candidate_id:
            raise errors.Invalid([errors.Fault("candidate_id", "names one of your candidates")])
        page = await read.of_candidate(call.member, query.candidate_id, query.window)
    else:
        page = await read.own(call.member, query.window)
    now = call.context.clock.now()
    items = [MatchAnswer.introduced(introduced, now) for introduced in page.items]
    return List(items=items, next=cursor_after(page))


@router.get(
    "/{match_id}",
    summary="A match, for its two and whoever introduces one of them",
    responses=tagged() | refusals(errors.NotAllowed, errors.MatchUnknown),
)
async def get_match(call: CallOf, match_id: MatchId) -> MatchAnswer:
    introduced = await call.use_cases.matches.one(call.member, match_id)
    tag(call.response, introduced.match.version)
    return MatchAnswer.introduced(introduced, call.context.clock.now())


@router.post(
    "/{match_id}/answer",
    response_model=SuggestedAnswer,
    summary="Agree to a match suggested to you, or do not",
    responses=tagged()
    | refusals(
        errors.NotAllowed,
        errors.MatchUnknown,
        errors.MatchAnswered,
        errors.MatchClosed,
        errors.Stale,
        errors.KeyReused,
        errors.StillRunning,
        errors.Contended,
    ),
)
async def answer_match(
    call: CallOf, sent: RepeatableOf, match_id: MatchId, version_read: VersionRead, body: ReplyBody
) -> Response:
    async def make(request_id: str) -> Made:
        match = await call.use_cases.matches.answer(
            call.member, match_id, body.answer, read_version=version_read, request_id=request_id
        )
        return etag(match.version), SuggestedAnswer.of(match, match.created_at)

    return await sent.answer(body, call.context.ids.request_id, make)


@router.get(
    "/{match_id}/contact",
    summary="How to reach the other, once both have agreed",
    responses=refusals(
        errors.NotAllowed, errors.MatchUnknown, errors.NotMatched, errors.CandidateUnknown
    ),
)
async def get_contact(call: CallOf, match_id: MatchId) -> ContactAnswer:
    contact = await call.use_cases.matches.contact(call.member, match_id)
    return ContactAnswer.model_validate(contact)
