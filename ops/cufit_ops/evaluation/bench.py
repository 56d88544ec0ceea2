"""Where a matcher with a prompt is tried: the worker's own use case makes recommendations over the
golden set, and what must not happen is counted."""

import traceback
from collections import Counter
from collections.abc import Sequence
from random import Random
from time import perf_counter
from typing import Any

from cufit_ops.evaluation import contract
from cufit_ops.evaluation.bedrock import Index, InProcessBedrock, Stopwatch
from cufit_ops.evaluation.golden_ports import (
    BrakeOff,
    GoldenAttention,
    GoldenCandidates,
    GoldenPairs,
    NoLater,
    OneRecommendation,
)
from cufit_ops.evaluation.golden_set import NOW, GoldenSet, Seeker
from cufit_ops.evaluation.run import Run
from cufit_ops.evaluation.stand_ins import StandIn
from cufit_ops.evaluation.subject import Setup
from match_worker.adapters.bedrock_nearness import BedrockNearness
from match_worker.adapters.bedrock_retrieve_and_converse import BedrockRetrieveAndConverse
from match_worker.adapters.bedrock_retrieve_and_generate import BedrockRetrieveAndGenerate
from match_worker.answer_recommendation import AnswerRecommendation, Delivery
from match_worker.model.model_matchmaker import ModelMatchmaker
from match_worker.ports import (
    Correction,
    LanguageModel,
    Matchmaker,
    ModelReply,
    Nearness,
    Search,
)
from match_worker.scoring.ranking import Referee
from match_worker.scoring.rules_matchmaker import RulesMatchmaker
from match_worker.scoring.shortlist import Shortlist
from match_worker.waiting import DELAYS

_PLENTY = 3600.0
"""Seconds left of the function: whether time runs out is no matter of quality."""

_LAST_ATTEMPT = Delivery(attempt=len(DELAYS) + 1)
"""At which a throttled request is ranked by rules instead of being put off."""


class Stopped(Exception):
    """The evaluation ends before its plan is done; the message says why."""


