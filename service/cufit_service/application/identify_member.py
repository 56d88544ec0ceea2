"""Who is calling: the member behind a verified identity."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from cufit_contracts.identity import member_id_of
from cufit_service.application.ports import Clock, Identity, Members
from cufit_service.domain.member import Member, Role


@dataclass(frozen=True, slots=True)
class IdentifyMember:
    members: Members
    admin_subjects: Collection[str]
    clock: Clock

    async def __call__(self, identity: Identity) -> Member:
        """The stored member, or a BASIC one that is not stored yet. ADMIN is never stored."""
        member_id = member_id_of(identity.issuer, identity.subject)
        member = await self.members.find(member_id)
        if member is None:
            member = Member(member_id, Role.BASIC, joined_at=self.clock.now())
        if identity.subject in self.admin_subjects:
            return replace(member, role=Role.ADMIN)
        return member
