"""A member invites somebody: admins invite makers, makers invite candidates."""

from dataclasses import dataclass

from cufit_service.application.ports import Clock, Ids, Invitations
from cufit_service.domain.invitation import Invitation, InvitationKind, invite
from cufit_service.domain.member import Member, Relation


@dataclass(frozen=True, slots=True)
class Invite:
    invitations: Invitations
    ids: Ids
    clock: Clock

    async def __call__(
        self, inviter: Member, kind: InvitationKind, relation: Relation
    ) -> Invitation:
        invitation = invite(inviter, kind, relation, self.ids.invitation_code(), self.clock.now())
        await self.invitations.add(invitation)
        return invitation