class Observed:
    """A LanguageModel that remembers about whom it was asked and what it answered."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self.replies: list[ModelReply] = []
        self.shortlist: frozenset[str] = frozenset()

    def ask(self, search: Search, correction: Correction | None) -> ModelReply:
        self.shortlist = frozenset(search.shortlisted_ids)
        reply = self._model.ask(search, correction)
        self.replies.append(reply)
        return reply


def language_model(setup: Setup, agent_runtime: Any, runtime: Any) -> LanguageModel:
    """The worker's adapter for the setup's matchmaker over the given clients."""
    settings, prompt = setup.settings, setup.prompt
    if settings.matchmaker == "retrieve_and_generate":
        return BedrockRetrieveAndGenerate(lambda _: agent_runtime, settings, prompt)
    return BedrockRetrieveAndConverse(lambda _: agent_runtime, lambda _: runtime, settings, prompt)


class Bench:
    """One setup, one source of answers."""

    def __init__(
        self,
        golden: GoldenSet,
        setup: Setup,
        bedrock: InProcessBedrock | None,
        model: LanguageModel | None,
        stopwatch: Stopwatch,
        nearness: Nearness | None = None,
    ) -> None:
        """What the model is shown comes from `bedrock`, None when AWS finds the people. `model`
        and `nearness` answer through clients that `stopwatch` times; None: rules rank, facts alone
        choose."""
        self.golden, self.setup, self.bedrock = golden, setup, bedrock
        self.near: InProcessBedrock | None = None
        """Where who is near in meaning is searched; None when on AWS or nowhere."""
        self.broken: Counter[str] = Counter()
        """How often each of contract.MUST_BE_ZERO happened."""
        self.crashes: list[str] = []
        """Last line and place of each crash's traceback."""
        self.now = NOW
        """When seekers are asked for."""
        self.candidates = GoldenCandidates(golden.items)
        self._attention = GoldenAttention(self.candidates)
        self._stopwatch = stopwatch
        settings, prompt = setup.settings, setup.prompt
        self._pairs = GoldenPairs()
        referee = Referee(self.candidates, self._pairs)
        self._rules = RulesMatchmaker(referee, prompt.rubric)
        self._shortlist = Shortlist(
            self.candidates,
            referee,
            prompt.rubric,
            settings.shortlist,
            settings.near_in_meaning,
            nearness,
        )
        self._matchmaker: Matchmaker = self._rules
        self._observed = Observed(model) if model else None
        if self._observed:
            self._matchmaker = ModelMatchmaker(
                settings.matchmaker, settings.model_id, self._observed, referee, prompt
            )

    @classmethod
    def offline(cls, golden: GoldenSet, index: Index, setup: Setup, stand_in: StandIn) -> "Bench":
        stopwatch = Stopwatch()
        bedrock = InProcessBedrock(index, stand_in)
        model: LanguageModel | None = None
        nearness: Nearness | None = None
        near: InProcessBedrock | None = None
        if setup.settings.matchmaker != "rules":
            client = stopwatch.around(bedrock)
            model = language_model(setup, client, client)
            # Apart, so that shuffling what the model is shown does not change who is shown.
            near = InProcessBedrock(index, stand_in)
            base = setup.settings.knowledge_base_id
            nearness = BedrockNearness(stopwatch.around(near), base)
        bench = cls(golden, setup, bedrock, model, stopwatch, nearness)
        bench.near = near
        return bench

    def remember(self) -> None:
        """Count showings from now on, as the worker does."""
        self._attention.is_kept = True

    def run(self, seeker: Seeker, recommendation_id: str = "rec_golden") -> Run | None:
        """None when the worker crashed.

        Raises:
            Stopped: from a model that may be asked no more.
        """
        try:
            run = self._recommended(seeker, recommendation_id)
        except Stopped:
            raise
        except Exception as error:  # any crash at all is what is counted
            place = traceback.extract_tb(error.__traceback__)[-1]
            self.crashes.append(f"{error!r} at {place.name} in {place.filename}:{place.lineno}")
            self.broken[contract.CRASHES] += 1
            return None
        self.broken.update(
            contract.violations(run, self.golden, self.setup.prompt, self.candidates.get)
        )
        if self.bedrock:
            self.broken[contract.LEAKS] += contract.leaks(self.bedrock.prompts, self.golden)
            self.bedrock.prompts.clear()
        return run

    def _recommended(self, seeker: Seeker, recommendation_id: str) -> Run:
        recommendation = OneRecommendation(recommendation_id, seeker.profile.candidate_id)
        self._pairs.met = seeker.met
        use_case = AnswerRecommendation(
            recommendations=recommendation,
            candidates=self.candidates,
            matchmaker=self._matchmaker,
            rules=self._rules,
            shortlist=self._shortlist,
            brake=BrakeOff(),
            later=NoLater(),
            attention=self._attention,
            prompt=self.setup.prompt,
            now=lambda: self.now,
        )
        if self._observed:
            self._observed.replies, self._observed.shortlist = [], frozenset()
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
            result=outcome.result,
            replies=tuple(self._observed.replies) if self._observed else (),
            shortlist=self._observed.shortlist if self._observed else frozenset(),
            seconds=took - self._stopwatch.seconds,
            model_seconds=self._stopwatch.seconds,
        )

    def all_seekers(
        self, recommendation_id: str = "rec_golden", seekers: Sequence[Seeker] | None = None
    ) -> list[Run]:
        """Of the golden set, or of `seekers` alone."""
        asked = self.golden.seekers if seekers is None else seekers
        runs = (self.run(seeker, recommendation_id) for seeker in asked)
        return [run for run in runs if run]

    def shuffle(self, order: Random | None) -> None:
        """Show the same people in another order from now on; None: in the usual one."""
        self.candidates.order = order
        if self.bedrock:
            self.bedrock.order = order
