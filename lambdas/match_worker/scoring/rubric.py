"""The rubric of a prompt version, validated: the weights of all criteria sum to 100."""

import tomllib
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from match_worker.scoring.mbti import Affinity
from match_worker.scoring.regions import Distance

TOTAL = 100

Points = Annotated[int, Field(ge=0, le=TOTAL)]


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    weight: Annotated[int, Field(ge=1, le=TOTAL)]
    """Most points the criterion can earn."""

    @model_validator(mode="after")
    def _no_part_exceeds_the_weight(self) -> Self:
        for name, value in self:
            if isinstance(value, int) and value > self.weight:
                raise ValueError(f"{name} {value} exceeds the weight {self.weight}")
        return self


class AgeRule(_Rule):
    full_gap: Points
    per_year: Points
    least: Points
    one_sided: Points


class HeightRule(_Rule):
    per_cm: Points


class MbtiRule(_Rule):
    unwished: Points
    best: Points
    alike: Points
    other: Points

    def for_affinity(self, affinity: Affinity) -> int:
        return {
            Affinity.BEST: self.best,
            Affinity.ALIKE: self.alike,
            Affinity.OTHER: self.other,
        }[affinity]


class DistanceRule(_Rule):
    same_city: Points
    near: Points
    far: Points

    def for_distance(self, distance: Distance) -> int:
        return {
            Distance.SAME_DISTRICT: self.weight,
            Distance.SAME_CITY: self.same_city,
            Distance.NEAR: self.near,
            Distance.FAR: self.far,
        }[distance]


class ToleranceRule(_Rule):
    per_level: Points


class CodeRules(BaseModel):
    """Criteria that facts decide, in the order the parts of a score are listed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    age: AgeRule
    height: HeightRule
    mbti: MbtiRule
    distance: DistanceRule
    smoking: ToleranceRule
    drinking: ToleranceRule


class JudgedRule(_Rule):
    question: Annotated[str, Field(min_length=1, max_length=200)]
    """What the model is asked, as it stands in the template."""

    @property
    def middle(self) -> int:
        """Points of somebody whom no model judged."""
        return round(self.weight / 2)


class Rubric(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    code: CodeRules
    judged: dict[str, JudgedRule]

    @model_validator(mode="after")
    def _weights_sum_to_the_total(self) -> Self:
        weights = [rule.weight for _, rule in self.code]
        weights += [rule.weight for rule in self.judged.values()]
        if sum(weights) != TOTAL:
            raise ValueError(f"weights sum to {sum(weights)}, not {TOTAL}")
        if both := set(CodeRules.model_fields) & set(self.judged):
            raise ValueError(f"decided by code and by the model: {', '.join(sorted(both))}")
        return self

    @classmethod
    def from_toml(cls, text: str) -> Self:
        """Raises `tomllib.TOMLDecodeError` or `pydantic.ValidationError` (both ValueErrors)."""
        return cls.model_validate(tomllib.loads(text))
