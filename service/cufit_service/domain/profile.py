"""The rules of a profile; its fields and their limits are listed in cufit_contracts.profile."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import is_dataclass
from datetime import datetime
from typing import Any

from cufit_contracts.characters import character_faults
from cufit_contracts.profile import AGES, Number, Profile, Range, Several, Text, fields_of
from cufit_contracts.vocabulary import age_in_korea
from cufit_service.domain.errors import Fault

_KOREAN_MOBILE = re.compile(r"01[016789][0-9]{7,8}")
"""ASCII digits without separators; \\d would take the digits of every script."""


def faults(profile: Profile, now: datetime) -> Iterator[Fault]:
    """Each rule `profile` breaks at `now`; nothing when it may be saved."""
    for field, found in (
        ("phone", phone_faults(profile.phone)),
        ("birth_year", birth_year_faults(profile.birth_year, now)),
    ):
        yield from (Fault(field, message) for message in found)
    yield from _ages(profile, now)
    yield from _beyond_limits(profile, "")


def _ages(profile: Profile, now: datetime) -> Iterator[Fault]:
    ideal = profile.ideal_type
    if (ideal.age_range is None) is (ideal.age_preference is None):
        yield Fault("ideal_type.age_range", "give either this or a preference")
    elif ideal.age_preference is not None:
        found = range_faults(ideal.ages(profile.birth_year, now))
        yield from (Fault("ideal_type.age_preference", message) for message in found)


def phone_faults(phone: str) -> Iterator[str]:
    if not _KOREAN_MOBILE.fullmatch(phone):
        yield "must be a Korean mobile number such as 010-1234-5678"


def birth_year_faults(birth_year: int, now: datetime) -> Iterator[str]:
    age = age_in_korea(birth_year, now)
    if age < AGES.low:
        yield f"must make the candidate {AGES.low} or older this year"
    elif age > AGES.high:
        yield f"must make the candidate {AGES.high} or younger this year"


def range_faults(range_: Range) -> Iterator[str]:
    if range_.min > range_.max:
        yield "min must not exceed max"


def repetition_faults(several: Several, values: Collection[object]) -> Iterator[str]:
    if any(times > 1 for times in Counter(values).values()):
        yield f"names {several.of} twice"


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
            yield from (Fault(where, message) for message in range_faults(value))
        case Number(low, high), _ if not low <= value <= high:
            yield Fault(where, f"must be {low} to {high}")
        case Text(longest, shortest), _:
            if not shortest <= len(value) <= longest:
                yield Fault(where, f"must have {shortest} to {longest} characters")
            for message in character_faults(value, lines=limit.lines):
                yield Fault(where, message)
        case Several(_, most, longest), _:
            if len(value) > most:
                yield Fault(where, f"must be at most {most}")
            yield from (Fault(where, message) for message in repetition_faults(limit, value))
            if longest:
                for index, one in enumerate(value):
                    yield from _beyond(Text(longest), f"{where}.{index}", one)
