"""Items of the tables that more than one deployable reads or writes.

Attribute names are the field names. Numbers are integers (DynamoDB returns Decimal, which pydantic
turns back). Items owned by one deployable are described in that deployable's adapter.
"""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from cufit_contracts.results import MatchResult
from cufit_contracts.vocabulary import Gender, Mbti, RecommendationStatus

Level = Annotated[int, Field(ge=0, le=3)]
"""Smoking and drinking: 0 never … 3 often."""


class _Item(BaseModel):
    # A validation error must not carry a profile into a log.
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    @classmethod
    def from_item(cls, item: dict[str, Any]) -> Self:
        return cls.model_validate(item)

    def to_item(self) -> dict[str, Any]:
        """Attributes for DynamoDB; None is left out, because an index key must not be NULL."""
        return self.model_dump(mode="json", exclude_none=True)


class Range(_Item):
    min: int
    max: int

    def holds(self, value: int) -> bool:
        return self.min <= value <= self.max


class IdealType(_Item):
    age_range: Range
    height_range: Range | None = None
    mbti: list[Mbti] = []
    smoking_max: Level = 3
    drinking_max: Level = 3
    free_text: str = ""


class CandidateItem(_Item):
    """candidates table: key `candidate_id`; indexes by_maker (maker_id, created_at) and
    by_gender (gender, candidate_id)."""

    candidate_id: str
    maker_id: str
    created_at: str
    updated_at: str
    version: int
    name: str
    """Real name: on the contact card after MATCHED only."""
    phone: str
    """Never leaves this table (domain, candidate profile)."""
    nickname: str
    gender: Gender
    birth_year: int
    height_cm: int
    mbti: Mbti
    city: str
    district: str
    job: str
    hobbies: list[str] = []
    smoking: Level
    drinking: Level
    self_introduction: str = ""
    ideal_type: IdealType
    paused: bool = False
    index_state: str = "PENDING"
    """PENDING, INDEXED or FAILED: whether the knowledge base holds `index_version`."""
    index_version: int = 0
    index_reason: str | None = None


class TimelineEntry(_Item):
    """One step of a request's story, kept on the item so that it is readable without logs."""

    at: str
    source: str
    """api, outbox, sweeper, worker, reconciler."""
    state: str
    detail: str | None = None


class Failure(_Item):
    code: str
    message: str


class RecommendationItem(_Item):
    """recommendations table: key `recommendation_id`; indexes by_maker (maker_id, created_at) and
    open (open, created_at), sparse: `open` exists only while PENDING."""

    recommendation_id: str
    maker_id: str
    candidate_id: str
    """The seeker: the maker's candidate for whom partners are sought."""
    status: RecommendationStatus
    created_at: str
    finished_at: str | None = None
    open: str | None = None
    timeline: list[TimelineEntry] = []
    result: MatchResult | None = None
    failure: Failure | None = None
