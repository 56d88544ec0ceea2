"""A BASIC member takes the role an invitation offers; of two who try one code, one gets it."""

from dataclasses import dataclass

from cufit_service.application.ports import Clock, Invitations, Members
from cufit_service.application.retries import retry_lost_races
from cufit_service.domain.invitation import accept
from cufit_service.domain.member import Member, Role


@dataclass(frozen=True, slots=True)
class AcceptInvitation:
    invitations: Invitations
    members: Members
    clock: Clock

    async def __call__(self, member: Member, code: str) -> Member:
        """The member with the new role. Raises what domain.invitation.accept does."""

        async def attempt() -> Member:
            accepted, joined = accept(
                await self.invitations.find(code), await self._latest(member), self.clock.now()
            )
            await self.invitations.record_acceptance(accepted, joined)
            return joined

        return await retry_lost_races(attempt)

    async def _latest(self, member: Member) -> Member:
        if member.role is Role.ADMIN:
            return member
        return await self.members.find(member.member_id) or member
