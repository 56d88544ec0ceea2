"""One recommendation for one seeker of the golden set, made by the worker's own use case."""

from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from cufit_contracts.items import Failure
from cufit_contracts.results import MatchResult
from cufit_contracts.vocabulary import RecommendationStatus
from cufit_ops.evaluation.bedrock import Stopwatch
from cufit_ops.evaluation.golden_set import NOW, GoldenSet, Seeker
from cufit_ops.evaluation.tables import (
    BrakeOff,
    GoldenCandidates,
    GoldenPairs,
    NoLater,
    OneRecommendation,
)
from match_worker.adapters.bedrock_retrieve_and_converse import BedrockRetrieveAndConverse
from match_worker.adapters.bedrock_retrieve_and_generate import BedrockRetrieveAndGenerate
from match_worker.answer_recommendation import DELAYS, AnswerRecommendation, Delivery
from match_worker.model.model_matchmaker import ModelMatchmaker
from match_worker.model.prompt import Prompt
from match_worker.ports import (
    LanguageModel,
    Matchmaker,
    ModelReply,
    Search,
)
from match_worker.scoring.ranking import Referee
from match_worker.scoring.rules_matchmaker import RulesMatchmaker
from match_worker.settings import Settings

_PLENTY = 3600.0
"""Seconds left of the function: whether time runs out is no matter of quality."""

_LAST_ATTEMPT = Delivery(attempt=len(DELAYS) + 1)
"""At which a throttled request is ranked by rules instead of being put off."""


@dataclass(frozen=True, slots=True)
class Run:
    seeker: Seeker
    status: RecommendationStatus
    code: str | None
    """Why it was ranked by rules, or failed."""
    result: MatchResult | None
    failure: Failure | None
    replies: tuple[ModelReply, ...]
    """What the model was asked and answered, one or two."""
    seconds: float
    """Of the use case, without `model_seconds`."""
    model_seconds: float

    @property
    def ranked(self) -> list[str]:
        return [one.candidate_id for one in self.result.candidates] if self.result else []

    @property
    def parts(self) -> Mapping[str, tuple[int, ...]]:
        """Points of everybody shown."""
        shown = self.result.candidates if self.result else []
        return {one.candidate_id: tuple(part.points for part in one.parts) for one in shown}


class Observed:
    """A LanguageModel that remembers what it answered."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self.seconds_at_most = model.seconds_at_most
        self.replies: list[ModelReply] = []

    def ask(self, search: Search, correction: str | None) -> ModelReply:
        reply = self._model.ask(search, correction)
        self.replies.append(reply)
        return reply


def language_model(
    settings: Settings, prompt: Prompt, agent_runtime: Any, runtime: Any
) -> LanguageModel:
    """The worker's adapter for `settings.matchmaker` over the given clients."""
    if settings.matchmaker == "retrieve_and_generate":
        return BedrockRetrieveAndGenerate(agent_runtime, settings, prompt)
    return BedrockRetrieveAndConverse(agent_runtime, runtime, settings, prompt)


class Runner:
    """Makes recommendations of one matcher with one prompt."""

    def __init__(
        self,
        golden: GoldenSet,
        prompt: Prompt,
        settings: Settings,
        model: LanguageModel | None,
        stopwatch: Stopwatch,
    ) -> None:
        """`model` answers through clients that `stopwatch` times; None: rules rank."""
        self.golden, self.prompt = golden, prompt
        self.candidates = GoldenCandidates(golden.items)
        pairs = GoldenPairs({one.profile.candidate_id: one.met for one in golden.seekers})
        referee = Referee(self.candidates, pairs)
        self._rules = RulesMatchmaker(self.candidates, referee, prompt.rubric)
        self._observed = Observed(model) if model else None
        self._matchmaker: Matchmaker = self._rules
        if self._observed:
            name, model_id = settings.matchmaker, settings.model_id
            self._matchmaker = ModelMatchmaker(name, model_id, self._observed, referee, prompt)
        self._stopwatch = stopwatch

    def run(self, seeker: Seeker, recommendation_id: str = "rec_golden") -> Run:
        """Raises whatever the worker raises: a crash is the caller's to count."""
        recommendation = OneRecommendation(recommendation_id, seeker.profile.candidate_id)
        use_case = AnswerRecommendation(
            recommendations=recommendation,
            candidates=self.candidates,
            matchmaker=self._matchmaker,
            rules=self._rules,
            brake=BrakeOff(),
            later=NoLater(),
            prompt=self.prompt,
            now=lambda: NOW,
        )
        if self._observed:
            self._observed.replies = []
        self._stopwatch.seconds = 0.0
        started = perf_counter()
        use_case(recommendation_id, _LAST_ATTEMPT, lambda: _PLENTY)
        took = perf_counter() - started
        outcome = recommendation.outcome
        if outcome is None:
            raise AssertionError(f"{seeker.profile.candidate_id}: the recommendation did not end")
        return Run(
            seeker=seeker,
            status=outcome.status,
            code=outcome.timeline.detail,
            result=outcome.result,
            failure=outcome.failure,
            replies=tuple(self._observed.replies) if self._observed else (),
            seconds=took - self._stopwatch.seconds,
            model_seconds=self._stopwatch.seconds,
        )
