"""The use case: end a PENDING recommendation, whatever happens to the model."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from cufit_contracts.items import RecommendationItem, Step, StepSource, StepState
from cufit_contracts.results import Failure, FailureCode, MadeBy, MatchResult, TokenUsage
from cufit_contracts.vocabulary import RecommendationStatus, timestamp
from match_worker.errors import MatchingError
from match_worker.model.model_prices import cost_micro_usd
from match_worker.model.prompt import Prompt
from match_worker.model.shadow import Shadow
from match_worker.model.token_usage import total
from match_worker.ports import (
    Attention,
    Brake,
    Candidates,
    LaterRequests,
    Matchmaker,
    Outcome,
    Ranking,
    Recommendations,
    Search,
)
from match_worker.profile import Profile
from match_worker.scoring.code_hash import scoring_hash
from match_worker.scoring.hard_rules import seeker_obstacle
from match_worker.scoring.shortlist import Shortlist
from match_worker.waiting import delay_after

RULES_CONFIGURED = "RULES_CONFIGURED"
"""Beside READY in the timeline: no model was asked, and none was to be."""

FAILURES = {
    FailureCode.SEEKER_GONE: "추천을 받을 후보자가 더 이상 없어요.",
    FailureCode.SEEKER_PAUSED: "추천을 받을 후보자가 쉬어가는 중이에요.",
    FailureCode.SEEKER_UNDER_AGE: "추천을 받을 후보자가 아직 19세가 아니에요.",
    FailureCode.NO_ELIGIBLE_CANDIDATES: (
        "이미 만난 분을 빼면 조건에 맞는 후보자가 없어요. 이상형 조건을 넓혀 보세요."
    ),
}
"""What the maker reads."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Which time this is; both count from 1."""

    attempt: int = 1
    """Raised by the worker when it puts a request off."""
    receive: int = 1
    """Raised by the queue when a delivery failed."""
    usage: TokenUsage | None = None
    """Tokens that the attempts before this one took."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a delivery went: PENDING when it was put off; `error` is the model's."""

    status: RecommendationStatus
    code: str | None = None
    error: MatchingError | None = None


