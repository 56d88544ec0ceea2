"""How work goes, as an admin looks at it."""

from dataclasses import dataclass
from datetime import datetime

from cufit_service.application.event_ports import Outbox
from cufit_service.application.ports import Clock, Recommendations
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
class OperationUseCases:
    recommendations: Recommendations
    outbox: Outbox
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
