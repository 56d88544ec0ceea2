"""A maker suggests two candidates to each other, who agree or do not; or rules the pair out."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from cufit_contracts.vocabulary import pair_id
from cufit_service.application.pages import Page, Window
from cufit_service.application.places import places
from cufit_service.application.ports import Candidates, Clock, Matches, Members, Quotas
from cufit_service.application.retries import retry_as_member, retry_lost_races
from cufit_service.domain.answers import Tally, tallies
from cufit_service.domain.candidate import Candidate, Card, ContactCard
from cufit_service.domain.errors import CandidateUnknown, MatchUnknown, PairTaken, Stale
from cufit_service.domain.match import BlockedPair, Match, Reply, Side, require_free, suggest
from cufit_service.domain.member import Member, Role
from cufit_service.domain.permissions import own_candidate, own_match, visible_match
from cufit_service.domain.quota import SUGGESTIONS


@dataclass(frozen=True, slots=True)
class IntroducedMatch:
    """A match and the cards of its two; who left has none, also after they came back."""

    match: Match
    cards: Mapping[str, Card]


@dataclass(frozen=True, slots=True)
class MatchUseCases:
    matches: Matches
    candidates: Candidates
    members: Members
    quotas: Quotas
    clock: Clock

    async def suggest(
        self, maker: Member, candidate_id: str, other_id: str, suggestion_id: str
    ) -> Match:
        """The match as stored. Asked again with the same `suggestion_id`, as it was then.

        Raises:
            NotAllowed: the member is no maker.
            CandidateUnknown: the first is not the maker's own, or the second does not exist.
            SameGender, CandidatePaused, CandidateUnattached, PairTaken, PairBlocked: the pair
                cannot be.
            SuggestionsUsedUp: one of the two, the maker's own, had three today.
        """
        maker.require(Role.MAKER)
        now = self.clock.now()

        async def attempt() -> Match:
            known = await self.matches.find(pair_id(candidate_id, other_id))
            if _is_own(known, suggestion_id):
                return known.as_made  # also when the two could not be suggested any more
            left = own_candidate(maker, await self.candidates.find(candidate_id))
            right = await self.candidates.find(other_id)
            if right is None:
                raise CandidateUnknown(field="other_candidate_id")
            match = suggest(left, right, suggestion_id, now)
            require_free(known)
            for side in match.own_sides(maker.member_id):
                await take(side.candidate_id, suggestion_id)
            await self.matches.add(match, maker)
            return match

        async with places(self.quotas, SUGGESTIONS, now) as take:
            return await retry_as_member(self.members, maker, attempt)

    async def answer(
        self,
        member: Member,
        match_id: str,
        reply: Reply,
        *,
        read_version: int | None = None,
        request_id: str = "",
    ) -> Match:
        """The match after one of its candidates agreed or did not. Asked again with the same
        `request_id`, as it was then.

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
            if request_id and request_id in match.answered_with:
                return match.as_answered(request_id, reply)
            if read_version is not None and match.version != read_version:
                raise Stale
            after = match.answered(member.member_id, reply, self.clock.now(), request_id)
            counted = await self._still_there(tallies(match, member.member_id, reply))
            await self.matches.save(after, member, counted)
            return after

        return await retry_lost_races(attempt)

    async def one(self, member: Member, match_id: str) -> IntroducedMatch:
        """Raises MatchUnknown unless the member is one of the two or introduces one of them."""
        member.require(Role.CANDIDATE, Role.MAKER)
        known = await self.matches.find(match_id)
        if not isinstance(known, Match):
            raise MatchUnknown
        two = [one for side in known.sides if (one := await self._now(side)) is not None]
        match = visible_match(member, known, two)
        now = self.clock.now()
        return IntroducedMatch(match, {one.candidate_id: one.card(now) for one in two})

    async def own(self, member: Member, window: Window) -> Page[IntroducedMatch]:
        """A candidate's matches, newest first."""
        member.require(Role.CANDIDATE)
        return await self._page(member.member_id, window.since(member))

    async def of_candidate(
        self, maker: Member, candidate_id: str, window: Window
    ) -> Page[IntroducedMatch]:
        """Matches of one of a maker's candidates, newest first. Raises CandidateUnknown."""
        maker.require(Role.MAKER)
        candidate = own_candidate(maker, await self.candidates.find(candidate_id))
        return await self._page(candidate_id, window.since(candidate))

    async def contact(self, member: Member, match_id: str) -> ContactCard:
        """The other of a match both have agreed to.

        Raises:
            MatchUnknown: not one of the candidate's matches.
            NotMatched: not both have agreed.
            CandidateUnknown: the other has left.
        """
        member.require(Role.CANDIDATE)
        match = own_match(member, await self.matches.find(match_id))
        match.require_matched()
        other = await self._now(match.other_than(member.member_id))
        if other is None:
            raise CandidateUnknown("The other has left.")
        return other.contact_card()

    async def block(self, maker: Member, candidate_id: str, other_id: str) -> None:
        """Neither recommend nor suggest these two; blocking again changes nothing.

        Raises:
            NotAllowed: the member is no maker.
            CandidateUnknown: the first is not the maker's own, or the second is nobody else.
            PairTaken: they have been suggested to each other.
        """
        maker.require(Role.MAKER)
        own_candidate(maker, await self.candidates.find(candidate_id))
        if other_id == candidate_id or await self.candidates.find(other_id) is None:
            raise CandidateUnknown
        pair = pair_id(candidate_id, other_id)

        async def attempt() -> None:
            known = await self.matches.find(pair)
            if isinstance(known, Match):
                raise PairTaken
            after = (known or BlockedPair(pair, ())).blocked_by(maker, self.clock.now())
            if after is not known:
                await self.matches.replace_blocks(known, after)

        await retry_lost_races(attempt)

    async def unblock(self, maker: Member, candidate_id: str, other_id: str) -> None:
        """Take back one's own block, whoever's the two are by now; another maker's stays.

        Raises:
            NotAllowed: the member is no maker.
            CandidateUnknown: the first is not the maker's own, and the block is not theirs.
        """
        maker.require(Role.MAKER)

        async def attempt() -> None:
            known = await self.matches.find(pair_id(candidate_id, other_id))
            if isinstance(known, BlockedPair):
                after = known.without([block for block in known.blocks if block.is_of(maker)])
                if after != known:
                    await self.matches.replace_blocks(known, after)
                    return
            own_candidate(maker, await self.candidates.find(candidate_id))

        await retry_lost_races(attempt)

    async def _page(self, candidate_id: str, window: Window) -> Page[IntroducedMatch]:
        page = await self.matches.of_candidate(candidate_id, window)
        named = {side.candidate_id for match in page.items for side in match.sides}
        cards = await self.candidates.cards(sorted(named), self.clock.now())
        return Page([IntroducedMatch(match, _of(match, cards)) for match in page.items], page.end)

    async def _still_there(self, counted: Sequence[Tally]) -> Sequence[Tally]:
        """Without those who have left since, also when they came back: nothing is counted for
        them, and the answer stands."""
        found = await asyncio.gather(*(self._now(one.side) for one in counted))
        return [one for one, there in zip(counted, found, strict=True) if there is not None]

    async def _now(self, side: Side) -> Candidate | None:
        """The candidate, unless they have left since."""
        found = await self.candidates.find(side.candidate_id)
        return found if found is not None and side.is_still(found) else None


def _of(match: Match, cards: Mapping[str, Card]) -> dict[str, Card]:
    found = {side: cards.get(side.candidate_id) for side in match.sides}
    return {side.candidate_id: card for side, card in found.items() if card and side.is_still(card)}


def _is_own(known: Match | BlockedPair | None, suggestion_id: str) -> TypeGuard[Match]:
    return isinstance(known, Match) and known.suggestion_id == suggestion_id
