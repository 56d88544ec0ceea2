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
    inviter_joined_at: datetime | None = None
    """When the membership of the maker who invites began; None of an admin, who is no member."""

    @property
    def as_made(self) -> "Invitation":
        """What whoever asked for it was answered, whatever has become of it since."""
        return replace(self, accepted_at=None, accepted_by=None, accepted_with=None)

    def is_by_inviter_of(self, other: "Invitation") -> bool:
        """Whether the same membership made both."""
        made_by = (self.inviter_id, self.inviter_joined_at)
        return made_by == (other.inviter_id, other.inviter_joined_at)

    def was_accepted(self, member: Member, request_id: str) -> bool:
        """Whether by this membership with this request."""
        by = (self.accepted_by, self.accepted_with)
        if self.accepted_at is None or by != (member.member_id, request_id):
            return False
        return self.accepted_at >= member.joined_at

    def joined(self, member: Member) -> Member:
        """The member with the role offered."""
        return replace(
            member,
            role=self.kind.role,
            inviter_id=self.inviter_id,
            relation=self.relation,
            inviter_joined_at=self.inviter_joined_at,
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
    joined_at = inviter.joined_at if inviter.role is Role.MAKER else None
    return Invitation(
        code, kind, relation, inviter.member_id, now, now + LIFETIME, inviter_joined_at=joined_at
    )


def accept(
    invitation: Invitation | None,
    member: Member,
    now: datetime,
    request_id: str | None = None,
    *,
    inviter: Member | None = None,
    unattached: bool = False,
) -> tuple[Invitation, Member]:
    """The invitation and the member as they are once `member` has accepted.

    Args:
        inviter: the member with the inviter's id, if there is one.
        unattached: the member is a candidate whose maker has left; they may have another.

    Raises:
        InvitationUnknown, InvitationOwn, InvitationUsed, InvitationExpired: the code is no good,
            also because the maker who gave it has left.
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
    attaches = unattached and invitation.kind is InvitationKind.CANDIDATE
    if member.role is not Role.BASIC and not attaches:
        raise RoleTaken
    if not _is_of(invitation, inviter):
        raise InvitationUnknown
    return (
        replace(
            invitation,
            accepted_at=now,
            accepted_by=member.member_id,
            accepted_with=request_id,
        ),
        invitation.joined(member),
    )


def _is_of(invitation: Invitation, inviter: Member | None) -> bool:
    """Whether whoever gave it is here still. Admins are configured, whether they are members or
    not."""
    if invitation.inviter_joined_at is None:
        return True
    return inviter is not None and inviter.is_one(
        invitation.inviter_id, invitation.inviter_joined_at
    )
