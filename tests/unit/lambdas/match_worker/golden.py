"""Golden cases of a prompt version: people and what a model wrote in, the stored ranking out."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from cufit_contracts.items import RecommendationItem
from cufit_contracts.stored import read
from match_worker.answer_recommendation import AnswerRecommendation, Delivery
from match_worker.model.model_matchmaker import ModelMatchmaker
from match_worker.model.prompt import Prompt
from match_worker.profile import Profile
from match_worker.scoring.ranking import Referee
from match_worker.scoring.rules_matchmaker import RulesMatchmaker
from tests.unit.lambdas.match_worker.people import (
    RECOMMENDATION_ID,
    FakeBrake,
    FakeCandidates,
    FakeLaterRequests,
    FakeModel,
    FakePairs,
    FakeRecommendations,
)

PROMPTS = Path(__file__).parents[4] / "prompts" / "match"


def cases() -> list[Path]:
    return sorted(PROMPTS.glob("v*/golden/*.json"))


def replayed(case: dict[str, Any], prompt: Prompt) -> dict[str, Any]:
    """What is stored for `case`, in the shape of its `expected`."""
    seeker = read(Profile, case["seeker"])
    people = [seeker, *(read(Profile, one) for one in case["candidates"])]
    candidates = FakeCandidates.of(*people)
    paired = {frozenset((seeker.candidate_id, other)) for other in case.get("pairedBefore", [])}
    referee = Referee(candidates, FakePairs(paired))
    answers = [one if isinstance(one, str) else _json(one) for one in case["answers"]]
    recommendations = FakeRecommendations.pending(seeker.candidate_id)
    AnswerRecommendation(
        recommendations=recommendations,
        candidates=candidates,
        matchmaker=ModelMatchmaker(
            "retrieve_and_generate", "golden", FakeModel([*answers]), referee, prompt
        ),
        rules=RulesMatchmaker(candidates, referee, prompt.rubric),
        brake=FakeBrake(),
        later=FakeLaterRequests(),
        prompt=prompt,
        now=lambda: datetime.fromisoformat(case["now"]),
    )(RECOMMENDATION_ID, Delivery(), lambda: 55.0)
    return _outcome(recommendations.item)


def _outcome(item: RecommendationItem) -> dict[str, Any]:
    ranked = item.result.candidates if item.result else []
    return {
        "status": str(item.status),
        "ranking": [
            {
                "id": one.candidate_id,
                "score": one.score,
                "parts": {part.criterion: part.points for part in one.parts},
                "reason": one.reason,
            }
            for one in ranked
        ],
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
