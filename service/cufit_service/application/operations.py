"""How work goes, as an admin looks at it."""

from dataclasses import dataclass
from datetime import datetime

from cufit_contracts.vocabulary import pair_id
from cufit_service.application.event_ports import Outbox
from cufit_service.application.ports import Clock, Matches, Members, Recommendations
from cufit_service.application.retries import retry_lost_races
from cufit_service.domain.match import Block, BlockedPair
from cufit_service.domain.member import Member, Role

COUNTED = 1000
"""More than this many unsent events are not told apart."""


@dataclass(frozen=True, slots=True)
class Operations:
    """Nobody's profile."""

    pending_recommendations: int
    oldest_pending_at: datetime | None
    unsent_events: int
    oldest_unsent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Lifted:
    """Of the blocks of a pair, how many were lifted and how many stay."""

    lifted: int
    kept: int


@dataclass(frozen=True, slots=True)
class OperationUseCases:
    recommendations: Recommendations
    outbox: Outbox
    matches: Matches
    members: Members
    clock: Clock

    async def see(self, admin: Member) -> Operations:
        """Raises NotAllowed unless the member is an admin."""
        admin.require(Role.ADMIN)
        now = self.clock.now()
        pending = await self.recommendations.pending(before=now)
        unsent = await self.outbox.waiting(before=now, limit=COUNTED)
        return Operations(
            pending_recommendations=len(pending),
            oldest_pending_at=min((item.created_at for item in pending), default=None),
            unsent_events=len(unsent),
            oldest_unsent_at=min((event.at for event in unsent), default=None),
        )

    async def lift_blocks(self, admin: Member, candidate_id: str, other_id: str) -> Lifted:
        """Lift the blocks of makers who have left; who is here lifts their own.

        Raises NotAllowed unless the member is an admin.
        """
        admin.require(Role.ADMIN)

        async def attempt() -> Lifted:
            known = await self.matches.find(pair_id(candidate_id, other_id))
            if not isinstance(known, BlockedPair):
                return Lifted(0, 0)
            departed = [block for block in known.blocks if await self._has_left(block)]
            after = known.without(departed)
            if departed:
                await self.matches.replace_blocks(known, after)
            return Lifted(len(departed), len(after.blocks))

        return await retry_lost_races(attempt)

    async def _has_left(self, block: Block) -> bool:
        maker = await self.members.find(block.maker_id)
        return maker is None or not block.is_of(maker)
