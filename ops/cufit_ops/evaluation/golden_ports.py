"""The worker's ports over the golden set, in memory."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import Any

from cufit_contracts.attention import SHOWN, amount
from cufit_contracts.items import CandidateItem, RecommendationItem, Step
from cufit_contracts.results import TokenUsage
from cufit_contracts.vocabulary import Gender, RecommendationStatus
from cufit_ops.evaluation.golden_set import profile_of
from cufit_ops.evaluation.place_index import PlaceIndex
from match_worker.ports import Outcome, Residents, Search
from match_worker.profile import Profile


class GoldenCandidates:
    def __init__(self, items: Mapping[str, CandidateItem]) -> None:
        self._people = {one: profile_of(item) for one, item in items.items()}
        self._places = PlaceIndex(self._people.values())
        self.order: Random | None = None
        """Shuffles people; None leaves them as in the golden set."""
        self.rewritten: dict[str, Profile] = {}
        """Profiles that differ from the golden set."""

    def change(self, candidate_id: str, **changes: Any) -> None:
        """Attributes that counting moves: `history`, `attention`."""
        self._people[candidate_id] = replace(self._people[candidate_id], **changes)

    def know_as(self, other: "GoldenCandidates") -> None:
        """Everybody as `other` has them."""
        self._people = dict(other._people)

    def get(self, candidate_id: str) -> Profile | None:
        return self.rewritten.get(candidate_id) or self._people.get(candidate_id)

    def get_many(self, candidate_ids: Collection[str]) -> Mapping[str, Profile]:
        found = {one: self.get(one) for one in candidate_ids}
        return {one: profile for one, profile in found.items() if profile}

    def living_in(
        self, gender: Gender, province: str, first: str, last: str, limit: int
    ) -> Residents:
        page = self._places.living_in(gender, province, first, last, limit)
        people = [self.get(one.candidate_id) or one for one in page.people]
        if self.order:
            people = self.order.sample(people, len(people))
        return replace(page, people=people)


@dataclass(slots=True)
class GoldenPairs:
    met: frozenset[str] = frozenset()
    """By the seeker of the run."""

    def taken(self, seeker_id: str, candidate_ids: Collection[str]) -> set[str]:  # noqa: ARG002
        return set(self.met & set(candidate_ids))


@dataclass(slots=True)
class OneRecommendation:
    """A PENDING recommendation, and how it ended."""

    recommendation_id: str
    seeker_id: str
    outcome: Outcome | None = None

    def begin(self, recommendation_id: str, entry: Step) -> RecommendationItem | None:
        return RecommendationItem(
            recommendation_id=recommendation_id,
            maker_id="m_maker",
            candidate_id=self.seeker_id,
            status=RecommendationStatus.PENDING,
            created_at=entry.at,
        )

    def note(self, recommendation_id: str, entry: Step) -> None:
        raise AssertionError(f"{recommendation_id}: {entry.state}")

    def finish(self, recommendation_id: str, outcome: Outcome) -> bool:  # noqa: ARG002
        self.outcome = outcome
        return True


class BrakeOff:
    def is_on(self) -> bool:
        return False


class NoLater:
    """A request at its last attempt is ranked by rules and never put off."""

    def put_off(
        self,
        recommendation_id: str,
        attempt: int,
        delay_seconds: int,
        now: datetime,
        usage: TokenUsage | None,
    ) -> None:
        raise AssertionError(
            f"{recommendation_id}: {attempt} in {delay_seconds} s from {now}, {usage}"
        )


@dataclass(slots=True)
class GoldenAttention:
    candidates: GoldenCandidates
    is_kept: bool = False
    """False: every recommendation of the golden set is the first."""

    def shown(
        self,
        search: Search,  # noqa: ARG002 - each seeker asks once: each showing is a day's first
        people: Iterable[Profile],
        at: datetime,
    ) -> None:
        if self.is_kept:
            for one in people:
                known = self.candidates.get(one.candidate_id) or one
                added = known.attention + amount(SHOWN, at)
                self.candidates.change(one.candidate_id, attention=added)
