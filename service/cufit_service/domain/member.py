"""People and their roles."""

from dataclasses import dataclass
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
    member_id: str
    role: Role
    joined_at: datetime
    inviter_id: str | None = None
    """For a candidate, their maker."""
    relation: Relation | None = None

    def require(self, *roles: Role) -> None:
        """Raises NotAllowed unless the member has one of `roles`."""
        if self.role not in roles:
            raise NotAllowed(f"This needs the role {' or '.join(roles)}; yours is {self.role}.")
