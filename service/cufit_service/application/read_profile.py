"""A candidate reads their own profile."""

from dataclasses import dataclass

from cufit_service.application.ports import Candidates
from cufit_service.domain.candidate import Candidate
from cufit_service.domain.errors import ProfileUnknown
from cufit_service.domain.member import Member, Role


@dataclass(frozen=True, slots=True)
class ReadProfile:
    candidates: Candidates

    async def __call__(self, member: Member) -> Candidate:
        """Raises ProfileUnknown before the first profile, NotAllowed unless a candidate."""
        member.require(Role.CANDIDATE)
        candidate = await self.candidates.find(member.member_id)
        if candidate is None:
            raise ProfileUnknown
        return candidate
