"""The answer to a recommendation as stored and served: ids, parts and reasons, no profiles."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

MAX_RANKED = 5
"""Candidates in one recommendation (docs: domain, recommendation)."""

MAX_REASON_CHARACTERS = 80

SIMULATED_MODEL_PREFIX = "cufit.simulated"
"""Model ids that start so name the local stand-in: no model was asked."""


class DecidedBy(StrEnum):
    CODE = "code"
    MODEL = "model"


class ScorePart(BaseModel):
    """Points of one criterion of the rubric, 0 to `limit`."""

    model_config = ConfigDict(frozen=True)

    criterion: str
    points: Annotated[int, Field(ge=0, le=100)]
    limit: Annotated[int, Field(ge=0, le=100)]
    decided_by: DecidedBy

    @model_validator(mode="after")
    def _within_limit(self) -> "ScorePart":
        if self.points > self.limit:
            raise ValueError(f"{self.criterion}: {self.points} points exceed its {self.limit}")
        return self


class RankedCandidate(BaseModel):
    model_config = ConfigDict(frozen=True)

    rank: Annotated[int, Field(ge=1, le=MAX_RANKED)]
    candidate_id: str
    score: Annotated[int, Field(ge=0, le=100)]
    parts: list[ScorePart]
    reason: Annotated[str, Field(max_length=MAX_REASON_CHARACTERS)]

    @model_validator(mode="after")
    def _score_is_the_sum(self) -> "RankedCandidate":
        total = sum(part.points for part in self.parts)
        if total != self.score:
            raise ValueError(f"{self.candidate_id}: score {self.score} is not the sum {total}")
        return self


class MadeBy(BaseModel):
    """What produced a result, enough to reproduce or to doubt it."""

    model_config = ConfigDict(frozen=True, protected_namespaces=())

    matchmaker: Literal["retrieve_and_generate", "retrieve_and_converse", "rules"]
    prompt_version: str
    prompt_hash: str
    model_id: str | None = None

    @property
    def without_model(self) -> bool:
        """True when no language model took part: rules alone, or the local stand-in."""
        return self.model_id is None or self.model_id.startswith(SIMULATED_MODEL_PREFIX)


class TokenUsage(BaseModel):
    """Tokens a result took, all its questions together; what they cost depends on the model."""

    model_config = ConfigDict(frozen=True)

    input_tokens: Annotated[int, Field(ge=0)]
    output_tokens: Annotated[int, Field(ge=0)]
    counted: bool
    """True as reported by the model, False as estimated from the texts."""


class MatchResult(BaseModel):
    model_config = ConfigDict(frozen=True)

    schema_version: Literal[1] = 1
    made_at: str
    made_by: MadeBy
    candidates: Annotated[list[RankedCandidate], Field(max_length=MAX_RANKED)]
    usage: TokenUsage | None = Field(default=None, exclude_if=lambda usage: usage is None)
    """None when no model was asked; left out then, as in results made before it was recorded."""
    cost_micro_usd: int | None = Field(default=None, ge=0, exclude_if=lambda cost: cost is None)
    """What the model's tokens cost by the worker's price table of that day, in millionths of a US
    dollar; an estimate when `usage` is one. None: no model was asked, or its price is unknown."""

    @model_validator(mode="after")
    def _ranks_are_in_order(self) -> "MatchResult":
        if [c.rank for c in self.candidates] != list(range(1, len(self.candidates) + 1)):
            raise ValueError("ranks must run 1, 2, 3, … in order")
        if len({c.candidate_id for c in self.candidates}) != len(self.candidates):
            raise ValueError("a candidate is ranked twice")
        return self
