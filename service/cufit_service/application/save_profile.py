"""A candidate saves their own profile; the search index hears of it."""

from dataclasses import dataclass, replace
from datetime import datetime

from cufit_contracts.profile import Profile
from cufit_contracts.vocabulary import ProfileChange
from cufit_service.application.deliver_event import DeliverEvent
from cufit_service.application.ports import Candidates, Clock
from cufit_service.application.retries import retry_lost_races
from cufit_service.domain.candidate import Candidate
from cufit_service.domain.errors import Stale
from cufit_service.domain.events import ProfileChanged
from cufit_service.domain.member import Member, Role


@dataclass(frozen=True, slots=True)
class SaveProfile:
    candidates: Candidates
    deliver: DeliverEvent
    clock: Clock

    async def __call__(
        self, member: Member, profile: Profile, *, read_version: int | None = None
    ) -> Candidate:
        """The candidate as stored.

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
            before = await self.candidates.find(member.member_id)
            if read_version is not None and (before is None or before.version != read_version):
                raise Stale
            after = _next(before, member, profile, now)
            await self.candidates.save(after, _saved(after))
            return after

        candidate = await retry_lost_races(attempt)
        await self.deliver.now_or_later(_saved(candidate))
        return candidate


def _next(before: Candidate | None, member: Member, profile: Profile, now: datetime) -> Candidate:
    if before is None:
        return Candidate.first(member, profile, now)
    if before.created_at < member.joined_at:
        # They left, came back, and what they left behind is not forgotten yet.
        return replace(Candidate.first(member, profile, now), version=before.version + 1)
    return before.saved(profile, now)


def _saved(candidate: Candidate) -> ProfileChanged:
    return ProfileChanged(
        candidate.candidate_id, ProfileChange.SAVED, candidate.version, candidate.updated_at
    )
