"""What a candidate tells about themselves and whom they would like to meet."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cufit_contracts.vocabulary import ADULT_AGE, Gender, Mbti, age_in_korea
from cufit_service.domain.errors import Fault

NAME_CHARACTERS = 40
NICKNAME_CHARACTERS = 20
PLACE_CHARACTERS = 20
JOB_CHARACTERS = 40
HOBBIES = 10
HOBBY_CHARACTERS = 20
INTRODUCTION_CHARACTERS = 500
IDEAL_TEXT_CHARACTERS = 200
AGES = (ADULT_AGE, 99)
HEIGHTS_CM = (120, 230)
LEVELS = (0, 3)
"""Smoking and drinking: 0 never … 3 often."""

KOREAN_MOBILE = re.compile(r"01[016789]\d{7,8}")
"""Digits of a Korean mobile number, without separators."""


@dataclass(frozen=True, slots=True)
class Range:
    """Both ends belong to it."""

    min: int
    max: int


class AgePreference(StrEnum):
    """The short way to wish for an age: 연상, 동갑, 연하."""

    OLDER = "OLDER"
    SAME = "SAME"
    YOUNGER = "YOUNGER"


PREFERRED_YEARS = 10
"""How many years older or younger a preference reaches."""


def preferred_ages(preference: AgePreference, birth_year: int, now: datetime) -> Range:
    """The range a preference means for somebody born then; its max is below its min when nobody
    of a legal age is younger."""
    age = age_in_korea(birth_year, now)
    match preference:
        case AgePreference.OLDER:
            return Range(age + 1, min(age + PREFERRED_YEARS, AGES[1]))
        case AgePreference.SAME:
            return Range(age, age)
        case AgePreference.YOUNGER:
            return Range(max(age - PREFERRED_YEARS, AGES[0]), age - 1)


@dataclass(frozen=True, slots=True)
class IdealType:
    age_range: Range
    """Years, as age_in_korea counts them."""
    height_range: Range | None = None
    """Centimetres; None when it does not matter."""
    mbti: tuple[Mbti, ...] = ()
    """Wished for; empty when it does not matter."""
    smoking_max: int = LEVELS[1]
    drinking_max: int = LEVELS[1]
    free_text: str = ""

    def faults(self) -> Iterator[Fault]:
        yield from _range_faults("ideal_type.age_range", self.age_range, AGES)
        if self.height_range is not None:
            yield from _range_faults("ideal_type.height_range", self.height_range, HEIGHTS_CM)
        if len(set(self.mbti)) != len(self.mbti):
            yield Fault("ideal_type.mbti", "names a type twice")
        yield from _number_fault("ideal_type.smoking_max", self.smoking_max, LEVELS)
        yield from _number_fault("ideal_type.drinking_max", self.drinking_max, LEVELS)
        yield from _text_fault("ideal_type.free_text", self.free_text, IDEAL_TEXT_CHARACTERS, 0)


@dataclass(frozen=True, slots=True)
class Profile:
    name: str
    """Real name; on the contact card only."""
    phone: str
    """Digits; on the contact card only."""
    nickname: str
    gender: Gender
    birth_year: int
    height_cm: int
    mbti: Mbti
    city: str
    """시/도"""
    district: str
    """시/군/구"""
    job: str
    hobbies: tuple[str, ...]
    smoking: int
    drinking: int
    self_introduction: str
    ideal_type: IdealType

    def faults(self, now: datetime) -> Iterator[Fault]:
        """Each rule this profile breaks at `now`; nothing when it may be saved."""
        yield from _text_fault("name", self.name, NAME_CHARACTERS)
        if not KOREAN_MOBILE.fullmatch(self.phone):
            yield Fault("phone", "must be a Korean mobile number such as 010-1234-5678")
        yield from _text_fault("nickname", self.nickname, NICKNAME_CHARACTERS)
        yield from self._age_fault(now)
        yield from _number_fault("height_cm", self.height_cm, HEIGHTS_CM)
        yield from _text_fault("city", self.city, PLACE_CHARACTERS)
        yield from _text_fault("district", self.district, PLACE_CHARACTERS)
        yield from _text_fault("job", self.job, JOB_CHARACTERS)
        yield from self._hobby_faults()
        yield from _number_fault("smoking", self.smoking, LEVELS)
        yield from _number_fault("drinking", self.drinking, LEVELS)
        yield from _text_fault(
            "self_introduction", self.self_introduction, INTRODUCTION_CHARACTERS, 0
        )
        yield from self.ideal_type.faults()

    def _age_fault(self, now: datetime) -> Iterator[Fault]:
        youngest, oldest = AGES
        age = age_in_korea(self.birth_year, now)
        if age < youngest:
            yield Fault("birth_year", f"must make the candidate {youngest} or older this year")
        elif age > oldest:
            yield Fault("birth_year", f"must make the candidate {oldest} or younger this year")

    def _hobby_faults(self) -> Iterator[Fault]:
        if len(self.hobbies) > HOBBIES:
            yield Fault("hobbies", f"must be at most {HOBBIES}")
        if len(set(self.hobbies)) != len(self.hobbies):
            yield Fault("hobbies", "names a hobby twice")
        for index, hobby in enumerate(self.hobbies):
            yield from _text_fault(f"hobbies.{index}", hobby, HOBBY_CHARACTERS)


def _number_fault(field: str, value: int, bounds: tuple[int, int]) -> Iterator[Fault]:
    low, high = bounds
    if not low <= value <= high:
        yield Fault(field, f"must be {low} to {high}")


def _text_fault(field: str, value: str, longest: int, shortest: int = 1) -> Iterator[Fault]:
    if not shortest <= len(value) <= longest:
        yield Fault(field, f"must have {shortest} to {longest} characters")


def _range_faults(field: str, value: Range, bounds: tuple[int, int]) -> Iterator[Fault]:
    yield from _number_fault(f"{field}.min", value.min, bounds)
    yield from _number_fault(f"{field}.max", value.max, bounds)
    if value.min > value.max:
        yield Fault(field, "min must not exceed max")
