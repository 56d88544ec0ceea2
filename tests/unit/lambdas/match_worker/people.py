"""Synthetic people and fakes of match_worker's ports."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from cufit_contracts.alias import alias_of
from cufit_contracts.items import RecommendationItem, Step
from cufit_contracts.results import TokenUsage
from cufit_contracts.stored import read
from cufit_contracts.vocabulary import Gender, RecommendationStatus
from cufit_ops.evaluation.place_index import PlaceIndex
from match_worker.errors import MatchingError
from match_worker.ports import Correction, ModelReply, Outcome, Residents, Search
from match_worker.profile import Profile

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
RECOMMENDATION_ID = "rec_01JDTEST"
USAGE = TokenUsage(input_tokens=1000, output_tokens=100, counted=True)
GOOD = json.dumps(
    {
        "candidates": [
            {
                "id": alias_of("m_a"),
                "parts": {"hobbies": 10, "values": 9, "introduction": 8},
                "reason": "둘 다 산을 좋아해요",
            }
        ]
    }
)
"""A model's answer that can be used."""


def person(candidate_id: str, **changes: Any) -> Profile:
    """A woman of 30 in 서울 강남구 unless told otherwise."""
    fields: dict[str, Any] = {
        "candidate_id": candidate_id,
        "maker_id": "m_maker",
        "name": "김나나",
        "gender": "FEMALE",
        "birth_year": 1996,
        "height_cm": 165,
        "mbti": "ENFJ",
        "city": "서울특별시",
        "district": "강남구",
        "job": "디자이너",
        "hobbies": ["등산", "영화"],
        "smoking": 0,
        "drinking": 1,
        "self_introduction": "주말마다 산에 가요.",
        "ideal_type": {"age_range": {"min": 25, "max": 40}},
    }
    return read(Profile, fields | changes)


def seeker(**changes: Any) -> Profile:
    """A man of 32 in 서울 강남구 who looks for 27 to 35."""
    fields: dict[str, Any] = {
        "name": "박도윤",
        "gender": "MALE",
        "birth_year": 1994,
        "height_cm": 178,
        "mbti": "INFP",
        "ideal_type": {"age_range": {"min": 27, "max": 35}, "free_text": "같이 걷는 사람"},
    }
    return person("m_seeker", **(fields | changes))


def search(
    who: Profile | None = None, *, shortlist: Iterable[Profile] = (), seconds_left: float = 60.0
) -> Search:
    return Search(RECOMMENDATION_ID, who or seeker(), NOW, lambda: seconds_left, tuple(shortlist))


@dataclass
class FakeCandidates:
    people: dict[str, Profile] = field(default_factory=dict)

    @classmethod
    def of(cls, *people: Profile) -> "FakeCandidates":
        return cls({one.candidate_id: one for one in people})

    def get(self, candidate_id: str) -> Profile | None:
        return self.people.get(candidate_id)

    def get_many(self, candidate_ids: Collection[str]) -> Mapping[str, Profile]:
        assert len(set(candidate_ids)) == len(candidate_ids), "DynamoDB refuses repeated keys"
        return {one: self.people[one] for one in candidate_ids if one in self.people}

    def living_in(
        self, gender: Gender, province: str, first: str, last: str, limit: int
    ) -> Residents:
        return PlaceIndex(self.people.values()).living_in(gender, province, first, last, limit)


@dataclass
class FakePairs:
    pairs: set[frozenset[str]] = field(default_factory=set)

    def taken(self, seeker_id: str, candidate_ids: Collection[str]) -> set[str]:
        return {one for one in candidate_ids if frozenset((seeker_id, one)) in self.pairs}


@dataclass
class FakeBrake:
    on: bool = False

    def is_on(self) -> bool:
        return self.on


@dataclass
class FakeAttention:
    showings: list[str] = field(default_factory=list)
    upgrades: list[bool] = field(default_factory=list)

    def shown(self, search: Search, people: Iterable[Profile], at: datetime) -> None:
        self.upgrades.append(search.is_upgrade)
        self.showings += [one.candidate_id for one in people]


@dataclass
class FakeLaterRequests:
    put: list[tuple[str, int, int]] = field(default_factory=list)
    """Recommendation, attempt and delay of each."""
    spent: list[TokenUsage | None] = field(default_factory=list)
    """What each says was taken so far."""

    def put_off(
        self,
        recommendation_id: str,
        attempt: int,
        delay_seconds: int,
        now: datetime,
        usage: TokenUsage | None,
    ) -> None:
        assert now >= NOW
        self.put.append((recommendation_id, attempt, delay_seconds))
        self.spent.append(usage)


@dataclass
class FakeModel:
    """Answers with the given texts, or raises the given errors, one after the other."""

    answers: list[str | MatchingError | ModelReply]
    corrections: list[str | None] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    """Ids of the last shortlist."""

    def ask(self, search: Search, correction: Correction | None) -> ModelReply:
        assert search.recommendation_id
        self.corrections.append(correction.text if correction else None)
        self.shown = search.shortlisted_ids
        answer = self.answers.pop(0)
        if isinstance(answer, MatchingError):
            raise answer
        return answer if isinstance(answer, ModelReply) else ModelReply(answer, USAGE)


@dataclass
class FakeRecommendations:
    items: dict[str, RecommendationItem] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)

    @classmethod
    def pending(cls, candidate_id: str = "m_seeker") -> "FakeRecommendations":
        item = RecommendationItem(
            recommendation_id=RECOMMENDATION_ID,
            maker_id="m_maker",
            candidate_id=candidate_id,
            status=RecommendationStatus.PENDING,
            created_at=NOW,
        )
        return cls({RECOMMENDATION_ID: item})

    @property
    def item(self) -> RecommendationItem:
        return self.items[RECOMMENDATION_ID]

    @property
    def states(self) -> list[str]:
        return [entry.state for entry in self.item.timeline]

    def begin(self, recommendation_id: str, entry: Step) -> RecommendationItem | None:
        return self._change(recommendation_id, entry)

    def note(self, recommendation_id: str, entry: Step) -> None:
        self._change(recommendation_id, entry)

    def finish(self, recommendation_id: str, outcome: Outcome) -> bool:
        changes = {
            "status": outcome.status,
            "result": outcome.result,
            "failure": outcome.failure,
            "finished_at": outcome.finished_at,
        }
        if self._change(recommendation_id, outcome.timeline, changes) is None:
            return False
        self.outcomes.append(outcome)
        return True

    def _change(
        self,
        recommendation_id: str,
        entry: Step,
        changes: Mapping[str, Any] | None = None,
    ) -> RecommendationItem | None:
        item = self.items.get(recommendation_id)
        if item is None or item.status is not RecommendationStatus.PENDING:
            return None
        timeline = [*item.timeline, entry]
        item = replace(item, **{**(changes or {}), "timeline": timeline})
        self.items[recommendation_id] = item
        return item
