"""match_worker's use case over fakes."""

from collections.abc import Collection, Iterable
from datetime import datetime

from cufit_contracts.results import TokenUsage
from match_worker.answer_recommendation import AnswerRecommendation, Delivery, Ending
from match_worker.errors import MatchingError
from match_worker.model.model_matchmaker import ModelMatchmaker
from match_worker.model.prompt import Prompt, load_prompt
from match_worker.ports import Matchmaker, ModelReply
from match_worker.profile import Profile
from match_worker.scoring.ranking import Referee
from match_worker.scoring.rules_matchmaker import RulesMatchmaker
from match_worker.scoring.shortlist import Shortlist
from tests.unit.lambdas.match_worker.people import (
    NOW,
    RECOMMENDATION_ID,
    FakeAttention,
    FakeBrake,
    FakeCandidates,
    FakeLaterRequests,
    FakeModel,
    FakePairs,
    FakeRecommendations,
    person,
    seeker,
)

PROMPT = load_prompt("v1")


class World:
    """One seeker, one candidate m_a, and a model that gives `answers`, unless told otherwise."""

    def __init__(
        self,
        *answers: str | MatchingError | ModelReply,
        people: Iterable[Profile] | None = None,
        seeker_id: str = "m_seeker",
        paired: Collection[str] = (),
        model_id: str = "cufit.simulated-v1",
        prompt: Prompt = PROMPT,
        brake: bool = False,
        configured: str = "retrieve_and_generate",
        now: datetime = NOW,
    ) -> None:
        """`paired`: who was suggested to the seeker before."""
        everybody = (seeker(), person("m_a")) if people is None else people
        candidates = FakeCandidates.of(*everybody)
        pairs = FakePairs({frozenset((seeker_id, other)) for other in paired})
        referee = Referee(candidates, pairs)
        rules = RulesMatchmaker(referee, prompt.rubric)
        self.model = FakeModel(list(answers))
        by_model: Matchmaker = ModelMatchmaker(
            "retrieve_and_generate", model_id, self.model, referee, prompt
        )
        self.recommendations = FakeRecommendations.pending(seeker_id)
        self.attention = FakeAttention()
        self.later = FakeLaterRequests()
        self.use_case = AnswerRecommendation(
            recommendations=self.recommendations,
            candidates=candidates,
            matchmaker=rules if configured == "rules" else by_model,
            rules=rules,
            shortlist=Shortlist(candidates, referee, prompt.rubric, size=20),
            brake=FakeBrake(brake),
            later=self.later,
            attention=self.attention,
            prompt=prompt,
            now=lambda: now,
        )

    def deliver(
        self, attempt: int = 1, receive: int = 1, usage: TokenUsage | None = None
    ) -> Ending | None:
        return self.use_case(RECOMMENDATION_ID, Delivery(attempt, receive, usage), lambda: 55.0)
