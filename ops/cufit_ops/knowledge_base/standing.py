"""Candidates beside documents: for each whether the index says what the table says.

Pure: what was read goes in, what differs comes out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cufit_contracts.vocabulary import IndexState
from profile_indexer.ports import DocumentState

GRACE = timedelta(minutes=5)
"""A profile saved so recently is profile_indexer's business: its message may be delivered again
once, which takes the queue three minutes."""


class Standing(StrEnum):
    """How one id stands; exactly one applies."""

    IN_STEP = "in step"
    """The document holds the item's version and is searchable."""
    UNDER_WAY = "under way"
    """Accepted and being indexed, or saved so recently that profile_indexer is about to see it."""
    MISSING = "missing"
    """A candidate without a document."""
    STALE = "stale"
    """The document holds an older version of the profile."""
    FAILED = "failed"
    """The knowledge base could not index this version."""
    ORPHAN = "orphan"
    """A document without a candidate."""

    @property
    def is_drift(self) -> bool:
        return self not in (Standing.IN_STEP, Standing.UNDER_WAY)


@dataclass(frozen=True, slots=True)
class IndexedAs:
    """What the candidates table knows of one candidate's document; nothing of the profile."""

    candidate_id: str
    version: int
    index_version: int
    index_state: str
    index_reason: str | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """One document as the knowledge base lists it."""

    candidate_id: str
    state: DocumentState
    reason: str = ""
    """Why it FAILED."""


@dataclass(frozen=True, slots=True)
class Comparison:
    candidates_by_state: Mapping[str, int]
    """Candidates by `index_state`."""
    documents_by_state: Mapping[str, int]
    standings: Mapping[str, Standing]
    """By candidate id, orphans included."""
    reasons: Mapping[str, str]
    """Of those that failed."""

    def having(self, *standings: Standing) -> list[str]:
        """Ids in their order."""
        return sorted(one for one, standing in self.standings.items() if standing in standings)

    @property
    def drift(self) -> list[str]:
        return sorted(one for one, standing in self.standings.items() if standing.is_drift)


def compare(
    candidates: Iterable[IndexedAs], documents: Iterable[Held], now: datetime
) -> Comparison:
    known = {one.candidate_id: one for one in candidates}
    held = {one.candidate_id: one for one in documents if one.state is not DocumentState.ABSENT}
    standings = {
        candidate_id: _standing(one, held.get(candidate_id), now)
        for candidate_id, one in known.items()
    }
    standings |= dict.fromkeys(held.keys() - known.keys(), Standing.ORPHAN)
    return Comparison(
        candidates_by_state=Counter(one.index_state for one in known.values()),
        documents_by_state=Counter(str(one.state) for one in held.values()),
        standings=standings,
        reasons={
            one: _reason(known[one], held.get(one))
            for one, standing in standings.items()
            if standing is Standing.FAILED
        },
    )


def _standing(candidate: IndexedAs, document: Held | None, now: datetime) -> Standing:
    is_recent = now - candidate.updated_at < GRACE
    is_of_this_version = candidate.index_version == candidate.version
    if document is not None and is_of_this_version:
        if candidate.index_state == IndexState.FAILED or document.state is DocumentState.FAILED:
            return Standing.FAILED
        searchable = document.state is DocumentState.INDEXED
        if searchable and candidate.index_state == IndexState.INDEXED:
            return Standing.IN_STEP
        return Standing.UNDER_WAY
    if is_of_this_version and candidate.index_state == IndexState.FAILED:
        return Standing.FAILED  # refused before there was a document
    if is_recent:
        return Standing.UNDER_WAY
    return Standing.MISSING if document is None else Standing.STALE


def _reason(candidate: IndexedAs, document: Held | None) -> str:
    return candidate.index_reason or (document.reason if document else "") or "no reason given"
