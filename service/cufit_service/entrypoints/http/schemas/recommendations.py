"""Recommendations, with the cards of those they name."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Final

from pydantic import Field

from cufit_contracts.items import StepSource, StepState
from cufit_contracts.profile import values_of
from cufit_contracts.results import (
    DecidedBy,
    FailureCode,
    MatchmakerName,
    RankedCandidate,
    ScorePart,
)
from cufit_contracts.vocabulary import RecommendationStatus
from cufit_service.application.recommendations import Introduced
from cufit_service.domain.candidate import Card
from cufit_service.domain.recommendation import Recommendation
from cufit_service.entrypoints.http.schemas.candidates import CardAnswer
from cufit_service.entrypoints.http.schemas.common import Answer, Body, Id, Time


class RecommendationBody(Body):
    candidate_id: Id = Field(
        description="The candidate of yours for whom partners are sought.",
        examples=["m_mzxw6ytboi2dkmrqgeydambqga"],
    )


class AcceptedAnswer(Answer):
    recommendation_id: str = Field(examples=["rec_01JDA2Z3C4E5F6G7H8J9K0M1N2"])
    status: RecommendationStatus
    candidate_id: str
    created_at: Time


class StepAnswer(Answer):
    at: Time
    source: StepSource
    state: StepState
    detail: str | None


ANSWERS: Final = "answers"
IMPRESSION: Final = {ANSWERS, "introduction"}


def served(parts: Sequence[ScorePart]) -> list[ScorePart]:
    """The parts as makers see them: what people answered is no number about a person, so it is
    told in one with the impression of their introduction."""
    folded = [one for one in parts if one.criterion in IMPRESSION]
    if ANSWERS not in {one.criterion for one in folded}:
        return list(parts)
    points, limit = sum(one.points for one in folded), sum(one.limit for one in folded)
    impression = ScorePart("impression", points, limit, DecidedBy.BOTH)
    return [*(one for one in parts if one not in folded), impression]


class ScorePartAnswer(Answer):
    criterion: str = Field(
        description="What the points are for: age, height, mbti, distance, smoking, drinking, "
        "hobbies, values or introduction. In place of the last `impression` (소개와 반응) where "
        "answers count: how the introduction was judged, and how often the candidate and those "
        "they were suggested to said yes.",
        examples=["hobbies"],
    )
    points: int
    limit: int
    decided_by: DecidedBy = Field(
        description="By facts, by the model, or in part by each (`impression`)."
    )


class RankedAnswer(Answer):
    rank: int
    candidate_id: str
    card: CardAnswer | None = Field(
        description="As the candidate is now; null if they left, also after they came back."
    )
    gone: bool
    score: int = Field(description="0 to 100, the sum of the parts.")
    parts: list[ScorePartAnswer]
    reason: str = Field(examples=["함께 산에 오르는 주말이 잘 어울립니다."])

    @classmethod
    def of(cls, ranked: RankedCandidate, cards: Mapping[str, Card]) -> "RankedAnswer":
        card = cards.get(ranked.candidate_id)
        told = values_of(RankedCandidate, ranked) | {"parts": served(ranked.parts)}
        told |= {"card": card, "gone": card is None}
        return cls.model_validate(told if card else told | {"reason": ""})


class MadeByAnswer(Answer):
    matchmaker: MatchmakerName
    prompt_version: str
    prompt_hash: str
    model_id: str | None
    made_at: Time


class FailureAnswer(Answer):
    code: FailureCode
    message: str


class RecommendationAnswer(AcceptedAnswer):
    seeker: CardAnswer | None = Field(description="Null if the candidate left.")
    finished_at: Time | None
    candidates: list[RankedAnswer] = Field(description="Best first; empty unless READY, DEGRADED.")
    made_by: MadeByAnswer | None
    without_model: bool = Field(
        description="True when no language model took part: rules alone, or the local stand-in."
    )
    failure: FailureAnswer | None
    timeline: list[StepAnswer]

    @classmethod
    def of(cls, introduced: Introduced) -> "RecommendationAnswer":
        found, cards = introduced.recommendation, introduced.cards
        made = found.result
        derived = {
            "seeker": cards.get(found.candidate_id),
            "candidates": [
                RankedAnswer.of(one, cards) for one in (made.candidates if made else ())
            ],
            "made_by": made and asdict(made.made_by) | {"made_at": made.made_at},
            "without_model": made is not None and made.made_by.without_model,
        }
        return cls.model_validate(values_of(Recommendation, found) | derived)
