"""Synthetic people, spread over the country and the years as people are, and whom they look for."""

from collections.abc import Iterator
from random import Random
from typing import Any

from cufit_contracts.identity import member_id_of
from cufit_contracts.items import History
from cufit_contracts.places import PROVINCES
from cufit_contracts.profile import IdealType, Range
from cufit_contracts.vocabulary import AgePreference, Gender, Mbti
from match_worker.profile import Profile

POPULATION = (
    *(9332, 3267, 2364, 3021, 1408, 1439, 1098, 391, 13695),
    *(1518, 1591, 2137, 1739, 1789, 2531, 3228, 670),
)
"""Thousands who are registered in each of PROVINCES (행정안전부 주민등록 인구통계, end of 2024)."""

_DISTRICTS = (25, 16, 9, 10, 5, 5, 5, 1, 31, 18, 11, 15, 14, 22, 22, 18, 2)
"""시·군·구 of each of PROVINCES."""

BIRTHS = dict(
    zip(
        range(1985, 2008),
        (
            *(655, 636, 624, 633, 639, 650, 709, 731, 716, 721, 715, 691),
            *(675, 641, 621, 640, 560, 497, 495, 477, 439, 452, 497),
        ),
        strict=True,
    )
)
"""Thousands born in a year (통계청 인구동향조사): who is 19 to 41 in 2026."""


def people(count: int, seed: int = 20261128) -> Iterator[Profile]:
    """The same each time; half women, half men, all introduced by somebody."""
    chance = Random(seed)  # noqa: S311 - a repeatable population
    homes = list(zip(PROVINCES, _DISTRICTS, strict=True))
    placed = chance.choices(homes, POPULATION, k=count)
    years = chance.choices(list(BIRTHS), list(BIRTHS.values()), k=count)
    for number, ((province, districts), year) in enumerate(zip(placed, years, strict=True)):
        yield _person(chance, number, province, f"{chance.randrange(districts)}구", year)


def _person(chance: Random, number: int, province: str, district: str, year: int) -> Profile:
    gender = Gender.FEMALE if number % 2 else Gender.MALE
    tall = 162 if gender is Gender.FEMALE else 174
    return Profile(
        candidate_id=member_id_of("residents", str(number)),
        maker_id="m_maker",
        gender=gender,
        birth_year=year,
        height_cm=round(chance.gauss(tall, 5.5)),
        mbti=chance.choice(list(Mbti)),
        city=province,
        district=district,
        job="",
        smoking=chance.choices(range(4), (70, 8, 7, 15))[0],
        drinking=chance.choices(range(4), (20, 35, 30, 15))[0],
        ideal_type=_wish(chance, gender, 2026 - year),
        history=_history(chance),
    )


def _wish(chance: Random, gender: Gender, age: int) -> IdealType:
    heights = {Gender.MALE: Range(155, 170), Gender.FEMALE: Range(172, 190)}
    common: dict[str, Any] = {
        "height_range": heights[gender] if chance.random() < 0.5 else None,
        "mbti": tuple(chance.sample(list(Mbti), 4)) if chance.random() < 0.4 else (),
        "smoking_max": chance.choice((0, 1, 3)),
        "drinking_max": chance.choice((1, 2, 3)),
    }
    if chance.random() < 0.25:
        return IdealType(age_preference=chance.choice(list(AgePreference)), **common)
    younger, older = chance.randint(1, 6), chance.randint(1, 6)
    return IdealType(Range(max(19, age - younger), age + older), **common)


def _history(chance: Random) -> History:
    """Half have none; the others a dozen answers on average, by how wanted each of them is."""
    if chance.random() < 0.5:
        return History()
    asked, answered = (min(60, round(chance.expovariate(1 / 12))) for _ in range(2))
    wanted = sum(chance.random() < share for share in [chance.betavariate(2, 3)] * asked)
    said_yes = sum(chance.random() < share for share in [chance.betavariate(2, 3)] * answered)
    return History(asked=asked, wanted=wanted, answered=answered, said_yes=said_yes)
