"""Everybody enters by invitation: a single-use code that lives for seven days."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from cufit_service.domain.errors import (
    InvitationExpired,
    InvitationOwn,
    InvitationUnknown,
    InvitationUsed,
    NotAllowed,
    RoleTaken,
)
from cufit_service.domain.member import Member, Relation, Role

LIFETIME = timedelta(days=7)


class InvitationKind(StrEnum):
    """The role the invited person takes."""

    MAKER = "MAKER"
    CANDIDATE = "CANDIDATE"

    @property
    def role(self) -> Role:
        return Role(self.value)


class InvitationState(StrEnum):
    OPEN = "OPEN"
    ACCEPTED = "ACCEPTED"
    EXPIRED = "EXPIRED"


MAY_INVITE = {Role.ADMIN: InvitationKind.MAKER, Role.MAKER: InvitationKind.CANDIDATE}


@dataclass(frozen=True, slots=True)
class Invitation:
    code: str
    """Unguessable, 80 random bits."""
    kind: InvitationKind
    relation: Relation
    inviter_id: str
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None = None
    accepted_by: str | None = None
    accepted_with: str | None = None
    """Id of the request, so that a repeated one finds its own work."""

    @property
    def as_made(self) -> "Invitation":
        """What whoever asked for it was answered, whatever has become of it since."""
        return replace(self, accepted_at=None, accepted_by=None, accepted_with=None)

    def joined(self, member: Member) -> Member:
        """The member with the role offered."""
        return replace(
            member, role=self.kind.role, inviter_id=self.inviter_id, relation=self.relation
        )

    def state(self, now: datetime) -> InvitationState:
        if self.accepted_at is not None:
            return InvitationState.ACCEPTED
        return InvitationState.OPEN if now < self.expires_at else InvitationState.EXPIRED


def invite(
    inviter: Member, kind: InvitationKind, relation: Relation, code: str, now: datetime
) -> Invitation:
    """Raises NotAllowed: admins invite makers, makers invite candidates, nobody else invites."""
    inviter.require(*MAY_INVITE)
    if MAY_INVITE[inviter.role] is not kind:
        raise NotAllowed(
            f"A member with the role {inviter.role} invites {MAY_INVITE[inviter.role]}s only.",
            field="kind",
        )
    return Invitation(code, kind, relation, inviter.member_id, now, now + LIFETIME)


def accept(
    invitation: Invitation | None, member: Member, now: datetime, request_id: str | None = None
) -> tuple[Invitation, Member]:
    """The invitation and the member as they are once `member` has accepted.

    Raises:
        InvitationUnknown, InvitationOwn, InvitationUsed, InvitationExpired: the code is no good.
        RoleTaken: the member is not BASIC any more.
    """
    if invitation is None:
        raise InvitationUnknown
    if invitation.inviter_id == member.member_id:
        raise InvitationOwn
    match invitation.state(now):
        case InvitationState.ACCEPTED:
            raise InvitationUsed
        case InvitationState.EXPIRED:
            raise InvitationExpired
        case InvitationState.OPEN:
            pass
    if member.role is not Role.BASIC:
        raise RoleTaken
    return (
        replace(
            invitation,
            accepted_at=now,
            accepted_by=member.member_id,
            accepted_with=request_id,
        ),
        invitation.joined(member),
    )
