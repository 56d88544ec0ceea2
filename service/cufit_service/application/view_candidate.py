"""A maker looks at a candidate: their own whole, another's as a card."""

from dataclasses import dataclass

from cufit_service.application.ports import Candidates, Clock
from cufit_service.domain.candidate import Candidate, Card
from cufit_service.domain.member import Member, Role
from cufit_service.domain.permissions import candidate_as_seen_by


@dataclass(frozen=True, slots=True)
class ViewCandidate:
    candidates: Candidates
    clock: Clock

    async def __call__(self, maker: Member, candidate_id: str) -> Candidate | Card:
        """Raises CandidateUnknown, and NotAllowed unless the member is a maker."""
        maker.require(Role.MAKER)
        found = await self.candidates.find(candidate_id)
        return candidate_as_seen_by(maker, found, self.clock.now())
