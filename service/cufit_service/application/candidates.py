"""Candidates keep their own profile; makers look at candidates."""

from dataclasses import dataclass
from datetime import datetime

from cufit_contracts.profile import Profile
from cufit_service.application.deliver_event import DeliverEvent
from cufit_service.application.pages import Page, Window
from cufit_service.application.ports import Candidates, Clock, Members
from cufit_service.application.retries import retry_as_member
from cufit_service.domain.candidate import Candidate, Card
from cufit_service.domain.errors import NotAllowed, ProfileUnknown, Stale
from cufit_service.domain.member import Member, Role
from cufit_service.domain.permissions import candidate_as_seen_by


@dataclass(frozen=True, slots=True)
class CandidateUseCases:
    candidates: Candidates
    members: Members
    deliver: DeliverEvent
    clock: Clock

    async def save_profile(
        self, member: Member, profile: Profile, *, read_version: int | None = None
    ) -> Candidate:
        """The candidate as stored; the search index hears of it.

        Args:
            read_version: the version the client changed; None saves over any.

        Raises:
            NotAllowed: the member is no candidate.
            Invalid: the profile breaks a rule.
            Stale: `read_version` is not the latest.
        """
        member.require(Role.CANDIDATE)

        async def attempt() -> Candidate:
            now = self.clock.now()
            stored = await self.candidates.find(member.member_id)
            before = stored if stored is not None and stored.is_of(member) else None
            if read_version is not None and (before is None or before.version != read_version):
                raise Stale
            if before is None:
                return await self._first(member, profile, now, stored)
            after = before.saved(profile, now)
            await self.candidates.save(after, after.change, member)
            return after

        candidate = await retry_as_member(self.members, member, attempt)
        await self.deliver.now_or_later(candidate.change)
        return candidate

    async def _first(
        self, member: Member, profile: Profile, now: datetime, stored: Candidate | None
    ) -> Candidate:
        """`stored` is of a membership before: they left, came back, and it is not forgotten yet."""
        latest = await self.members.find(member.member_id)
        if latest is None or latest.inviter_id is None:
            raise NotAllowed
        maker = await self.members.find(latest.inviter_id)
        version = 1 if stored is None else stored.version + 1
        first = Candidate.first(latest, maker, profile, now, version)
        await self.candidates.add(first, latest, first.change)
        return first

    async def read_profile(self, member: Member) -> Candidate:
        """Raises ProfileUnknown before the first profile, NotAllowed unless a candidate."""
        member.require(Role.CANDIDATE)
        candidate = await self.candidates.find(member.member_id)
        if candidate is None or not candidate.is_of(member):
            raise ProfileUnknown  # what a membership before left is not forgotten yet
        return candidate

    async def pause_matching(self, member: Member, paused: bool) -> Candidate:
        """Rest (쉬어가기) or come back. Raises as `read_profile` does."""

        async def attempt() -> tuple[Candidate, bool]:
            before = await self.read_profile(member)
            after = before.resting(paused, self.clock.now())
            if after is before:
                return before, False
            await self.candidates.save(after, after.change, member)
            return after, True

        candidate, changed = await retry_as_member(self.members, member, attempt)
        if changed:
            await self.deliver.now_or_later(candidate.change)
        return candidate

    async def of_maker(self, maker: Member, window: Window) -> Page[Candidate]:
        """Those the maker introduces, newest first. Raises NotAllowed."""
        maker.require(Role.MAKER)
        return await self.candidates.of_maker(maker.member_id, window.since(maker))

    async def view(self, maker: Member, candidate_id: str) -> Candidate | Card:
        """The maker's own whole, another's as a card.

        Raises CandidateUnknown, and NotAllowed unless the member is a maker.
        """
        maker.require(Role.MAKER)
        found = await self.candidates.find(candidate_id)
        return candidate_as_seen_by(maker, found, self.clock.now())
