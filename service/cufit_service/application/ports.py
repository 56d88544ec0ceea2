"""What the use cases need from the world, named after the need.

Every port may raise Unavailable; whatever the vendor's own error was stays in the adapter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from cufit_contracts.items import Step
from cufit_contracts.results import Failure
from cufit_service.domain.candidate import Candidate, Card
from cufit_service.domain.events import MemberLeft, ProfileChanged, RecommendationRequested
from cufit_service.domain.invitation import Invitation
from cufit_service.domain.match import Block, Match
from cufit_service.domain.member import Member
from cufit_service.domain.quota import Quota
from cufit_service.domain.recommendation import Recommendation
from cufit_service.domain.record import Record

ItemT = TypeVar("ItemT")


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a list ordered by creation: continue after the item created then, with that id."""

    created_at: str
    item_id: str


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list: at most `limit` items, from its start or after a position."""

    limit: int
    after: Position | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[ItemT]):
    items: Sequence[ItemT]
    end: Position | None
    """Where the next page starts; None on the last."""


@dataclass(frozen=True, slots=True)
class Named:
    """A recommendation that names somebody."""

    recommendation_id: str
    created_at: datetime
    of_themselves: bool
    """They are its maker or its seeker; else one of those ranked."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who an OIDC issuer says is calling."""

    issuer: str
    subject: str


class Clock(Protocol):
    def now(self) -> datetime:
        """Timezone-aware."""


class Ids(Protocol):
    def recommendation_id(self) -> str: ...

    def suggestion_id(self) -> str: ...

    def invitation_code(self) -> str:
        """Unguessable: at least 64 bits of a cryptographic source."""


class Tokens(Protocol):
    async def verify(self, token: str) -> Identity:
        """Raises TokenRefused: forged, expired, of another issuer or for another audience."""


class TokenRefused(Exception):
    """The bearer token proves nothing; the message says what is wrong without quoting it."""


class Members(Protocol):
    async def find(self, member_id: str) -> Member | None: ...

    async def welcome(self, member: Member) -> Member:
        """Store a new member; a member already stored is left alone. Returns what is stored."""

    async def remove(self, left: MemberLeft) -> None:
        """End the membership and keep the event that tells of it, both or neither. Raises
        ConcurrentChange: it has ended; who came back has another."""


class Invitations(Protocol):
    async def add(self, invitation: Invitation, inviter: Member) -> None:
        """Raises ConcurrentChange: the code exists, or the inviter's membership has ended."""

    async def find(self, code: str) -> Invitation | None: ...

    async def of_inviter(self, inviter_id: str, window: Window) -> Page[Invitation]:
        """Newest first."""

    async def naming(self, member_id: str) -> Sequence[Invitation]:
        """All they made or accepted, in any order; dear, and nothing is missing."""

    async def remove(self, code: str) -> None: ...

    async def forget_who_accepted(self, code: str) -> None:
        """It stays used. Nothing happens when it is gone."""

    async def record_acceptance(
        self, accepted: Invitation, member: Member, *, stored: bool
    ) -> None:
        """Store the used invitation and the member's role, both or neither; `stored`: the member
        was, when this was decided.

        Raises:
            ConcurrentChange: the invitation was used meanwhile, the member is not BASIC any more,
                left or was stored meanwhile, or the maker who invited has left.
        """


class Candidates(Protocol):
    async def find(self, candidate_id: str) -> Candidate | None: ...

    async def cards(self, candidate_ids: Sequence[str], now: datetime) -> dict[str, Card]:
        """As they are now, by id; those that do not exist are missing."""

    async def of_maker(self, maker_id: str, window: Window) -> Page[Candidate]:
        """Newest first."""

    async def save(self, candidate: Candidate, change: ProfileChanged, member: Member) -> None:
        """Store a version and the event that tells of it, both or neither.

        Raises:
            ConcurrentChange: the version before is not stored, or the membership has ended.
        """

    async def remove(self, candidate: Candidate) -> None:
        """Raises ConcurrentChange: it is not the version stored."""


class Recommendations(Protocol):
    """Recommendations, and how many a maker has asked for."""

    async def quota(self, maker_id: str, now: datetime) -> Quota:
        """What a maker asked for today; an unused quota when that was nothing."""

    async def accept(
        self,
        pending: Recommendation,
        request: RecommendationRequested,
        quota: Quota,
        maker: Member,
    ) -> None:
        """Store a new recommendation, the event that asks for it and the quota it uses, all or
        none.

        Raises:
            ConcurrentChange: the id exists, the quota's version before is not the one stored, or
                the maker's membership has ended.
        """

    async def upgrade(
        self,
        pending: Recommendation,
        request: RecommendationRequested,
        quota: Quota,
        maker: Member,
    ) -> None:
        """Store that one which was DEGRADED is pending again, the event that asks for it and the
        quota it uses, all or none.

        Raises:
            ConcurrentChange: what is stored is not DEGRADED, the quota's version before is not the
                one stored, or the maker's membership has ended.
        """

    async def find(self, recommendation_id: str) -> Recommendation | None: ...

    async def of_maker(self, maker_id: str, window: Window) -> Page[Recommendation]:
        """Newest first."""

    async def pending(self, before: datetime) -> Sequence[Recommendation]:
        """Those still pending that were accepted until `before`, oldest first."""

    async def fail(self, recommendation_id: str, failure: Failure, end: Step) -> bool:
        """End it, and its timeline with it; False, and nothing, if it is gone or has its answer."""

    async def naming(self, member_id: str) -> Sequence[Named]:
        """Theirs, for them or with them in the answer, in any order; dear, and none is missing."""

    async def remove(self, recommendation_id: str) -> None: ...

    async def strike(self, recommendation_id: str, candidate_id: str) -> None:
        """Take somebody out of the answer; those behind move up. Raises ConcurrentChange."""

    async def forget_quota(self, maker_id: str) -> None: ...

    async def note(self, recommendation_id: str, step: Step) -> None:
        """Append to the timeline; nothing happens when the recommendation is gone."""


class Matches(Protocol):
    """Pairs: suggested ones and ruled out ones, and how many suggestions a candidate has had."""

    async def find(self, match_id: str) -> Match | Block | None: ...

    async def quota(self, candidate_id: str, now: datetime) -> Quota:
        """Today's suggestions for a candidate; an unused quota when there were none."""

    async def add(self, match: Match, quota: Quota, maker: Member) -> None:
        """Store a new match and the quota it uses, both or neither.

        Raises:
            ConcurrentChange: the pair is known, the quota's version before is not the one stored,
                one of the two has left or rests, or the maker's membership has ended.
        """

    async def save(self, match: Match) -> None:
        """Store the next version. Raises ConcurrentChange: the one before is not stored."""

    async def of_candidate(self, candidate_id: str, window: Window) -> Page[Match]:
        """Those on either side, newest first."""

    async def forget_quota(self, candidate_id: str) -> None: ...

    async def block(self, blocked: Block) -> None:
        """Raises ConcurrentChange: the pair is known."""

    async def unblock(self, match_id: str, maker_id: str) -> None:
        """Remove this maker's block, if there is one."""


class Records(Protocol):
    async def find(self, record_id: str) -> Record | None: ...

    async def save(self, record: Record) -> None:
        """Raises ConcurrentChange: the version before it is not the one stored."""

    async def remove(self, record_id: str) -> None: ...

    async def of_member(self, member_id: str) -> Sequence[Record]:
        """All of a member's requests, in any order; dear, and nothing is missing."""
