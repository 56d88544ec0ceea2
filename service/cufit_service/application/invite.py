"""A member invites somebody: admins invite makers, makers invite candidates."""

from dataclasses import dataclass

from cufit_service.application.ports import Clock, Invitations
from cufit_service.domain.errors import ConcurrentChange, Unavailable
from cufit_service.domain.invitation import Invitation, InvitationKind, invite
from cufit_service.domain.member import Member, Relation


@dataclass(frozen=True, slots=True)
class Invite:
    invitations: Invitations
    clock: Clock

    async def __call__(
        self, inviter: Member, kind: InvitationKind, relation: Relation, code: str
    ) -> Invitation:
        """The invitation. Asked again with the same unguessable `code`, the same as then.

        Raises:
            NotAllowed: the inviter's role does not invite this kind.
        """
        invitation = invite(inviter, kind, relation, code, self.clock.now())
        try:
            await self.invitations.add(invitation)
        except ConcurrentChange:
            known = await self.invitations.find(code)
            if known is None or known.inviter_id != inviter.member_id:
                raise Unavailable from None
            return known.as_made
        return invitation
