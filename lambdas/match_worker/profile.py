"""The part of a candidate's item that matching may see. The phone number is never read."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from cufit_contracts.items import IdealType, Level
from cufit_contracts.vocabulary import Gender, Mbti


class Profile(BaseModel):
    """Attributes of the candidates table named as there; others are not even fetched."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    candidate_id: str
    name: str = ""
    """Only to redact it from free text; it goes into no prompt and no result."""
    gender: Gender
    birth_year: int
    height_cm: int
    mbti: Mbti
    city: str
    district: str
    job: str = ""
    hobbies: list[str] = []
    smoking: Level
    drinking: Level
    self_introduction: str = ""
    ideal_type: IdealType
    paused: bool = False

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> "Profile":
        return cls.model_validate(item)


ATTRIBUTES = tuple(Profile.model_fields)
"""For ProjectionExpression."""
