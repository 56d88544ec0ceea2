"""/v1/matches"""

from typing import Annotated

from pydantic import Field, StringConstraints
from starlette.responses import Response

from cufit_service.domain import errors
from cufit_service.domain.member import Role
from cufit_service.entrypoints.http.context import Call, PageQuery, cursor_after
from cufit_service.entrypoints.http.etag import VersionHeaders, tag
from cufit_service.entrypoints.http.idempotency import CreationHeaders, Made, answer_once
from cufit_service.entrypoints.http.routing import Router
from cufit_service.entrypoints.http.schemas.common import List
from cufit_service.entrypoints.http.schemas.matches import (
    ContactAnswer,
    MatchAnswer,
    MatchBody,
    ReplyBody,
    SuggestedAnswer,
)

router = Router("/v1/matches", tag="matches")

MatchId = Annotated[str, StringConstraints(max_length=129)]


class MatchesQuery(PageQuery):
    candidate_id: str | None = Field(default=None, max_length=64, description="Needed by makers.")


@router.operation(
    "POST",
    status=201,
    answer=SuggestedAnswer,
    refuses=(
        errors.NotAllowed,
        errors.CandidateUnknown,
        errors.SameGender,
        errors.CandidatePaused,
        errors.PairTaken,
        errors.PairBlocked,
        errors.SuggestionsUsedUp,
        errors.KeyReused,
        errors.StillRunning,
    ),
)
async def create_match(call: Call, headers: CreationHeaders, body: MatchBody) -> Response:
    """Suggest one of your candidates and another to each other."""

    async def make(suggestion_id: str) -> Made:
        match = await call.use_cases.suggest_match(
            call.member, body.candidate_id, body.other_candidate_id, suggestion_id
        )
        location = f"{router.prefix}/{match.match_id}"
        return 201, {"Location": location}, SuggestedAnswer.of(match, match.created_at)

    return await answer_once(call, headers, body, call.context.ids.suggestion_id, make)


@router.operation("GET", refuses=(errors.NotAllowed, errors.CandidateUnknown))
async def list_matches(call: Call, query: MatchesQuery) -> List[MatchAnswer]:
    """Your matches; as a MAKER those of one of your candidates."""
    read = call.use_cases.read_matches
    if call.member.role is Role.MAKER:
        if not query.candidate_id:
            raise errors.Invalid([errors.Fault("candidate_id", "names one of your candidates")])
        page = await read.of_candidate(call.member, query.candidate_id, query.window)
    else:
        page = await read.own(call.member, query.window)
    now = call.context.clock.now()
    items = [MatchAnswer.introduced(introduced, now) for introduced in page.items]
    return List(items=items, next=cursor_after(page))


@router.operation("GET", "/{match_id}", refuses=(errors.NotAllowed, errors.MatchUnknown))
async def get_match(call: Call, match_id: MatchId) -> MatchAnswer:
    """A match, for its two and their makers."""
    introduced = await call.use_cases.read_matches.one(call.member, match_id)
    tag(call, introduced.match.version)
    return MatchAnswer.introduced(introduced, call.context.clock.now())


@router.operation(
    "POST",
    "/{match_id}/answer",
    refuses=(
        errors.NotAllowed,
        errors.MatchUnknown,
        errors.MatchAnswered,
        errors.MatchClosed,
        errors.Stale,
    ),
)
async def answer_match(
    call: Call, match_id: MatchId, headers: VersionHeaders, body: ReplyBody
) -> SuggestedAnswer:
    """Agree to a match suggested to you, or do not."""
    match = await call.use_cases.answer_match(
        call.member, match_id, body.answer, read_version=headers.version_read
    )
    tag(call, match.version)
    return SuggestedAnswer.of(match, call.context.clock.now())


@router.operation(
    "GET",
    "/{match_id}/contact",
    refuses=(errors.NotAllowed, errors.MatchUnknown, errors.NotMatched, errors.CandidateUnknown),
)
async def get_contact(call: Call, match_id: MatchId) -> ContactAnswer:
    """How to reach the other, once both have agreed."""
    return ContactAnswer.of(await call.use_cases.read_matches.contact(call.member, match_id))
