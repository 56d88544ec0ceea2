"""A member looks at themselves; the first time makes them BASIC."""

from dataclasses import dataclass, replace

from cufit_service.application.ports import Members
from cufit_service.domain.member import Member, Role


@dataclass(frozen=True, slots=True)
class SignIn:
    members: Members

    async def __call__(self, member: Member) -> Member:
        if member.role is Role.ADMIN:
            stored = await self.members.welcome(replace(member, role=Role.BASIC))
            return replace(stored, role=Role.ADMIN)
        return await self.members.welcome(member)
