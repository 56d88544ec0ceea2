"""A candidate rests (쉬어가기) or comes back."""

from dataclasses import dataclass

from cufit_contracts.vocabulary import ProfileChange
from cufit_service.application.deliver_event import DeliverEvent
from cufit_service.application.ports import Candidates, Clock
from cufit_service.application.retries import retry_lost_races
from cufit_service.domain.candidate import Candidate
from cufit_service.domain.errors import ProfileUnknown
from cufit_service.domain.events import ProfileChanged
from cufit_service.domain.member import Member, Role


@dataclass(frozen=True, slots=True)
class PauseMatching:
    candidates: Candidates
    deliver: DeliverEvent
    clock: Clock

    async def __call__(self, member: Member, paused: bool) -> Candidate:
        """Raises ProfileUnknown before the first profile, NotAllowed unless a candidate."""
        member.require(Role.CANDIDATE)

        async def attempt() -> tuple[Candidate, ProfileChanged | None]:
            before = await self.candidates.find(member.member_id)
            if before is None:
                raise ProfileUnknown
            after = before.resting(paused, self.clock.now())
            if after is before:
                return before, None
            change = ProfileChanged(
                after.candidate_id, ProfileChange.SAVED, after.version, after.updated_at
            )
            await self.candidates.save(after, change)
            return after, change

        candidate, change = await retry_lost_races(attempt)
        if change is not None:
            await self.deliver.now_or_later(change)
        return candidate
