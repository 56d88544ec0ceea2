"""The rules of a profile; its fields and their limits are listed in cufit_contracts.profile."""

import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from datetime import datetime
from typing import Any

from cufit_contracts.profile import AGES, Number, Profile, Range, Several, Text, fields_of
from cufit_contracts.vocabulary import age_in_korea
from cufit_service.domain.errors import Fault

KOREAN_MOBILE = re.compile(r"01[016789]\d{7,8}")
"""Digits of a Korean mobile number, without separators."""


def faults(profile: Profile, now: datetime) -> Iterator[Fault]:
    """Each rule `profile` breaks at `now`; nothing when it may be saved."""
    if not KOREAN_MOBILE.fullmatch(profile.phone):
        yield Fault("phone", "must be a Korean mobile number such as 010-1234-5678")
    age = age_in_korea(profile.birth_year, now)
    if age < AGES.low:
        yield Fault("birth_year", f"must make the candidate {AGES.low} or older this year")
    elif age > AGES.high:
        yield Fault("birth_year", f"must make the candidate {AGES.high} or younger this year")
    yield from _ages(profile, now)
    yield from _beyond_limits(profile, "")


def _ages(profile: Profile, now: datetime) -> Iterator[Fault]:
    ideal = profile.ideal_type
    if (ideal.age_range is None) is (ideal.age_preference is None):
        yield Fault("ideal_type.age_range", "give either this or a preference")
    elif ideal.age_preference is not None:
        ages = ideal.ages(profile.birth_year, now)
        if ages.min > ages.max:
            yield Fault(
                "ideal_type.age_preference",
                f"nobody from {AGES.low} to {AGES.high} is {ideal.age_preference} than they are",
            )


def _beyond_limits(told: Any, path: str) -> Iterator[Fault]:
    for field in fields_of(type(told)):
        where, value = path + field.name, getattr(told, field.name)
        if is_dataclass(value) and not isinstance(value, Range):
            yield from _beyond_limits(value, f"{where}.")
        elif value is not None:
            for limit in field.about:
                yield from _beyond(limit, where, value)


def _beyond(limit: object, where: str, value: Any) -> Iterator[Fault]:
    match limit, value:
        case Number(low, high), Range():
            yield from _beyond(limit, f"{where}.min", value.min)
            yield from _beyond(limit, f"{where}.max", value.max)
            if value.min > value.max:
                yield Fault(where, "min must not exceed max")
        case Number(low, high), _ if not low <= value <= high:
            yield Fault(where, f"must be {low} to {high}")
        case Text(longest, shortest), _ if not shortest <= len(value) <= longest:
            yield Fault(where, f"must have {shortest} to {longest} characters")
        case Several(entry, most, longest), _:
            if len(value) > most:
                yield Fault(where, f"must be at most {most}")
            if len(set(value)) != len(value):
                yield Fault(where, f"names {entry} twice")
            if longest:
                for index, one in enumerate(value):
                    yield from _beyond(Text(longest), f"{where}.{index}", one)
