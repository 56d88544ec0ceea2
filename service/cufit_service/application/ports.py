"""What the use cases need from the world, named after the need.

Every port may raise Unavailable; whatever the vendor's own error was stays in the adapter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cufit_contracts.items import Step
from cufit_contracts.results import Failure
from cufit_service.application.pages import Page, Window
from cufit_service.domain.answers import Tally
from cufit_service.domain.candidate import Candidate, Card
from cufit_service.domain.events import MemberLeft, ProfileChanged, RecommendationRequested
from cufit_service.domain.invitation import Invitation
from cufit_service.domain.match import BlockedPair, Match
from cufit_service.domain.member import Member
from cufit_service.domain.quota import Counted, Place, Taken
from cufit_service.domain.recommendation import Recommendation
from cufit_service.domain.record import Record


@dataclass(frozen=True, slots=True)
class Theirs:
    """A recommendation whose maker or seeker somebody is."""

    recommendation_id: str
    joined_at: datetime
    """When the membership it is of began."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """A recommendation, another's, that ranks somebody."""

    recommendation_id: str
    ranked_at: datetime


Named = Theirs | Ranking


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

    def request_id(self) -> str:
        """Of a request that changes something, which knows its own work by it when sent again."""

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
        self,
        accepted: Invitation,
        member: Member,
        *,
        stored: bool,
        before: Member | None = None,
        saved: Candidate | None = None,
    ) -> None:
        """Store the used invitation and the member's role, both or neither; `stored`: the member
        was, when this was decided. Of an unattached candidate, who was `before`, also the next
        version of the profile, if there is one.

        Raises:
            ConcurrentChange: the invitation was used meanwhile, the maker who gave it has left, or
                the member is not BASIC, left or was stored meanwhile, or is not as `before` with
                the profile before `saved`.
        """


class Candidates(Protocol):
    async def find(self, candidate_id: str) -> Candidate | None: ...

    async def cards(self, candidate_ids: Sequence[str], now: datetime) -> dict[str, Card]:
        """As they are now, by id; those that do not exist are missing."""

    async def of_maker(self, maker_id: str, window: Window) -> Page[Candidate]:
        """Newest first."""

    async def add(self, candidate: Candidate, member: Member, change: ProfileChanged) -> None:
        """Store a member's first profile and the event that tells of it, both or neither.

        Raises:
            ConcurrentChange: the version before it is not the one stored, they are not that
                member with that inviter (any more), or their maker has left.
        """

    async def save(
        self, candidate: Candidate, change: ProfileChanged, member: Member | None = None
    ) -> None:
        """As `add`. Raises ConcurrentChange: the version before it is not the one stored, or the
        membership, if it is told, has ended."""

    async def remove(self, candidate: Candidate) -> None:
        """Raises ConcurrentChange: it is not the version stored."""


class Recommendations(Protocol):
    async def accept(
        self, pending: Recommendation, request: RecommendationRequested, maker: Member
    ) -> None:
        """Store a new recommendation and the event that asks for it, both or neither. Raises
        ConcurrentChange: the id exists, or the maker's membership has ended."""

    async def upgrade(
        self, pending: Recommendation, request: RecommendationRequested, maker: Member
    ) -> None:
        """Store that one which was DEGRADED is pending again and the event that asks for it, both
        or neither. Raises ConcurrentChange: what is stored is not DEGRADED, or the maker's
        membership has ended."""

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

    async def note(self, recommendation_id: str, step: Step) -> None:
        """Append to the timeline; nothing happens when the recommendation is gone or has this very
        step."""


class Matches(Protocol):
    """Pairs: suggested ones and ruled out ones."""

    async def find(self, match_id: str) -> Match | BlockedPair | None: ...

    async def add(self, match: Match, maker: Member) -> None:
        """Store a new match, and that its two were proposed.

        Raises:
            ConcurrentChange: the pair is known, one of the two has left, rests or has another maker
                or none, or the maker's membership has ended.
        """

    async def save(
        self, match: Match, member: Member | None = None, counted: Sequence[Tally] = ()
    ) -> None:
        """Store the next version and what it adds to histories, all or nothing. Raises
        ConcurrentChange: the one before is not stored, the membership, if it is told, has ended, or
        one of the counted has left."""

    async def of_candidate(self, candidate_id: str, window: Window) -> Page[Match]:
        """Those on either side, newest first."""

    async def replace_blocks(self, before: BlockedPair | None, after: BlockedPair) -> None:
        """Nothing stays without a block. Raises ConcurrentChange: `before` is not stored."""


class Quotas(Protocol):
    """What was counted in a day."""

    async def take(self, place: Place, a_day: int) -> Taken | None:
        """Count it; what is counted already is not counted twice. None, and nothing, when `a_day`
        others are. However many ask at once, no more than `a_day` have a place, and each place is
        new to one at most."""

    async def give_back(self, place: Place) -> None:
        """Nothing happens when it is not counted."""

    async def counted(self, owner_id: str, now: datetime) -> Sequence[Counted]:
        """Today's and yesterday's of somebody; older ones are gone."""

    async def forget(self, counted: Counted) -> None:
        """Nothing happens when something was counted since."""


class Records(Protocol):
    async def find(self, record_id: str) -> Record | None: ...

    async def save(self, record: Record) -> None:
        """Raises ConcurrentChange: the version before it is not the one stored."""

    async def remove(self, record_id: str) -> None: ...

    async def of_member(self, member_id: str) -> Sequence[Record]:
        """All of a member's requests, in any order; dear, and nothing is missing."""
