"""The rubric of a prompt version, validated: the weights of all criteria sum to 100."""

import tomllib
from fractions import Fraction
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


class AnswersRule(_Rule):
    """What people answered when somebody was suggested to them (scoring/answers.py)."""

    prior: Annotated[float, Field(gt=0, le=TOTAL)] | None
    """Answers of yes and as many of no that everybody is taken to have before their first: the more
    of them, the longer somebody stays in the middle. None, which no file can say: nothing is
    learned, and everybody has the middle."""
    step: Annotated[int, Field(ge=1, le=TOTAL)] = 1
    """Points come in multiples of it: the coarser, the less one answer can be read from them."""

    @model_validator(mode="after")
    def _the_weight_can_be_reached(self) -> Self:
        if self.weight % self.step:
            raise ValueError(f"weight {self.weight} is no multiple of step {self.step}")
        return self


class CodeRules(BaseModel):
    """Criteria that facts decide, in the order the parts of a score are listed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    age: AgeRule
    height: HeightRule
    mbti: MbtiRule
    distance: DistanceRule
    smoking: ToleranceRule
    drinking: ToleranceRule
    answers: AnswersRule | None = None

    @property
    def listed(self) -> dict[str, _Rule]:
        """The criteria this version has, by name."""
        return {name: rule for name, rule in self if rule is not None}


class CongestionRule(BaseModel):
    """How far somebody steps back who was shown or proposed more often lately than is usual
    (scoring/congestion.py).
    It decides who is taken and changes nobody's score."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    free: Annotated[float, Field(gt=0, le=1000)]
    """Showings lately that cost nothing where fewer are usual, a proposal as
    `cufit_contracts.attention` weighs it."""
    per_usual: Annotated[float, Field(gt=0, le=TOTAL)]
    """Points for each time the usual number beyond it."""
    most: Points
    """Points nobody steps back beyond."""


ANCHORED = (Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(2, 3), Fraction(1))
"""Shares of a judged criterion's weight that have an anchor."""

Anchor = Annotated[str, Field(min_length=1, max_length=40)]


class JudgedRule(_Rule):
    question: Annotated[str, Field(min_length=1, max_length=200)]
    """What the model is asked, as it stands in the template."""
    anchors: tuple[Anchor, Anchor, Anchor, Anchor, Anchor] | None = None
    """What earns each share of ANCHORED; None in versions that only name the range."""

    def points(self, share: Fraction) -> int:
        """`share` of the weight, as a whole number."""
        return round(share * self.weight)

    @property
    def middle(self) -> int:
        """Points of somebody whom no model judged."""
        return round(self.weight / 2)


class Rubric(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    code: CodeRules
    judged: dict[str, JudgedRule]
    congestion: CongestionRule | None = None
    """None: nobody steps back."""

    @model_validator(mode="after")
    def _weights_sum_to_the_total(self) -> Self:
        weights = [rule.weight for rule in self.code.listed.values()]
        weights += [rule.weight for rule in self.judged.values()]
        if sum(weights) != TOTAL:
            raise ValueError(f"weights sum to {sum(weights)}, not {TOTAL}")
        if both := set(CodeRules.model_fields) & set(self.judged):
            raise ValueError(f"decided by code and by the model: {', '.join(sorted(both))}")
        if self.code.answers and "introduction" not in self.judged:
            raise ValueError("code.answers is shown in one with judged.introduction: both, or none")
        return self

    @property
    def learns(self) -> bool:
        """Whether what people answered changes their points."""
        return self.code.answers is not None and self.code.answers.prior is not None

    def switched(self, *, learn_from_answers: bool, congestion: bool) -> Self:
        """The same points with what an operator has switched off left out."""
        answers = self.code.answers
        if answers is not None and not learn_from_answers:
            answers = answers.model_copy(update={"prior": None})
        code = self.code.model_copy(update={"answers": answers})
        stepping_back = self.congestion if congestion else None
        return self.model_copy(update={"code": code, "congestion": stepping_back})

    @classmethod
    def from_toml(cls, text: str) -> Self:
        """Raises `tomllib.TOMLDecodeError` or `pydantic.ValidationError` (both ValueErrors)."""
        return cls.model_validate(tomllib.loads(text))
