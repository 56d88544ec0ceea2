"""Remove what a member who left has here: profile, photos, index entry, and work under way.

Every step finds nothing to do when it was done before, so after a crash the whole is run again.
The person may have come back meanwhile: what is younger than their new membership is spared.
Whether there is one is asked after the things were listed, and nothing is made without one. So what
was listed and has no membership is old, whatever its time says: a request that was under way when
they left may have written after it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from cufit_contracts.vocabulary import ProfileChange
from cufit_service.application.photo_ports import Photos
from cufit_service.application.ports import (
    Candidates,
    Invitations,
    Matches,
    Members,
    Outbox,
    Page,
    Position,
    ProfileChanges,
    Recommendations,
    Window,
)
from cufit_service.application.retries import retry_lost_races
from cufit_service.domain.events import MemberLeft, ProfileChanged
from cufit_service.domain.match import Match
from cufit_service.domain.photo import Photo

ItemT = TypeVar("ItemT")

BATCH = 50


@dataclass(frozen=True, slots=True)
class ForgetMember:
    members: Members
    candidates: Candidates
    photos: Photos
    remove_photo: Callable[[Photo], Awaitable[None]]
    matches: Matches
    recommendations: Recommendations
    invitations: Invitations
    outbox: Outbox
    changes: ProfileChanges

    async def __call__(self, left: MemberLeft) -> None:
        """Raises Unavailable: run it again."""
        await self._profile(left)
        await self._photos(left)
        await self._open_matches(left)
        await self._open_recommendations(left)
        await self._open_invitations(left)
        await self._their_candidates(left)

    async def _profile(self, left: MemberLeft) -> None:
        async def attempt() -> ProfileChanged | None:
            candidate = await self.candidates.find(left.member_id)
            if candidate is None or await self._is_new(left, candidate.created_at):
                return None
            version = candidate.version + 1
            gone = ProfileChanged(left.member_id, ProfileChange.LEFT, version, left.at)
            await self.candidates.remove(candidate, gone)
            return gone

        gone = await retry_lost_races(attempt)
        if gone is not None:
            await self.changes.send(gone)
            await self.outbox.remove(gone)

    async def _photos(self, left: MemberLeft) -> None:
        for photo in await self.photos.of_candidate(left.member_id):
            if not await self._is_new(left, photo.created_at):
                await self.remove_photo(photo)

    async def _open_matches(self, left: MemberLeft) -> None:
        async for match in _all(lambda w: self.matches.of_candidate(left.member_id, w)):
            if not await self._is_new(left, match.created_at):
                await self._cancel(match.match_id, left.at)

    async def _cancel(self, match_id: str, at: datetime) -> None:
        async def attempt() -> None:
            match = await self.matches.find(match_id)
            if isinstance(match, Match) and (canceled := match.canceled(at)) is not match:
                await self.matches.save(canceled)

        await retry_lost_races(attempt)

    async def _open_recommendations(self, left: MemberLeft) -> None:
        for pending in await self.recommendations.pending(before=left.at):
            if left.member_id in (pending.candidate_id, pending.maker_id):
                await self.recommendations.remove_pending(pending.recommendation_id)

    async def _open_invitations(self, left: MemberLeft) -> None:
        async for invitation in _all(lambda w: self.invitations.of_inviter(left.member_id, w)):
            if not await self._is_new(left, invitation.created_at):
                await self.invitations.remove_open(invitation.code)

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

    async def _is_new(self, left: MemberLeft, created_at: datetime) -> bool:
        """Whether something of theirs, listed before, is of a membership begun since."""
        member = await self.members.find(left.member_id)
        return member is not None and created_at >= member.joined_at


async def _all(page_of: Callable[[Window], Awaitable[Page[ItemT]]]) -> AsyncIterator[ItemT]:
    after: Position | None = None
    while True:
        page = await page_of(Window(BATCH, after))
        for item in page.items:
            yield item
        if page.end is None:
            return
        after = page.end
