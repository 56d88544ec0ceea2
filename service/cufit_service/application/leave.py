"""A member leaves. Once this returns they are no member, and the rest will be forgotten."""

from dataclasses import dataclass

from cufit_service.application.deliver_event import DeliverEvent
from cufit_service.application.ports import Clock, Members
from cufit_service.domain.events import MemberLeft
from cufit_service.domain.member import Member


@dataclass(frozen=True, slots=True)
class Leave:
    members: Members
    deliver: DeliverEvent
    clock: Clock

    async def __call__(self, member: Member) -> None:
        """Leaving twice is leaving once."""
        event = MemberLeft(member.member_id, self.clock.now())
        await self.members.remove(event)
        await self.deliver.now_or_later(event)
