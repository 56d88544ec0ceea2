"""Pairs in this process's memory (see in_memory)."""

from datetime import datetime

from cufit_contracts.vocabulary import KST
from cufit_service.adapters.in_memory import InMemoryCandidates, newest
from cufit_service.application.ports import Page, Window
from cufit_service.domain.errors import ConcurrentChange
from cufit_service.domain.match import Block, Match
from cufit_service.domain.suggestion_quota import SuggestionQuota


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
        return newest(own, lambda match: match.match_id, window)

    async def block(self, blocked: Block) -> None:
        if blocked.pair_id in self.items:
            raise ConcurrentChange
        self.items[blocked.pair_id] = blocked

    async def unblock(self, match_id: str, maker_id: str) -> None:
        stored = self.items.get(match_id)
        if isinstance(stored, Block) and stored.maker_id == maker_id:
            del self.items[match_id]
