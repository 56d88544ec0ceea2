"""A candidate agrees to a suggested match, or does not."""

from dataclasses import dataclass

from cufit_service.application.ports import Clock, Matches
from cufit_service.application.retries import retry_lost_races
from cufit_service.domain.errors import Stale
from cufit_service.domain.match import Match, Reply
from cufit_service.domain.member import Member, Role
from cufit_service.domain.permissions import own_match


@dataclass(frozen=True, slots=True)
class AnswerMatch:
    matches: Matches
    clock: Clock

    async def __call__(
        self, member: Member, match_id: str, reply: Reply, *, read_version: int | None = None
    ) -> Match:
        """The match after the answer.

        Args:
            read_version: the version the candidate saw; None answers whatever it is now.

        Raises:
            NotAllowed: the member is no candidate.
            MatchUnknown: not one of the candidate's matches.
            MatchAnswered, MatchClosed: it takes no answer from them any more.
            Stale: `read_version` is not the latest.
        """
        member.require(Role.CANDIDATE)

        async def attempt() -> Match:
            match = own_match(member, await self.matches.find(match_id))
            if read_version is not None and match.version != read_version:
                raise Stale
            after = match.answered(member.member_id, reply, self.clock.now())
            await self.matches.save(after)
            return after

        return await retry_lost_races(attempt)
