"""/v1/candidates/{candidate_id}/blocks"""

from typing import Annotated

from fastapi import APIRouter, Path

from cufit_service.domain import errors
from cufit_service.entrypoints.http.context import CallingMember, UseCasesOf
from cufit_service.entrypoints.http.openapi import refusals

router = APIRouter(prefix="/v1/candidates/{candidate_id}/blocks", tags=["matches"])

CandidateId = Annotated[str, Path(max_length=64)]


@router.put(
    "/{other_id}",
    status_code=204,
    summary="Rule out a pair: neither recommend nor suggest it",
    responses=refusals(errors.NotAllowed, errors.CandidateUnknown, errors.PairTaken),
)
async def block_pair(
    candidate_id: CandidateId, other_id: CandidateId, member: CallingMember, use_cases: UseCasesOf
) -> None:
    await use_cases.block_pair.block(member, candidate_id, other_id)


@router.delete(
    "/{other_id}",
    status_code=204,
    summary="Allow a pair you ruled out",
    responses=refusals(errors.NotAllowed, errors.CandidateUnknown),
)
async def unblock_pair(
    candidate_id: CandidateId, other_id: CandidateId, member: CallingMember, use_cases: UseCasesOf
) -> None:
    await use_cases.block_pair.unblock(member, candidate_id, other_id)
