"""Remove what a member who left has here: profile, photos, index entry, work under way, and what
others were told about them. Matches stay, with ids that say nothing.

What makes a profile, a match, an answer to one, a recommendation or an invitation checks in its
write the membership of who makes it. Blocks, the order of photos, recorded answers and counted
places do not. What there is was there when they left, or is under way: an index that lags, a
worker, a request. So everything is done twice, the second time once all that has settled. Each step
finds nothing to do when it was done before; after a crash the whole is run again, in any order.

The person may have come back meanwhile: what is of their new membership is spared.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

from cufit_contracts.vocabulary import ProfileChange
from cufit_service.application.event_ports import Outbox, ProfileChanges
from cufit_service.application.pages import Page, Position, Window
from cufit_service.application.photo_ports import Photos
from cufit_service.application.ports import (
    Candidates,
    Clock,
    Invitations,
    Matches,
    Members,
    Quotas,
    Ranking,
    Recommendations,
    Records,
    Theirs,
)
from cufit_service.application.retries import retry_lost_races
from cufit_service.domain.events import MemberLeft, ProfileChanged
from cufit_service.domain.match import Match
from cufit_service.domain.photo import Photo

ItemT = TypeVar("ItemT")

BATCH = 50

SETTLED_AFTER: Final = timedelta(minutes=5)
"""Until the second time. Longer than anything under way may take that knew the person: a request
12 s (lifetimes), a worker or a processor of photos 60 s (stacks/timing.py), an index a fraction of
a second as a rule (DynamoDB developer guide, "Using Global Secondary Indexes")."""


@dataclass(frozen=True, slots=True)
class ForgetMember:
    members: Members
    candidates: Candidates
    photos: Photos
    remove_photo: Callable[[Photo], Awaitable[None]]
    matches: Matches
    recommendations: Recommendations
    invitations: Invitations
    quotas: Quotas
    records: Records
    outbox: Outbox
    changes: ProfileChanges
    clock: Clock

    async def __call__(self, left: MemberLeft) -> MemberLeft | None:
        """The same, to be done again when it is due; None after the second time.

        Raises:
            Unavailable: run it again.
        """
        for forget in (
            self._profile,
            self._their_candidates,  # before what reads whole tables: they can be suggested still
            self._photos,
            self._open_matches,
            self._recommendations,
            self._invitations,
            self._requests,
            self._quotas,
        ):
            await forget(left)
        if left.again_at is not None:
            return None
        return replace(left, again_at=self.clock.now() + SETTLED_AFTER)

    async def _profile(self, left: MemberLeft) -> None:
        async def attempt() -> int | None:
            """The version that the index is to forget; None: there is nothing to tell it."""
            candidate = await self.candidates.find(left.member_id)
            if candidate is None:
                # Told once more: a document may have been written while its profile was removed.
                return None if left.again_at is None else 0
            member = await self.members.find(left.member_id)
            if member is not None and candidate.is_of(member):
                return None
            await self.candidates.remove(candidate)
            return candidate.version + 1

        version = await retry_lost_races(attempt)
        if version is not None:
            gone = ProfileChange.LEFT
            await self.changes.send(ProfileChanged(left.member_id, gone, version, left.at))

    async def _photos(self, left: MemberLeft) -> None:
        await self.photos.forget_quota(left)
        theirs = await self.photos.everything_of(left.member_id)
        for photo in await self._old(left, theirs, lambda one: one.created_at):
            await self.remove_photo(photo)

    async def _open_matches(self, left: MemberLeft) -> None:
        theirs = [one async for one in _all(lambda w: self.matches.of_candidate(left.member_id, w))]
        # By membership, not by age: until their old profile is gone, it can be suggested to others
        # though they are back.
        member = await self.members.find(left.member_id)
        for match in theirs:
            if member is None or not match.has(member):
                await self._cancel(match.match_id, left.at)

    async def _cancel(self, match_id: str, at: datetime) -> None:
        async def attempt() -> None:
            match = await self.matches.find(match_id)
            if isinstance(match, Match) and (canceled := match.canceled(at)) is not match:
                await self.matches.save(canceled)

        await retry_lost_races(attempt)

    async def _recommendations(self, left: MemberLeft) -> None:
        naming = await self.recommendations.naming(left.member_id)
        ranking = [one for one in naming if isinstance(one, Ranking)]
        for ranked in await self._old(left, ranking, lambda one: one.ranked_at):
            await self._strike(ranked.recommendation_id, left.member_id)
        member = await self.members.find(left.member_id)
        for one in naming:
            if isinstance(one, Theirs) and (member is None or one.joined_at != member.joined_at):
                await self.recommendations.remove(one.recommendation_id)

    async def _strike(self, recommendation_id: str, member_id: str) -> None:
        await retry_lost_races(lambda: self.recommendations.strike(recommendation_id, member_id))

    async def _their_candidates(self, left: MemberLeft) -> None:
        """They stay, with their matches, and have no maker until another's invitation."""
        async for candidate in _all(lambda w: self.candidates.of_maker(left.member_id, w)):
            await self._unattach(candidate.candidate_id, left)

    async def _unattach(self, candidate_id: str, left: MemberLeft) -> None:
        async def attempt() -> ProfileChanged | None:
            candidate = await self.candidates.find(candidate_id)
            if candidate is None or candidate.maker_id != left.member_id:
                return None
            maker = await self.members.find(left.member_id)
            if maker is not None and candidate.is_introduced_by(maker):
                return None  # the maker has come back and invited them anew
            unattached = candidate.introduced_by(None, left.at)
            await self.candidates.save(unattached, unattached.change)
            return unattached.change

        change = await retry_lost_races(attempt)
        if change is not None:
            await self.changes.send(change)
            await self.outbox.remove(change)

    async def _invitations(self, left: MemberLeft) -> None:
        naming = await self.invitations.naming(left.member_id)
        made = [one for one in naming if one.inviter_id == left.member_id]
        for invitation in await self._old(left, made, lambda one: one.created_at):
            await self.invitations.remove(invitation.code)
        used = [one for one in naming if one.accepted_by == left.member_id]
        for invitation in await self._old(left, used, lambda one: one.accepted_at or left.at):
            await self.invitations.forget_who_accepted(invitation.code)

    async def _requests(self, left: MemberLeft) -> None:
        theirs = await self.records.of_member(left.member_id)
        for record in await self._old(left, theirs, lambda one: one.created_at):
            await self.records.remove(record.record_id)

    async def _quotas(self, left: MemberLeft) -> None:
        """Who is back goes on counting. Asked after they were read, as in `_old`."""
        known = await self.quotas.counted(left.member_id, self.clock.now())
        if known and await self.members.find(left.member_id) is None:
            for counted in known:
                await self.quotas.forget(counted)

    async def _old(
        self, left: MemberLeft, listed: Sequence[ItemT], made_at: Callable[[ItemT], datetime]
    ) -> Sequence[ItemT]:
        """Those of `listed` that are not of a membership begun since. Asked after they were listed:
        without a membership now, whatever was listed is older."""
        if not listed:
            return ()
        member = await self.members.find(left.member_id)
        if member is None:
            return listed
        begun = max(member.joined_at, left.at)
        return [one for one in listed if made_at(one) < begun]


async def _all(page_of: Callable[[Window], Awaitable[Page[ItemT]]]) -> AsyncIterator[ItemT]:
    after: Position | None = None
    while True:
        page = await page_of(Window(BATCH, after))
        for item in page.items:
            yield item
        if page.end is None:
            return
        after = page.end
