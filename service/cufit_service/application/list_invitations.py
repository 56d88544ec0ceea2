"""The invitations a member has made, newest first."""

from dataclasses import dataclass

from cufit_service.application.ports import Invitations, Page, Window
from cufit_service.domain.invitation import MAY_INVITE, Invitation
from cufit_service.domain.member import Member


@dataclass(frozen=True, slots=True)
class ListInvitations:
    invitations: Invitations

    async def __call__(self, inviter: Member, window: Window) -> Page[Invitation]:
        inviter.require(*MAY_INVITE)
        return await self.invitations.of_inviter(inviter.member_id, window)
