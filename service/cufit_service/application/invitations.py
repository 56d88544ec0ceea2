"""Admins invite makers, makers invite candidates; a BASIC member takes the role offered."""

from dataclasses import dataclass

from cufit_service.application.ports import Clock, Invitations, Members, Page, Window
from cufit_service.application.retries import retry_lost_races
from cufit_service.domain.errors import ConcurrentChange, Unavailable
from cufit_service.domain.invitation import MAY_INVITE, Invitation, InvitationKind, accept, invite
from cufit_service.domain.member import Member, Relation, Role


@dataclass(frozen=True, slots=True)
class InvitationUseCases:
    invitations: Invitations
    members: Members
    clock: Clock

    async def invite(
        self, inviter: Member, kind: InvitationKind, relation: Relation, code: str
    ) -> Invitation:
        """The invitation. Asked again with the same unguessable `code`, the same as then.

        Raises:
            NotAllowed: the inviter's role does not invite this kind.
        """
        invitation = invite(inviter, kind, relation, code, self.clock.now())
        try:
            await self.invitations.add(invitation, inviter)
        except ConcurrentChange:
            known = await self.invitations.find(code)
            if known is None or known.inviter_id != inviter.member_id:
                raise Unavailable from None
            return known.as_made
        return invitation

    async def newest(self, inviter: Member, window: Window) -> Page[Invitation]:
        """Those the member has made. Raises NotAllowed."""
        inviter.require(*MAY_INVITE)
        return await self.invitations.of_inviter(inviter.member_id, window)

    async def accept(self, member: Member, code: str) -> Member:
        """The member with the new role; of two who try one code, one gets it.

        Raises what domain.invitation.accept does.
        """

        async def attempt() -> Member:
            stored = await self.members.find(member.member_id)
            latest = stored if stored and member.role is not Role.ADMIN else member
            accepted, joined = accept(await self._offered(code), latest, self.clock.now())
            await self.invitations.record_acceptance(accepted, joined, stored=stored is not None)
            return joined

        return await retry_lost_races(attempt)

    async def _offered(self, code: str) -> Invitation | None:
        """None also when whoever invited has left: nobody would introduce the invited."""
        found = await self.invitations.find(code)
        if found is None or found.kind is InvitationKind.MAKER:
            return found
        inviter = await self.members.find(found.inviter_id)
        return found if inviter and inviter.joined_at <= found.created_at else None
