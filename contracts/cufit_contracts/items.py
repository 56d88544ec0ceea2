"""Items of the tables that more than one deployable reads or writes (photos: see photos.py).

Attribute names are the field names; `stored` reads and writes them. Standard library only. Items
owned by one deployable are described in that deployable's adapter.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from cufit_contracts.profile import Profile, ProfileWithoutPhone
from cufit_contracts.results import Failure, MatchResult
from cufit_contracts.vocabulary import IndexState, RecommendationStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What became of the pairs somebody was in: answers, counted. A person cannot write it."""

    asked: int = 0
    """Answers others gave about them."""
    wanted: int = 0
    """Of these, yes."""
    answered: int = 0
    """Answers they gave."""
    said_yes: int = 0
    """Of these, yes."""


NO_HISTORY: Final = History()


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateItem(Profile):
    """candidates table: key `candidate_id`; indexes by_maker (maker_id, created_at) and by_place
    (place, born), sparse: both attributes exist only while the person can be recommended."""

    candidate_id: str
    joined_at: datetime | None = None
    """When the membership it belongs to began: who leaves and comes back is another."""
    maker_id: str | None = None
    """None while unattached (주선자 없음): neither recommended nor suggested."""
    maker_joined_at: datetime | None = None
    """When the maker's membership began."""
    created_at: str
    updated_at: str
    version: int
    paused: bool = False
    index_state: IndexState = IndexState.PENDING
    """Of `index_version`."""
    index_version: int = 0
    index_reason: str | None = None
    history: History = NO_HISTORY
    """Made with the item; counters change it, and no save of a profile."""
    attention: Decimal = Decimal(0)
    """How much they were shown and proposed (cufit_contracts.attention); made and changed as
    `history`."""
    place: str | None = None
    """`places.place`; None while paused or unattached."""
    born: str | None = None
    """`places.born`; as `place`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedItem(ProfileWithoutPhone):
    """The part of a candidate's item that profile_indexer reads."""

    candidate_id: str
    joined_at: str
    """As stored: only ever compared."""
    maker_id: str | None = None
    version: int
    paused: bool = False
    index_state: IndexState = IndexState.PENDING
    index_version: int = 0
    nickname: str = ""
    """Not read."""


_PROFILE: Final = tuple(one.name for one in fields(ProfileWithoutPhone) if one.name != "nickname")

_STANDING: Final = (
    *("candidate_id", "joined_at", "maker_id", "paused", "version"),
    *("history", "attention"),
)

MATCHED_ATTRIBUTES: Final = (*_PROFILE, *_STANDING)
"""All that match_worker may read of a candidate's item, by its permission."""

PLACE_KEYS: Final = ("place", "born")

PLACED_ATTRIBUTES: Final = (
    *("gender", "birth_year", "height_cm", "mbti", "city", "district"),
    *("smoking", "drinking", "ideal_type"),
    *_STANDING,
)
"""What the index by_place holds besides its keys: what points are computed from, and the wish in
words (up to 600 bytes), because an index takes `ideal_type` whole. No name, job, hobbies or
introduction."""

INDEXED_ATTRIBUTES: Final = tuple(one.name for one in fields(IndexedItem) if one.name != "nickname")
"""All that profile_indexer may read of a candidate's item, by its permission."""

SHOWN_MARKS: Final = ("candidate_id", "joined_at", "attention")
"""All that match_worker may name in an update of a candidate's item."""

INDEX_MARKS: Final = (
    *("candidate_id", "joined_at", "version"),
    *("index_state", "index_version", "index_reason"),
)
"""All that an update of how the index stands may name: the key, the membership and version it is
held against, and what it writes."""


class StepSource(StrEnum):
    """Who wrote a step."""

    API = "api"
    OUTBOX = "outbox"
    SWEEPER = "sweeper"
    WORKER = "worker"
    RECONCILER = "reconciler"


class StepState(StrEnum):
    """What a step says; the last three end a recommendation."""

    ACCEPTED = "ACCEPTED"
    SENT = "SENT"
    """To the worker's queue."""
    STARTED = "STARTED"
    DELAYED = "DELAYED"
    """By a model that was throttled or out of reach."""
    REQUEUED = "REQUEUED"
    UPGRADE_ASKED = "UPGRADE_ASKED"
    READY = "READY"
    DEGRADED = "DEGRADED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a request's timeline, kept on the item so that its story is readable without
    logs."""

    at: datetime
    source: StepSource
    state: StepState
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationItem:
    """recommendations table: key `recommendation_id`; indexes by_maker (maker_id, created_at) and
    open (open, created_at), sparse: the attribute `open` exists only while PENDING."""

    recommendation_id: str
    maker_id: str
    maker_joined_at: datetime | None = None
    """When the membership it belongs to began: who leaves and comes back does not see it."""
    candidate_id: str
    """The seeker: the maker's candidate for whom partners are sought."""
    seeker_joined_at: datetime | None = None
    status: RecommendationStatus
    created_at: datetime
    finished_at: datetime | None = None
    timeline: tuple[Step, ...] = ()
    result: MatchResult | None = None
    failure: Failure | None = None

    @property
    def asked_at(self) -> datetime:
        """When the answer it waits for, or has, was asked for."""
        upgrades = [step.at for step in self.timeline if step.state is StepState.UPGRADE_ASKED]
        return max(upgrades, default=self.created_at)
