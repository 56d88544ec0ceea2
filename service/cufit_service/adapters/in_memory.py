"""Every store in this process's memory, with the same conditions as the tables.

Kept beside the real adapters and held to the same contract tests (tests/integration/service), so
that a use case tested on it meets the behaviour it will meet in production.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from cufit_contracts.vocabulary import KST, timestamp

from cufit_service.application.ports import Page, Position, Window
from cufit_service.domain.candidate import Candidate
from cufit_service.domain.errors import ConcurrentChange, Unavailable
from cufit_service.domain.events import Event, ProfileChanged, RecommendationRequested
from cufit_service.domain.invitation import Invitation
from cufit_service.domain.match import Block, Match
from cufit_service.domain.member import Member, Role
from cufit_service.domain.photo import Photo
from cufit_service.domain.recommendation import Recommendation, Step
from cufit_service.domain.suggestion_quota import SuggestionQuota

Item = TypeVar("Item", Invitation, Candidate, Recommendation, Match)


class InMemoryOutbox:
    def __init__(self) -> None:
        self.rows: dict[str, Event] = {}

    def keep(self, event: Event) -> None:
        self.rows[event.correlation_id] = event

    async def waiting(self, before: datetime, limit: int) -> Sequence[Event]:
        return [event for event in self.rows.values() if event.at < before][:limit]

    async def remove(self, event: Event) -> None:
        self.rows.pop(event.correlation_id, None)


class InMemoryMembers:
    def __init__(self) -> None:
        self.items: dict[str, Member] = {}

    async def find(self, member_id: str) -> Member | None:
        return self.items.get(member_id)

    async def welcome(self, member: Member) -> Member:
        return self.items.setdefault(member.member_id, member)


class InMemoryInvitations:
    def __init__(self, members: InMemoryMembers) -> None:
        self.items: dict[str, Invitation] = {}
        self._members = members

    async def add(self, invitation: Invitation) -> None:
        if invitation.code in self.items:
            raise ConcurrentChange
        self.items[invitation.code] = invitation

    async def find(self, code: str) -> Invitation | None:
        return self.items.get(code)

    async def of_inviter(self, inviter_id: str, window: Window) -> Page[Invitation]:
        own = (item for item in self.items.values() if item.inviter_id == inviter_id)
        return _newest(own, lambda item: item.code, window)

    async def record_acceptance(self, accepted: Invitation, member: Member) -> None:
        stored = self.items.get(accepted.code)
        role = getattr(self._members.items.get(member.member_id), "role", Role.BASIC)
        if stored is None or stored.accepted_at is not None or role is not Role.BASIC:
            raise ConcurrentChange
        self.items[accepted.code] = accepted
        self._members.items[member.member_id] = member


class InMemoryCandidates:
    def __init__(self, outbox: InMemoryOutbox) -> None:
        self.items: dict[str, Candidate] = {}
        self._outbox = outbox

    async def find(self, candidate_id: str) -> Candidate | None:
        return self.items.get(candidate_id)

    async def find_all(self, candidate_ids: Sequence[str]) -> dict[str, Candidate]:
        return {key: self.items[key] for key in candidate_ids if key in self.items}

    async def of_maker(self, maker_id: str, window: Window) -> Page[Candidate]:
        own = (item for item in self.items.values() if item.maker_id == maker_id)
        return _newest(own, lambda item: item.candidate_id, window)

    async def save(self, candidate: Candidate, change: ProfileChanged) -> None:
        stored = self.items.get(candidate.candidate_id)
        if (stored.version if stored else 0) != candidate.version - 1:
            raise ConcurrentChange
        self.items[candidate.candidate_id] = candidate
        self._outbox.keep(change)


class InMemoryRecommendations:
    def __init__(self, outbox: InMemoryOutbox) -> None:
        self.items: dict[str, Recommendation] = {}
        self._outbox = outbox

    async def accept(self, pending: Recommendation, request: RecommendationRequested) -> None:
        if pending.recommendation_id in self.items:
            raise ConcurrentChange
        self.items[pending.recommendation_id] = pending
        self._outbox.keep(request)

    async def find(self, recommendation_id: str) -> Recommendation | None:
        return self.items.get(recommendation_id)

    async def of_maker(self, maker_id: str, window: Window) -> Page[Recommendation]:
        own = (item for item in self.items.values() if item.maker_id == maker_id)
        return _newest(own, lambda item: item.recommendation_id, window)

    async def note(self, recommendation_id: str, step: Step) -> None:
        item = self.items.get(recommendation_id)
        if item is not None:
            self.items[recommendation_id] = replace(item, timeline=(*item.timeline, step))


class InMemoryMatches:
    def __init__(self, candidates: InMemoryCandidates) -> None:
        self.items: dict[str, Match | Block] = {}
        self.quotas: dict[str, SuggestionQuota] = {}
        self._candidates = candidates

    async def find(self, match_id: str) -> Match | Block | None:
        return self.items.get(match_id)

    async def quota(self, candidate_id: str, now: datetime) -> SuggestionQuota:
        unused = SuggestionQuota(candidate_id, now.astimezone(KST).date(), used=0)
        return self.quotas.get(candidate_id, unused)

    async def add(self, match: Match, quota: SuggestionQuota) -> None:
        stored = self.quotas.get(quota.candidate_id)
        if match.match_id in self.items or (stored.version if stored else 0) != quota.version - 1:
            raise ConcurrentChange
        for side in (match.left, match.right):
            candidate = self._candidates.items.get(side.candidate_id)
            if candidate is None or candidate.paused:
                raise ConcurrentChange
        self.items[match.match_id] = match
        self.quotas[quota.candidate_id] = quota

    async def save(self, match: Match) -> None:
        stored = self.items.get(match.match_id)
        if not isinstance(stored, Match) or stored.version != match.version - 1:
            raise ConcurrentChange
        self.items[match.match_id] = match

    async def of_candidate(self, candidate_id: str, window: Window) -> Page[Match]:
        matches = (item for item in self.items.values() if isinstance(item, Match))
        own = (match for match in matches if match.has(candidate_id))
        return _newest(own, lambda match: match.match_id, window)

    async def block(self, blocked: Block) -> None:
        if blocked.pair_id in self.items:
            raise ConcurrentChange
        self.items[blocked.pair_id] = blocked

    async def unblock(self, match_id: str, maker_id: str) -> None:
        stored = self.items.get(match_id)
        if isinstance(stored, Block) and stored.maker_id == maker_id:
            del self.items[match_id]


class InMemoryPhotos:
    """Stands for Photos and PhotoLinks."""

    def __init__(self) -> None:
        self.items: list[Photo] = []

    async def of_candidate(self, candidate_id: str) -> Sequence[Photo]:
        return [photo for photo in self.items if photo.candidate_id == candidate_id]

    async def to(self, key: str) -> str:
        return f"memory:{key}"


class InMemoryQueue:
    """Stands for RecommendationRequests and ProfileChanges; `broken` makes it unavailable."""

    def __init__(self) -> None:
        self.sent: list[Event] = []
        self.broken = False

    async def send(self, event: Event, /) -> None:
        if self.broken:
            raise Unavailable
        self.sent.append(event)


def _newest(items: Iterable[Item], key: Callable[[Item], str], window: Window) -> Page[Item]:
    def place(item: Item) -> tuple[str, str]:
        return timestamp(item.created_at), key(item)

    after = window.after
    rest = sorted(
        (
            item
            for item in items
            if after is None or place(item) < (after.created_at, after.item_id)
        ),
        key=place,
        reverse=True,
    )
    kept = rest[: window.limit]
    return Page(kept, Position(*place(kept[-1])) if len(rest) > window.limit else None)
