"""Admins invite makers, makers invite candidates; a BASIC member takes the role offered."""

from dataclasses import dataclass
from datetime import datetime

from cufit_service.application.deliver_event import DeliverEvent
from cufit_service.application.pages import Page, Window
from cufit_service.application.ports import Candidates, Clock, Invitations, Members
from cufit_service.application.retries import retry_lost_races
from cufit_service.domain.candidate import Candidate
from cufit_service.domain.errors import ConcurrentChange, NotAllowed, Unavailable
from cufit_service.domain.invitation import MAY_INVITE, Invitation, InvitationKind, accept, invite
from cufit_service.domain.member import Member, Relation, Role, is_unattached


@dataclass(frozen=True, slots=True)
class InvitationUseCases:
    invitations: Invitations
    members: Members
    candidates: Candidates
    deliver: DeliverEvent
    clock: Clock

    async def invite(
        self, inviter: Member, kind: InvitationKind, relation: Relation, code: str
    ) -> Invitation:
        """The invitation. Asked again with the same unguessable `code`, the same as then.

        Raises:
            NotAllowed: the inviter's role does not invite this kind, or they have left meanwhile.
        """
        invitation = invite(inviter, kind, relation, code, self.clock.now())
        try:
            await self.invitations.add(invitation, inviter)
        except ConcurrentChange:
            known = await self.invitations.find(code)
            if known is None:
                raise NotAllowed("Your membership has ended.") from None
            if not invitation.is_by_inviter_of(known):
                raise Unavailable from None
            return known.as_made
        return invitation

    async def newest(self, inviter: Member, window: Window) -> Page[Invitation]:
        """Those the member has made. Raises NotAllowed."""
        inviter.require(*MAY_INVITE)
        if inviter.role is not Role.ADMIN:  # admins are configured, whether they are members or not
            window = window.since(inviter)
        return await self.invitations.of_inviter(inviter.member_id, window)

    async def accept(self, member: Member, code: str, request_id: str | None = None) -> Member:
        """The member with the new role; of two who try one code, one gets it. A candidate whose
        maker has left gets another maker. Asked again with the same `request_id`, as then.

        Raises what domain.invitation.accept does.
        """

        async def attempt() -> tuple[Member, Candidate | None]:
            stored = await self.members.find(member.member_id)
            before = self._before(member, stored)
            invitation = await self.invitations.find(code)
            if invitation and stored and request_id and invitation.was_accepted(stored, request_id):
                return invitation.joined(before), None
            inviter = await self._now(invitation.inviter_id if invitation else None)
            unattached = is_unattached(before, await self._now(before.inviter_id))
            # Nobody accepts before they have joined, also where clocks differ.
            now = max(self.clock.now(), before.joined_at)
            accepted, joined = accept(
                invitation, before, now, request_id, inviter=inviter, unattached=unattached
            )
            saved = await self._with_maker(joined, inviter, now) if unattached else None
            await self.invitations.record_acceptance(
                accepted,
                joined,
                stored=stored is not None,
                before=before if unattached else None,
                saved=saved,
            )
            return joined, saved

        joined, saved = await retry_lost_races(attempt)
        if saved is not None:
            await self.deliver.now_or_later(saved.change)
        return joined

    def _before(self, member: Member, stored: Member | None) -> Member:
        """Who accepts; never as identified, for that membership may have ended since."""
        if member.role is Role.ADMIN:
            return member
        return stored or Member(member.member_id, Role.BASIC, self.clock.now())

    async def _with_maker(
        self, member: Member, maker: Member | None, now: datetime
    ) -> Candidate | None:
        """The next version of the profile they have saved, if they have."""
        profile = await self.candidates.find(member.member_id)
        if profile is None or not profile.is_of(member):
            return None
        return profile.introduced_by(maker, now)

    async def _now(self, member_id: str | None) -> Member | None:
        return None if member_id is None else await self.members.find(member_id)
