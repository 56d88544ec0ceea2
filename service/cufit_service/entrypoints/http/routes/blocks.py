"""/v1/candidates/{candidate_id}/blocks"""

from cufit_service.domain import errors
from cufit_service.entrypoints.http.context import Call
from cufit_service.entrypoints.http.routing import Router
from cufit_service.entrypoints.http.schemas.common import Id

router = Router("/v1/candidates/{candidate_id}/blocks", tag="matches")


@router.operation(
    "PUT",
    "/{other_id}",
    refuses=(errors.NotAllowed, errors.CandidateUnknown, errors.PairTaken),
)
async def block_pair(call: Call, candidate_id: Id, other_id: Id) -> None:
    """Rule out a pair: neither recommend nor suggest it."""
    await call.use_cases.block_pair.block(call.member, candidate_id, other_id)


@router.operation("DELETE", "/{other_id}", refuses=(errors.NotAllowed, errors.CandidateUnknown))
async def unblock_pair(call: Call, candidate_id: Id, other_id: Id) -> None:
    """Allow a pair you ruled out."""
    await call.use_cases.block_pair.unblock(call.member, candidate_id, other_id)
