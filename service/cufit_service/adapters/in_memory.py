"""Every store in this process's memory, with the same conditions as the tables.

Kept beside the real adapters and held to the same contract tests (tests/integration/service), so
that a use case tested on it meets the behaviour it will meet in production.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from cufit_contracts.vocabulary import KST, RecommendationStatus, timestamp
from cufit_service.application.once import Record
from cufit_service.application.ports import Page, Position, Window
from cufit_service.domain.candidate import Candidate, Card
from cufit_service.domain.errors import ConcurrentChange, Unavailable
from cufit_service.domain.events import Event, MemberLeft, ProfileChanged, RecommendationRequested
from cufit_service.domain.invitation import Invitation
from cufit_service.domain.match import Match
from cufit_service.domain.member import Member, Role
from cufit_service.domain.photo import Photo, PhotoState, in_order
from cufit_service.domain.recommendation import Failure, Recommendation, Step
from cufit_service.domain.recommendation_quota import RecommendationQuota

Item = TypeVar("Item", Invitation, Candidate, Recommendation, Match)


class InMemoryOutbox:
    def __init__(self) -> None:
        self.rows: dict[str, Event] = {}

    async def keep(self, event: Event) -> None:
        self.rows[event.correlation_id] = event

    async def waiting(self, before: datetime, limit: int) -> Sequence[Event]:
        return [event for event in self.rows.values() if event.at < before][:limit]

    async def remove(self, event: Event) -> None:
        self.rows.pop(event.correlation_id, None)


class InMemoryRecords:
    def __init__(self) -> None:
        self.items: dict[str, Record] = {}

    async def find(self, record_id: str) -> Record | None:
        return self.items.get(record_id)

    async def save(self, record: Record) -> None:
        stored = self.items.get(record.record_id)
        if (stored.version if stored else 0) != record.version - 1:
            raise ConcurrentChange
        self.items[record.record_id] = record

    async def remove(self, record_id: str) -> None:
        self.items.pop(record_id, None)


class InMemoryMembers:
    def __init__(self, outbox: InMemoryOutbox) -> None:
        self.items: dict[str, Member] = {}
        self._outbox = outbox

    async def find(self, member_id: str) -> Member | None:
        return self.items.get(member_id)

    async def welcome(self, member: Member) -> Member:
        return self.items.setdefault(member.member_id, member)

    async def remove(self, left: MemberLeft) -> None:
        self.items.pop(left.member_id, None)
        await self._outbox.keep(left)


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
        return newest(own, lambda item: item.code, window)

    async def remove_open(self, code: str) -> None:
        if code in self.items and self.items[code].accepted_at is None:
            del self.items[code]

    async def record_acceptance(self, accepted: Invitation, member: Member) -> None:
        stored = self.items.get(accepted.code)
        role = getattr(self._members.items.get(member.member_id), "role", Role.BASIC)
        if stored is None or stored.accepted_at is not None or role is not Role.BASIC:
            raise ConcurrentChange
        self.items[accepted.code] = accepted
        self._members.items[member.member_id] = member


class InMemoryCandidates:
    def __init__(self, members: InMemoryMembers, outbox: InMemoryOutbox) -> None:
        self.items: dict[str, Candidate] = {}
        self._members = members
        self._outbox = outbox

    async def find(self, candidate_id: str) -> Candidate | None:
        return self.items.get(candidate_id)

    async def cards(self, candidate_ids: Sequence[str], now: datetime) -> dict[str, Card]:
        return {key: self.items[key].card(now) for key in candidate_ids if key in self.items}

    async def of_maker(self, maker_id: str, window: Window) -> Page[Candidate]:
        own = (item for item in self.items.values() if item.maker_id == maker_id)
        return newest(own, lambda item: item.candidate_id, window)

    async def save(self, candidate: Candidate, change: ProfileChanged) -> None:
        stored = self.items.get(candidate.candidate_id)
        if (stored.version if stored else 0) != candidate.version - 1:
            raise ConcurrentChange
        member = self._members.items.get(candidate.candidate_id)
        if stored is None and (member is None or member.role is not Role.CANDIDATE):
            raise ConcurrentChange
        self.items[candidate.candidate_id] = candidate
        await self._outbox.keep(change)

    async def remove(self, candidate: Candidate, gone: ProfileChanged) -> None:
        stored = self.items.get(candidate.candidate_id)
        if stored is None or stored.version != candidate.version:
            raise ConcurrentChange
        del self.items[candidate.candidate_id]
        await self._outbox.keep(gone)


class InMemoryRecommendations:
    def __init__(self, outbox: InMemoryOutbox) -> None:
        self.items: dict[str, Recommendation] = {}
        self.quotas: dict[str, RecommendationQuota] = {}
        self._outbox = outbox

    async def quota(self, maker_id: str, now: datetime) -> RecommendationQuota:
        unused = RecommendationQuota(maker_id, now.astimezone(KST).date(), used=0)
        return self.quotas.get(maker_id, unused)

    async def accept(
        self,
        pending: Recommendation,
        request: RecommendationRequested,
        quota: RecommendationQuota,
    ) -> None:
        if pending.recommendation_id in self.items:
            raise ConcurrentChange
        await self._keep(pending, request, quota)

    async def upgrade(
        self,
        pending: Recommendation,
        request: RecommendationRequested,
        quota: RecommendationQuota,
    ) -> None:
        stored = self.items.get(pending.recommendation_id)
        if stored is None or stored.status is not RecommendationStatus.DEGRADED:
            raise ConcurrentChange
        await self._keep(pending, request, quota)

    async def _keep(
        self,
        pending: Recommendation,
        request: RecommendationRequested,
        quota: RecommendationQuota,
    ) -> None:
        stored = self.quotas.get(quota.maker_id)
        if (stored.version if stored else 0) != quota.version - 1:
            raise ConcurrentChange
        self.quotas[quota.maker_id] = quota
        self.items[pending.recommendation_id] = pending
        await self._outbox.keep(request)

    async def find(self, recommendation_id: str) -> Recommendation | None:
        return self.items.get(recommendation_id)

    async def of_maker(self, maker_id: str, window: Window) -> Page[Recommendation]:
        own = (item for item in self.items.values() if item.maker_id == maker_id)
        return newest(own, lambda item: item.recommendation_id, window)

    async def pending(self, before: datetime) -> Sequence[Recommendation]:
        return [
            item
            for item in self.items.values()
            if item.status is RecommendationStatus.PENDING and item.created_at <= before
        ]

    async def fail(self, recommendation_id: str, failure: Failure, end: Step) -> bool:
        item = self.items.get(recommendation_id)
        if item is None or item.status is not RecommendationStatus.PENDING:
            return False
        self.items[recommendation_id] = replace(
            item,
            status=RecommendationStatus.FAILED,
            failure=failure,
            finished_at=end.at,
            timeline=(*item.timeline, end),
        )
        return True

    async def remove_pending(self, recommendation_id: str) -> None:
        item = self.items.get(recommendation_id)
        if item is not None and item.status is RecommendationStatus.PENDING:
            del self.items[recommendation_id]

    async def note(self, recommendation_id: str, step: Step) -> None:
        item = self.items.get(recommendation_id)
        if item is not None:
            self.items[recommendation_id] = replace(item, timeline=(*item.timeline, step))


class InMemoryPhotos:
    """Stands for Photos, PhotoLinks and PhotoFiles."""

    def __init__(self) -> None:
        self.items: list[Photo] = []
        self.deleted_files: list[str] = []

    async def of_candidate(self, candidate_id: str) -> Sequence[Photo]:
        return in_order(photo for photo in self.items if photo.candidate_id == candidate_id)

    async def withdraw(self, photo: Photo) -> None:
        self._change(photo.photo_id, state=PhotoState.REJECTED)

    async def place(self, photo_id: str, position: int) -> None:
        self._change(photo_id, position=position)

    def _change(self, photo_id: str, **what: Any) -> None:
        self.items = [
            replace(photo, **what) if photo.photo_id == photo_id else photo for photo in self.items
        ]

    async def forget(self, photo_id: str) -> None:
        self.items = [photo for photo in self.items if photo.photo_id != photo_id]

    async def delete(self, photo_id: str) -> None:
        self.deleted_files.append(photo_id)

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


def newest(items: Iterable[Item], key: Callable[[Item], str], window: Window) -> Page[Item]:
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
