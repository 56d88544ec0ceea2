"""Points that facts decide, criterion by criterion, and their symmetry."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cufit_contracts.places import PROVINCES, province
from cufit_contracts.vocabulary import Mbti
from match_worker.model.prompt import load_prompt
from match_worker.profile import Profile
from match_worker.scoring import mbti, regions
from match_worker.scoring.fact_scores import FactScores
from tests.unit.lambdas.match_worker.people import NOW, person, seeker

RUBRIC = load_prompt("v1").rubric


def points(who: Profile, candidate: Profile, now: datetime = NOW) -> dict[str, int]:
    return dict(
        zip(RUBRIC.code.listed, FactScores(RUBRIC, who, now).points(candidate), strict=True)
    )


@pytest.mark.parametrize(
    ("birth_year", "expected"),
    [(1994, 15), (1996, 15), (1992, 15), (1997, 13), (1999, 9), (2003, 3)],
)
def test_age_counts_the_years_between(birth_year: int, expected: int) -> None:
    wide = {"age_range": {"min": 19, "max": 60}}
    candidate = person("m_a", birth_year=birth_year, ideal_type=wide)
    assert points(seeker(ideal_type=wide), candidate)["age"] == expected


def test_age_loses_when_the_seeker_is_outside_the_candidates_range() -> None:
    candidate = person("m_a", ideal_type={"age_range": {"min": 33, "max": 40}})
    assert points(seeker(), candidate)["age"] == 15 - 5


def test_a_candidate_of_the_same_age_stays_one_who_wishes_for_the_same_age() -> None:
    candidate = person("m_a", birth_year=1994, ideal_type={"age_preference": "SAME"})
    for year in (2026, 2027, 2036):
        now = NOW.replace(year=year)
        assert points(seeker(), candidate, now)["age"] == 15
        assert points(seeker(birth_year=1995), candidate, now)["age"] == 15 - 5


def test_age_is_counted_by_the_year_in_korea() -> None:
    new_year_in_seoul = datetime(2026, 12, 31, 15, 0, tzinfo=UTC)
    wide = {"age_range": {"min": 32, "max": 40}}
    candidate = person("m_a", ideal_type=wide)
    older = seeker(birth_year=1995)
    assert points(older, candidate)["age"] == 15 - 5, "31 in November"
    assert points(older, candidate, new_year_in_seoul)["age"] == 15, "32 since midnight in Seoul"


@pytest.mark.parametrize(
    ("wish", "height", "expected"),
    [
        (None, 150, 10),
        ({"min": 160, "max": 170}, 160, 10),
        ({"min": 160, "max": 170}, 157, 7),
        ({"min": 160, "max": 170}, 175, 5),
        ({"min": 160, "max": 170}, 190, 0),
    ],
)
def test_height_loses_by_the_centimetre(wish: Any, height: int, expected: int) -> None:
    ideal = {"age_range": {"min": 27, "max": 35}, "height_range": wish}
    assert points(seeker(ideal_type=ideal), person("m_a", height_cm=height))["height"] == expected


@pytest.mark.parametrize(
    ("wishes", "candidate", "expected"),
    [
        (["ENFJ"], "ENFJ", 10),
        (["ENFJ"], "ENTJ", 2),
        ([], "ENFJ", 9),
        ([], "INTP", 6),
        ([], "ISTJ", 4),
    ],
)
def test_mbti_by_wish_or_by_affinity(wishes: list[str], candidate: str, expected: int) -> None:
    ideal = {"age_range": {"min": 27, "max": 35}, "mbti": wishes}
    assert points(seeker(ideal_type=ideal), person("m_a", mbti=candidate))["mbti"] == expected


@pytest.mark.parametrize(
    ("city", "district", "expected"),
    [
        ("서울특별시", "강남구", 15),
        ("서울", "강남구", 15),
        ("서울시", "마포구", 12),
        ("경기도", "성남시", 7),
        ("부산광역시", "강남구", 2),
        ("", "", 2),
    ],
)
def test_distance_by_province_and_district(city: str, district: str, expected: int) -> None:
    assert points(seeker(), person("m_a", city=city, district=district))["distance"] == expected


@pytest.mark.parametrize(
    ("criterion", "tolerance", "level", "expected"),
    [
        ("smoking", 3, 3, 5),
        ("smoking", 0, 0, 5),
        ("smoking", 0, 1, 2),
        ("smoking", 0, 3, 0),
        ("drinking", 1, 2, 3),
        ("drinking", 0, 3, 0),
    ],
)
def test_habits_lose_above_what_is_tolerated(
    criterion: str, tolerance: int, level: int, expected: int
) -> None:
    ideal = {"age_range": {"min": 27, "max": 35}, f"{criterion}_max": tolerance}
    candidate = person("m_a", **{criterion: level})
    assert points(seeker(ideal_type=ideal), candidate)[criterion] == expected


def test_parts_are_listed_in_the_rubrics_order_with_their_limits() -> None:
    parts = FactScores(RUBRIC, seeker(), NOW).parts(person("m_a"))
    assert [part.criterion for part in parts] == list(RUBRIC.code.listed)
    assert [part.limit for part in parts] == [15, 10, 10, 15, 5, 5]


def test_every_province_borders_back() -> None:
    for name, others in regions._NEIGHBOURS.items():
        for other in others:
            assert name in regions._NEIGHBOURS[other], f"{other} does not know {name}"
    assert set(regions._NEIGHBOURS) == set(PROVINCES)


@pytest.mark.parametrize(
    ("written", "short"),
    [
        ("서울특별시", "서울"),
        ("전북특별자치도", "전북"),
        ("전라북도", "전북"),
        ("충청남도", "충남"),
        ("경상남도", "경남"),
        ("세종특별자치시", "세종"),
        ("제주도", "제주"),
        ("강원도", "강원"),
        (" 경기 도", "경기"),
    ],
)
def test_provinces_are_known_by_all_their_names(written: str, short: str) -> None:
    assert province(written) == short


ages = st.integers(1970, 2005)
types = st.sampled_from(sorted(Mbti))
places = st.tuples(
    st.sampled_from(["서울", "경기", "부산", "제주"]), st.sampled_from(["중구", "남구"])
)


@given(one=ages, other=ages, left=types, right=types, here=places, there=places)
def test_swapping_the_pair_keeps_age_mbti_and_distance(
    one: int, other: int, left: Mbti, right: Mbti, here: Any, there: Any
) -> None:
    """Within each other's age ranges, and without a list of wished-for types."""
    wide = {"age_range": {"min": 19, "max": 99}}
    him = seeker(birth_year=one, mbti=left, city=here[0], district=here[1], ideal_type=wide)
    her = person("m_a", birth_year=other, mbti=right, city=there[0], district=there[1])
    her = replace(her, ideal_type=him.ideal_type)
    forth, back = points(him, her), points(her, him)
    for criterion in ("age", "mbti", "distance"):
        assert forth[criterion] == back[criterion]


@given(left=types, right=types)
def test_affinity_is_symmetric(left: Mbti, right: Mbti) -> None:
    assert mbti.affinity(left, right) is mbti.affinity(right, left)


def test_each_type_has_a_best_partner() -> None:
    for one in Mbti:
        assert any(mbti.affinity(one, other) is mbti.Affinity.BEST for other in Mbti), one
