"""People and their roles."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from cufit_service.domain.errors import NotAllowed


class Role(StrEnum):
    """ADMIN is configured, MAKER and CANDIDATE come by invitation, the rest are BASIC."""

    ADMIN = "ADMIN"
    MAKER = "MAKER"
    CANDIDATE = "CANDIDATE"
    BASIC = "BASIC"


class Relation(StrEnum):
    """What the invited person is to the inviter."""

    FRIEND = "FRIEND"
    FAMILY = "FAMILY"
    COMPANION = "COMPANION"
    ACQUAINTANCE = "ACQUAINTANCE"


@dataclass(frozen=True, slots=True)
class Member:
    """A membership: who leaves and comes back has the same id and another beginning, and sees
    nothing of the one before."""

    member_id: str
    role: Role
    joined_at: datetime
    inviter_id: str | None = None
    """For a candidate, their maker, or the one who has left."""
    relation: Relation | None = None
    inviter_joined_at: datetime | None = None
    """When the membership of the candidate's maker began."""

    def is_one(self, member_id: str | None, joined_at: datetime | None) -> bool:
        """Whether this is the membership of `member_id` that began at `joined_at`."""
        return (self.member_id, self.joined_at) == (member_id, joined_at)

    def without_inviter(self) -> "Member":
        """The same member, unattached."""
        return replace(self, inviter_id=None, inviter_joined_at=None, relation=None)

    def require(self, *roles: Role) -> None:
        """Raises NotAllowed unless the member has one of `roles`."""
        if self.role not in roles:
            raise NotAllowed(f"This needs the role {' or '.join(roles)}; yours is {self.role}.")


def is_unattached(member: Member, inviter: Member | None) -> bool:
    """주선자 없음: whether a candidate's maker has left. `inviter` is who has that id now."""
    if member.role is not Role.CANDIDATE:
        return False
    return inviter is None or not inviter.is_one(member.inviter_id, member.inviter_joined_at)
