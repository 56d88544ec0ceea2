"""Candidates: the profile as it is saved, and the three ways it is shown."""

import re
from datetime import datetime
from typing import Annotated, Self

from pydantic import BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, model_validator
from pydantic.alias_generators import to_camel
from pydantic.config import JsonDict

from cufit_contracts.vocabulary import Gender, Mbti
from cufit_service.domain import profile as rules
from cufit_service.domain.candidate import Candidate, Card
from cufit_service.domain.profile import AgePreference, IdealType, Profile, Range, preferred_ages
from cufit_service.entrypoints.http.schemas.common import Answer, Body, Text
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

Level = Annotated[
    StrictInt,
    Field(ge=rules.LEVELS[0], le=rules.LEVELS[1], description="0 never … 3 often"),
]


def _digits(value: object) -> object:
    return re.sub(r"[\s\-]", "", value) if isinstance(value, str) else value


class RangeBody(Body):
    min: StrictInt
    max: StrictInt

    def of_domain(self) -> Range:
        return Range(self.min, self.max)


class IdealTypeBody(Body):
    age_range: RangeBody | None = Field(
        default=None, description="Years, counted by the year of birth (연 나이)."
    )
    age_preference: AgePreference | None = Field(
        default=None, description="Instead of ageRange: up to ten years older or younger, or same."
    )
    height_range: RangeBody | None = Field(default=None, description="Centimetres.")
    mbti: list[Mbti] = Field(default=[], max_length=len(Mbti))
    smoking_max: Level = rules.LEVELS[1]
    drinking_max: Level = rules.LEVELS[1]
    free_text: Text = Field(default="", max_length=rules.IDEAL_TEXT_CHARACTERS)

    @model_validator(mode="after")
    def _one_wish_for_an_age(self) -> Self:
        if (self.age_range is None) is (self.age_preference is None):
            raise ValueError("give either ageRange or agePreference")
        return self

    def of_domain(self, birth_year: int, now: datetime) -> IdealType:
        if self.age_range is not None:
            ages = self.age_range.of_domain()
        else:
            ages = preferred_ages(self.age_preference or AgePreference.SAME, birth_year, now)
        return IdealType(
            age_range=ages,
            height_range=self.height_range.of_domain() if self.height_range else None,
            mbti=tuple(self.mbti),
            smoking_max=self.smoking_max,
            drinking_max=self.drinking_max,
            free_text=self.free_text,
        )


class ProfileBody(Body):
    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE_PROFILE]})

    name: Text = Field(max_length=rules.NAME_CHARACTERS, description="On the contact card only.")
    phone: Annotated[str, BeforeValidator(_digits)] = Field(
        max_length=20, description="Korean mobile number; on the contact card only."
    )
    nickname: Text = Field(max_length=rules.NICKNAME_CHARACTERS)
    gender: Gender
    birth_year: StrictInt = Field(description="The candidate is 19 or older this year.")
    height_cm: StrictInt = Field(ge=rules.HEIGHTS_CM[0], le=rules.HEIGHTS_CM[1])
    mbti: Mbti
    city: Text = Field(max_length=rules.PLACE_CHARACTERS, description="시/도")
    district: Text = Field(max_length=rules.PLACE_CHARACTERS, description="시/군/구")
    job: Text = Field(max_length=rules.JOB_CHARACTERS)
    hobbies: list[Text] = Field(default=[], max_length=rules.HOBBIES)
    smoking: Level
    drinking: Level
    self_introduction: Text = Field(default="", max_length=rules.INTRODUCTION_CHARACTERS)
    ideal_type: IdealTypeBody

    def of_domain(self, now: datetime) -> Profile:
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return Profile(
            **fields
            | {
                "hobbies": tuple(self.hobbies),
                "ideal_type": self.ideal_type.of_domain(self.birth_year, now),
            }
        )


class PauseBody(Body):
    paused: StrictBool = Field(description="쉬어가기: neither recommended nor suggested.")


class RangeAnswer(Answer):
    min: int
    max: int


class IdealTypeAnswer(Answer):
    age_range: RangeAnswer
    height_range: RangeAnswer | None
    mbti: list[Mbti]
    smoking_max: int
    drinking_max: int
    free_text: str


class CardAnswer(Answer):
    """What a maker sees of another maker's candidate."""

    candidate_id: str = Field(examples=["m_mzxw6ytboi2dkmrqgeydambqga"])
    nickname: str
    gender: Gender
    age: int
    height_cm: int
    mbti: Mbti
    city: str
    district: str
    job: str
    hobbies: list[str]
    smoking: int
    drinking: int
    self_introduction: str
    paused: bool

    @classmethod
    def of(cls, card: Card) -> "CardAnswer":
        return cls.model_validate(card)


class CandidateAnswer(CardAnswer):
    """What a maker sees of their own candidate: everything but the phone number."""

    name: str
    birth_year: int
    ideal_type: IdealTypeAnswer
    version: int
    created_at: datetime
    updated_at: datetime
    index_state: str = Field(description="PENDING, INDEXED or FAILED: whether AI can find them.")

    @classmethod
    def whole(cls, candidate: Candidate, now: datetime) -> "CandidateAnswer":
        return cls.model_validate(_shown(candidate, now))


class OwnProfileAnswer(CandidateAnswer):
    """What candidates see of themselves."""

    phone: str
    photos: list[PhotoAnswer]

    @classmethod
    def own(
        cls, candidate: Candidate, photos: list[PhotoAnswer], now: datetime
    ) -> "OwnProfileAnswer":
        private = {"phone": candidate.profile.phone, "photos": photos}
        return cls.model_validate(_shown(candidate, now) | private)


def _shown(candidate: Candidate, now: datetime) -> dict[str, object]:
    card = CardAnswer.of(candidate.card(now)).model_dump()
    return card | {
        "name": candidate.profile.name,
        "birth_year": candidate.profile.birth_year,
        "ideal_type": candidate.profile.ideal_type,
        "version": candidate.version,
        "created_at": candidate.created_at,
        "updated_at": candidate.updated_at,
        "index_state": candidate.index_state,
    }


def wire_name(path: str) -> str:
    """`ideal_type.age_range.min` as clients know it: `idealType.ageRange.min`."""
    return ".".join(to_camel(part) for part in path.split("."))
