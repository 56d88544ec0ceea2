"""주선: a maker suggests a pair; within 24 hours both agree, or nothing comes of it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from cufit_contracts.vocabulary import PairStatus, pair_id
from cufit_service.domain.candidate import Candidate, Card
from cufit_service.domain.errors import (
    CandidateUnattached,
    MatchAnswered,
    MatchClosed,
    NotMatched,
    PairBlocked,
    PairTaken,
    SameGender,
)
from cufit_service.domain.member import Member

ANSWER_WITHIN = timedelta(hours=24)

_OPEN = (PairStatus.SUGGESTED, PairStatus.ACCEPTED)


class Reply(StrEnum):
    ACCEPT = "ACCEPT"
    REJECT = "REJECT"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two; ids alone, so that a match tells nothing once they have left."""

    candidate_id: str
    joined_at: datetime
    """When their membership began: who leaves and comes back is not the one of the match."""
    maker_id: str
    """Who introduced them then."""

    @classmethod
    def of(cls, candidate: Candidate) -> "Side":
        """Raises CandidateUnattached, CandidatePaused."""
        if candidate.maker_id is None:
            raise CandidateUnattached
        candidate.require_active()
        return cls(candidate.candidate_id, candidate.joined_at, candidate.maker_id)

    def is_still(self, candidate: Candidate | Card) -> bool:
        """Whether they have not left since."""
        return (self.candidate_id, self.joined_at) == (candidate.candidate_id, candidate.joined_at)


@dataclass(frozen=True, slots=True)
class Match:
    left: Side
    """The candidate of the maker who suggested the pair."""
    right: Side
    status: PairStatus
    created_at: datetime
    updated_at: datetime
    suggestion_id: str
    """Of the request that made it, so that a repeated request finds its own."""
    accepted_by: tuple[str, ...] = ()
    rejected_by: str | None = None
    """Told to nobody."""
    version: int = 1
    answered_with: tuple[str, ...] = ()
    """Ids of the requests that answered it, so that a repeated one finds its own work."""

    @property
    def match_id(self) -> str:
        return pair_id(self.left.candidate_id, self.right.candidate_id)

    @property
    def expires_at(self) -> datetime:
        return self.created_at + ANSWER_WITHIN

    @property
    def as_made(self) -> "Match":
        """What whoever suggested it was answered, whatever has become of it since."""
        made = self.created_at
        return replace(
            self,
            status=PairStatus.SUGGESTED,
            updated_at=made,
            accepted_by=(),
            rejected_by=None,
            version=1,
            answered_with=(),
        )

    def as_answered(self, request_id: str, reply: Reply) -> "Match":
        """What whoever replied by this request was answered, whatever has become of it since."""
        count = self.answered_with.index(request_id) + 1
        agreed = PairStatus.ACCEPTED if count == 1 else PairStatus.MATCHED
        return replace(
            self,
            status=agreed if reply is Reply.ACCEPT else PairStatus.REJECTED,
            accepted_by=self.accepted_by[:count],
            rejected_by=self.rejected_by if reply is Reply.REJECT else None,
            version=count + 1,
            answered_with=self.answered_with[:count],
        )

    def status_at(self, now: datetime) -> PairStatus:
        """Time alone cancels: no process has to notice that the 24 hours are over."""
        if self.status in _OPEN and now >= self.expires_at:
            return PairStatus.CANCELED
        return self.status

    def own_sides(self, maker_id: str) -> list[Side]:
        return [side for side in self.sides if side.maker_id == maker_id]

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.left, self.right

    def has(self, member: Member) -> bool:
        """Whether it joins this very membership to another."""
        return any(member.is_one(side.candidate_id, side.joined_at) for side in self.sides)

    def other_than(self, candidate_id: str) -> Side:
        return self.right if candidate_id == self.left.candidate_id else self.left

    def answered(
        self, candidate_id: str, reply: Reply, now: datetime, request_id: str = ""
    ) -> "Match":
        """The match once one of its candidates has replied.

        Raises:
            MatchAnswered: they have accepted before.
            MatchClosed: it was rejected, matched or canceled.
        """
        if candidate_id in self.accepted_by:
            raise MatchAnswered
        if self.status_at(now) not in _OPEN:
            raise MatchClosed
        answered = replace(self, answered_with=(*self.answered_with, request_id))
        if reply is Reply.REJECT:
            rejected = replace(answered, rejected_by=candidate_id)
            return rejected._changed(now, PairStatus.REJECTED, self.accepted_by)
        both = (*self.accepted_by, candidate_id)
        return answered._changed(
            now, PairStatus.MATCHED if len(both) == 2 else PairStatus.ACCEPTED, both
        )

    def canceled(self, now: datetime) -> "Match":
        """For when one of the two leaves; the same object when there is nothing to cancel."""
        if self.status not in _OPEN:
            return self
        return self._changed(now, PairStatus.CANCELED, self.accepted_by)

    def require_matched(self) -> None:
        """Raises NotMatched unless both have agreed."""
        if self.status is not PairStatus.MATCHED:
            raise NotMatched

    def _changed(self, now: datetime, status: PairStatus, accepted_by: tuple[str, ...]) -> "Match":
        return replace(
            self,
            status=status,
            accepted_by=accepted_by,
            updated_at=now,
            version=self.version + 1,
        )


@dataclass(frozen=True, slots=True)
class Block:
    """A maker has ruled a pair out: neither recommended nor suggested."""

    maker_id: str
    maker_joined_at: datetime
    created_at: datetime

    def is_of(self, maker: Member) -> bool:
        """Not of who left and came back, either: that is for an admin to lift."""
        return maker.is_one(self.maker_id, self.maker_joined_at)


@dataclass(frozen=True, slots=True)
class BlockedPair:
    """As long as there is a block."""

    pair_id: str
    blocks: tuple[Block, ...]

    def blocked_by(self, maker: Member, now: datetime) -> "BlockedPair":
        """The same object when they block it already."""
        if any(block.is_of(maker) for block in self.blocks):
            return self
        block = Block(maker.member_id, maker.joined_at, now)
        return replace(self, blocks=(*self.blocks, block))

    def without(self, blocks: Collection[Block]) -> "BlockedPair":
        return replace(self, blocks=tuple(one for one in self.blocks if one not in blocks))


def suggest(left: Candidate, right: Candidate, suggestion_id: str, now: datetime) -> Match:
    """A new match.

    Raises:
        SameGender: also of a candidate and themselves.
        CandidateUnattached: nobody introduces one of the two.
        CandidatePaused: one of the two rests.
    """
    if left.profile.gender is right.profile.gender:
        raise SameGender
    return Match(
        left=Side.of(left),
        right=Side.of(right),
        status=PairStatus.SUGGESTED,
        created_at=now,
        updated_at=now,
        suggestion_id=suggestion_id,
    )


def require_free(known: Match | BlockedPair | None) -> None:
    """Raises PairTaken or PairBlocked: a pair is suggested once, whatever became of it, and also
    when one of the two has left and come back; that protects the other."""
    if isinstance(known, Match):
        raise PairTaken
    if isinstance(known, BlockedPair):
        raise PairBlocked