@dataclass(frozen=True, slots=True)
class AnswerRecommendation:
    recommendations: Recommendations
    candidates: Candidates
    matchmaker: Matchmaker
    rules: Matchmaker
    shortlist: Shortlist
    brake: Brake
    later: LaterRequests
    attention: Attention
    prompt: Prompt
    now: Callable[[], datetime]
    shadow: Shadow | None = None

    def __call__(
        self, recommendation_id: str, delivery: Delivery, seconds_left: Callable[[], float]
    ) -> Ending | None:
        """Rank and store, or put off; None when there was nothing to do (ended, or never was)."""
        attempts = f"attempt {delivery.attempt}, receive {delivery.receive}"
        entry = self._entry(StepState.STARTED, attempts)
        item = self.recommendations.begin(recommendation_id, entry)
        if item is None:
            return None
        seeker = self.candidates.get(item.candidate_id)
        now = self.now()
        if seeker is None or not _is_still(seeker, item):
            return self._failed(recommendation_id, FailureCode.SEEKER_GONE)
        if obstacle := seeker_obstacle(seeker, now):
            return self._failed(recommendation_id, obstacle)
        is_upgrade = item.asked_at > item.created_at
        search = Search(recommendation_id, seeker, now, seconds_left, is_upgrade=is_upgrade)
        return self._ranked(search, delivery, item.asked_at)

    def _ranked(self, search: Search, delivery: Delivery, asked_at: datetime) -> Ending:
        is_braked = self.brake.is_on()
        search = self.shortlist(search, by_facts_alone=is_braked)
        if not search.shortlist:
            return self._failed(search.recommendation_id, FailureCode.NO_ELIGIBLE_CANDIDATES)
        if is_braked:
            return self._by_rules(search, "BRAKE_ON", usage=delivery.usage)
        if self.matchmaker.name == "rules":
            return self._by_rules(search, RULES_CONFIGURED, usage=delivery.usage)
        return self._by_model(search, delivery, asked_at)

    def _by_model(self, search: Search, delivery: Delivery, asked_at: datetime) -> Ending:
        try:
            ranking = self.matchmaker.rank(search)
        except MatchingError as error:
            usage = total(delivery.usage, error.usage)
            if (delay := delay_after(error, delivery.attempt, asked_at, self.now())) is not None:
                return self._put_off(search.recommendation_id, delivery, delay, error, usage)
            return self._by_rules(search, error.code, error, usage=usage)
        if not ranking.candidates:
            return self._failed(search.recommendation_id, FailureCode.NO_ELIGIBLE_CANDIDATES)
        ranking = replace(ranking, usage=total(delivery.usage, ranking.usage))
        ready = self._result(search, self.matchmaker, ranking)
        ending = self._ended(
            search.recommendation_id,
            RecommendationStatus.READY,
            result=ready,
            search=search,
        )
        if self.shadow:
            self.shadow.compare(search, ranking)
        return ending

    def _put_off(
        self,
        recommendation_id: str,
        delivery: Delivery,
        delay: int,
        error: MatchingError,
        usage: TokenUsage | None,
    ) -> Ending:
        # Sent before this delivery is acknowledged: a crash in between doubles it, which is
        # harmless, and never loses it.
        self.later.put_off(recommendation_id, delivery.attempt + 1, delay, self.now(), usage)
        entry = self._entry(StepState.DELAYED, f"{error.code}, again in {delay} s")
        self.recommendations.note(recommendation_id, entry)
        return Ending(RecommendationStatus.PENDING, error.code, error)

    def _by_rules(
        self,
        search: Search,
        code: str,
        error: MatchingError | None = None,
        *,
        usage: TokenUsage | None,
    ) -> Ending:
        ranking = replace(self.rules.rank(search), usage=usage)
        if not ranking.candidates:
            return self._failed(search.recommendation_id, FailureCode.NO_ELIGIBLE_CANDIDATES, error)
        result = self._result(search, self.rules, ranking)
        chosen = code == RULES_CONFIGURED
        status = RecommendationStatus.READY if chosen else RecommendationStatus.DEGRADED
        return self._ended(
            search.recommendation_id, status, code, error, result=result, search=search
        )

    def _result(self, search: Search, matchmaker: Matchmaker, ranking: Ranking) -> MatchResult:
        made_by = MadeBy(
            matchmaker=matchmaker.name,
            prompt_version=self.prompt.version,
            prompt_hash=self.prompt.content_hash,
            model_id=matchmaker.model_id,
            scoring_hash=scoring_hash(),
        )
        result = MatchResult(
            made_at=timestamp(search.now),
            made_by=made_by,
            candidates=tuple(ranking.candidates),
            usage=ranking.usage,
            cost_micro_usd=cost_micro_usd(ranking.usage, self.matchmaker.model_id),
            seeker_version=search.seeker.version,
            shortlisted=len(search.shortlist),
            judged=ranking.judged,
            usual_attention=search.usual_attention if self.prompt.rubric.congestion else None,
        )
        result.check()
        return result

    def _failed(
        self, recommendation_id: str, code: FailureCode, error: MatchingError | None = None
    ) -> Ending:
        failure = Failure(code=code, message=FAILURES[code])
        failed = RecommendationStatus.FAILED
        return self._ended(recommendation_id, failed, code, error, failure=failure)

    def _ended(
        self,
        recommendation_id: str,
        status: RecommendationStatus,
        code: str | None = None,
        error: MatchingError | None = None,
        *,
        result: MatchResult | None = None,
        failure: Failure | None = None,
        search: Search | None = None,
    ) -> Ending:
        entry = self._entry(StepState(status), code)
        outcome = Outcome(status, entry.at, entry, result, failure)
        if self.recommendations.finish(recommendation_id, outcome) and result and search:
            shown = {one.candidate_id for one in result.candidates}
            people = [one for one in search.shortlist if one.candidate_id in shown]
            self.attention.shown(search, people, entry.at)
        return Ending(status, code, error)

    def _entry(self, state: StepState, detail: str | None) -> Step:
        return Step(at=self.now(), source=StepSource.WORKER, state=state, detail=detail)


def _is_still(seeker: Profile, item: RecommendationItem) -> bool:
    """Whether they are who they were, with the same maker; who leaves and comes back is another."""
    asked = (item.seeker_joined_at, item.maker_id)
    return (seeker.joined_at, seeker.maker_id) == asked
