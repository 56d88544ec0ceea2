"""Who calls, and whether they are a member."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from cufit_contracts.identity import member_id_of
from cufit_service.application.deliver_event import DeliverEvent
from cufit_service.application.ports import Clock, Identity, Members
from cufit_service.application.retries import retry_lost_races
from cufit_service.domain.events import MemberLeft
from cufit_service.domain.member import Member, Role, is_unattached


@dataclass(frozen=True, slots=True)
class MemberUseCases:
    members: Members
    deliver: DeliverEvent
    clock: Clock
    admin_subjects: Collection[str]

    async def identify(self, identity: Identity) -> Member:
        """The stored member, or a BASIC one that is not stored yet. ADMIN is never stored."""
        member_id = member_id_of(identity.issuer, identity.subject)
        member = await self.members.find(member_id)
        if member is None:
            member = Member(member_id, Role.BASIC, joined_at=self.clock.now())
        if identity.subject in self.admin_subjects:
            return replace(member, role=Role.ADMIN)
        return member

    async def sign_in(self, member: Member) -> Member:
        """Members look at themselves; the first time stores them as BASIC. A candidate whose maker
        has left has no inviter."""
        # Not as identified: that membership may have ended since, and would go on.
        new = Member(member.member_id, Role.BASIC, self.clock.now())
        stored = await self.members.welcome(new)
        if member.role is Role.ADMIN:
            return replace(stored, role=Role.ADMIN)
        inviter = stored.inviter_id and await self.members.find(stored.inviter_id)
        return stored.without_inviter() if is_unattached(stored, inviter or None) else stored

    async def leave(self, member: Member) -> None:
        """Once this returns the membership has ended, and the rest will be forgotten. Leaving twice
        is leaving once; a membership begun since is another."""

        async def attempt() -> MemberLeft | None:
            found = await self.members.find(member.member_id)
            if found is None or found.joined_at != member.joined_at:
                return None
            left = MemberLeft(member.member_id, member.joined_at, self.clock.now())
            await self.members.remove(left)
            return left

        left = await retry_lost_races(attempt)
        if left is not None:
            await self.deliver.now_or_later(left)
