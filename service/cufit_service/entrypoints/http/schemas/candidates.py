"""Candidates: the profile as it is saved, and the three ways it is shown."""

from datetime import datetime
from typing import Any, Self

from pydantic import (
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic.config import JsonDict

from cufit_contracts.profile import (
    AGES,
    IdealType,
    Profile,
    ProfileOnCard,
    ProfileWithoutPhone,
    Range,
    values_of,
)
from cufit_contracts.vocabulary import AgePreference, IndexState
from cufit_service.domain.candidate import Candidate, Card
from cufit_service.domain.profile import birth_year_faults, range_faults
from cufit_service.entrypoints.http.schemas.common import (
    Answer,
    Body,
    Time,
    refuse,
    request_time,
)
from cufit_service.entrypoints.http.schemas.derived import (
    as_sent,
    as_shown,
    with_fields_of,
    within,
)
from cufit_service.entrypoints.http.schemas.phones import Phone
from cufit_service.entrypoints.http.schemas.photos import PhotoAnswer

EXAMPLE_PROFILE: JsonDict = {
    "name": "김하늘",
    "phone": "010-1234-5678",
    "nickname": "산들바람",
    "gender": "FEMALE",
    "birthYear": 1996,
    "heightCm": 164,
    "mbti": "INFJ",
    "city": "서울",
    "district": "마포구",
    "job": "디자이너",
    "hobbies": ["등산", "영화"],
    "smoking": 0,
    "drinking": 1,
    "selfIntroduction": "주말에는 한강을 걷습니다.",
    "idealType": {
        "ageRange": {"min": 28, "max": 35},
        "heightRange": {"min": 170, "max": 190},
        "mbti": ["ENFP", "INFP"],
        "smokingMax": 0,
        "drinkingMax": 2,
        "freeText": "대화가 잘 통하는 사람",
    },
}


def _of_age(birth_year: int) -> int:
    refuse(birth_year_faults(birth_year, request_time.get()))
    return birth_year


class RangeBody(Body):
    """Both ends belong to it; `min` must not exceed `max`."""

    min: StrictInt
    max: StrictInt

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        refuse(range_faults(self.of_domain()))
        return self

    def of_domain(self) -> Range:
        return Range(self.min, self.max)


AgeRangeBody = within(AGES, RangeBody, "AgeRangeBody")


@with_fields_of(IdealType, as_sent({Range: RangeBody}))
class IdealTypeBody(Body):
    """Either `ageRange` or `agePreference` has to be given, not both."""

    age_range: AgeRangeBody | None = Field(  # type: ignore[valid-type]
        default=None, description="Years, counted by the year of birth (연 나이)."
    )
    age_preference: AgePreference | None = Field(
        default=None,
        description="Instead of ageRange: up to ten years older or younger, or the same. It stays "
        "so as years pass. 19-year-olds cannot wish for somebody younger.",
        validate_default=True,
    )

    @field_validator("age_preference")
    @classmethod
    def _one_wish_for_an_age(
        cls, preference: AgePreference | None, info: ValidationInfo
    ) -> AgePreference | None:
        if "age_range" in info.data and (info.data["age_range"] is None) is (preference is None):
            raise ValueError("give either ageRange or agePreference")
        return preference

    def of_domain(self) -> IdealType:
        return IdealType(**_told(self))


@with_fields_of(Profile, as_sent({IdealType: IdealTypeBody}))
class ProfileBody(Body):
    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE_PROFILE]})

    phone: Phone = Field(
        description="Korean mobile number (010, 011, 016 to 019 and 7 or 8 digits); spaces and "
        "hyphens are left out. On the contact card only.",
        json_schema_extra={"format": "korean-mobile"},
    )

    _of_age = field_validator("birth_year", check_fields=False)(_of_age)

    @field_validator("ideal_type", check_fields=False)
    @classmethod
    def _somebody_is_of_the_age(cls, ideal: IdealTypeBody, info: ValidationInfo) -> IdealTypeBody:
        """19-year-olds who wish for somebody younger wish for nobody."""
        if "birth_year" in info.data:
            refuse(
                range_faults(ideal.of_domain().ages(info.data["birth_year"], request_time.get()))
            )
        return ideal

    def of_domain(self) -> Profile:
        told = _told(self)
        ideal: IdealTypeBody = told["ideal_type"]
        return Profile(**told | {"ideal_type": ideal.of_domain()})


def _told(body: Body) -> dict[str, Any]:
    """By name, in the list's own types."""
    told = {name: getattr(body, name) for name in type(body).model_fields}
    for name, value in told.items():
        if isinstance(value, list):
            told[name] = tuple(value)
        elif isinstance(value, RangeBody):
            told[name] = value.of_domain()
    return told


class PauseBody(Body):
    paused: StrictBool = Field(description="쉬어가기: neither recommended nor suggested.")


class RangeAnswer(Answer):
    min: int
    max: int


@with_fields_of(IdealType, as_shown({Range: RangeAnswer}))
class IdealTypeAnswer(Answer):
    pass


SHOWN = as_shown({IdealType: IdealTypeAnswer})


@with_fields_of(ProfileOnCard, SHOWN)
class CardAnswer(Answer):
    """What a maker sees of another maker's candidate."""

    candidate_id: str = Field(examples=["m_mzxw6ytboi2dkmrqgeydambqga"])
    age: int
    paused: bool
    attached: bool = Field(
        description="False while nobody introduces them (주선자 없음), for their maker has left: "
        "they cannot be suggested."
    )


@with_fields_of(ProfileWithoutPhone, SHOWN)
class CandidateAnswer(CardAnswer):
    """What a maker sees of their own candidate: everything but the phone number."""

    version: int
    created_at: Time
    updated_at: Time
    index_state: IndexState = Field(description="Whether AI can find them.")

    @classmethod
    def whole(cls, candidate: Candidate, now: datetime) -> "CandidateAnswer":
        return cls.model_validate(_seen(ProfileWithoutPhone, candidate, now))


@with_fields_of(Profile, SHOWN)
class OwnProfileAnswer(CandidateAnswer):
    """What candidates see of themselves."""

    photos: list[PhotoAnswer]

    @classmethod
    def own(
        cls, candidate: Candidate, photos: list[PhotoAnswer], now: datetime
    ) -> "OwnProfileAnswer":
        return cls.model_validate(_seen(Profile, candidate, now) | {"photos": photos})


def _seen(listed: type[ProfileOnCard], candidate: Candidate, now: datetime) -> dict[str, Any]:
    return (
        values_of(Candidate, candidate)
        | values_of(Card, candidate.card(now))
        | values_of(listed, candidate.profile)
    )


def wire_name(path: str) -> str:
    """`ideal_type.age_range.min` as clients know it: `idealType.ageRange.min`."""
    return ".".join(to_camel(part) for part in path.split("."))
