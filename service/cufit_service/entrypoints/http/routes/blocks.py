"""/v1/candidates/{candidate_id}/blocks"""

from fastapi import APIRouter, Response

from cufit_service.domain import errors
from cufit_service.entrypoints.http.context import CallOf, MemberRoute
from cufit_service.entrypoints.http.problems import refusals
from cufit_service.entrypoints.http.schemas.common import Id

router = APIRouter(
    prefix="/v1/candidates/{candidate_id}/blocks", tags=["matches"], route_class=MemberRoute
)


@router.put(
    "/{other_id}",
    status_code=204,
    response_class=Response,
    summary="Rule out a pair: neither recommend nor suggest it",
    responses=refusals(
        errors.NotAllowed, errors.CandidateUnknown, errors.Contended, errors.PairTaken
    ),
)
async def block_pair(call: CallOf, candidate_id: Id, other_id: Id) -> None:
    await call.use_cases.matches.block(call.member, candidate_id, other_id)


@router.delete(
    "/{other_id}",
    status_code=204,
    response_class=Response,
    summary="Allow a pair you ruled out",
    responses=refusals(errors.NotAllowed, errors.CandidateUnknown, errors.Contended),
)
async def unblock_pair(call: CallOf, candidate_id: Id, other_id: Id) -> None:
    await call.use_cases.matches.unblock(call.member, candidate_id, other_id)
